"""What a hand looks like, in numbers that do not depend on its size, its place or which hand it is."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgeholo.types import Hand, Side

_Array = npt.NDArray[np.float64]

_WRIST, _THUMB_KNUCKLE, _THUMB_TIP = 0, 2, 4
_INDEX_KNUCKLE, _INDEX_JOINT, _INDEX_TIP = 5, 6, 8
_MIDDLE_KNUCKLE, _MIDDLE_JOINT, _MIDDLE_TIP = 9, 10, 12
_LITTLE_KNUCKLE = 17
_KNUCKLES = [5, 9, 13, 17]
_CHAINS = np.array([[_WRIST, knuckle, knuckle + 1, knuckle + 2, knuckle + 3] for knuckle in _KNUCKLES])
"""Wrist to tip of index, middle, ring and little finger, MediaPipe's hand order."""

_YZX, _ZXY = [1, 2, 0], [2, 0, 1]
"""The orders of axes in a cross product."""

_FLAT = math.pi / 2
"""Radians: joints of fingers bend by little more."""

_LEAST = 1e-6
"""Keeps directions of points that coincide finite."""

_DEGREES = 180 / math.pi


@dataclass(frozen=True, slots=True)
class HandFeatures:
    """A hand's shape; distances in hand sizes (mean distance of wrist to the four knuckles), measured in three dimensions.

    Attributes:
        curl_deg: how far index, middle, ring and little finger are bent, all three joints together: straight about 20, folded 150 and more.
        reach: distance of wrist to tip over that of wrist to knuckle, the same four: straight about 1.9, folded about 0.9.
        thumb_across: distance of the thumb's tip from the little finger's knuckle: about 0.4 folded over the palm, 1.5 stretched out.
        thumb_side: how far the thumb's tip stands out beyond the index knuckle, across the palm; negative over the palm.
        thumb_clear: distance of the thumb's tip from the nearer middle joint of index and middle finger.
        thumb_angle_deg: between the thumb and the palm's length.
        thumb_rise: direction of the thumb, 1 straight up in the picture, -1 straight down.
        index_rise: the same of the index finger.
        index_left: direction of the index finger, 1 to the left of somebody who faces the camera (larger x), -1 to the right.
        palm_rise: the same of the palm, from wrist to middle knuckle.
        facing: of the palm towards the camera: 1 full, 0 edge on, -1 the back of the hand.
        pinch: distance between the tips of thumb and index finger.
        spread_deg: angle between index and middle finger.
        size_px: the hand size in pixels.
    """

    curl_deg: tuple[float, float, float, float]
    reach: tuple[float, float, float, float]
    thumb_across: float
    thumb_side: float
    thumb_clear: float
    thumb_angle_deg: float
    thumb_rise: float
    index_rise: float
    index_left: float
    palm_rise: float
    facing: float
    pinch: float
    spread_deg: float
    size_px: float


def isotropic(hand: Hand, size: tuple[int, int]) -> _Array:
    """Return float64 (21, 3) in pixels on all three axes: z has the unit of x (MediaPipe's landmark convention)."""
    width, height = size
    return hand.points.astype(np.float64) * (width, height, width)


def measure(hand: Hand, side: Side, size: tuple[int, int]) -> HandFeatures | None:
    """Return the features of ``hand``, or None where its points are no numbers or all in one place.

    The points of the picture serve rather than ``world``: a recording may not have it, and its fingers are less distinct.

    Args:
        hand: one hand.
        side: whose palm is where depends on it, nothing else does.
        size: (width, height) of the picture in pixels.
    """
    points = isotropic(hand, size)
    if not math.isfinite(points.sum()):
        return None
    points -= points[_WRIST]
    size_px = sum(_length(points[knuckle]) for knuckle in _KNUCKLES) / len(_KNUCKLES)
    if size_px < _LEAST:
        return None
    points /= size_px
    palm = _unit(points[_MIDDLE_KNUCKLE])
    thumb = _unit(points[_THUMB_TIP] - points[_THUMB_KNUCKLE])
    index = _unit(points[_INDEX_TIP] - points[_INDEX_KNUCKLE])
    middle = _unit(points[_MIDDLE_TIP] - points[_MIDDLE_KNUCKLE])
    tip = points[_THUMB_TIP]
    return HandFeatures(
        curl_deg=_curls(points),
        reach=_reaches(points),
        thumb_across=_length(tip - points[_LITTLE_KNUCKLE]),
        thumb_side=float((tip - points[_INDEX_KNUCKLE]) @ _across(points, palm)),
        thumb_clear=min(_length(tip - points[_INDEX_JOINT]), _length(tip - points[_MIDDLE_JOINT])),
        thumb_angle_deg=_angle_deg(thumb, palm),
        thumb_rise=-float(thumb[1]),
        index_rise=-float(index[1]),
        index_left=float(index[0]),
        palm_rise=-float(palm[1]),
        facing=_facing(points, side),
        pinch=_length(tip - points[_INDEX_TIP]),
        spread_deg=_angle_deg(index, middle),
        size_px=size_px,
    )


def _curls(points: _Array) -> tuple[float, float, float, float]:
    """Return the length of the sum of the joints' turns, each a vector along its axis.

    Of a finger that bends one way it is the sum of the angles; the turns to and fro that a misplaced joint adds cancel.
    A joint folded flat, as missing depth makes it seem, turns either way: beyond ``_FLAT`` it counts by itself.
    """
    joints = points[_CHAINS]
    bones = joints[:, 1:] - joints[:, :-1]
    one, other = bones[:, :-1], bones[:, 1:]
    axes = one[..., _YZX] * other[..., _ZXY] - one[..., _ZXY] * other[..., _YZX]
    sines = np.sqrt(np.einsum("fbk,fbk->fb", axes, axes))
    angles = np.arctan2(sines, np.einsum("fbk,fbk->fb", one, other))
    turns = np.einsum("fb,fbk->fk", angles / np.maximum(sines, _LEAST), axes)
    together = np.sqrt(np.einsum("fk,fk->f", turns, turns))
    index, middle, ring, little = (np.maximum(together, 2 * angles.max(axis=1) - _FLAT) * _DEGREES).tolist()
    return index, middle, ring, little


def _reaches(points: _Array) -> tuple[float, float, float, float]:
    index, middle, ring, little = (
        _length(points[knuckle + 3]) / max(_length(points[knuckle]), _LEAST) for knuckle in _KNUCKLES
    )
    return index, middle, ring, little


def _across(points: _Array, palm: _Array) -> _Array:
    """Return the direction across the palm, from the little finger's to the index knuckle, square to its length."""
    across = points[_INDEX_KNUCKLE] - points[_LITTLE_KNUCKLE]
    return _unit(across - palm * (across @ palm))


def _facing(points: _Array, side: Side) -> float:
    """Return how far the palm's normal points at the camera; it comes out of the palm of a left hand only."""
    (ax, ay, az), (bx, by, bz) = points[_INDEX_KNUCKLE].tolist(), points[_LITTLE_KNUCKLE].tolist()
    across, along, out = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    facing = out / max(math.sqrt(across * across + along * along + out * out), _LEAST)
    return float(facing if side is Side.LEFT else -facing)


def _unit(vector: _Array) -> _Array:
    return vector / max(_length(vector), _LEAST)


def _length(vector: _Array) -> float:
    return math.sqrt(vector @ vector)


def _angle_deg(one: _Array, other: _Array) -> float:
    return math.acos(max(-1.0, min(1.0, float(one @ other)))) * _DEGREES
