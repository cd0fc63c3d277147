"""What the daemon sends through: never blocks, never fails, and tells what became of it."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from edgeholo import config
from edgeholo.publish import address
from edgeholo.publish.age import now_s
from edgeholo.publish.client import Received
from edgeholo.publish.keeper import Keeper
from edgeholo.publish.link import Link
from edgeholo.publish.outbox import Outbox
from edgeholo.publish.topics import Topics
from edgeholo.types import Message, MessageKind

_LOGGER = logging.getLogger(__name__)

NO_BROKER = "none"
"""The URL of a daemon that talks to nobody."""
FLUSH_S = 2.0
"""How long a stop waits for the last messages: systemd's patience is 90 s, a person's at Ctrl-C about two."""


class Sender(Protocol):
    """What ``open_publisher`` returns."""

    @property
    def connected(self) -> bool:
        """Whether the broker is there."""

    @property
    def trouble(self) -> str:
        """Why it is not there, one line; empty when it is, and before the first try has failed."""

    def start(self) -> None:
        """Begin to connect, and return at once."""

    def send(self, message: Message) -> None:
        """Take a message; it leaves when the broker is there, or becomes what its kind says."""

    def subscribe(self, topic_filter: str, callback: Callable[[Received], None]) -> None:
        """Have ``callback`` called, in the connection's thread, for every message of a filter."""

    def counts(self) -> dict[str, int]:
        """Return what waits and what was lost, for ``Health.outbox``."""

    def stop(self, timeout_s: float = FLUSH_S) -> None:
        """Send what waits and ``stopped``, for at most about ``timeout_s``, and say goodbye."""


class Publisher:
    """The sender to a broker.

    Args:
        options: where the broker is.
        publish: how much waits, and how long.
        topics: of this device; its availability and last will are the publisher's own business.
        journal: the file in which events that wait outlive us; None for nowhere.

    Raises:
        ConfigError: the options make no sense; a broker that is merely away is no error.
    """

    def __init__(
        self, options: config.Broker, publish: config.Publish, topics: Topics, journal: Path | None = None
    ) -> None:
        self._topics, self._event_qos = topics, publish.event_qos
        self._events = f"{topics.root}/event/"
        self._outbox = Outbox(publish.outbox_size, publish.expire_s)
        self._keeper = Keeper(self._outbox, journal) if journal else None
        self._link = Link(
            lambda: address.parse(options),
            options,
            self._outbox,
            client_id=f"edgeholo-{topics.device_id}",
            will=topics.last_will(),
            session_s=publish.expire_s if publish.event_qos == 2 else 0.0,
        )

    @property
    def connected(self) -> bool:
        """Whether the broker is there."""
        return self._link.connected

    @property
    def trouble(self) -> str:
        """Why it is not there."""
        return self._link.trouble

    def start(self) -> None:
        """Begin to connect; ``online`` is the first thing said on every connection, then what the last run could not say."""
        if self._keeper:
            self._keeper.start()
        self.send(self._topics.availability("online"))
        self._link.start()

    def send(self, message: Message) -> None:
        """Put a message into the outbox."""
        if message.topic.startswith(self._events):
            message = replace(message, qos=self._event_qos)
        self._outbox.put(message, now_s())
        self._link.wake()
        if message.kind is MessageKind.EVENT and self._keeper:
            self._keeper.stir()

    def subscribe(self, topic_filter: str, callback: Callable[[Received], None]) -> None:
        """Ask for the messages of a filter."""
        self._link.subscribe(topic_filter, callback)

    def counts(self) -> dict[str, int]:
        """Return the outbox's counters."""
        return self._outbox.counts(now_s())

    def stop(self, timeout_s: float = FLUSH_S) -> None:
        """Flush, then say ``stopped`` and goodbye."""
        self._link.flush(timeout_s / 2)
        self.send(self._topics.availability("stopped"))
        if lost := self._link.flush(timeout_s / 2):
            _LOGGER.warning("MQTT: stopped with %s messages that did not reach the broker", lost)
        self._link.stop(timeout_s)
        if self._keeper:
            self._keeper.stop()


class NoPublisher:
    """The sender of a daemon without a broker: it counts, and that is all."""

    connected = False
    trouble = ""

    def __init__(self) -> None:
        self._dropped = 0

    def start(self) -> None:
        """Do nothing."""

    def send(self, message: Message) -> None:  # noqa: ARG002 - dropped
        """Drop the message."""
        self._dropped += 1

    def subscribe(self, topic_filter: str, callback: Callable[[Received], None]) -> None:
        """Do nothing: nobody will ever call."""

    def counts(self) -> dict[str, int]:
        """Return how many messages nobody heard."""
        return {"queued": 0, "sent": 0, "expired": 0, "overflowed": 0, "dropped": self._dropped, "refused": 0}

    def stop(self, timeout_s: float = FLUSH_S) -> None:
        """Do nothing."""


def open_publisher(
    options: config.Broker, publish: config.Publish, topics: Topics, journal: Path | None = None
) -> Sender:
    """Return the sender that the URL means; see ``embedded.started`` for the URL ``embedded``.

    Raises:
        ConfigError: the options make no sense.
    """
    return NoPublisher() if options.url == NO_BROKER else Publisher(options, publish, topics, journal)
