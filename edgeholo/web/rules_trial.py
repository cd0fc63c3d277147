"""Rules tried on the last minute: what the daemon's own responder would have done with it. Nothing is sent."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from edgeholo.act.responder import Firing, Responder
from edgeholo.act.rules import Rules
from edgeholo.act.words import doing, sent
from edgeholo.clock import rfc3339
from edgeholo.types import Gesture, Observation, People, Presence, Value
from edgeholo.web.recent import KEPT_S, Frame, Minute

_STEP_NS = 100_000_000
"""Time goes on ten times a second between what was observed, as in a daemon that looks at ten frames a second."""
_MOST = 200
"""Firings that are told; a slider drawn for a minute makes 300."""


class Fired(msgspec.Struct, frozen=True):
    """A rule that would have fired.

    Attributes:
        time: when, RFC 3339.
        rule: its name.
        trigger: what set it off: a gesture, a control, ``presence`` or ``armed``.
        phase: of the gesture or control, else null.
        hand: likewise.
        actions: what it would have done, in words.
        orders: what would have been sent, a line each; a web address only with its host.
        failures: what would have failed, and why.
    """

    time: str
    rule: str
    trigger: str
    phase: str | None
    hand: str | None
    actions: list[str]
    orders: list[str]
    failures: list[str]


class Never(msgspec.Struct, frozen=True):
    """A rule that would not have fired.

    Attributes:
        rule: its name.
        why: conditions that were not met when it was set off, and how often; empty where nothing set it off.
    """

    rule: str
    why: dict[str, int]


class Trial(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        seconds: how long the time is that was looked at.
        gestures: names of what was shown in that time, each once.
        fired: in the order of time; of a value that moved, not more than 200 in all.
        never: the other rules.
    """

    seconds: float
    gestures: list[str]
    fired: list[Fired]
    never: list[Never]


def tried(
    rules: Rules, minute: Minute, now_ns: int, *, armed: bool, profile: str, states: Mapping[str, bytes]
) -> Trial:
    """Return what rules would have done.

    Args:
        rules: to be tried.
        minute: that has just passed.
        now_ns: CLOCK_MONOTONIC, as the time stamps in it.
        armed: whether gestures count where nothing was heard of arming.
        profile: the set of gestures that is chosen.
        states: what was last heard on the topics that the rules speak of.
    """
    wall = datetime.now(UTC)
    begin_ns = now_ns - int(KEPT_S * 1e9)

    def local_time(timestamp_ns: int) -> datetime:
        return datetime.fromtimestamp(wall.timestamp() - (now_ns - timestamp_ns) / 1e9, UTC).astimezone()

    responder = Responder(rules, local_time, armed=armed, profile=profile)
    for topic, payload in states.items():
        responder.receive(topic, payload)
    for observation in minute.before.values():
        responder.observe(observation)
    responder.tick(begin_ns)
    responder.refusals.clear()
    firings = list(_played(responder, minute, begin_ns, now_ns))
    fired = {firing.rule.name for firing in firings}
    return Trial(
        seconds=KEPT_S,
        gestures=list(dict.fromkeys(one.name for one in minute.observations if isinstance(one, Gesture))),
        fired=[_told(firing, local_time(firing.trigger.timestamp_ns)) for firing in firings[:_MOST]],
        never=[Never(rule.name, responder.kept_from(rule.name)) for rule in rules.rules if rule.name not in fired],
    )


def _played(responder: Responder, minute: Minute, begin_ns: int, now_ns: int) -> Iterator[Firing]:
    """Yield what the minute leads to, observation by observation, with time going on between them."""
    people = _Sight(minute.frames)
    at_ns = begin_ns
    for observation in minute.observations:
        while at_ns + _STEP_NS < observation.timestamp_ns:
            at_ns += _STEP_NS
            yield from responder.tick(at_ns, people.at(at_ns))
        at_ns = observation.timestamp_ns
        yield from responder.observe(observation, people.at(at_ns))
        yield from responder.tick(at_ns, people.at(at_ns))
    while at_ns < now_ns:
        at_ns += _STEP_NS
        yield from responder.tick(at_ns, people.at(at_ns))


class _Sight:
    """Knows who was seen last before a moment, asked in the order of time."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._coming = deque(frames)
        self._people: People | None = None

    def at(self, timestamp_ns: int) -> People | None:
        """Return them; None where nobody has sent landmarks: conditions on a zone are then not met."""
        frame = None
        while self._coming and self._coming[0].timestamp_ns <= timestamp_ns:
            frame = self._coming.popleft()
        if frame:
            self._people = frame.people()
        return self._people


def _told(firing: Firing, time: datetime) -> Fired:
    name, phase, hand = _trigger(firing.trigger)
    return Fired(
        time=rfc3339(time),
        rule=firing.rule.name,
        trigger=name,
        phase=phase,
        hand=hand,
        actions=[doing(action) for action in firing.rule.then],
        orders=[sent(order) for order in firing.orders],
        failures=list(firing.failures),
    )


def _trigger(trigger: Observation) -> tuple[str, str | None, str | None]:
    """Return name, phase and hand of what set a rule off."""
    if isinstance(trigger, Gesture | Value):
        return trigger.name, str(trigger.phase), trigger.hand and str(trigger.hand)
    return "presence" if isinstance(trigger, Presence) else "armed", None, None
