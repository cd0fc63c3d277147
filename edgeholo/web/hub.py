"""Who watches: every open stream has its own bounded queue, so that a slow one costs nobody else anything."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from edgeholo.web.house import BrokerState, House
from edgeholo.web.unit import News, UnitState
from edgeholo.web.watched import Watched

STREAMS = 20
"""Streams at once: every tablet and phone of a home, and a few forgotten tabs."""
_WAITING = 2 << 20
"""Bytes that wait for a slow reader; who has missed more begins anew with a snapshot, which has the last hundred events."""
_EACH = 100
"""Bytes that an event costs beside its own."""


def written(name: str, data: bytes) -> bytes:
    """Return a server-sent event; ``data`` is one line."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)


class Snapshot(msgspec.Struct, frozen=True):
    """How things are when a stream begins.

    Attributes:
        unit: that is watched; null while there is none.
        units: all that there are.
        state: of the unit.
        broker: how the connection to it is.
    """

    unit: str | None
    units: list[str]
    state: UnitState
    broker: BrokerState


class Stream:
    """What one reader has not got yet.

    Attributes:
        unit: that is watched; None until there is one.
        ended: nothing more will come.
    """

    def __init__(self, unit: str | None) -> None:
        self.unit = unit
        self.ended = False
        self._waiting: OrderedDict[str, bytes] = OrderedDict()
        self._number = self._bytes = 0
        self._something = asyncio.Event()

    def put(self, key: str, event: bytes) -> None:
        """Take an event; of those that share a key the newest is kept, at the end."""
        self._number += 1
        key = key or f"#{self._number}"
        if older := self._waiting.pop(key, None):
            self._bytes -= len(older) + _EACH
        self._waiting[key] = event
        self._bytes += len(event) + _EACH
        if self._bytes > _WAITING:
            self._waiting.clear()
            self.ended = True
        self._something.set()

    def end(self) -> None:
        """Have the reader go away."""
        self.ended = True
        self._something.set()

    async def next(self, patience_s: float) -> bytes:
        """Return all that waits, or nothing when nothing came for ``patience_s``."""
        try:
            async with asyncio.timeout(patience_s):
                await self._something.wait()
        except TimeoutError:
            return b""
        self._something.clear()
        events = b"".join(self._waiting.values())
        self._waiting.clear()
        self._bytes = 0
        return events


class Hub:
    """Hands news to the streams, and has the units watched that somebody looks at.

    Args:
        house: whose news.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._streams: set[Stream] = set()
        self._watched = Watched(house)
        self._off: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin to listen to the house."""
        self._off = self._house.listen(self._told)

    def stop(self) -> None:
        """End all streams; a second time does nothing more."""
        if self._off:
            self._off()
            self._off = None
        for stream in self._streams:
            stream.end()
        self._watched.want(set())

    @property
    def full(self) -> bool:
        """Whether there is no place for another stream."""
        return len(self._streams) >= STREAMS

    def open(self, unit: str | None) -> Stream:
        """Return a stream of a unit, or of the first that is there, and have that watched."""
        stream = Stream(unit or self._house.first())
        self._streams.add(stream)
        stream.put("", snapshot(self._house, stream.unit))
        self._look()
        return stream

    def close(self, stream: Stream) -> None:
        """Forget a stream; when it was the last of its unit, that is not watched any more."""
        self._streams.discard(stream)
        self._look()

    def _look(self) -> None:
        self._watched.want({stream.unit for stream in self._streams if stream.unit})

    def _told(self, unit: str, news: News) -> None:
        if news.name == "units":
            self._adopt()
        event: bytes = b""
        for stream in self._streams:
            if not unit or stream.unit == unit:
                event = event or written(news.name, news.data)
                stream.put(news.key, event)
        if news.name == "broker":
            self._watched.renew_all()
        elif news.name == "availability":
            self._watched.renew(unit)

    def _adopt(self) -> None:
        """Give those who asked for any unit the first that is there."""
        unit = self._house.first()
        for stream in self._streams:
            if stream.unit is None and unit is not None:
                stream.unit = unit
                stream.put("", snapshot(self._house, unit))
        self._look()


def snapshot(house: House, unit: str | None) -> bytes:
    """Return the first event of a stream: all that is known."""
    return written("snapshot", msgspec.json.encode(Snapshot(unit, house.ids, house.state(unit), house.broker())))
