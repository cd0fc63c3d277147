"""Standing, sitting, squatting and falling of one person, from the legs and the trunk over time."""

from dataclasses import dataclass
from typing import Literal

from edgeholo.interpret.body.falls import Falls
from edgeholo.interpret.body.leg_features import LegFeatures, measure_legs
from edgeholo.interpret.membership import Condition, weakest
from edgeholo.interpret.moves import Move
from edgeholo.types import Pose

_Condition = Condition[LegFeatures]

_Stance = Literal["stand", "sit", "lie"]

_SURE = 0.6
"""Confidence with which a person counts as standing or sitting: that of gestures by default."""

_SETTLED_S = {"stand": 0.4, "sit": 0.8, "lie": 0.8}
"""Seen so long before it counts: who picks something up is bent for less, who squats passes through sitting in 0.3 s."""

_TRUNK_UP: _Condition = Condition(lambda legs: legs.trunk_rise, 0.2, 0.5, "who lies, crawls or does push-ups is level")
_SHINS_UP: _Condition = Condition(
    lambda legs: legs.shin_rise, 0.45, 0.65, "shins of squats lean by up to 45 degrees, those of kneeling people lie"
)
_THIGHS_LEVEL: _Condition = Condition(
    lambda legs: legs.bend, 0.8, 0.55, "0.98 and more of people who stand, below 0.5 of who sits on a chair"
)

SQUAT: tuple[_Condition, ...] = (
    Condition(lambda legs: legs.bend, 0.95, 0.65, "0.98 and more of people who stand; below 0.8 in 19 of 20 squats"),
    _SHINS_UP,
    _TRUNK_UP,
    Condition(
        lambda legs: legs.ahead, 1.2, 0.75, "who squats stands on the feet; those of who sits are 1 and more ahead"
    ),
)
SITTING: tuple[_Condition, ...] = (
    _THIGHS_LEVEL,
    _SHINS_UP,
    _TRUNK_UP,
    Condition(lambda legs: legs.ahead, 0.75, 1.2, "the feet of who sits are ahead of the weight that the seat carries"),
)
STANDING: tuple[_Condition, ...] = (
    _TRUNK_UP,
    Condition(lambda legs: legs.trunk_rise, 2.4, 2.1, "longer than 2 shins, it is nearer to the camera: push-ups"),
    Condition(lambda legs: legs.shin_rise, 0.6, 0.8, "people stand on upright shins, and walk on them"),
    Condition(lambda legs: legs.bend, 0.7, 0.9, "0.98 and more of 19 in 20 people who stand upright"),
    Condition(lambda legs: legs.straight_deg, 140, 155, "knees of who stands measure 165 degrees and more"),
)
LYING: tuple[_Condition, ...] = (
    Condition(lambda legs: abs(legs.trunk_rise), 0.6, 0.3, "the trunk is level"),
    Condition(
        lambda legs: legs.hip_rise, 0.8, 0.5, "and the hips are at the height of the feet; who bends has them at 2"
    ),
)
STANCES: dict[_Stance, tuple[_Condition, ...]] = {"stand": STANDING, "sit": SITTING, "lie": LYING}

_MOVES: dict[tuple[_Stance, _Stance], str] = {
    ("stand", "sit"): "sit",
    ("sit", "stand"): "stand",
    ("lie", "stand"): "stand",
}
"""What it is called to go from one to another; sitting up and lying down have no name."""


@dataclass(slots=True)
class _Settling:
    """A stance that has been seen without a break since ``since_s``, as sure as its surest frame."""

    stance: _Stance
    since_s: float
    confidence: float


class Postures:
    """Follows one person."""

    def __init__(self) -> None:
        self._falls = Falls()
        self.reset()

    def reset(self) -> None:
        """Forget everything: whoever is seen next is seen for the first time."""
        self._falls.reset()
        self._stance: _Stance | None = None
        self._left_s = 0.0
        self._settling: _Settling | None = None

    def update(self, t_s: float, pose: Pose, size: tuple[int, int]) -> tuple[float, list[Move]]:
        """Return how far a squat is shown, 0..1, and which of sit, stand and fall is over in this frame.

        A person who is seen sitting, standing or lying for the first time has done nothing yet.

        Args:
            t_s: seconds, later than before.
            pose: all numbers finite.
            size: (width, height) of the picture in pixels.
        """
        moves = self._falls.update(t_s, pose, size)
        legs = measure_legs(pose, size)
        if legs is None:
            self._settling = None
            return 0.0, moves
        return weakest(SQUAT, legs), moves + self._settle(t_s, *_stance(legs))

    def _settle(self, t_s: float, stance: _Stance | None, confidence: float) -> list[Move]:
        """Let a stance last until it counts; return the move that led to it from the one before."""
        if stance == self._stance:
            self._left_s = t_s
        if stance is None:
            self._settling = None
            return []
        settling = self._settling
        if settling is None or settling.stance != stance:
            settling = self._settling = _Settling(stance, t_s, confidence)
        settling.confidence = max(settling.confidence, confidence)
        if stance == self._stance or t_s - settling.since_s < _SETTLED_S[stance]:
            return []
        before, self._stance = self._stance, stance
        taken_s, self._left_s = settling.since_s - self._left_s, t_s
        move = None if before is None else _MOVES.get((before, stance))
        return [] if move is None else [Move(move, settling.confidence, taken_s)]


def _stance(legs: LegFeatures) -> tuple[_Stance | None, float]:
    shown = {stance: weakest(conditions, legs) for stance, conditions in STANCES.items()}
    stance = max(shown, key=shown.__getitem__)
    return (stance, shown[stance]) if shown[stance] >= _SURE else (None, 0.0)
