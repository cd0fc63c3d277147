"""Whether a hand is held still: a shape passed through on the way to somewhere is no sign."""

from collections import deque

import numpy as np
import numpy.typing as npt

from edgeholo.types import Hand

_PALM = [0, 5, 9, 13, 17]

_WINDOW_S = 0.15
"""Speed is taken over at least this: between two frames of a fast camera it is mostly noise."""

_GAP_S = 0.5
"""After a longer pause the last place says nothing about speed."""

_FASTEST = 3.0
"""Hand sizes a second, about 0.3 m/s: hands of talkers move at 0.5 to 2 m/s, shown ones below 0.1."""


class Steadiness:
    """Follows one hand."""

    def __init__(self) -> None:
        self._trail: deque[tuple[float, npt.NDArray[np.float64]]] = deque()

    def update(self, t_s: float, hand: Hand, size: tuple[int, int], size_px: float) -> bool:
        """Return whether the hand is held still; one that was just found is.

        Args:
            t_s: seconds; later than last time.
            hand: the hand, all numbers finite.
            size: (width, height) of the picture in pixels.
            size_px: the hand size in pixels.
        """
        place = (hand.points[_PALM, :2].astype(np.float64) * size).mean(axis=0)
        if self._trail and t_s - self._trail[-1][0] > _GAP_S:
            self._trail.clear()
        self._trail.append((t_s, place))
        while len(self._trail) > 2 and t_s - self._trail[1][0] >= _WINDOW_S:
            self._trail.popleft()
        then_s, there = self._trail[0]
        way = place - there
        return float(np.sqrt(way @ way)) <= _FASTEST * size_px * max(t_s - then_s, _WINDOW_S)

    def reset(self) -> None:
        """Forget where the hand was."""
        self._trail.clear()
