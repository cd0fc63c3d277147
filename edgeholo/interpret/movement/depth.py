"""Push and pull: an open palm that grows, or shrinks, because the arm is stretched out or drawn back.

No footage of it was at hand: the numbers are geometry and the measures of an adult, tried on hands made by tests; so it is off
unless asked for.
"""

import itertools
import math
import statistics

from edgeholo.interpret.membership import membership
from edgeholo.interpret.movement.trail import Spot, Trail
from edgeholo.interpret.moves import Move

_LONGEST_S, _SHORTEST_S = 0.9, 0.15
"""An arm is stretched out in less than half a second."""

_STILL_S, _STILL_UNITS = 0.2, 0.4
"""Before and after it the palm keeps its size for so long, and its place to so many hand sizes."""

_MOST = 0.6
"""Share of that time which the looks of a slow camera must span."""

_STEADY = 1.1
"""Largest over smallest palm while it keeps its size; room for 2 % of noise in every point."""

_LEAST_RATIO = 1.2
"""Less growth is not looked at: an arm stretched by 0.4 m makes 1.2 at 2.5 m, 1.36 at 1.5 m, 1.7 at 1 m."""

_ASIDE_UNITS = 1.3
"""A palm pushed at the camera hardly leaves its place; one that is raised or swept does."""

_LEAP = 0.75
"""Share of the change in one step: an arm takes several looks."""

_RETURN_S = 1.5
"""After a push the arm goes back, and after a pull it may go forward again: that says nothing."""

_OPPOSITE = {"push": "pull", "pull": "push"}


class Depth:
    """Finds the pushes and pulls of one hand."""

    def __init__(self) -> None:
        self._last: str | None = None
        self._last_s = 0.0

    def reset(self) -> None:
        """Forget what was done."""
        self._last = None

    def update(self, spot: Spot, trail: Trail) -> Move | None:
        """Return the push or pull that the newest spot completes."""
        after = trail.since(spot.t_s - _STILL_S - 1e-6)
        if not _steady(after, trail):
            return None
        start = _start(after, trail)
        if start is None:
            return None
        name = "push" if _palm(spot) > _palm(start) else "pull"
        if self._rests(name, start):
            return None
        confidence = _confidence(trail.since(start.t_s), start, spot)
        if confidence < 0.5:
            return None
        self._last, self._last_s = name, spot.t_s
        return Move(name, confidence, spot.t_s - start.t_s)

    def _rests(self, name: str, start: Spot) -> bool:
        if self._last is None:
            return False
        back = self._last == _OPPOSITE[name] and start.t_s - self._last_s < _RETURN_S
        return back or start.t_s < self._last_s


def _palm(spot: Spot) -> float:
    """Return the size of the palm as the picture shows it: the mean of length and width, pixels."""
    length, width = spot.palm_px
    return math.sqrt(length * width)


def _steady(spots: list[Spot], trail: Trail) -> bool:
    """Return whether the palm keeps its size and its place."""
    sizes = [_palm(spot) for spot in spots]
    return (
        spots[-1].t_s - spots[0].t_s >= _MOST * _STILL_S
        and 0 < max(sizes) <= _STEADY * min(sizes)
        and all(trail.distance(spot.palm, spots[-1].palm) <= _STILL_UNITS for spot in spots)
    )


def _start(after: list[Spot], trail: Trail) -> Spot | None:
    """Return the last spot before the change of size, the palm having kept its size up to there."""
    end = after[0]
    for spot in reversed(trail.since(end.t_s - _LONGEST_S)):
        ratio = _palm(end) / max(_palm(spot), 1e-6)
        if end.t_s - spot.t_s < _SHORTEST_S or max(ratio, 1 / max(ratio, 1e-6)) < _LEAST_RATIO:
            continue
        before = [each for each in trail.spots if 0 <= spot.t_s - each.t_s <= _STILL_S + 1e-6]
        if _steady(before, trail):
            return before[0]  # the last of them may have grown a little already
    return None


def _confidence(spots: list[Spot], start: Spot, end: Spot) -> float:
    """Return 0..1: the weakest of all that makes a push or a pull."""
    (long, wide), (longer, wider) = start.palm_px, end.palm_px
    ratios = (longer / max(long, 1e-6), wider / max(wide, 1e-6))
    if _leaps(spots):
        return 0.0
    changed = min(ratios) if _palm(end) > _palm(start) else 1 / max(*ratios, 1e-6)
    aside = math.dist(start.palm, end.palm) / max(start.features.size_px, end.features.size_px)
    features = [spot.features for spot in spots]
    return min(
        membership(changed, 1.15, 1.35),  # length and width: a palm that only turns grows in one of them
        membership(aside, _ASIDE_UNITS, 0.8),
        membership(min(each.facing for each in features), 0.5, 0.75),  # the palm, all the while
        membership(min(each.palm_rise for each in features), 0.3, 0.6),  # fingers up
        membership(statistics.median(max(each.curl_deg) for each in features), 95, 65),  # all stretched
        _stays(start, end),
        _held_up(end),
    )


def _leaps(spots: list[Spot]) -> bool:
    """Return whether most of the change came between two looks: then another hand, or none, was measured."""
    sizes = [math.log(max(_palm(spot), 1e-6)) for spot in spots]
    steps = [abs(after - before) for before, after in itertools.pairwise(sizes)]
    return max(steps) > _LEAP * abs(sizes[-1] - sizes[0])


def _stays(start: Spot, end: Spot) -> float:
    """Return how far the body keeps its size: who walks up to the camera grows as a whole."""
    if start.body is None or end.body is None:
        return 1.0
    ratio = end.body.width_px / start.body.width_px
    return membership(max(ratio, 1 / ratio), 1.12, 1.06)


def _held_up(end: Spot) -> float:
    """Return how far the hand is before the chest or above, where the body is known."""
    return 1.0 if end.body is None else membership(end.body.below(end.palm[1]), 0.8, 0.5)
