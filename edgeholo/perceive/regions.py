"""The geometry of Holistic's crops: one module, in pixels, so that a picture's aspect ratio never gets in the way.

A region is a rotated rectangle. Angles are radians, clockwise on the screen (y points down). Source: the calculators of
google-ai-edge/mediapipe that are named in each docstring.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.floating[Any]]
Matrix = npt.NDArray[np.float64]

_LEAST_PX = 1e-3
"""A smaller region is none, and shows one colour: points that a model puts on one another must not divide by nothing."""


@dataclass(frozen=True, slots=True)
class Region:
    """A rotated rectangle in pixels of the picture.

    Attributes:
        x: of the middle.
        y: of the middle.
        width: along its own x axis.
        height: along its own y axis.
        rotation: of its own x axis against the picture's, radians, clockwise.
    """

    x: float
    y: float
    width: float
    height: float
    rotation: float = 0.0

    def turned(self, x: float, y: float) -> tuple[float, float]:
        """Return a vector in the region's axes as one in the picture's."""
        cos, sin = math.cos(self.rotation), math.sin(self.rotation)
        return x * cos - y * sin, x * sin + y * cos


@dataclass(frozen=True, slots=True)
class Requirements:
    """How far a tracked region may be from the one that was found anew (RoiTrackingCalculatorOptions).

    Attributes:
        rotation: radians.
        translation: share of the new region's size.
        scale: share of the new region's size.
        margin: by which the new region grows before it has to hold all points; negative shrinks it.
    """

    rotation: float
    translation: float
    scale: float
    margin: float


def normalized(angle: float) -> float:
    """Return the angle within -pi..pi (NormalizeRadians)."""
    return angle - 2 * math.pi * math.floor((angle + math.pi) / (2 * math.pi))


def angle_between(start: Points, end: Points, target: float) -> float:
    """Return the rotation that turns the vector from start to end into ``target`` (detections_to_rects_calculator.cc)."""
    return normalized(target - math.atan2(float(start[1] - end[1]), float(end[0] - start[0])))


def aligned(center: Points, tip: Points, target: float) -> Region:
    """Return the square around ``center`` that reaches ``tip``, turned by their direction (AlignmentPointsRectsCalculator).

    Args:
        center: (2,) pixels.
        tip: (2,) pixels.
        target: angle at which the vector between them is upright, radians.
    """
    size = 2 * math.dist(center, tip)
    return Region(float(center[0]), float(center[1]), size, size, angle_between(center, tip, target))


def box(points: Points, rotation: float) -> Region:
    """Return the upright box around points (n, 2), with a rotation of its own (DetectionsToRectsCalculator)."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle, size = (low + high) / 2, high - low
    return Region(float(middle[0]), float(middle[1]), float(size[0]), float(size[1]), rotation)


def rotated_box(points: Points, rotation: float) -> Region:
    """Return the box around points (n, 2) in axes turned by ``rotation`` (HandLandmarksToRectCalculator)."""
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    cos, sin = math.cos(rotation), math.sin(rotation)
    axes = np.array([[cos, -sin], [sin, cos]])
    inside = (points - middle) @ axes
    low, high = inside.min(axis=0), inside.max(axis=0)
    x, y = axes @ ((low + high) / 2) + middle
    return Region(float(x), float(y), float(high[0] - low[0]), float(high[1] - low[1]), rotation)


def grown(region: Region, scale: float, shift_y: float = 0.0) -> Region:
    """Return the square on the longer side, shifted along its own y axis, then scaled (RectTransformationCalculator)."""
    x, y = region.turned(0.0, region.height * shift_y)
    size = max(region.width, region.height) * scale
    return replace(region, x=region.x + x, y=region.y + y, width=size, height=size)


def whole(size: tuple[int, int]) -> Region:
    """Return the square that holds the whole picture, letterboxed (ImageToTensorCalculator, keep_aspect_ratio)."""
    side = float(max(size))
    return Region(size[0] / 2, size[1] / 2, side, side)


def to_crop(region: Region, width: int, height: int) -> Matrix:
    """Return the affine matrix (2, 3) from the picture's pixels to those of a crop (image_to_tensor_utils.cc)."""
    cos, sin = math.cos(region.rotation), math.sin(region.rotation)
    across, down = width / max(region.width, _LEAST_PX), height / max(region.height, _LEAST_PX)
    turn = np.array([[across * cos, across * sin], [-down * sin, down * cos]])
    shift = np.array([width / 2, height / 2]) - turn @ np.array([region.x, region.y])
    return np.column_stack([turn, shift])


def from_crop(points: Points, region: Region) -> Points:
    """Return points in pixels of the picture (LandmarkProjectionCalculator).

    Args:
        points: (n, 2 or 3), fractions of the crop; z in fractions of its width.
        region: where the crop was taken.
    """
    cos, sin = math.cos(region.rotation), math.sin(region.rotation)
    scaled = (points[:, :2] - 0.5) * (region.width, region.height)
    out = points.astype(np.float32, copy=True)
    out[:, 0] = scaled[:, 0] * cos - scaled[:, 1] * sin + region.x
    out[:, 1] = scaled[:, 0] * sin + scaled[:, 1] * cos + region.y
    if points.shape[1] > 2:
        out[:, 2] = points[:, 2] * region.width
    return out


def world(points: Points, region: Region) -> Points:
    """Return world points (n, 3), metres, turned as the region is (WorldLandmarkProjectionCalculator)."""
    cos, sin = math.cos(region.rotation), math.sin(region.rotation)
    out = points.astype(np.float32, copy=True)
    out[:, 0] = cos * points[:, 0] - sin * points[:, 1]
    out[:, 1] = sin * points[:, 0] + cos * points[:, 1]
    return out


def still_tracked(points: Points, tracked: Region, found: Region, required: Requirements) -> bool:
    """Return whether the region around the last points may be kept beside one found anew (RoiTrackingCalculator).

    Args:
        points: (n, 2), the last landmarks, pixels.
        tracked: the region around them.
        found: the region found in this frame.
        required: how close they have to be.
    """
    if abs(normalized(tracked.rotation - found.rotation)) > required.rotation:
        return False
    upright = Region(0, 0, 0, 0, -found.rotation)
    x, y = upright.turned(tracked.x - found.x, tracked.y - found.y)
    if abs(x) > found.width * required.translation or abs(y) > found.height * required.translation:
        return False
    if abs(tracked.width - found.width) > found.width * required.scale:
        return False
    if abs(tracked.height - found.height) > found.height * required.scale:
        return False
    return _holds(found, points, required.margin)


def _holds(region: Region, points: Points, margin: float) -> bool:
    """Return whether all points (n, 2) are inside the region grown by a share of its size."""
    cos, sin = math.cos(region.rotation), math.sin(region.rotation)
    away = points - (region.x, region.y)
    half_width, half_height = region.width * (1 + margin) / 2, region.height * (1 + margin) / 2
    across = np.abs(away[:, 0] * cos + away[:, 1] * sin)
    down = np.abs(away[:, 1] * cos - away[:, 0] * sin)
    return bool((across < half_width).all() and (down < half_height).all())
