"""Whether a rule fires: what set it off, and the first condition that was not met, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from edgeholo.act.action import payload_of
from edgeholo.act.sense import COMPARISONS
from edgeholo.act.when import When
from edgeholo.types import Armed, Gesture, Observation, People, Presence, Side, Value

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PALM = [0, 5, 17]
"""Wrist and the outer knuckles: their middle stays where it is when fingers move."""
_SHOULDERS = [11, 12]


@dataclass(frozen=True, slots=True)
class Situation:
    """How things are, as far as conditions ask.

    Attributes:
        time: of day, where the house is.
        present: whether somebody is there, None before anybody could tell.
        armed: whether gestures count.
        profile: the set of gestures that is chosen.
        states: the last payload of every topic that was heard.
        people: the last frame, for zones.
    """

    time: datetime
    present: bool | None
    armed: bool
    profile: str
    states: Mapping[str, bytes]
    people: People | None


def sets_off(when: When, observation: Observation) -> bool:
    """Return whether an observation is what a rule waits for, but for ``hold_s``, which takes time."""
    if when.gestures:
        return (
            when.hold_s is None
            and isinstance(observation, Gesture)
            and observation.name in when.gestures
            and observation.phase in when.phases
        )
    if when.value is not None:
        return isinstance(observation, Value) and observation.name == when.value
    if when.presence is not None:
        return isinstance(observation, Presence) and observation.present is when.presence
    return isinstance(observation, Armed) and observation.armed is when.armed


def unmet(when: When, observation: Observation, situation: Situation) -> str:
    """Return the first condition that is not met, empty where all are."""
    if isinstance(observation, Gesture | Value):
        if when.hand is not None and observation.hand != when.hand:
            return f"hand = {when.hand}"
        if when.person is not None and observation.person != when.person:
            return f"person = {when.person}"
        if when.zone is not None and not _inside(when.zone, observation, situation.people):
            return "zone"
    if isinstance(observation, Gesture):
        if when.confidence is not None and observation.confidence < when.confidence:
            return f"confidence of {when.confidence:g}"
        if when.count is not None and observation.count != when.count:
            return f"count = {when.count}"
    return _unmet_around(when, situation)


def _unmet_around(when: When, situation: Situation) -> str:
    """Return the first condition on the house that is not met."""
    around = (
        (f"presence = {str(when.presence).lower()}", when.presence in (None, situation.present)),
        (f"armed = {str(when.armed).lower()}", when.armed in (None, situation.armed)),
        (f"profile = {' or '.join(when.profiles)}", not when.profiles or situation.profile in when.profiles),
        ("time of day" if when.days is None else "day or time", _in_time(when, situation.time)),
    )
    return next((words for words, met in around if not met), "") or _unmet_topic(when, situation)


def _unmet_topic(when: When, situation: Situation) -> str:
    for topic, wanted in when.topic.items():
        payload = situation.states.get(topic)
        if payload is None:
            return f"topic {topic}, of which nothing was heard"
        if not _agrees(payload_of(payload), wanted):
            return f"topic {topic}"
    return ""


def _in_time(when: When, time: datetime) -> bool:
    """Return whether it is the time; after midnight a span that began the evening before has that evening's day."""
    now, after, before = f"{time:%H:%M}", when.after or "00:00", when.before or "24:00"
    day = time
    if after <= before:
        if not after <= now < before:
            return False
    elif before <= now < after:
        return False
    elif now < before:
        day = time - timedelta(days=1)
    return when.days is None or _DAYS[day.weekday()] in when.days


def _agrees(said: object, wanted: object) -> bool:
    """Return whether a payload is what a condition wants, field by field in tables."""
    if not isinstance(wanted, dict):
        return _same(said, wanted)
    if wanted and COMPARISONS.issuperset(wanted):
        return all(_compares(key, said, limit) for key, limit in wanted.items())
    return isinstance(said, dict) and all(key in said and _agrees(said[key], value) for key, value in wanted.items())


def _same(said: object, wanted: object) -> bool:
    # In Python True is 1: a contact that is false is not a counter at 0.
    if isinstance(said, bool) or isinstance(wanted, bool):
        return said is wanted
    if isinstance(said, int | float) and isinstance(wanted, str):
        # A payload of text that looks like a number was read as one.
        return str(said) == wanted
    return said == wanted


def _compares(key: str, said: object, limit: object) -> bool:
    if key == "not":
        return not _agrees(said, limit)
    if isinstance(said, bool) or not isinstance(said, int | float) or not isinstance(limit, int | float):
        return False
    return said > limit if key == "above" else said < limit


def _inside(zone: tuple[float, float, float, float], observation: Gesture | Value, people: People | None) -> bool:
    """Return whether the hand, or the middle of the shoulders, is in a part of the picture; not known is no."""
    person = next((one for one in people.persons if one.id == observation.person), None) if people else None
    if person is None:
        return False
    hand = person.hand(Side(observation.hand)) if observation.hand is not None else None
    if hand is not None:
        x, y = hand.points[_PALM, :2].mean(axis=0).tolist()
    elif person.pose is not None and observation.hand is None:
        x, y = person.pose.points[_SHOULDERS, :2].mean(axis=0).tolist()
    else:
        return False
    left, top, width, height = zone
    return bool(left <= x <= left + width and top <= y <= top + height)
