"""Hand shapes that were taught: what of a hand is compared, and how far two are apart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgeholo.interpret.hand.features import HandFeatures, isotropic, measure
from edgeholo.types import HAND_POINTS, Floats, Hand, Side

_Array = npt.NDArray[np.float64]

_MIDDLE_KNUCKLE = 9

_SCALE = np.array(
    (*[60 * math.sqrt(2)] * 4, *[0.4 * math.sqrt(2)] * 4, *[0.4 * math.sqrt(3)] * 3, 20.0, 0.5, *[1.0] * 3, 0.5)
)
"""What counts as 1: per finger 60 degrees of curl and 0.4 of reach together, 0.4 hand sizes of the thumb's tip in its three measures,
20 degrees between index and middle finger, 0.5 hand sizes between thumb and index finger, and half of a turn of the palm to its edge.
The same shape of different people differs by half of that, a finger up rather than folded by twice and more (home)."""

_CURLS, _REACHES, _THUMB, _SPREAD, _PINCH = slice(0, 4), slice(4, 8), slice(8, 11), 11, 12
_PALM, _FACING = slice(13, 16), 16
_COLUMNS = 17

_FREE_DEG, _TURN_DEG = 15.0, 25.0
"""A palm may point elsewhere by that at no cost, and by that for each 1: thumbs up of the same person differ by 20."""

_FREE_FACING = 0.4
"""In units of ``_SCALE``: a palm may turn by 0.2 at no cost."""

_STRAIGHT_DEG, _BENT_DEG = 60.0, 110.0
"""A finger's direction is worth comparing while it is straight, and nothing when it is bent: it is a stump then."""

_FARTHEST_PINCH = 1.0
"""Hand sizes: how far apart thumb and index finger are says nothing beyond."""

_NORM = 3
"""Between the sum of all differences (2) and the largest alone: one finger that is elsewhere makes another shape. Measured with
2, 3, 4 and 8 on people at home, a webcam and signers, this told shapes apart best."""


@dataclass(frozen=True, slots=True, eq=False)
class HandShape:
    """A hand as it is compared.

    Attributes:
        points: float64 (21, 3), from the wrist, in hand sizes, as of a left hand.
        features: of the same hand.
    """

    points: _Array
    features: HandFeatures

    @property
    def row(self) -> _Array:
        """Float64 (17,): the measures that ``distances`` compares."""
        return _row(self.features, self.points[_MIDDLE_KNUCKLE])


def canonical(hand: Hand, side: Side, size: tuple[int, int], size_px: float) -> _Array:
    """Return float64 (21, 3): the points from the wrist in hand sizes, a right hand's mirrored.

    Args:
        hand: one hand.
        side: which.
        size: (width, height) of the picture in pixels.
        size_px: the hand size in pixels.
    """
    points = isotropic(hand, size)
    points -= points[0].copy()
    points /= size_px
    if side is Side.RIGHT:
        points[:, 0] *= -1
    return points


def of_points(points: Sequence[_Array]) -> HandShape | None:
    """Return the shape in the middle of several looks at one hand, or None where the points are in one place.

    Args:
        points: as ``canonical`` returns them.
    """
    middle = np.median(np.stack(points), axis=0)
    if middle.shape != (HAND_POINTS, 3):
        return None
    flat: Floats = middle.astype(np.float32)
    features = measure(Hand(flat), Side.LEFT, (1, 1))
    return None if features is None else HandShape(middle, features)


def row(hand: Hand, side: Side, size: tuple[int, int], features: HandFeatures) -> _Array:
    """Return float64 (17,): the measures of a hand that ``distances`` compares."""
    palm = isotropic(hand, size)
    along = palm[_MIDDLE_KNUCKLE] - palm[0]
    return _row(features, along * (-1 if side is Side.RIGHT else 1, 1, 1))


def distances(one: _Array, others: _Array) -> _Array:
    """Return float64 (n,): how far a hand is from n others; about 0.5 the same shape of somebody else, 2 and more another shape.

    Args:
        one: measures (17,).
        others: measures (n, 17).
    """
    apart = np.abs(others - one)
    fingers = np.sqrt(apart[:, _CURLS] ** 2 + apart[:, _REACHES] ** 2)
    thumb = np.sqrt((apart[:, _THUMB] ** 2).sum(axis=1))
    spread = apart[:, _SPREAD] * np.minimum(_straightness(others), _straightness(one[np.newaxis]))
    angles_deg = np.degrees(np.arccos(np.clip(others[:, _PALM] @ one[_PALM], -1, 1)))
    turned = np.maximum(angles_deg - _FREE_DEG, 0) / _TURN_DEG
    facing = np.maximum(apart[:, _FACING] - _FREE_FACING, 0)
    parts = np.column_stack([fingers, thumb, spread, apart[:, _PINCH], turned, facing])
    total: _Array = (parts**_NORM).sum(axis=1) ** (1 / _NORM)
    return total


def distance(one: HandShape, other: HandShape) -> float:
    """Return how far two shapes are apart; see ``distances``."""
    return float(distances(one.row, other.row[np.newaxis])[0])


def _row(features: HandFeatures, palm: _Array) -> _Array:
    measures = (
        *features.curl_deg,
        *features.reach,
        features.thumb_across,
        features.thumb_side,
        features.thumb_clear,
        features.spread_deg,
        min(features.pinch, _FARTHEST_PINCH),
        *(palm / max(math.sqrt(float(palm @ palm)), 1e-6)),
        features.facing,
    )
    scaled: _Array = np.array(measures) / _SCALE
    return scaled


def _straightness(rows: _Array) -> _Array:
    """Return 0..1 (n,): how straight the less straight of index and middle finger is."""
    bent_deg = (rows[:, :2] * _SCALE[:2]).max(axis=1)
    straight: _Array = np.clip((_BENT_DEG - bent_deg) / (_BENT_DEG - _STRAIGHT_DEG), 0, 1)
    return straight
