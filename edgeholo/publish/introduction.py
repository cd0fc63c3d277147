"""Introduces this device to Home Assistant: when it is clear who we are, when that changes, and when Home Assistant is born."""

import random
import threading

from edgeholo.publish import discovery
from edgeholo.publish.client import Received
from edgeholo.publish.publisher import Sender
from edgeholo.publish.topics import Topics
from edgeholo.types import Message

BIRTH = b"online"
"""What Home Assistant says on ``PREFIX/status`` when it has started, or has found the broker again."""
SPREAD_S = 3.0
"""Hundreds of units hear a birth at the same moment and need not all answer in it; what is retained was read before."""


class Introduction:
    """The discovery message of one device at one broker.

    It reads its own message back from the broker: what an earlier run of the daemon announced and this one does not have,
    a gesture that was forgotten meanwhile, is removed from Home Assistant.

    Args:
        topics: of this device.
        sender: where messages go.
        prefix: ``publish.discovery``; empty for a device that keeps to itself.

    Attributes:
        topic: of the message; empty for a device that keeps to itself.
    """

    def __init__(self, topics: Topics, sender: Sender, prefix: str) -> None:
        self._topics, self._sender, self._prefix = topics, sender, prefix
        self.topic = discovery.topic(topics, prefix) if prefix else ""
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self._message: Message | None = None
        self._again: threading.Timer | None = None

    def listen(self) -> None:
        """Ask for Home Assistant's birth and for what was announced before; to be called before the sender starts."""
        if self._prefix:
            self._sender.subscribe(f"{self._prefix}/status", self._born)
            self._sender.subscribe(self.topic, self._read_back)

    def give(self, message: Message) -> None:
        """Make the device known as ``discovery.device`` describes it, and have removed what it had before; once is enough."""
        if self._prefix:
            with self._lock:
                self._known |= discovery.announced(message.payload)
                self._say(discovery.clearing(message, self._known))

    def make_way(self, successor: "Introduction") -> None:
        """Have the device forgotten where its successor, under another id or prefix, does not introduce itself instead."""
        if successor.topic != self.topic:
            self.take_back()

    def take_back(self) -> None:
        """Have the device forgotten."""
        with self._lock:
            if self._known:
                self._known, self._message = {}, None
                self._sender.send(discovery.removal(self._topics, self._prefix))

    def _born(self, received: Received) -> None:
        """Say it again soon; called in the connection's thread."""
        if received.retained or received.payload != BIRTH:
            return
        with self._lock:
            if self._again is None:
                self._again = threading.Timer(random.uniform(0, SPREAD_S), self._repeat)
                self._again.daemon = True
                self._again.start()

    def _repeat(self) -> None:
        with self._lock:
            self._again = None
            if self._message is not None:
                self._sender.send(self._message)

    def _read_back(self, received: Received) -> None:
        """Learn what was announced; called in the connection's thread, for our own message as well."""
        with self._lock:
            before = dict(self._known)
            self._known = {**discovery.announced(received.payload), **before}
            if self._message is not None and self._known != before:
                self._say(discovery.clearing(self._message, self._known))

    def _say(self, message: Message) -> None:
        """Send it, if it says anything new: Home Assistant has every component to compare, a broker 20 kB to keep."""
        if message != self._message:
            self._message = message
            self._sender.send(message)
