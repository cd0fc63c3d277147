"""What the house asks of this device: taken in the connection's thread, kept until the main loop has time for it."""

import logging
import threading
from collections import deque
from dataclasses import dataclass

import msgspec

from edgeholo.publish.client import Received
from edgeholo.publish.publisher import Sender
from edgeholo.publish.topics import Topics

_LOGGER = logging.getLogger(__name__)

LONGEST = 4096
"""Bytes of a payload: the longest value is a table of what single gestures have of their own, 80 bytes for each there is."""
WAITING = 100
"""Commands that wait; more come in one turn of the main loop from a slider or a mistake, and of both the newest counts."""
_SHOWN = 100
"""Letters of a value that an error repeats."""


@dataclass(frozen=True, slots=True)
class Command:
    """A new value for an option, or something to do.

    Attributes:
        option: last level of the topic.
        value: of the payload: JSON's where it is JSON, else text.
        text: the payload as it arrived, shortened, for those who are to recognise it.
        refusal: why it is not to be obeyed, whatever it says; empty when it may be.
        answer_to: topic on which an answer is wanted; empty for none.
        correlation: what that answer is to bring along.
    """

    option: str
    value: object
    text: str
    refusal: str = ""
    answer_to: str = ""
    correlation: bytes = b""


class Commands:
    """The commands that wait: put in by the connection's thread, taken by the main loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Command] = deque()
        self._lost = 0
        self._said_retained = False

    def listen(self, topics: Topics, sender: Sender) -> None:
        """Ask for the commands to a device."""
        sender.subscribe(topics.commands, self._keep)

    def take(self) -> tuple[list[Command], int]:
        """Return what waits, the oldest first, and how many older ones made room since the last time."""
        with self._lock:
            waiting, lost = list(self._waiting), self._lost
            self._waiting.clear()
            self._lost = 0
        return waiting, lost

    def _keep(self, message: Received) -> None:
        if message.retained:
            self._pass_over(message)
            return
        command = _command(message)
        with self._lock:
            self._waiting.append(command)
            if len(self._waiting) > WAITING:
                self._waiting.popleft()
                self._lost += 1

    def _pass_over(self, message: Received) -> None:
        """Ignore what was said before we listened: nobody wants last month's command at every reconnect."""
        if not self._said_retained:
            self._said_retained = True
            _LOGGER.warning("commands must not be retained: %s and others like it are ignored", message.topic)


def _command(message: Received) -> Command:
    long = len(message.payload) > LONGEST
    text = message.payload[:LONGEST].decode(errors="replace").strip()
    return Command(
        option=message.topic.rpartition("/")[2],
        value=text if long else _decoded(message.payload, text),
        text=text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...",
        refusal=f"longer than {LONGEST} bytes" if long else "",
        answer_to=_address(message),
        correlation=message.correlation,
    )


def _address(message: Received) -> str:
    """Return the topic for an answer; none where it could not be sent, or would be a command to ourselves."""
    own = message.topic.rpartition("/set/")[0]
    wild = any(letter in message.answer_to for letter in "+#\0")
    return "" if wild or message.answer_to.startswith(f"{own}/") else message.answer_to


def _decoded(payload: bytes, text: str) -> object:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError):
        return text
