"""One hand over time: what it shows, what it has done, and whether that is meant."""

from edgeholo.interpret.changes import Allows, Change, made
from edgeholo.interpret.hand import fingers, stance, static
from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.interpret.hand.steadiness import Steadiness
from edgeholo.interpret.held import Held
from edgeholo.interpret.lexicon import Lexicon
from edgeholo.interpret.membership import membership
from edgeholo.interpret.movement.one_hand import HandMovement
from edgeholo.interpret.phases import Step
from edgeholo.interpret.taught.recognition import TaughtHand
from edgeholo.types import Hand, People, Person, Side

_TINY_PX, _LARGE_ENOUGH_PX = 6, 10
"""Hand sizes: at 6 pixels fingers are thinner than one; 19 is the smallest hand that was read rightly (home)."""

_DEPTH = frozenset({"push", "pull"})

_AT_THE_FACE = frozenset({"call"})
"""Gestures that belong beside the face."""


class FollowedHand:
    """Follows one hand of one person.

    A shape keeps, until its end, the side under which it started: engines mend their mistakes in its middle.

    Args:
        side: which of the hands.
        lexicon: what is looked for.
    """

    def __init__(self, side: Side, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._held = Held(lexicon)
        self._steadiness = Steadiness()
        self._movement = HandMovement(side, depth=not _DEPTH.isdisjoint(lexicon.timings))
        self._taught = TaughtHand(lexicon.taught, side)
        self._side = side
        self._started_as: Side | None = None

    @property
    def active(self) -> str | None:
        """The shape that has started and not ended."""
        return self._held.active

    @property
    def idle(self) -> bool:
        """Whether forgetting this hand changes nothing."""
        return self._held.idle

    @property
    def seen(self) -> bool:
        """Whether the hand was there in the last frame that looked for it."""
        return self._steadiness.following

    def was_at(self, hand: Hand, people: People) -> bool:
        """Return whether this was the hand that is now found in ``hand``'s place."""
        return self._steadiness.was_at(people.t_s, hand, people.size)

    def becomes(self, side: Side) -> None:
        """Go on as the other hand: the engine had taken one for the other."""
        self._side = self._movement.side = side
        self._taught = TaughtHand(self._lexicon.taught, side)

    def update(self, person: Person, features: HandFeatures | None, people: People, allows: Allows) -> list[Change]:
        """Return what changed.

        Args:
            person: whose hand it is; without this hand where it was not found.
            features: of the hand; None where it was not found.
            people: the frame.
            allows: whether a gesture may start now.
        """
        hand, t_s, size = person.hand(self._side) if features else None, people.t_s, people.size
        moves = self._movement.update(t_s, hand, features, person, size)
        taught, more = self._taught.update(t_s, hand, features, person, size)
        scored, steady, count = {}, False, None
        if hand is None or features is None:
            self._steadiness.reset()
        else:
            steady = self._steadiness.update(t_s, hand, size, features.size_px) and not self._movement.moving
            if steady or self._held.busy:  # nothing starts on a moving hand
                scored = _meant(person, hand, self._side, features, size, static.scores(features) | taught)
        steps = self._held.update(t_s, scored, steady=steady, allows=allows)
        if steps and features is not None:
            count = fingers.count(features)
        over = made((*moves, *more), self._lexicon.confidence, allows, self._side)
        return [*(self._change(step, count) for step in steps), *over]

    def reset(self) -> None:
        """Forget where the hand was and what it did; what it shows goes on, or ends in its own time."""
        self._steadiness.reset()
        self._movement.reset()
        self._taught.reset()

    def finish(self) -> list[Change]:
        """Return the end of what has started."""
        return [self._change(step) for step in self._held.finish()]

    def _change(self, step: Step, count: int | None = None) -> Change:
        started_as = self._started_as or self._side
        self._started_as = None if step.phase == "end" else started_as
        return Change(step, started_as, None if step.phase == "end" else count)


def _meant(
    person: Person, hand: Hand, side: Side, features: HandFeatures, size: tuple[int, int], scored: dict[str, float]
) -> dict[str, float]:
    """Return how far each gesture is shown and meant: the shape, the arm and the place together."""
    readable = min(
        membership(features.size_px, _TINY_PX, _LARGE_ENOUGH_PX),
        stance.raised(person.pose, side, size),
    )
    off_the_face = stance.off_the_face(person, hand, size)
    return {name: min(score, readable, 1.0 if name in _AT_THE_FACE else off_the_face) for name, score in scored.items()}
