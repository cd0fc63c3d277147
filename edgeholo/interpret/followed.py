"""One hand over time: what it shows, whether that is meant, and what has changed."""

import logging

from edgeholo.interpret import stance, static
from edgeholo.interpret.features import HandFeatures, measure
from edgeholo.interpret.membership import membership
from edgeholo.interpret.phases import HandPhases, Step
from edgeholo.interpret.steadiness import Steadiness
from edgeholo.interpret.timing import Timing
from edgeholo.types import Gesture, Hand, People, Person, Side

_LOGGER = logging.getLogger(__name__)

_HYSTERESIS = 0.25
"""A gesture that has begun stays while its confidence is no more than this below what it needed."""

_TINY_PX, _LARGE_ENOUGH_PX = 6, 10
"""Hand sizes: at 6 pixels fingers are thinner than one; 19 is the smallest hand that was read rightly (home)."""

_AT_THE_FACE = frozenset({"call"})
"""Gestures that belong beside the face."""


class FollowedHand:
    """Follows one hand of one person.

    A gesture keeps, until its end, the side under which it started: engines mend their mistakes in its middle.

    Args:
        timings: of the gestures that count, by name.
        confidence: the least with which a gesture begins.
    """

    def __init__(self, timings: dict[str, Timing], confidence: float) -> None:
        self._phases = HandPhases(timings)
        self._steadiness = Steadiness()
        self._enter = confidence
        self._leave = max(0.0, confidence - _HYSTERESIS)
        self._side: Side | None = None

    @property
    def idle(self) -> bool:
        """Whether forgetting this hand changes nothing."""
        return self._phases.idle

    @property
    def seen(self) -> bool:
        """Whether the hand was there in the last frame."""
        return self._steadiness.following

    def was_at(self, hand: Hand, people: People) -> bool:
        """Return whether this was the hand that is now found in ``hand``'s place."""
        return self._steadiness.was_at(people.t_s, hand, people.size)

    def update(self, person: Person, side: Side, people: People) -> list[Gesture]:
        """Return what changed.

        Args:
            person: whose hand it is; without this hand where it was not found.
            side: which of the person's hands.
            people: the frame.
        """
        hand = person.hand(side)
        features = None if hand is None else measure(hand, side, people.size)
        if hand is None or features is None:
            self._steadiness.reset()
            steps = self._phases.update(people.t_s, None, 0.0)
        else:
            steady = self._steadiness.update(people.t_s, hand, people.size, features.size_px)
            steps = self._advance(people.t_s, _meant(person, hand, side, features, people.size), steady=steady)
        gestures = [self._gesture(step, side, person.id, people.timestamp_ns) for step in steps]
        self._side = (self._side or side) if self._phases.active else None
        return gestures

    def _advance(self, t_s: float, scored: dict[str, float], *, steady: bool) -> list[Step]:
        ahead = static.best(scored)
        confidence = scored[ahead] if ahead else 0.0
        active = self._phases.active
        enough = self._leave if ahead in self._phases.current else self._enter
        shown = ahead if confidence >= enough and (steady or ahead == active) else None
        kept = scored[active] if active else 0.0
        return self._phases.update(t_s, shown, confidence, kept=kept if kept > self._leave else 0.0)

    def _gesture(self, step: Step, side: Side, person: int, timestamp_ns: int) -> Gesture:
        started_as = self._side or side
        if step.phase == "end":
            self._side = None
        _LOGGER.info("%s %s, %s hand, confidence %.2f", step.name, step.phase, started_as, step.confidence)
        return Gesture(step.name, step.phase, started_as, step.confidence, step.duration_s, person, timestamp_ns)


def _meant(person: Person, hand: Hand, side: Side, features: HandFeatures, size: tuple[int, int]) -> dict[str, float]:
    """Return how far each gesture is shown and meant: the shape, the arm and the place together."""
    readable = min(
        membership(features.size_px, _TINY_PX, _LARGE_ENOUGH_PX),
        stance.raised(person.pose, side, size),
    )
    off_the_face = stance.off_the_face(person, hand, size)
    return {
        name: min(score, readable, 1.0 if name in _AT_THE_FACE else off_the_face)
        for name, score in static.scores(features).items()
    }
