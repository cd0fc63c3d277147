"""The other side: what any client of the home sees, and may say, for ``edgeholo watch`` and the demo."""

import os
import queue
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

from edgeholo import config
from edgeholo.errors import BrokerError
from edgeholo.publish import address
from edgeholo.publish.age import now_s
from edgeholo.publish.client import Received
from edgeholo.publish.link import Link
from edgeholo.publish.outbox import Outbox
from edgeholo.types import Message

BACKLOG = 10_000
"""Messages that wait for a reader; a terminal that is slower for longer loses the newest."""
_UNSAID, _UNSAID_S = 100, 5.0
"""Messages that wait for the broker, and seconds: what somebody said at a terminal is not obeyed long after."""
_GOODBYE_S = 1.0
"""How long a close waits for the last of them."""


class Subscriber:
    """A client that listens, and says little; a context manager.

    Args:
        options: where the broker is.
        filters: topic filters, with ``+`` and ``#``.
        environment: where a password may be.

    Attributes:
        lost: messages that did not fit into the backlog.

    Raises:
        ConfigError: the options make no sense.
    """

    def __init__(
        self, options: config.Broker, filters: Sequence[str], environment: Mapping[str, str] = os.environ
    ) -> None:
        self.lost = 0
        self._received: queue.Queue[Received] = queue.Queue(BACKLOG)
        self._outbox = Outbox(size=_UNSAID, expire_s=_UNSAID_S)
        client_id = f"edgeholo-listener-{secrets.token_hex(4)}"
        self._link = Link(lambda: address.parse(options, environment), options, self._outbox, client_id=client_id)
        self._subscriptions = [self._link.subscribe(topic_filter, self._keep) for topic_filter in filters]

    def open(self, timeout_s: float = 10.0) -> None:
        """Connect and subscribe; from here on nothing is missed while the broker is there.

        Raises:
            BrokerError: the first try failed, or a filter was refused.
        """
        self._link.start()
        deadline_s = time.monotonic() + timeout_s
        for subscription in self._subscriptions:
            self._link.settle(subscription, deadline_s)
            if subscription.refusal:
                raise BrokerError(f"no subscription to {subscription.topic_filter}: {subscription.refusal}")

    @property
    def trouble(self) -> str:
        """Why the broker is away, one line; empty while it is there."""
        return self._link.trouble

    @property
    def connected(self) -> bool:
        """Whether the broker is there."""
        return self._link.connected

    def send(self, message: Message) -> None:
        """Say something; it leaves when the broker is there, or soon, or not at all."""
        self._outbox.put(message, now_s())
        self._link.wake()

    def next(self, timeout_s: float) -> Received | None:
        """Return the next message, or None when none came within ``timeout_s``."""
        try:
            return self._received.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def messages(self, quiet_s: float | None = None) -> Iterator[Received]:
        """Yield messages as they come: for ever, or until ``quiet_s`` passed without one."""
        while True:
            try:
                yield self._received.get(timeout=quiet_s)
            except queue.Empty:
                return

    def close(self) -> None:
        """Say what waits, and goodbye."""
        self._link.flush(_GOODBYE_S)
        self._link.stop(timeout_s=2.0)

    def __enter__(self) -> Self:
        try:
            self.open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _keep(self, message: Received) -> None:
        try:
            self._received.put_nowait(message)
        except queue.Full:
            self.lost += 1
