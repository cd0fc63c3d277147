"""Waving: an open, raised hand that goes to and fro."""

import itertools
import statistics
from collections import deque
from dataclasses import dataclass

from edgeholo.interpret.membership import membership
from edgeholo.interpret.movement.trail import LOST_S, Spot, Trail
from edgeholo.interpret.moves import Move

_TURN_UNITS = 0.4
"""A way back of so much is a turn, less is trembling."""

_SWINGS = 3
"""Ways between two turns, the begun one on top: to, fro, to, and back."""

_SHORTEST_S, _LONGEST_S = 0.09, 0.55
"""Of one way: 0.9 to 5 times to and fro a second."""

_OVER_S = (_SWINGS + 1) * _LONGEST_S
"""What turned longer ago belongs to no wave of now."""

_UNEVEN = 2.5
"""Longest over shortest way: to and fro is about the same."""

_REST_S = 1.0
"""Whoever goes on waving has waved already."""


@dataclass(frozen=True, slots=True)
class _Swing:
    """A way of the fingertips between two turns.

    Attributes:
        start: where it turned last.
        end: where it turns next, or the farthest so far.
        units: how far it goes to the side, in hand sizes.
    """

    start: Spot
    end: Spot
    units: float

    @property
    def lasts_s(self) -> float:
        """Seconds from turn to turn."""
        return self.end.t_s - self.start.t_s


class Waves:
    """Finds the waving of one hand: at least ``_SWINGS`` ways and the turn after them."""

    def __init__(self) -> None:
        self._waved_s: float | None = None
        self._turns: deque[Spot] = deque(maxlen=_SWINGS + 1)
        self._farthest: Spot | None = None
        self.waving = False

    def reset(self) -> None:
        """Forget what was done."""
        self._waved_s = self._farthest = None
        self._turns.clear()
        self.waving = False

    def update(self, spot: Spot, trail: Trail) -> Move | None:
        """Return the wave that the newest spot completes."""
        turned = self._follow(spot, trail.unit_px)
        swings = self._swings(trail.unit_px)
        self.waving = len(swings) >= _SWINGS and all(_of_a_wave(swing, spot) for swing in swings)
        resting = self._waved_s is not None and spot.t_s - self._waved_s < _REST_S
        if resting and self.waving:
            self._waved_s = spot.t_s
        if resting or not turned or not self.waving or len(swings) <= _SWINGS:
            return None
        whole = swings[:_SWINGS]
        confidence = min(_to_and_fro(whole), _like_a_wave(trail.since(whole[0].start.t_s), trail))
        if confidence < 0.5:
            return None
        self._waved_s = spot.t_s
        return Move("wave", confidence, spot.t_s - whole[0].start.t_s)

    def _follow(self, spot: Spot, unit: float) -> bool:
        """Follow the fingertips to the side; return whether they have just turned for certain."""
        if self._farthest is None or spot.t_s - self._farthest.t_s > _LONGEST_S + LOST_S:
            self._farthest = spot
            self._turns.clear()
        if not self._turns:
            self._turns.append(spot)
        way = self._farthest.tips[0] - self._turns[-1].tips[0]
        back = spot.tips[0] - self._farthest.tips[0]
        if way * back >= 0:
            self._farthest = spot
        elif abs(back) > _TURN_UNITS * unit:
            self._turns.append(self._farthest)
            self._farthest = spot
            return True
        return False

    def _swings(self, unit: float) -> list[_Swing]:
        """Return the ways between the last turns, the one under way among them."""
        ends = [*self._turns, *([self._farthest] if self._farthest else [])]
        return [
            _Swing(start, end, abs(end.tips[0] - start.tips[0]) / unit)
            for start, end in itertools.pairwise(ends)
            if end.t_s > start.t_s
        ]


def _of_a_wave(swing: _Swing, now: Spot) -> bool:
    """Return whether the way is one of a wave, or, under way, may become one."""
    if swing.end.t_s + _SHORTEST_S >= now.t_s and swing.lasts_s < _SHORTEST_S:
        return True
    return (
        swing.units >= _TURN_UNITS and _SHORTEST_S <= swing.lasts_s <= _LONGEST_S and now.t_s - swing.end.t_s <= _OVER_S
    )


def _to_and_fro(swings: list[_Swing]) -> float:
    """Return how far these are swings of a wave: wide enough and much the same."""
    widths = [swing.units for swing in swings]
    return min(
        membership(min(widths), 0.5, 0.9),  # fingertips are 1.8 from the wrist: a hand that wags by 20 degrees goes 1.2
        membership(max(widths) / min(widths), 2 * _UNEVEN - 1.5, 1.5),
    )


def _like_a_wave(spots: list[Spot], trail: Trail) -> float:
    """Return how far the hand was open, upright, shown and raised, and went across rather than up and down."""
    first, last = spots[0], spots[-1]
    xs, ys = [spot.tips[0] for spot in spots], [spot.tips[1] for spot in spots]
    tall = (max(ys) - min(ys)) / max(max(xs) - min(xs), 1.0)
    curl = statistics.median(sorted(spot.features.curl_deg)[2] for spot in spots)
    rise = statistics.median(spot.features.palm_rise for spot in spots)
    shown = statistics.median(abs(spot.features.facing) for spot in spots)
    drift = trail.distance(first.palm, last.palm)
    return min(
        membership(curl, 100, 65),  # three fingers stretched; relaxed ones bend 80 to 110 degrees
        membership(rise, 0.3, 0.6),  # fingers up; hands in talk lie at -0.3 to 0.7
        membership(shown, 0.35, 0.65),  # palm or back; hands in talk are on edge: 0.2 to 0.5
        membership(tall, 0.9, 0.55),
        membership(drift, 3.0, 2.0),
        _high(spots),
    )


def _high(spots: list[Spot]) -> float:
    """Return how far the hand was at the height of the shoulders or above, where the body is known."""
    below = [spot.body.below(spot.palm[1]) for spot in spots if spot.body is not None]
    return membership(statistics.median(below), 0.6, 0.25) if below else 1.0
