"""Events that outlive the daemon: a small file of checked lines, written seldom, and never more than a memory card bears.

A line is the CRC-32 of its JSON in hexadecimal, a space, and the JSON: an event, or the numbers of those that are done. What
the power cut short is passed over when it is read.
"""

import logging
import os
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import msgspec

from edgeholo.files import write_whole
from edgeholo.publish.age import Moment
from edgeholo.types import Message, MessageKind

_LOGGER = logging.getLogger(__name__)

LARGEST = 1 << 20
"""Bytes of the file: 2,500 gestures, five times what waits by default."""
BYTES_A_DAY = 32 << 20
"""A card of 8 GB bears some thousand times its size: with this it lives for centuries."""
BURST = 4 << 20
"""Bytes that may be written before writes become rarer: half an hour without a broker, an event in every second."""
_BLOCK = 4096
_BLOCKS_BESIDE = 2
"""What a file system writes beside the data of a small file: its inode, and its own journal's commit."""


class _Event(msgspec.Struct, tag="event", frozen=True, kw_only=True, omit_defaults=True):
    number: int
    boot: str
    boot_s: float
    wall_s: float
    topic: str
    qos: int
    payload: bytes
    content_type: str
    correlation: bytes = b""

    @classmethod
    def of(cls, number: int, message: Message, when: Moment) -> Self:
        """Return the entry for a message."""
        return cls(
            number=number,
            boot=when.boot,
            boot_s=when.boot_s,
            wall_s=when.wall_s,
            topic=message.topic,
            qos=message.qos,
            payload=message.payload,
            content_type=message.content_type,
            correlation=message.correlation,
        )

    def message(self) -> Message:
        """Return the message that this is the entry for."""
        return Message(
            topic=self.topic,
            payload=self.payload,
            kind=MessageKind.EVENT,
            qos=self.qos,
            retain=False,
            content_type=self.content_type,
            correlation=self.correlation,
        )


class _Done(msgspec.Struct, tag="done", frozen=True):
    numbers: list[int]


_Entry = _Event | _Done


class Journal:
    """The file.

    Args:
        file: made when it is needed; its folder, too.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines: dict[int, bytes] = {}
        self._size = self._next = 0
        self._budget, self._counted_s = float(BURST), 0.0
        self._failed = False

    def read(self) -> list[tuple[int, Message, Moment]]:
        """Return the events that were not done when the last run ended, in order: their numbers, and when they began."""
        events: dict[int, _Event] = {}
        for line, entry in self._entries():
            if isinstance(entry, _Event):
                events[entry.number] = entry
                self._lines[entry.number] = line
                self._next = max(self._next, entry.number + 1)
            else:
                for number in entry.numbers:
                    events.pop(number, None)
                    self._lines.pop(number, None)
        return [
            (number, event.message(), Moment(event.boot, event.boot_s, event.wall_s))
            for number, event in events.items()
        ]

    def write(
        self, new: Sequence[tuple[Message, Moment]], done: Iterable[int], now_s: float, *, at_once: bool = False
    ) -> list[int] | None:
        """Note new events, and which earlier ones are done; return the numbers of the new ones.

        None where nothing could be written: it is too soon after the last time, or the disk takes nothing, which is logged once.

        Args:
            new: events, and when each began.
            done: numbers of those that need not be kept any longer.
            now_s: the present, in any seconds.
            at_once: write though it is too soon: nobody will come by again.
        """
        gone = set(done).intersection(self._lines)
        lines = {self._next + n: _line(_Event.of(self._next + n, *each)) for n, each in enumerate(new)}
        if not gone and not lines:
            return []
        live = {number: line for number, line in {**self._lines, **lines}.items() if number not in gone}
        text = b"".join([*lines.values(), *([_line(_Done(sorted(gone)))] if gone else [])])
        if not self._affordable(len(text), now_s, at_once=at_once):
            return None
        try:
            self._put(text, live)
        except OSError as error:
            self._complain(error)
            return None
        self._failed = False
        self._lines = live
        self._next += len(lines)
        return list(lines)

    def _put(self, text: bytes, live: dict[int, bytes]) -> None:
        """Append; or begin anew, where nothing is alive or the file has grown too large."""
        if not live:
            self._append(b"", empty=True)
        elif self._size + len(text) > LARGEST or not self._file.exists():
            write_whole(self._file, _newest(live, LARGEST // 2))
            self._size = self._file.stat().st_size
        else:
            # What was torn off by a power cut or a full disk ends here.
            self._append(b"\n" + text)

    def _append(self, text: bytes, *, empty: bool = False) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("wb" if empty else "ab") as stream:
            stream.write(text)
            stream.flush()
            os.fdatasync(stream.fileno())
            self._size = stream.tell()

    def _affordable(self, size: int, now_s: float, *, at_once: bool) -> bool:
        """Return whether a write is due, and note what it costs the memory card."""
        if self._counted_s:
            earned = max(0.0, now_s - self._counted_s) * BYTES_A_DAY / 86_400
            self._budget = min(float(BURST), self._budget + earned)
        self._counted_s = now_s
        cost = (-(-size // _BLOCK) + _BLOCKS_BESIDE) * _BLOCK
        if self._size + size > LARGEST:
            cost += LARGEST // 2
        if cost > self._budget and not at_once:
            return False
        self._budget -= cost
        return True

    def _entries(self) -> list[tuple[bytes, _Entry]]:
        """Return what can be read, with its lines."""
        try:
            with self._file.open("rb") as stream:
                content = stream.read(2 * LARGEST)
        except FileNotFoundError:
            return []
        except OSError as error:
            self._complain(error)
            return []
        self._size = len(content)
        return [(line + b"\n", entry) for line in content.split(b"\n") if (entry := _entry(line))]

    def _complain(self, error: OSError) -> None:
        if not self._failed:
            _LOGGER.warning("events that wait would not outlive a restart: %s: %s", self._file, error.strerror)
        self._failed = True


def _line(entry: _Entry) -> bytes:
    text = msgspec.json.encode(entry)
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _entry(line: bytes) -> _Entry | None:
    """Return what a line says, None where it is empty or damaged."""
    check, _, text = line.partition(b" ")
    if check != b"%08x" % zlib.crc32(text):
        return None
    try:
        return msgspec.json.decode(text, type=_Event | _Done)
    except msgspec.DecodeError:
        return None


def _newest(lines: dict[int, bytes], size: int) -> bytes:
    """Return as many of the newest lines as fit."""
    chosen: list[bytes] = []
    for line in reversed(lines.values()):
        size -= len(line)
        if size < 0:
            break
        chosen.append(line)
    return b"".join(reversed(chosen))
