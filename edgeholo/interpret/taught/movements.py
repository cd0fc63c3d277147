"""Movements that were taught: the way a hand went from rest to rest, and how far two ways are apart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgeholo.types import Hand, Side

_Array = npt.NDArray[np.float64]

POINTS = 32
"""Of a way: one at every 3 % of its length, finer than hands repeat themselves."""

COLUMNS = 5
"""Of a point: palm x and y, fingertips x and y, depth; all in hand sizes, as of a left hand."""

_PALM = [0, 5, 9, 13, 17]
_TIPS = [8, 12, 16, 20]

_DEPTH = 2.0
"""Hand sizes of depth for each doubling or so (e-fold) of the size: a push is seen, a turning palm (10 %) is not."""

SHORTEST = 1.5
"""Hand sizes of way: a hand that changes its shape in place goes 1.0 to 1.3 (demo clip), shorter ways are fidgeting."""

_SIZES, _TIMES = math.log(1.7), math.log(2.2)
"""How much larger and slower the same movement may be at no cost: people repeat theirs within 1.4 either way, so twice that apart."""

_HAND_ASIDE = 0.6
"""Hand sizes by which the mean of the fingertips may be elsewhere at no cost: fist and open hand are 1.2 apart."""

_STRAIGHT = 0.85
"""Distance of start and end over the length of the way: strokes measure 0.9 and more, a hook 0.75. Of all that was tried only
strokes were also made by people who command nothing (squats, signers)."""

_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Sample:
    """Where a hand was, as if it were a left one: a right hand's x is turned round.

    Attributes:
        t_s: seconds.
        palm: x, y of the palm's middle in pixels.
        tips: x, y of the fingertips' middle from there, in hand sizes.
        size_px: the hand size in pixels.
    """

    t_s: float
    palm: tuple[float, float]
    tips: tuple[float, float]
    size_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A movement.

    Attributes:
        points: float64 (POINTS, COLUMNS), evenly along the way, from their middle.
        tips: x, y: the mean of the fingertips' middle from the palm's, in hand sizes.
        radius: root mean square distance of the points from their middle, in hand sizes.
        duration_s: from rest to rest.
    """

    points: _Array
    tips: tuple[float, float]
    radius: float
    duration_s: float

    @property
    def path(self) -> _Array:
        """Float64 (POINTS, COLUMNS): ``points`` with the fingertips from the palm, all that ``of_even_points`` needs."""
        offset: _Array = np.array((0.0, 0.0, *self.tips, 0.0))
        return self.points + offset

    @property
    def is_stroke(self) -> bool:
        """Whether the hand went straight from start to end, as hands do all day: that is never taught, nor recognised."""
        steps = np.sqrt((np.diff(self.points, axis=0) ** 2).sum(axis=1))
        return math.dist(self.points[0], self.points[-1]) > _STRAIGHT * float(steps.sum())


def sample(t_s: float, hand: Hand, side: Side, size: tuple[int, int], size_px: float) -> Sample:
    """Return where the hand is.

    Args:
        t_s: seconds.
        hand: one hand.
        side: which.
        size: (width, height) of the picture in pixels.
        size_px: the hand size in pixels.
    """
    places = hand.points[:, :2].astype(np.float64) * size
    if side is Side.RIGHT:
        places[:, 0] *= -1
    palm = places[_PALM].mean(axis=0)
    tips = (places[_TIPS].mean(axis=0) - palm) / size_px
    return Sample(t_s, (float(palm[0]), float(palm[1])), (float(tips[0]), float(tips[1])), size_px)


def way(samples: Sequence[Sample]) -> Way | None:
    """Return the movement that the samples describe, or None where the hand hardly went anywhere."""
    if len(samples) < 3:
        return None
    sizes = np.array([each.size_px for each in samples])
    size_px = float(np.median(sizes))
    palms = np.array([each.palm for each in samples]) / size_px
    tips = np.array([each.tips for each in samples])
    return of_points(np.column_stack([palms, tips, _DEPTH * np.log(sizes / size_px)]), samples[-1].t_s - samples[0].t_s)


def of_points(points: _Array, duration_s: float) -> Way | None:
    """Return the movement along ``points`` (n, COLUMNS), or None where it is too short to be one."""
    steps = np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1))
    gone = np.concatenate([[0.0], np.cumsum(steps)])
    if gone[-1] < SHORTEST:
        return None
    marks = np.linspace(0.0, gone[-1], POINTS)
    return of_even_points(np.column_stack([np.interp(marks, gone, column) for column in points.T]), duration_s)


def of_even_points(points: _Array, duration_s: float) -> Way:
    """Return the movement along ``points`` (POINTS, COLUMNS), each as far from the next along the way."""
    middle = points.mean(axis=0)
    even = points - middle
    radius = max(math.sqrt(float((even**2).sum()) / POINTS), _LEAST)
    return Way(even, (float(middle[2]), float(middle[3])), radius, duration_s)


def distance(one: Way, other: Way) -> float:
    """Return how far two movements are apart: 0 the same, 1.41 nothing to do with each other, more for other sizes and speeds.

    Their forms are compared at one size (root mean square distance of points equally far along the way, as in the $1 recogniser,
    Wobbrock et al. 2007, but without turning them); what sizes, times and hands differ beyond what people vary is added.
    """
    form = one.points / one.radius - other.points / other.radius
    apart = math.sqrt(float((form**2).sum()) / POINTS)
    apart += max(0.0, abs(math.log(one.radius / other.radius)) - _SIZES)
    apart += max(0.0, abs(math.log(max(one.duration_s, _LEAST) / max(other.duration_s, _LEAST))) - _TIMES)
    return apart + max(0.0, math.dist(one.tips, other.tips) - _HAND_ASIDE)
