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

_SAME_PLACE = 0.5
"""Hand sizes within which a hand found under another name is the same one."""

_Array = npt.NDArray[np.float64]


class Steadiness:
    """Follows one hand."""

    def __init__(self) -> None:
        self._trail: deque[tuple[float, _Array]] = deque()
        self._size_px = 0.0

    @property
    def following(self) -> bool:
        """Whether the hand was seen in the last frame."""
        return bool(self._trail)

    def update(self, t_s: float, hand: Hand, size: tuple[int, int], size_px: float) -> bool:
        """Return whether the hand is held still; one that was just found is.

        Args:
            t_s: seconds.
            hand: the hand, all numbers finite.
            size: (width, height) of the picture in pixels.
            size_px: the hand size in pixels.
        """
        place = _middle(hand, size)
        if self._trail and not 0 <= t_s - self._trail[-1][0] <= _GAP_S:
            self._trail.clear()
        self._trail.append((t_s, place))
        self._size_px = size_px
        while len(self._trail) > 2 and t_s - self._trail[1][0] >= _WINDOW_S:
            self._trail.popleft()
        then_s, there = self._trail[0]
        return _distance(place, there) <= _FASTEST * size_px * max(t_s - then_s, _WINDOW_S)

    def was_at(self, t_s: float, hand: Hand, size: tuple[int, int]) -> bool:
        """Return whether ``hand`` is where this one was a moment ago."""
        if not self._trail or not 0 <= t_s - self._trail[-1][0] <= _GAP_S:
            return False
        return _distance(_middle(hand, size), self._trail[-1][1]) <= _SAME_PLACE * self._size_px

    def reset(self) -> None:
        """Forget where the hand was."""
        self._trail.clear()


def _middle(hand: Hand, size: tuple[int, int]) -> _Array:
    middle: _Array = (hand.points[_PALM, :2].astype(np.float64) * size).mean(axis=0)
    return middle


def _distance(one: _Array, other: _Array) -> float:
    way = one - other
    return float(np.sqrt(way @ way))
