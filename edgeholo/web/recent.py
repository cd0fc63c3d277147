"""The last minute of a unit, as far as rules can be set off by it: heard on the broker, given back as observations."""

import base64
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import msgspec
import numpy as np

from edgeholo.publish.codec import CodecError, decode
from edgeholo.types import (
    Armed,
    Branch,
    Gesture,
    Hand,
    Observation,
    People,
    Person,
    Phase,
    Pose,
    Presence,
    Side,
    Value,
)
from edgeholo.web.unit import LANDMARKS, News

KEPT_S = 60.0
"""What people remember of what they did, and more than enough to try a rule."""
_MOST = 4_000
"""Observations of a unit: a minute of all controls with both hands at ten a second is 3,000."""
_FRAMES = 180
"""Frames of landmarks: three a second, near enough to know where a hand was."""
_FRAME_S = 0.3
_LONGEST = 16_384
"""Bytes of a frame."""
_NEWS_S = 10.0
"""A state that began longer ago than this is retained: it tells how things are, and nothing has happened."""


class _Gesture(msgspec.Struct):
    event_type: str
    phase: Phase
    hand: Side | None
    person: int
    confidence: float = 1.0
    duration_s: float = 0.0
    count: int | None = None
    angle_deg: float | None = None


class _Value(msgspec.Struct):
    name: str
    value: float
    phase: Literal["begin", "change", "end"]
    hand: Side | None
    person: int


class _Presence(msgspec.Struct):
    person: bool
    count: int
    since: datetime


class _Armed(msgspec.Struct):
    armed: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Frame:
    """Where everybody was.

    Attributes:
        timestamp_ns: when it was heard, CLOCK_MONOTONIC.
        payload: as on MQTT.
    """

    timestamp_ns: int
    payload: bytes

    def people(self) -> People | None:
        """Return who was seen; None where the message is broken."""
        try:
            frame = decode(self.payload)
            persons = [_person(person) for person in (frame, *frame["others"]) if person["person"] is not None]
        except (CodecError, ValueError):
            return None
        ran = frozenset(map(Branch, frame["ran"]))
        return People(tuple(persons), ran, tuple(frame["size"]), self.timestamp_ns, frame["seq"])


@dataclass(slots=True)
class Minute:
    """What was observed, and how things were before.

    Attributes:
        before: what still counted when the minute began: presence, arming, gestures that were held.
        observations: in their order; their time stamps are when they were heard, CLOCK_MONOTONIC.
        frames: a few a second, where landmarks were heard.
    """

    before: dict[object, Observation] = field(default_factory=dict)
    observations: deque[Observation] = field(default_factory=lambda: deque(maxlen=_MOST))
    frames: deque[Frame] = field(default_factory=lambda: deque(maxlen=_FRAMES))

    def add(self, observation: Observation) -> None:
        """Take an observation, and let go what is too old."""
        if len(self.observations) == _MOST:
            self._settle(self.observations.popleft())
        self.observations.append(observation)
        self.trim(observation.timestamp_ns)

    def see(self, frame: Frame) -> None:
        """Take a frame, unless one was taken just now."""
        if self.frames and frame.timestamp_ns - self.frames[-1].timestamp_ns < _FRAME_S * 1e9:
            return
        self.frames.append(frame)
        self.trim(frame.timestamp_ns)

    def trim(self, now_ns: int) -> None:
        """Let go what is older than a minute."""
        oldest_ns = now_ns - KEPT_S * 1e9
        while self.observations and self.observations[0].timestamp_ns < oldest_ns:
            self._settle(self.observations.popleft())
        while self.frames and self.frames[0].timestamp_ns < oldest_ns:
            self.frames.popleft()

    def _settle(self, observation: Observation) -> None:
        """Note what of it still counts."""
        if isinstance(observation, Presence | Armed):
            self.before[type(observation)] = observation
        elif isinstance(observation, Gesture):
            held = (observation.person, observation.name, observation.hand)
            if observation.phase is Phase.START:
                self.before[held] = observation
            elif observation.phase is Phase.END:
                self.before.pop(held, None)


class Recent:
    """The last minute of every unit.

    Args:
        now_ns: CLOCK_MONOTONIC.
    """

    def __init__(self, now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._now_ns = now_ns
        self._minutes: dict[str, Minute] = {}

    def hear(self, unit: str, news: News) -> None:
        """Take what a unit says."""
        if news.name == "availability":
            self._minutes.pop(unit, None)
        elif news.name == LANDMARKS:
            if len(news.data) < _LONGEST:
                self._minute(unit).see(Frame(self._now_ns(), base64.b64decode(news.data)))
        elif observation := _observation(news, self._now_ns()):
            self._hear(self._minute(unit), observation)

    def minute(self, unit: str) -> Minute:
        """Return the last minute of a unit, which may be empty; it is theirs who ask."""
        minute = self._minutes.get(unit, Minute())
        minute.trim(self._now_ns())
        return Minute(dict(minute.before), minute.observations.copy(), minute.frames.copy())

    def _minute(self, unit: str) -> Minute:
        return self._minutes.setdefault(unit, Minute())

    def _hear(self, minute: Minute, observation: Observation) -> None:
        retained = isinstance(observation, Presence) and self._now_ns() - observation.since_ns > _NEWS_S * 1e9
        if retained and type(observation) not in minute.before and not minute.observations:
            minute.before[type(observation)] = observation
        else:
            minute.add(observation)


def _observation(news: News, now_ns: int) -> Observation | None:
    """Return what an event of the stream says; None where it says nothing that rules know."""
    try:
        if news.name == "gesture":
            one = msgspec.json.decode(news.data, type=_Gesture)
            said = (one.event_type, one.phase, one.hand, one.confidence, one.duration_s, one.person)
            return Gesture(*said, now_ns, one.count, one.angle_deg)
        if news.name == "value":
            value = msgspec.json.decode(news.data, type=_Value)
            return Value(value.name, value.value, value.phase, value.hand, value.person, now_ns)
        if news.name == "presence":
            there = msgspec.json.decode(news.data, type=_Presence)
            return Presence(there.person, there.count, now_ns - _age_ns(there.since), now_ns)
        if news.name == "armed":
            return Armed(msgspec.json.decode(news.data, type=_Armed).armed, now_ns)
    except msgspec.DecodeError:
        return None
    return None


def _age_ns(since: datetime) -> int:
    aware = since if since.tzinfo else since.replace(tzinfo=UTC)
    return max(0, int((datetime.now(UTC) - aware).total_seconds() * 1e9))


def _person(frame: dict[str, object]) -> Person:
    pose = np.asarray(frame["pose"], np.float32) if frame["pose"] else None
    left, right = (
        Hand(np.asarray(frame[name], np.float32)) if frame[name] else None for name in Branch if name in _HANDS
    )
    body = None if pose is None else Pose(np.ascontiguousarray(pose[:, :3]), np.ascontiguousarray(pose[:, 3]))
    return Person(int(str(frame["person"])), body, left, right)


_HANDS = (Branch.LEFT_HAND, Branch.RIGHT_HAND)
