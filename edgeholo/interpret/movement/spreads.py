"""Spread and squeeze: two open hands that are drawn apart, or brought together, along a line.

No footage of it was at hand: the numbers are geometry and the measures of an adult, tried on hands made by tests; so it is off
unless asked for.
"""

import math

from edgeholo.interpret.membership import membership
from edgeholo.interpret.movement.pair import Pair, Pairs
from edgeholo.interpret.moves import Move

_LONGEST_S, _SHORTEST_S = 1.2, 0.2
"""From rest to rest."""

_STILL_S, _STILL = 0.2, 0.5
"""Before and after it the hands keep their distance, to so many hand sizes, for so long."""

_MOST = 0.6
"""Share of that time which the looks of a slow camera must span."""

_LEAST = 2.0
"""Smaller changes of the distance, in hand sizes, are not looked at."""

_RETURN_S = 1.5
"""The hands go back afterwards: that says nothing."""


class Spreads:
    """Finds where two hands go apart or together."""

    def __init__(self) -> None:
        self._pairs = Pairs(_LONGEST_S + 2 * _STILL_S)
        self._last_s: float | None = None

    def reset(self) -> None:
        """Forget where the hands were."""
        self._pairs.known.clear()
        self._last_s = None

    def update(self, now: Pair) -> Move | None:
        """Return the spread or squeeze after which the hands now rest."""
        self._pairs.add(now)
        known = list(self._pairs.known)
        if not _still(known, now):
            return None
        start = self._start(known, now)
        if start is None or (self._last_s is not None and start.t_s - self._last_s < _RETURN_S):
            return None
        confidence = _confidence([each for each in known if each.t_s >= start.t_s], start, now)
        if confidence < 0.5:
            return None
        self._last_s = now.t_s
        return Move("spread" if now.apart > start.apart else "squeeze", confidence, now.t_s - start.t_s)

    @staticmethod
    def _start(known: list[Pair], now: Pair) -> Pair | None:
        """Return the last pair that kept its distance and was far from the distance of now."""
        for each in reversed(known):
            passed_s = now.t_s - each.t_s
            if _SHORTEST_S <= passed_s <= _LONGEST_S and abs(now.apart - each.apart) >= _LEAST and _still(known, each):
                return each
        return None


def _still(known: list[Pair], at: Pair) -> bool:
    """Return whether the hands had kept their distance by then."""
    before = [each for each in known if -1e-6 <= at.t_s - each.t_s <= _STILL_S + 1e-6]
    distances = [each.apart for each in before]
    return at.t_s - before[0].t_s >= _MOST * _STILL_S and max(distances) - min(distances) <= _STILL


def _confidence(passed: list[Pair], start: Pair, end: Pair) -> float:
    """Return 0..1: the weakest of all that makes a spread or a squeeze."""
    near, far = sorted((start.apart, end.apart))
    unit = max(start.unit_px, end.unit_px)
    shares = (
        math.dist(start.left, end.left) / unit / (far - near),
        math.dist(start.right, end.right) / unit / (far - near),
    )
    straight = min(each.axis[0] * end.axis[0] + each.axis[1] * end.axis[1] for each in passed if each.apart >= 1.0)
    lowest = max((each.below for each in (start, end) if each.below is not None), default=0.0)
    return min(
        membership(near, 3.0, 2.3),  # palms or fingertips before each other
        membership(far - near, 2.2, 3.2),  # 20 to 30 cm
        membership(min(shares), 0.15, 0.3),  # both hands move
        membership(max(shares), 0.95, 0.75),  # by about the same, along the line between them
        membership(straight, 0.75, 0.88),  # cosine: 40 degrees are too much, 28 are not
        membership(min(each.open for each in passed), 1.2, 1.45),
        membership(lowest, 0.85, 0.6),  # before the chest; hands fold before the belly
    )
