"""What a face does, in numbers that do not depend on its size, its place or where the head is turned.

The head's own axes come from points that expressions hardly move: corners of the eyes, temples, cheekbones, forehead and
nose. All else is measured after the head is turned back to the front. Points are numbered as in MediaPipe's face mesh
(canonical_face_model_uv_visualization.png).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgeholo.types import FACE_POINTS_WITH_IRISES, Face

_Array = npt.NDArray[np.float64]
_Places = dict[int, list[float]]

_LEFT_SIDE, _RIGHT_SIDE = (263, 362, 454, 356), (33, 133, 234, 127)
"""Outer and inner corner of the eye, cheekbone and temple: the person's left and right."""

_ABOVE, _BELOW = (10, 151, 9), (2, 164, 5)
"""Forehead down to between the brows; base and tip of the nose and the lip's groove."""

_LEFT_EYE = (263, 362, (387, 386, 385), (373, 374, 380))
_RIGHT_EYE = (33, 133, (160, 159, 158), (144, 145, 153))
"""Outer corner, inner corner, upper lid, lower lid."""

_EYE_CORNERS = (33, 133, 362, 263)
_BROWS = (334, 296, 293, 105, 66, 63)
"""Upper edges of both brows, their middle third."""

_MOUTH_CORNERS, _LIPS, _LIP_EDGES = (61, 291), (13, 14), (0, 17)
"""Corners of the mouth; inner and outer edges of the lips' middle, upper and lower."""

_POINTS = sorted(
    {*_LEFT_SIDE, *_RIGHT_SIDE, *_ABOVE, *_BELOW, *_BROWS, *_MOUTH_CORNERS, *_LIPS, *_LIP_EDGES}
    | {lid for eye in (_LEFT_EYE, _RIGHT_EYE) for lid in (*eye[2], *eye[3])}
)

_LEAST = 1e-6
"""Keeps directions of points that coincide finite."""


@dataclass(frozen=True, slots=True)
class FaceFeatures:
    """A face; distances in eye distances (between the outer corners of the eyes, about 9 cm), seen from the front.

    Attributes:
        left_eye: opening over width of the person's left eye: open 0.2 to 0.4.
        right_eye: the same of the right eye.
        refined: whether the lids are those of the refined mesh, with irises. It takes closed eyes to 0 to 0.08; the plain one
            follows lids reluctantly, only to half of what is usual, and eyes that look down measure the same.
        mouth_open: distance between the inner edges of the lips: closed 0, talking up to 0.25, wide open 0.4 and more.
        mouth_width: distance between the corners of the mouth: 0.5 to 0.57 at rest, 0.7 and more in a broad smile.
        mouth_lift: how far the corners are above the middle of the mouth: 0.02 to 0.05 at rest, 0.14 in a broad smile.
        brows: height of the brows above the corners of the eyes: 0.17 to 0.3.
        yaw_deg: how far the head is turned to the person's left.
        pitch_deg: how far it is bent down; where 0 is depends on the face and the camera, only changes mean something.
        roll_deg: how far it is tilted, clockwise in the picture.
        size_px: the eye distance in pixels.
    """

    left_eye: float
    right_eye: float
    refined: bool
    mouth_open: float
    mouth_width: float
    mouth_lift: float
    brows: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    size_px: float


def measure_face(face: Face, size: tuple[int, int]) -> FaceFeatures | None:
    """Return the features of ``face``, or None where its points are no numbers or all in one place.

    Args:
        face: with or without irises; z has the unit of x (MediaPipe's landmark convention).
        size: (width, height) of the picture in pixels.
    """
    width, height = size
    points = face.points[_POINTS].astype(np.float64) * (width, height, width)
    if not math.isfinite(points.sum()):
        return None
    axes = _axes(dict(zip(_POINTS, points.tolist(), strict=True)))
    if axes is None:
        return None
    right, _, away = axes.tolist()
    turned = (points @ axes.T).tolist()
    places: _Places = dict(zip(_POINTS, turned, strict=True))
    apart = math.dist(places[33], places[263])
    upper, lower = (places[lip][1] for lip in _LIPS)
    corners = _height(places, _MOUTH_CORNERS)
    return FaceFeatures(
        left_eye=_opening(places, *_LEFT_EYE),
        right_eye=_opening(places, *_RIGHT_EYE),
        refined=len(face.points) == FACE_POINTS_WITH_IRISES,
        mouth_open=(lower - upper) / apart,
        mouth_width=_flat(places[61], places[291]) / apart,
        mouth_lift=(_height(places, _LIP_EDGES) - corners) / apart,
        brows=(_height(places, _EYE_CORNERS) - _height(places, _BROWS)) / apart,
        yaw_deg=math.degrees(math.atan2(-away[0], away[2])),
        pitch_deg=math.degrees(math.asin(max(-1.0, min(1.0, -away[1])))),
        roll_deg=math.degrees(math.atan2(right[1], right[0])),
        size_px=apart,
    )


def _axes(places: _Places) -> _Array | None:
    """Return the head's axes as rows, in pixels of the picture: to the person's left, down, and away from the camera."""
    across = _middle(places, _LEFT_SIDE) - _middle(places, _RIGHT_SIDE)
    length = math.sqrt(across @ across)
    if length < _LEAST or math.dist(places[33], places[263]) < _LEAST:
        return None
    across /= length
    down = _middle(places, _BELOW) - _middle(places, _ABOVE)
    down -= across * (across @ down)
    length = math.sqrt(down @ down)
    if length < _LEAST:
        return None
    down /= length
    (ax, ay, az), (dx, dy, dz) = across.tolist(), down.tolist()
    return np.array(((ax, ay, az), (dx, dy, dz), (ay * dz - az * dy, az * dx - ax * dz, ax * dy - ay * dx)))


def _middle(places: _Places, points: tuple[int, ...]) -> _Array:
    x, y, z = (sum(places[point][axis] for point in points) / len(points) for axis in range(3))
    return np.array((x, y, z))


def _height(places: _Places, points: tuple[int, ...]) -> float:
    """Return how far down the points are, seen from the front."""
    return sum(places[point][1] for point in points) / len(points)


def _opening(places: _Places, outer: int, inner: int, upper: tuple[int, ...], lower: tuple[int, ...]) -> float:
    """Return opening over width: the eye aspect ratio of Soukupova and Cech (2016), from three pairs of lid points."""
    width = _flat(places[outer], places[inner])
    gap = sum(abs(places[above][1] - places[below][1]) for above, below in zip(upper, lower, strict=True)) / len(upper)
    return gap / max(width, _LEAST)


def _flat(one: list[float], other: list[float]) -> float:
    """Return the distance as seen from the front."""
    return math.dist(one[:2], other[:2])
