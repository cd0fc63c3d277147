"""A client that listens and asks: what the page is to the home. On MQTT 5 every question gets its own answer."""

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future

from edgeholo import config
from edgeholo.publish import address
from edgeholo.publish.age import now_s
from edgeholo.publish.client import Received
from edgeholo.publish.link import Link, Subscription
from edgeholo.publish.outbox import Outbox
from edgeholo.types import Message, MessageKind

ANSWERS = "answers"
"""First level of the topics on which answers come; the access list of docs/brokers.md lets everybody hear their own."""
_WAITING = 100
"""Questions without an answer; more are a mistake."""
_LONGEST = 256 * 1024
"""Bytes of a packet: nothing of ours is a fifth of that, and who publishes megabytes to everybody is not to fill our memory."""
_EXPIRE_S = 5.0
"""A question that could not leave for so long is not asked any more: whoever asked has gone on."""


class Requester:
    """Keeps a connection to the broker; its callbacks come in the connection's thread.

    Args:
        options: where the broker is.
        name: what it is, in the client id.

    Raises:
        ConfigError: the options make no sense; a broker that is merely away is no error.
    """

    def __init__(self, options: config.Broker, name: str) -> None:
        client_id = f"edgeholo-{name}-{secrets.token_hex(4)}"
        self._outbox = Outbox(size=_WAITING, expire_s=_EXPIRE_S)
        self._link = Link(lambda: address.parse(options), options, self._outbox, client_id=client_id, takes=_LONGEST)
        self._answers = f"{ANSWERS}/{client_id}"
        self._lock = threading.Lock()
        self._asked: dict[bytes, Future[bytes]] = {}
        self._listening = self._link.subscribe(self._answers, self._answered)
        self._subscriptions: list[Subscription] = []

    @property
    def connected(self) -> bool:
        """Whether the broker is there."""
        return self._link.connected

    @property
    def since_s(self) -> float:
        """When the last good connection began, in seconds of ``time.monotonic``; 0 before the first."""
        return self._link.since_s

    @property
    def trouble(self) -> str:
        """Why it is not there, or does not let us listen; empty when all is well, and before the first try has failed."""
        refused = [each for each in self._subscriptions if each.refusal] if self.connected else []
        if refused:
            return f"the broker refuses a subscription to {refused[0].topic_filter}: {refused[0].refusal}"
        return self._link.trouble

    @property
    def answers(self) -> bool:
        """Whether questions get answers of their own: with MQTT 5, where the broker lets us listen to them."""
        return self._link.version == "5" and not self._listening.refusal

    def start(self) -> None:
        """Begin to connect, and return at once."""
        self._link.start()

    def subscribe(self, topic_filter: str, callback: Callable[[Received], None]) -> None:
        """Have ``callback`` called, in the connection's thread, for every message of a filter."""
        self._subscriptions.append(self._link.subscribe(topic_filter, callback))

    def send(self, message: Message) -> None:
        """Say something that nobody answers."""
        self._outbox.put(message, now_s())
        self._link.wake()

    def ask(self, topic: str, payload: bytes) -> Future[bytes]:
        """Ask something; the answer's payload comes through the future, which whoever waits no longer cancels."""
        answer: Future[bytes] = Future()
        correlation = secrets.token_bytes(8)
        with self._lock:
            while len(self._asked) >= _WAITING:
                self._asked.pop(next(iter(self._asked))).cancel()
            self._asked[correlation] = answer
        answer.add_done_callback(lambda _: self._forget(correlation))
        self.send(
            Message(
                topic,
                payload,
                MessageKind.EVENT,
                qos=1,
                retain=False,
                correlation=correlation,
                answer_to=self._answers,
            )
        )
        return answer

    def stop(self, timeout_s: float = 1.0) -> None:
        """Say what waits, and goodbye."""
        self._link.flush(timeout_s / 2)
        self._link.stop(timeout_s / 2)

    def _answered(self, message: Received) -> None:
        with self._lock:
            answer = self._asked.pop(message.correlation, None)
        if answer and answer.set_running_or_notify_cancel():
            answer.set_result(message.payload)

    def _forget(self, correlation: bytes) -> None:
        with self._lock:
            self._asked.pop(correlation, None)
