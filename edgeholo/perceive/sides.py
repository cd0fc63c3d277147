"""Which hand is the left one: engines mix them up where hands meet or the body turns.

Continuity decides first: a hand is where it was a frame ago, whatever the engine calls it now. Where no hand is tracked
the wrists of the pose decide, and where continuity and the wrists disagree for long, the wrists are right in the end.
"""

import math
from dataclasses import dataclass

from edgeholo.anatomy import VISIBLE
from edgeholo.perceive.continuity import Outline, gap
from edgeholo.types import Pose, Side

DUPLICATE = 0.2
"""Two hands nearer than this (mean distance of like points, in hand sizes) are one hand reported twice.

In the reference streams a fifth of the frames with two hands are such doubles, most of them below 0.05; hands that really
touch are at 0.3 and more.
"""

MARGIN = 0.1
"""Hand sizes by which the other names must fit better before the engine is overruled: twice what a resting hand strays."""

CLEARLY = 0.5
"""And so much of the engine's misfit they may have at most: in a fast swing everything fits badly."""

WRIST_MARGIN = 0.3
"""Hand sizes by which the other wrist must be nearer: the wrists of hand and pose are up to that far apart."""

FIT = 0.4
"""A hand nearer than this to where one was may be that one; see ``continuity.gap`` for what is usual."""

NEWCOMER = 0.5
"""What it costs, in hand sizes, to take a hand for one that was not there before."""

SETTLE_S = 1.0
"""Wrists that disagree for so long are believed: the track began with the wrong name."""

_WRIST_POINTS = {Side.LEFT: 15, Side.RIGHT: 16}
_OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}

Hands = dict[Side, Outline]
Wrists = dict[Side, tuple[float, float]]


def wrists(pose: Pose | None, size: tuple[int, int]) -> Wrists:
    """Return the pose's wrists that are seen, pixels in a picture of (width, height) ``size``."""
    if pose is None:
        return {}
    width, height = size
    return {
        side: (float(pose.points[point, 0]) * width, float(pose.points[point, 1]) * height)
        for side, point in _WRIST_POINTS.items()
        if pose.visibility[point] >= VISIBLE
    }


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is known besides the hands of this frame: where the tracked ones are, and the wrists of the body."""

    tracked: Hands
    wrists: Wrists

    def cost(self, side: Side, hand: Outline) -> float:
        """Return what speaks against ``hand`` being that side's, 0..1."""
        if not self.tracked:
            return self.wrist_distance(side, hand) if self.wrists_apart(hand) else NEWCOMER
        before = self.tracked.get(side)
        return NEWCOMER if before is None else min(1.0, gap(hand, before))

    def wrist_distance(self, side: Side, hand: Outline) -> float:
        """Return the distance from the hand's wrist to the body's, in hand sizes and at most 1; unseen is a newcomer."""
        if side not in self.wrists:
            return NEWCOMER
        return min(1.0, math.dist(hand.places[0].tolist(), self.wrists[side]) / hand.extent)

    def wrists_apart(self, hand: Outline) -> bool:
        """Return whether both wrists are seen, more than a hand apart: only then do they tell the hands apart."""
        return len(self.wrists) == 2 and math.dist(*self.wrists.values()) > hand.extent


class HandSides:
    """Keeps left left and right right for one person."""

    def __init__(self) -> None:
        self._doubt_since_s: float | None = None

    def assign(self, t_s: float, hands: Hands, tracked: Hands, body: Wrists) -> tuple[dict[Side, Side], bool]:
        """Return the engine's name for each true side, and whether the tracks so far had the wrong names.

        A hand that the engine reported under both names is in the answer once.

        Args:
            t_s: seconds.
            hands: by the engine's names.
            tracked: where the hands that are being tracked were last.
            body: wrists of the pose of the same frame.
        """
        scene = _Scene(tracked, body)
        named = _rename(_single_out(hands, scene), hands, scene)
        misnamed = self._contradicted(t_s, {side: hands[name] for side, name in named.items()}, scene)
        return _swapped(named) if misnamed else named, misnamed

    def _contradicted(self, t_s: float, hands: Hands, scene: _Scene) -> bool:
        """Return whether the wrists have contradicted these names for ``SETTLE_S``."""
        against = [
            (away := scene.wrist_distance(side, hand)) > WRIST_MARGIN
            and scene.wrists_apart(hand)
            and scene.wrist_distance(_OTHER[side], hand) + WRIST_MARGIN < away
            for side, hand in hands.items()
        ]
        if not scene.wrists:
            return False
        if not against or not all(against):
            self._doubt_since_s = None
            return False
        if self._doubt_since_s is None:
            self._doubt_since_s = t_s
        if t_s - self._doubt_since_s < SETTLE_S:
            return False
        self._doubt_since_s = None
        return True


def _single_out(hands: Hands, scene: _Scene) -> dict[Side, Side]:
    """Return the engine's names, without the worse one of a hand that was reported under both."""
    names = {side: side for side in hands}
    if len(hands) < 2 or gap(*hands.values()) >= DUPLICATE:
        return names
    side = min(hands, key=lambda name: (scene.cost(name, hands[name]), scene.wrist_distance(name, hands[name])))
    return {side: side}


def _rename(names: dict[Side, Side], hands: Hands, scene: _Scene) -> dict[Side, Side]:
    """Return the names under which the hands fit clearly better than under the engine's, or those.

    That a hand is not where it was is no reason: it may have swung. It must be where the other one was.
    """
    kept = sum(scene.cost(side, hands[name]) for side, name in names.items())
    if kept <= MARGIN:
        return names  # nothing can fit better by the margin
    swapped = _swapped(names)
    exchanged = [scene.cost(side, hands[name]) for side, name in swapped.items()]
    better = sum(exchanged) + MARGIN < kept and sum(exchanged) < CLEARLY * kept
    return swapped if better and min(exchanged) < FIT else names


def _swapped(names: dict[Side, Side]) -> dict[Side, Side]:
    return {_OTHER[side]: name for side, name in names.items()}
