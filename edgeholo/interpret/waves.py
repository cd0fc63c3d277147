"""Waving: an open, raised hand that goes to and fro."""

import statistics
from dataclasses import dataclass

from edgeholo.interpret.membership import membership
from edgeholo.interpret.moves import Move
from edgeholo.interpret.trail import Spot, Trail

_TURN_UNITS = 0.4
"""A way back of so much is a turn, less is trembling."""

_SWINGS = 3
"""Ways between two turns, the begun one on top: to, fro, to, and back."""

_SHORTEST_S, _LONGEST_S = 0.09, 0.55
"""Of one way; people wave 1 to 4 times a second."""

_UNEVEN = 2.5
"""Longest over shortest way: to and fro is about the same."""

_REST_S = 1.0
"""Whoever goes on waving has waved already."""


@dataclass(frozen=True, slots=True)
class _Swing:
    """A way between two turns: its length in units, its times, and where it starts and ends (pixels)."""

    units: float
    start_s: float
    end_s: float


class Waves:
    """Finds the waving of one hand: at least ``_SWINGS`` ways and the turn after them."""

    def __init__(self) -> None:
        self._waved_s: float | None = None
        self.waving = False

    def reset(self) -> None:
        """Forget what was done."""
        self._waved_s = None
        self.waving = False

    def update(self, spot: Spot, trail: Trail) -> Move | None:
        """Return the wave that the newest spot completes."""
        spots = trail.since(spot.t_s - (_SWINGS + 1) * _LONGEST_S)
        swings = _swings(spots, trail.unit_px)
        recent = [swing for swing in swings[-_SWINGS - 1 :] if swing.units >= _TURN_UNITS]
        self.waving = len(recent) >= _SWINGS and all(_SHORTEST_S <= _seconds(swing) <= _LONGEST_S for swing in recent)
        resting = self._waved_s is not None and spot.t_s - self._waved_s < _REST_S
        if not self.waving or len(recent) <= _SWINGS or resting:
            return None
        whole = recent[:_SWINGS]
        confidence = min(
            _to_and_fro(whole), _like_a_wave([each for each in spots if each.t_s >= whole[0].start_s], trail)
        )
        if confidence < 0.5:
            return None
        self._waved_s = spot.t_s
        return Move("wave", confidence, spot.t_s - whole[0].start_s)


def _seconds(swing: _Swing) -> float:
    return swing.end_s - swing.start_s


def _swings(spots: list[Spot], unit: float) -> list[_Swing]:
    """Return the ways of the fingertips between turns, across the picture; the last one is still under way."""
    swings: list[_Swing] = []
    if not spots:
        return swings
    low = high = turned = spots[0]
    direction = 0
    for spot in spots:
        x = spot.tips[0]
        high = spot if x > high.tips[0] else high
        low = spot if x < low.tips[0] else low
        if direction >= 0 and high.tips[0] - x > _TURN_UNITS * unit:
            swings += _between(turned, high, unit)
            direction, turned, low = -1, high, spot
        elif direction <= 0 and x - low.tips[0] > _TURN_UNITS * unit:
            swings += _between(turned, low, unit)
            direction, turned, high = 1, low, spot
    return swings + _between(turned, high if direction > 0 else low, unit)


def _between(start: Spot, end: Spot, unit: float) -> list[_Swing]:
    if end.t_s <= start.t_s:
        return []
    return [_Swing(abs(end.tips[0] - start.tips[0]) / unit, start.t_s, end.t_s)]


def _to_and_fro(swings: list[_Swing]) -> float:
    """Return how far these are swings of a wave: wide enough and much the same."""
    widths = [swing.units for swing in swings]
    return min(
        membership(min(widths), 0.5, 0.9),  # fingertips of a hand that only wags go 1 and more, of a forearm 2 to 4
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
