"""One hand over time: what it shows, what it has done, and whether that is meant."""

from typing import NamedTuple

from edgeholo.insight import Part, State
from edgeholo.interpret.changes import Change, made
from edgeholo.interpret.doubts import Doubts, Missed
from edgeholo.interpret.hand import fingers, static
from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.interpret.hand.manner import manner_of
from edgeholo.interpret.hand.steadiness import Steadiness
from edgeholo.interpret.held import MOVING, Held
from edgeholo.interpret.lexicon import Lexicon
from edgeholo.interpret.movement.one_hand import HandMovement
from edgeholo.interpret.phases import Step
from edgeholo.interpret.taught.recognition import TaughtHand
from edgeholo.types import Hand, People, Person, Side

_DEPTH = frozenset({"push", "pull"})


class _Look(NamedTuple):
    """One look at a hand that was there: all that is needed to say later what it was taken for."""

    person: Person
    hand: Hand
    features: HandFeatures
    size: tuple[int, int]
    taught: dict[str, float]
    steady: bool


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
        self._missed = Missed()
        self._looked: _Look | None = None

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

    def update(self, person: Person, features: HandFeatures | None, people: People, doubts: Doubts) -> list[Change]:
        """Return what changed.

        Args:
            person: whose hand it is; without this hand where it was not found.
            features: of the hand; None where it was not found.
            people: the frame.
            doubts: what is in the way of a gesture that starts now.
        """
        hand, t_s, size = person.hand(self._side) if features else None, people.t_s, people.size
        moves = self._movement.update(t_s, hand, features, person, size)
        taught, more = self._taught.update(t_s, hand, features, person, size)
        scored, steady, count = {}, False, None
        if hand is None or features is None:
            self._steadiness.reset()
            self._looked = None
        else:
            steady = self._steadiness.update(t_s, hand, size, features.size_px) and not self._movement.moving
            if steady or self._held.busy:  # nothing starts on a moving hand
                manner = manner_of(person, hand, self._side, features, size)
                scored = manner.meant(static.scores(features) | taught)
            self._looked = _Look(person, hand, features, size, taught, steady)
        steps = self._held.update(t_s, scored, steady=steady, doubts=doubts)
        if steps and features is not None:
            count = fingers.count(features)
        over = made(t_s, (*moves, *more), self._lexicon.confidence, doubts, self._missed, self._side)
        return [*(self._change(step, count) for step in steps), *over]

    def part(self, t_s: float) -> Part | None:
        """Return what was made of the last look at this hand; None where it was not there.

        Args:
            t_s: seconds; the present.
        """
        if self._looked is None or self._held.active:
            return self._held.part() if self._held.active else None
        return self._missed.told(t_s) or (self._held.part() if self._held.busy else self._taken_for(self._looked))

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

    def _taken_for(self, look: _Look) -> Part:
        """Return what a hand is taken for that shows nothing that counts."""
        scored = static.scores(look.features) | look.taught
        manner = manner_of(look.person, look.hand, self._side, look.features, look.size)
        if not look.steady:
            return self._held.taken_for(manner.meant(scored), MOVING)
        shape, rival = static.leaders(scored, self._lexicon.timings)
        if shape is not None and rival is None and (why := manner.objection(shape, self._lexicon.confidence)):
            return Part(shape, manner.meant(scored)[shape], State.UNSURE, why=why)
        return self._held.part()
