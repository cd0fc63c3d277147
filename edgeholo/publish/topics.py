"""Every topic and every payload, one function a message. ``docs/topics.md`` shows what they write; a test compares the two.

Events are never retained: a retained gesture would switch the light again at every reconnect.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import msgspec

from edgeholo.clock import rfc3339
from edgeholo.health import Health
from edgeholo.insight import Insight, Part
from edgeholo.publish import codec
from edgeholo.types import (
    Armed,
    Branch,
    CameraState,
    Gesture,
    Message,
    MessageKind,
    Observation,
    People,
    Presence,
    Quality,
    Value,
)
from edgeholo.update.versions import Report

SCHEMA = 1
"""Version of all JSON payloads; it changes when a field loses its name or its meaning, not when one is added."""
JSON = "application/json"
TEXT = "text/plain"
MSGPACK = "application/vnd.msgpack"
PNG = "image/png"


@dataclass(frozen=True, slots=True)
class Topic:
    """One row of the table: where below ``base/ID/`` and how a message goes out."""

    path: str
    kind: MessageKind
    qos: int
    retain: bool
    content_type: str = JSON


TOPICS = {
    "availability": Topic("availability", MessageKind.STATE, 1, retain=True, content_type=TEXT),
    "info": Topic("info", MessageKind.STATE, 1, retain=True),
    "gesture": Topic("event/gesture", MessageKind.EVENT, 1, retain=False),
    "action": Topic("event/action", MessageKind.EVENT, 1, retain=False),
    "presence": Topic("state/presence", MessageKind.STATE, 1, retain=True),
    "armed": Topic("state/armed", MessageKind.STATE, 1, retain=True),
    "value": Topic("state/VALUE", MessageKind.STREAM, 0, retain=False),
    "quality": Topic("state/quality", MessageKind.STATE, 1, retain=True),
    "camera": Topic("state/camera", MessageKind.STATE, 1, retain=True),
    "health": Topic("state/health", MessageKind.STATE, 0, retain=True),
    "config": Topic("state/config", MessageKind.STATE, 1, retain=True),
    "error": Topic("state/error", MessageKind.EVENT, 1, retain=False),
    "learn": Topic("state/learn", MessageKind.STATE, 1, retain=True),
    "update": Topic("state/update", MessageKind.STATE, 1, retain=True),
    "skeleton": Topic("image/skeleton", MessageKind.STREAM, 0, retain=False, content_type=PNG),
    "landmarks": Topic("landmarks", MessageKind.STREAM, 0, retain=False, content_type=MSGPACK),
    "insight": Topic("insight", MessageKind.STREAM, 0, retain=False),
}


def _doubt(*, sure: bool) -> dict[str, object]:
    """Return what a message with a time says more while the clock may be wrong: a Raspberry Pi has no battery for it."""
    return {} if sure else {"time_sure": False}


class Topics:
    """The messages of one device, below ``base/id/``."""

    def __init__(self, base: str, device_id: str) -> None:
        """Take the first level(s) of all topics and the device's slug."""
        self.root = f"{base}/{device_id}"
        self.device_id = device_id

    @property
    def commands(self) -> str:
        """The filter of all that may be asked of this device."""
        return f"{self.root}/set/+"

    def availability(self, state: str) -> Message:
        """Return ``online`` or ``stopped``; ``offline`` is ``last_will``."""
        return self._message("availability", state.encode())

    def last_will(self) -> Message:
        """Return what the broker says for us when the connection breaks."""
        return self.availability("offline")

    def info(
        self,
        *,
        version: str,
        engine: str,
        branches: Iterable[Branch],
        gestures: Iterable[str],
        profiles: Iterable[str],
        taught: Iterable[str],
        known: Iterable[str],
    ) -> Message:
        """Return who this is and what it can tell; sent at the start and when that changes."""
        payload = {
            "version": version,
            "schema": SCHEMA,
            "engine": engine,
            "branches": [branch.value for branch in Branch if branch in set(branches)],
            "gestures": list(gestures),
            "profiles": list(profiles),
            "taught": list(taught),
            "known": list(known),
            "landmark_format": {"content_type": MSGPACK, "version": codec.VERSION},
        }
        return self._json("info", payload)

    def gesture(self, gesture: Gesture, *, seq: int, run: str, time: datetime, sure: bool = True) -> Message:
        """Return one event; ``seq`` counts those of this ``run`` of the daemon, ``time`` is that of the frame that decided.

        Here and below, ``sure`` tells whether the clock is right.
        """
        payload = {
            "event_type": gesture.name,
            "phase": gesture.phase,
            "hand": gesture.hand,
            "confidence": round(gesture.confidence, 3),
            "duration_s": round(gesture.duration_s, 3),
            "person": gesture.person,
            "count": gesture.count,
            "angle_deg": None if gesture.angle_deg is None else round(gesture.angle_deg, 1),
            "seq": seq,
            "run": run,
            "time": rfc3339(time),
            **_doubt(sure=sure),
        }
        return self._json("gesture", payload)

    def action(
        self,
        *,
        rule: str,
        trigger: Observation,
        actions: Iterable[str],
        error: str,
        seq: int | None,
        run: str,
        time: datetime,
        sure: bool = True,
    ) -> Message:
        """Return what a rule has done; ``seq`` is that of the event that set it off, ``error`` is empty where all was done."""
        who = trigger if isinstance(trigger, Gesture | Value) else None
        payload = {
            "rule": rule,
            "trigger": who.name if who else type(trigger).__name__.lower(),
            "phase": who and who.phase,
            "hand": who and who.hand,
            "person": None if who is None else who.person,
            "actions": list(actions),
            "ok": not error,
            "error": error or None,
            "seq": seq,
            "run": run,
            "time": rfc3339(time),
            **_doubt(sure=sure),
        }
        return self._json("action", payload)

    def presence(self, presence: Presence, *, since: datetime, sure: bool = True) -> Message:
        """Return whether somebody is there, and since when."""
        payload = {"person": presence.present, "count": presence.count, "since": rfc3339(since), **_doubt(sure=sure)}
        return self._json("presence", payload)

    def armed(self, armed: Armed, *, since: datetime, sure: bool = True) -> Message:
        """Return whether gestures count, where they need a wake gesture."""
        return self._json("armed", {"armed": armed.armed, "since": rfc3339(since), **_doubt(sure=sure)})

    def quality(self, quality: Quality) -> Message:
        """Return how the picture is, and what would mend it."""
        return self._json("quality", {"state": quality.state, "hint": quality.hint})

    def camera(self, camera: CameraState) -> Message:
        """Return how the camera is."""
        payload = {
            "state": camera.state,
            "source": camera.source,
            "detail": camera.detail,
        }
        return self._json("camera", payload)

    def value(self, value: Value) -> Message:
        """Return a continuous control, on a topic of its own name.

        Raises:
            ValueError: the name is no topic level, or that of another topic.
        """
        path = f"state/{value.name}"
        if not re.fullmatch(r"[a-z0-9_-]+", value.name) or path in [topic.path for topic in TOPICS.values()]:
            raise ValueError(f"value name {value.name!r} cannot be a topic")
        payload = {
            "value": round(value.value, 4),
            "phase": value.phase,
            "hand": value.hand,
            "person": value.person,
        }
        # The other hand's value replaces nothing of this one, nor does a change replace a begin or an end.
        key = f"{path} {value.phase} {value.hand} {value.person}"
        return replace(self._json("value", payload, path), key=key)

    def health(self, health: Health) -> Message:
        """Return how the daemon is; figures are rounded to what they are worth."""
        payload = {key: round(value, 3) if isinstance(value, float) else value for key, value in asdict(health).items()}
        return self._json("health", payload)

    def config(self, values: Mapping[str, object]) -> Message:
        """Return the options that can be changed at run time, by name."""
        return self._json("config", dict(values))

    def error(self, *, option: str, value: str, error: str, time: datetime, sure: bool = True) -> Message:
        """Return why a value was not taken; nothing was changed."""
        payload = {"option": option, "value": value, "error": error, "time": rfc3339(time), **_doubt(sure=sure)}
        return self._json("error", payload)

    def learn(self, *, name: str, state: str, shows_done: int, shows_wanted: int, hint: str) -> Message:
        """Return how a lesson goes."""
        payload = {
            "name": name,
            "state": state,
            "shows_done": shows_done,
            "shows_wanted": shows_wanted,
            "hint": hint,
        }
        return self._json("learn", payload)

    def update(self, installed: str, report: Report) -> Message:
        """Return which version is here and which is newest, and what came of the last update."""
        payload = {
            "installed_version": installed,
            "latest_version": report.latest or installed,
            "in_progress": report.in_progress,
            "refused": report.refused or None,
            "reason": report.reason or None,
            "error": report.error or None,
        }
        return self._json("update", payload)

    def answer(self, to: str, correlation: bytes, *, option: str, value: object, error: str) -> Message:
        """Return what became of a command, for the one who asked; ``error`` is empty where it was obeyed."""
        payload = {"option": option, "value": value, "ok": not error, "error": error or None}
        return Message(
            to, msgspec.json.encode(payload), MessageKind.EVENT, qos=1, retain=False, correlation=correlation
        )

    def skeleton(self, png: bytes) -> Message:
        """Return a drawing of whoever is there, and nothing of the room."""
        return self._message("skeleton", png)

    def landmarks(self, people: People, *, time: datetime) -> Message:
        """Return the points of one frame; ``codec`` has the layout."""
        return self._message("landmarks", codec.encode(people, time))

    def insight(self, insight: Insight, *, time: datetime) -> Message:
        """Return what was made of a frame, for those who watch."""
        payload = {
            "time": rfc3339(time),
            "t_ms": None if insight.t_ms is None else round(insight.t_ms, 1),
            "branches": insight.branches,
            "looking": insight.looking,
            "why_not": insight.why_not,
            "pace": insight.pace,
            "persons": [
                {"person": each.person, "parts": {name: _part(part) for name, part in each.parts.items()}}
                for each in insight.persons
            ],
        }
        return self._json("insight", payload)

    def _json(self, name: str, payload: Mapping[str, object], path: str = "") -> Message:
        return self._message(name, msgspec.json.encode(payload), path)

    def _message(self, name: str, payload: bytes, path: str = "") -> Message:
        row = TOPICS[name]
        topic = f"{self.root}/{path or row.path}"
        return Message(topic, payload, row.kind, row.qos, row.retain, row.content_type)


def _part(part: Part | None) -> Part | None:
    """Return a part with figures rounded to what they are worth."""
    return part and replace(part, confidence=round(part.confidence, 3), progress=round(part.progress, 3))
