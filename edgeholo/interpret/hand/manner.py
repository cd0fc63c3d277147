"""The manner in which a hand is held, whatever its shape: large enough, raised, beside the face."""

from collections.abc import Mapping
from typing import NamedTuple

from edgeholo.interpret.hand import stance
from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.interpret.membership import membership
from edgeholo.types import Hand, Person, Side

_TINY_PX, _LARGE_ENOUGH_PX = 6, 10
"""Hand sizes: at 6 pixels fingers are thinner than one; 19 is the smallest hand that was read rightly (home)."""

_AT_THE_FACE = frozenset({"call"})
"""Gestures that belong beside the face."""


class Manner(NamedTuple):
    """How far a hand is held as somebody holds it who means something, each 0..1."""

    large: float
    raised: float
    off_the_face: float

    def meant(self, scored: Mapping[str, float]) -> dict[str, float]:
        """Return how far each gesture is shown and meant: the shape, the arm and the place together."""
        readable, off = min(self.large, self.raised), self.off_the_face
        return {name: min(score, readable, 1.0 if name in _AT_THE_FACE else off) for name, score in scored.items()}

    def objection(self, name: str, least: float) -> str:
        """Return why a gesture that is shown is not meant; empty where it is.

        Args:
            name: of the gesture.
            least: how far it is to be meant, 0..1.
        """
        if self.large < least:
            return "the hand is too small in the picture: come closer"
        if self.raised < least:
            return "the forearm hangs: raise the hand"
        return "the hand is at the face" if self.off_the_face < least and name not in _AT_THE_FACE else ""


def manner_of(person: Person, hand: Hand, side: Side, features: HandFeatures, size: tuple[int, int]) -> Manner:
    """Return how a hand is held.

    Args:
        person: whose hand it is.
        hand: the hand.
        side: which.
        features: of the hand.
        size: (width, height) of the picture in pixels.
    """
    return Manner(
        membership(features.size_px, _TINY_PX, _LARGE_ENOUGH_PX),
        stance.raised(person.pose, side, size),
        stance.off_the_face(person, hand, size),
    )
