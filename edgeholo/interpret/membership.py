"""Soft thresholds: how far a measure meets a condition, 0..1."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Subject = TypeVar("Subject")

NOTHING = 0.1
"""A score below this is no hint of a gesture."""

_STEEPNESS = 2 * math.log(9)
"""Makes a membership 0.1 at ``no`` and 0.9 at ``yes``."""

_CERTAIN = 12.0
"""Beyond this exponent a membership is 0 or 1 to five digits, which is what it then is."""


def membership(value: float, no: float, yes: float) -> float:
    """Return 0..1: 0.1 at ``no``, 0.5 halfway, 0.9 at ``yes``; a logistic curve."""
    exponent = _STEEPNESS * (value - (no + yes) / 2) / (yes - no)
    if exponent > _CERTAIN:
        return 1.0
    return 1 / (1 + math.exp(-exponent)) if exponent > -_CERTAIN else 0.0


@dataclass(frozen=True, slots=True)
class Condition(Generic[Subject]):
    """One thing that must be so.

    Attributes:
        read: the measure.
        no: where it is clearly not so.
        yes: where it clearly is; below ``no`` if small values are wanted.
        why: where the two come from.
    """

    read: Callable[[Subject], float]
    no: float
    yes: float
    why: str

    def __call__(self, subject: Subject) -> float:
        """Return how far it is so, 0..1."""
        return membership(self.read(subject), self.no, self.yes)


def weakest(conditions: Iterable[Condition[Subject]], subject: Subject) -> float:
    """Return how far all conditions are met, 0..1: as far as the one that is met least.

    Once one is below ``NOTHING`` the rest is not looked at, and the result is an upper bound.
    """
    least = 1.0
    for condition in conditions:
        least = min(least, condition(subject))
        if least < NOTHING:
            break
    return least
