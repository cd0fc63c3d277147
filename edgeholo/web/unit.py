"""What the page and the terminal know of one unit: the newest of every state, its values, and its last events."""

import re
from collections import deque
from dataclasses import dataclass, field

import msgspec
from msgspec import UNSET, Raw, UnsetType

from edgeholo.publish.topics import TOPICS

EVENTS = 100
"""Events that are kept of a unit."""
_VALUES = 32
"""Continuous controls that are kept: there are four, and more may come."""
_EVENT_BYTES, _VALUE_BYTES, _STATE_BYTES = 4 << 10, 1 << 10, 32 << 10
"""Of a payload: ours have 500, 100, and 10 k with hundreds of gestures. 64 units full of the longest are 46 MB."""
_AVAILABILITIES = ("online", "offline", "stopped")
_VALUE = re.compile(r"state/([a-z0-9_-]{1,64})")
_NULL = b"null"

_STATES = ("info", "presence", "armed", "quality", "camera", "health", "config", "learn", "update")
_STATE_OF = {TOPICS[name].path: name for name in _STATES}
_EVENT_OF = {TOPICS[name].path: name for name in ("gesture", "action", "error")}
LANDMARKS, INSIGHT = TOPICS["landmarks"].path, "insight"


class UnitState(msgspec.Struct, frozen=True):
    """A unit as the page is told of it; payloads are those of docs/topics.md, null where nothing was heard.

    Attributes:
        values: newest message of each continuous control, by name.
        events: the last hundred, the newest last; ``kind`` is ``gesture`` or ``action``.
    """

    availability: str | None
    info: Raw | None
    presence: Raw | None
    armed: Raw | None
    quality: Raw | None
    camera: Raw | None
    health: Raw | None
    config: Raw | None
    learn: Raw | None
    update: Raw | None
    values: dict[str, Raw]
    events: list[Raw]


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell those who watch.

    Attributes:
        name: of the event in the stream.
        data: one line.
        key: what a newer one must share to take the place of this while it waits; empty where each counts.
    """

    name: str
    data: bytes
    key: str = ""


class _Value(msgspec.Struct):
    """As much of a control's message as is looked at."""

    value: float
    phase: str | UnsetType = UNSET
    hand: str | None = None


@dataclass(slots=True)
class Unit:
    """One unit; ``hear`` takes its messages."""

    availability: str | None = None
    states: dict[str, Raw] = field(default_factory=dict)
    values: dict[str, Raw] = field(default_factory=dict)
    events: deque[Raw] = field(default_factory=lambda: deque(maxlen=EVENTS))

    def state(self) -> UnitState:
        """Return all that is known."""
        return UnitState(
            availability=self.availability,
            values=dict(self.values),
            events=list(self.events),
            **{name: self.states.get(name) for name in _STATES},
        )

    def known(self, name: str) -> dict[str, object] | None:
        """Return the newest payload of a state, or None where nothing was heard."""
        raw = self.states.get(name)
        return None if raw is None else msgspec.json.decode(raw)

    def hear(self, path: str, payload: bytes, *, retained: bool) -> News | None:
        """Take a message and return what there is to tell of it; what is none of ours, or broken, is None.

        Args:
            path: of the topic, below the unit.
            payload: JSON or text; landmarks arrive elsewhere.
            retained: said before we listened.
        """
        if path == "availability":
            return self._available(payload)
        if path in _STATE_OF:
            return self._state(_STATE_OF[path], payload)
        if path in _EVENT_OF:
            return None if retained else self._event(_EVENT_OF[path], payload)
        if path == INSIGHT:
            fields = _object(payload, _STATE_BYTES)
            return None if fields is None else News(INSIGHT, msgspec.json.encode(fields), INSIGHT)
        return self._value(path, payload)

    def leave(self, availability: str) -> News:
        """Note that it is not there, though it did not say so itself."""
        self.availability = availability
        return _availability(availability)

    def _available(self, payload: bytes) -> News | None:
        text = payload[:16].decode(errors="replace")
        if text not in _AVAILABILITIES:
            return None
        return self.leave(text)

    def _state(self, name: str, payload: bytes) -> News | None:
        if not payload:  # Somebody cleared what was retained.
            return News(name, _NULL) if self.states.pop(name, None) else None
        fields = _object(payload, _STATE_BYTES)
        if fields is None:
            return None
        self.states[name] = Raw(msgspec.json.encode(fields))
        return News(name, bytes(self.states[name]))

    def _event(self, name: str, payload: bytes) -> News | None:
        fields = _object(payload, _EVENT_BYTES)
        if fields is None:
            return None
        if name == "error":
            return News(name, msgspec.json.encode(fields))
        event = Raw(msgspec.json.encode({"kind": name, **fields} | {"kind": name}))
        if event in self.events:  # With qos 1 an event may arrive twice.
            return None
        self.events.append(event)
        return News(name, msgspec.json.encode(fields))

    def _value(self, path: str, payload: bytes) -> News | None:
        match = _VALUE.fullmatch(path)
        fields = _object(payload, _VALUE_BYTES) if match else None
        if match is None or fields is None:
            return None
        name = match[1]
        try:
            value = msgspec.convert(fields, _Value)
        except msgspec.ValidationError:
            return None
        if name not in self.values and len(self.values) >= _VALUES:
            return None
        self.values[name] = Raw(msgspec.json.encode(fields))
        # Begin and end count each; of the changes between, the newest.
        key = f"value {name} {value.hand}" if value.phase == "change" else ""
        return News("value", msgspec.json.encode({**fields, "name": name}), key)


def _availability(text: str | None) -> News:
    return News("availability", msgspec.json.encode({"availability": text}))


def _object(payload: bytes, limit: int) -> dict[str, object] | None:
    if len(payload) > limit:
        return None
    try:
        return msgspec.json.decode(payload, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
