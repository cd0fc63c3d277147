"""What a face looks like when it does nothing: the measure of one person's smile is their own mouth at rest."""

import math
import statistics
from dataclasses import dataclass

LEARN_S = 1.0
"""A face is watched for so long before anything is said about it: blinks and words last a fraction of that."""

_LOOKS = 5
"""And in at least so many frames: the median of fewer is at the mercy of one."""

_GAP_S = 1.0
"""A longer pause teaches nothing about the time in it."""


@dataclass(frozen=True, slots=True)
class Range:
    """How a measure may be at rest, and how fast its rest is learnt anew.

    Attributes:
        least: no face at rest has less.
        most: none has more: somebody who smiles from the first moment on is not taken for resting.
        up_s: time constant with which the rest follows larger values, seconds.
        down_s: the same of smaller values.
    """

    least: float
    most: float
    up_s: float
    down_s: float


class Neutral:
    """Follows one measure at rest: the median of the first second, then a slow average.

    Args:
        bounds: what is possible.
    """

    def __init__(self, bounds: Range) -> None:
        self._bounds = bounds
        self._first: list[float] = []
        self._since_s: float | None = None
        self._t_s = 0.0
        self._value: float | None = None

    @property
    def value(self) -> float | None:
        """The measure at rest, None while it is being learnt."""
        return self._value

    def update(self, t_s: float, measure: float, pace: float = 1.0) -> float | None:
        """Return the measure at rest, None while it is being learnt.

        Args:
            t_s: seconds.
            measure: in this frame.
            pace: how much this frame teaches, 0..1: little while a sign is shown.
        """
        passed_s = max(0.0, min(t_s - self._t_s, _GAP_S)) if self._since_s is not None else 0.0
        self._t_s = t_s
        if self._value is None:
            return self._learn(t_s, measure)
        time_s = self._bounds.up_s if measure > self._value else self._bounds.down_s
        share = 1.0 - math.exp(-passed_s * pace / time_s)
        self._value = self._possible(self._value + share * (measure - self._value))
        return self._value

    def _learn(self, t_s: float, measure: float) -> float | None:
        self._since_s = t_s if self._since_s is None else self._since_s
        self._first.append(measure)
        if t_s - self._since_s >= LEARN_S and len(self._first) >= _LOOKS:
            self._value = self._possible(statistics.median(self._first))
            self._first = []
        return self._value

    def _possible(self, value: float) -> float:
        return max(self._bounds.least, min(self._bounds.most, value))
