"""From what is seen to what is meant: people in, observations out, frame by frame."""

import logging
from dataclasses import dataclass, field

from edgeholo.config import Gestures, PresenceOptions
from edgeholo.interpret import stance, static
from edgeholo.interpret.features import HandFeatures, measure
from edgeholo.interpret.membership import membership
from edgeholo.interpret.phases import GAP_S, HandPhases, Step
from edgeholo.interpret.presence import Presence
from edgeholo.interpret.steadiness import Steadiness
from edgeholo.interpret.timing import Timing, timings
from edgeholo.types import Branch, Gesture, Hand, Observation, People, Person, Side

_LOGGER = logging.getLogger(__name__)

_HYSTERESIS = 0.25
"""A gesture that has begun stays while its confidence is no more than this below what it needed."""

_TINY_PX, _LARGE_ENOUGH_PX = 6, 10
"""Hand sizes: at 6 pixels fingers are thinner than one; 19 is the smallest hand that was read rightly (home)."""

_AT_THE_FACE = frozenset({"call"})
"""Gestures that belong beside the face."""


@dataclass(slots=True)
class _FollowedHand:
    """What is remembered of one hand."""

    phases: HandPhases
    steadiness: Steadiness = field(default_factory=Steadiness)


class Interpreter:
    """Recognises presence and gestures.

    Every number has its time from the frame, so a recording gives the same observations as the live picture.
    Frames in which the hands were not looked at (``People.ran``) change nothing about them for up to ``phases.GAP_S``.

    Args:
        gestures: the ``gestures`` section.
        presence: the ``presence`` section.

    Raises:
        ConfigError: the options name a gesture that does not exist.
    """

    def __init__(self, gestures: Gestures, presence: PresenceOptions) -> None:
        self._timings: dict[str, Timing] = timings(gestures)
        self._enter = gestures.confidence
        self._leave = max(0.0, gestures.confidence - _HYSTERESIS)
        self._presence = Presence(presence)
        self._hands: dict[tuple[int, Side], _FollowedHand] = {}
        self._looked_s: float | None = None

    def update(self, people: People) -> list[Observation]:
        """Return what is new in this frame, presence first."""
        change = self._presence.update(people)
        observations: list[Observation] = [] if change is None else [change]
        if not self._knows_hands(people):
            return observations
        persons = {person.id: person for person in people.persons}
        new = {(id_, side) for id_, person in persons.items() for side in Side if person.hand(side)} - self._hands.keys()
        self._hands |= {key: _FollowedHand(HandPhases(self._timings)) for key in sorted(new)}
        for (id_, side), followed in list(self._hands.items()):
            observations += self._follow(followed, persons.get(id_, Person(id_)), side, people)
            if followed.phases.idle and id_ not in persons:
                del self._hands[id_, side]
        return observations

    def _knows_hands(self, people: People) -> bool:
        """Return whether this frame says something about hands: they were looked at, or have not been for too long."""
        looked = Branch.HANDS in people.ran
        if looked or self._looked_s is None:
            self._looked_s = people.t_s
            return looked
        return not 0 <= people.t_s - self._looked_s <= GAP_S

    def _follow(self, followed: _FollowedHand, person: Person, side: Side, people: People) -> list[Gesture]:
        hand = person.hand(side)
        features = measure(hand, side, people.size) if hand is not None else None
        if hand is None or features is None:
            followed.steadiness.reset()
            steps = followed.phases.update(people.t_s, None, 0.0)
        else:
            scored = self._score(person, hand, side, features, people.size)
            steady = followed.steadiness.update(people.t_s, hand, people.size, features.size_px)
            steps = self._advance(followed.phases, people.t_s, scored, steady=steady)
        return [_gesture(step, side, person.id, people.timestamp_ns) for step in steps]

    def _score(
        self, person: Person, hand: Hand, side: Side, features: HandFeatures, size: tuple[int, int]
    ) -> dict[str, float]:
        """Return how far each gesture is shown and meant: the shape, the arm and the place together."""
        everywhere = min(
            stance.raised(person.pose, side, size), membership(features.size_px, _TINY_PX, _LARGE_ENOUGH_PX)
        )
        off_the_face = stance.off_the_face(person, hand, size)
        return {
            name: min(score, everywhere, 1.0 if name in _AT_THE_FACE else off_the_face)
            for name, score in static.scores(features).items()
        }

    def _advance(self, phases: HandPhases, t_s: float, scored: dict[str, float], *, steady: bool) -> list[Step]:
        ahead = static.best(scored)
        confidence = scored[ahead] if ahead else 0.0
        enough = self._leave if ahead in phases.current else self._enter
        shown = ahead if confidence >= enough and (steady or ahead == phases.active) else None
        kept = scored.get(phases.active or "", 0.0)
        return phases.update(t_s, shown, confidence, kept=kept if kept > self._leave else 0.0)


def _gesture(step: Step, side: Side, person: int, timestamp_ns: int) -> Gesture:
    _LOGGER.info("%s %s, %s hand, confidence %.2f", step.name, step.phase, side, step.confidence)
    return Gesture(step.name, step.phase, side, step.confidence, step.duration_s, person, timestamp_ns)
