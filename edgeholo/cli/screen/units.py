"""What the screen knows of the units that speak on the broker."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from edgeholo.insight import Look, Somebody
from edgeholo.publish.client import Received
from edgeholo.publish.codec import CodecError, decode
from edgeholo.web.unit import INSIGHT, LANDMARKS, Unit

_STALE_S = 2.0
"""A skeleton or an explanation that is older is not shown: a frozen one would be taken for a person who holds still."""
_RECENT_S = 2.0
"""A movement is over at once, and is shown for so long."""
_FORGOTTEN_S = 30.0
"""A gesture whose end was never heard, for the broker was away, is not shown for ever."""
_UNITS = 64
"""Units that are kept; a home has a handful."""

Fields = dict[str, Any]


class Told(msgspec.Struct, frozen=True):
    """An ``insight`` message; docs/topics.md has its fields."""

    branches: dict[str, Look] = {}
    looking: bool = True
    why_not: str = ""
    pace: str = ""
    persons: tuple[Somebody, ...] = ()


@dataclass(frozen=True, slots=True)
class Running:
    """A gesture that is shown now, or was a moment ago.

    Attributes:
        event: as it was published.
        began_s: when its start was heard.
        heard_s: when it was heard of last.
    """

    event: Fields
    began_s: float
    heard_s: float


@dataclass(slots=True)
class Watched:
    """One unit."""

    unit: Unit = field(default_factory=Unit)
    error: Fields | None = None
    _landmarks: tuple[bytes, float] = (b"", float("-inf"))
    _frame: Fields | None = None
    _told: tuple[Told, float] = (Told(), float("-inf"))
    _running: dict[str, Running] = field(default_factory=dict)

    def state(self, name: str) -> Fields:
        """Return the newest payload of a state, empty where nothing was heard."""
        return self.unit.known(name) or {}

    def events(self) -> list[Fields]:
        """Return the last events, the newest first; ``kind`` is ``gesture`` or ``action``."""
        return [msgspec.json.decode(event) for event in reversed(self.unit.events)]

    def frame(self, now_s: float) -> Fields | None:
        """Return the newest skeletons, None where none came lately."""
        if now_s - self._landmarks[1] > _STALE_S:
            return None
        if self._frame is None:
            try:
                self._frame = decode(self._landmarks[0])
            except CodecError:
                self._landmarks = (b"", float("-inf"))
        return self._frame

    def told(self, now_s: float) -> Told | None:
        """Return the newest explanation, None where none came lately."""
        return None if now_s - self._told[1] > _STALE_S else self._told[0]

    def running(self, now_s: float) -> list[Running]:
        """Return the gestures that are shown now, the newest first."""
        fresh = [
            one
            for one in self._running.values()
            if now_s - one.heard_s <= (_RECENT_S if one.event.get("phase") == "once" else _FORGOTTEN_S)
        ]
        return sorted(fresh, key=lambda one: -one.began_s)

    def hear(self, path: str, message: Received, now_s: float) -> None:
        """Take a message of this unit."""
        if path == LANDMARKS:
            self._landmarks, self._frame = (message.payload, now_s), None
            return
        news = self.unit.hear(path, message.payload, retained=message.retained)
        if news is None:
            return
        if news.name == INSIGHT:
            self._explain(news.data, now_s)
        elif news.name == "gesture":
            self._run(msgspec.json.decode(news.data), now_s)
        elif news.name == "error":
            self.error = msgspec.json.decode(news.data)
        elif news.name == "availability":
            self._running.clear()

    def _explain(self, payload: bytes, now_s: float) -> None:
        try:
            self._told = msgspec.json.decode(payload, type=Told), now_s
        except (msgspec.ValidationError, RecursionError):
            return  # Of another version: what is understood is shown.

    def _run(self, event: Fields, now_s: float) -> None:
        key = f"{event.get('event_type')} {event.get('hand')} {event.get('person')}"
        before = self._running.pop(key, None)
        if event.get("phase") == "end":
            return
        self._running = {other: one for other, one in self._running.items() if now_s - one.heard_s <= _FORGOTTEN_S}
        goes_on = before is not None and event.get("phase") in ("hold", "repeat")
        self._running[key] = Running(event, before.began_s if before and goes_on else now_s, now_s)


class Units:
    """All of them.

    Args:
        base: first level or levels of every topic.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._known: dict[str, Watched] = {}

    @property
    def names(self) -> list[str]:
        """Those that said whether they are there, in order."""
        return sorted(name for name, one in self._known.items() if one.unit.availability)

    def first(self) -> str:
        """Return the first that is online, else the first, else nothing."""
        online = [name for name in self.names if self[name].unit.availability == "online"]
        return next(iter(online or self.names), "")

    def after(self, name: str) -> str:
        """Return the one that follows in the order of their names, the first after the last."""
        return next((other for other in self.names if other > name), next(iter(self.names), name))

    def __getitem__(self, name: str) -> Watched:
        return self._known.get(name) or Watched()

    def hear(self, message: Received, now_s: float) -> None:
        """Take a message."""
        name, _, path = message.topic[len(self._base) + 1 :].partition("/")
        if not path or path.startswith(("set/", "image/")):
            return
        if name not in self._known and len(self._known) >= _UNITS:
            return
        self._known.setdefault(name, Watched()).hear(path, message, now_s)
