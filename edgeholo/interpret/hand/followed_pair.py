"""Two hands over time: known apart, looked at in turns, and what they do together."""

from collections.abc import Collection

from edgeholo.insight import Part
from edgeholo.interpret.changes import Change, made
from edgeholo.interpret.doubts import Doubts, Missed
from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.interpret.hand.followed_hand import FollowedHand
from edgeholo.interpret.lexicon import Lexicon
from edgeholo.interpret.movement.both_hands import BothHands
from edgeholo.interpret.pauses import Pauses
from edgeholo.interpret.vocabulary import Kind, names
from edgeholo.types import HANDS, Hand, People, Person, Side

_OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}

_TOGETHER = frozenset(names(Kind.BOTH_HANDS))

_STILL_THERE_S = 0.2
"""A hand that this frame did not look for is where it was so long ago: then two hands can be seen together."""


class FollowedPair:
    """Follows both hands of one person.

    Args:
        lexicon: what is looked for.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._hands = {side: FollowedHand(side, lexicon) for side in Side}
        self._both = None if _TOGETHER.isdisjoint(lexicon.timings) else BothHands()
        self._last: dict[Side, tuple[float, Hand]] = {}
        self._pauses = Pauses()
        self._missed = Missed()

    @property
    def active(self) -> str | None:
        """A shape that has started and not ended."""
        return next((hand.active for hand in self._hands.values() if hand.active), None)

    @property
    def idle(self) -> bool:
        """Whether forgetting these hands changes nothing."""
        return all(hand.idle for hand in self._hands.values())

    def update(
        self,
        person: Person,
        features: dict[Side, HandFeatures | None],
        people: People,
        doubts: dict[Side | None, Doubts],
    ) -> list[Change]:
        """Return what changed.

        Args:
            person: whose hands they are.
            features: of the hands of which this frame says something; None where one was not found.
            people: the frame.
            doubts: what is in the way of a gesture of either hand, or of both (None), that starts now.
        """
        self._mend_sides(person, people)
        changes: list[Change] = []
        for side, measured in features.items():
            if self._pauses.over(side.value, people.t_s):
                self._hands[side].reset()
            changes += self._hands[side].update(person, measured, people, doubts[side])
        return changes + self._together(person, features, people, doubts[None])

    def parts(self, t_s: float) -> dict[str, Part | None]:
        """Return what was made of each hand; a movement of both that did not count is told of both.

        Args:
            t_s: seconds; the present.
        """
        missed = self._missed.told(t_s)
        return {side.branch.value: missed or hand.part(t_s) for side, hand in self._hands.items()}

    def finish(self) -> list[Change]:
        """Return the ends of what has started."""
        return [change for hand in self._hands.values() for change in hand.finish()]

    def _together(self, person: Person, looked: Collection[Side], people: People, doubts: Doubts) -> list[Change]:
        t_s = people.t_s
        if self._both is None:
            return []
        if self._pauses.over("both", t_s):
            self._both.reset()
        for side in looked:
            hand = person.hand(side)
            self._last.pop(side, None)
            if hand is not None:
                self._last[side] = (t_s, hand)
        left, right = (self._recent(side, t_s) for side in (Side.LEFT, Side.RIGHT))
        moves = self._both.update(t_s, left, right, person, people.size)
        return made(t_s, moves, self._lexicon.confidence, doubts, self._missed)

    def _recent(self, side: Side, t_s: float) -> Hand | None:
        if side not in self._last or t_s - self._last[side][0] > _STILL_THERE_S:
            return None
        return self._last[side][1]

    def _mend_sides(self, person: Person, people: People) -> None:
        """Let a hand that is now found under the other side's name go on where it was: nobody raised a second one.

        Only a frame in which both were looked at can tell: the other one may still be where it was.
        """
        if not people.ran >= HANDS:
            return
        for side in Side:
            hand, other = person.hand(side), _OTHER[side]
            if hand is None or person.hand(other) is not None or self._hands[side].seen:
                continue
            if self._hands[other].was_at(hand, people):
                self._hands[side], self._hands[other] = self._hands[other], self._hands[side]
                self._hands[side].becomes(side)
                self._hands[other].becomes(other)
