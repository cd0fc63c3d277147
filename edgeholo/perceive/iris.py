"""Irises and eye contours: a model of their own on a crop of each eye, after the face mesh.

Holistic's own refined mesh (face_landmark_with_attention) needs operators that plain TensorFlow Lite does not have; this is the
model that MediaPipe itself used before. Source: modules/iris_landmark/iris_landmark_left_and_right_cpu.pbtxt and the graphs it
names, graphs/iris_tracking/calculators/update_face_landmarks_calculator.cc, and for the order and the depth of the iris points
modules/face_landmark/tensors_to_face_landmarks_with_attention.pbtxt, in google-ai-edge/mediapipe.
"""

from dataclasses import dataclass

import numpy as np

from edgeholo.perceive import regions
from edgeholo.perceive.crops import crop, unit
from edgeholo.perceive.face import TrackedFace
from edgeholo.perceive.inference import Model
from edgeholo.perceive.regions import Points, Region
from edgeholo.types import FACE_POINTS, FACE_POINTS_WITH_IRISES, Face, Frame, Pixels

_SIDE = 64
_GROWTH = 2.3
"""Of the eye's box, corner to corner (iris_landmark_landmarks_to_roi.pbtxt)."""
_IRIS = 5
_CONTOUR = 16
"""The first of the model's 71 points of an eye are its contour: they are taken. The rest is skin and brow, where the mesh itself
is nearer to Holistic's refined one: 0.5 % of the face's size against 0.6 to 1."""


@dataclass(frozen=True, slots=True)
class _Eye:
    """Where an eye is in the mesh.

    Attributes:
        corners: left and right in the picture of an upright face.
        contour: the points that the model gives anew.
        iris: the first of its five points: middle, right, top, left, bottom.
        mirrored: the model knows one eye only, so the other is shown to it in a mirror.
    """

    corners: tuple[int, int]
    contour: tuple[int, ...]
    iris: int
    mirrored: bool


_RIGHT_EYE = _Eye(
    (33, 133), (33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173), 468, mirrored=False
)
_LEFT_EYE = _Eye(
    (362, 263), (263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398), 473, mirrored=True
)


def refined(model: Model, frame: Frame, face: TrackedFace) -> TrackedFace:
    """Return the face with refined eyes and the irises' ten points at the end, 478 in all.

    Args:
        model: iris_landmark.
        frame: the face was found in.
        face: 468 points.
    """
    points = np.empty((FACE_POINTS_WITH_IRISES, 3), np.float32)
    points[:FACE_POINTS] = face.points[:FACE_POINTS]
    for eye in (_RIGHT_EYE, _LEFT_EYE):
        _refine(model, frame, eye, points)
    width, height = frame.size
    return TrackedFace(Face((points / np.array([width, height, width], np.float32)).astype(np.float32)), points)


def _refine(model: Model, frame: Frame, eye: _Eye, points: Points) -> None:
    """Write an eye's points (478, 3), pixels, in place; depths stay those of the mesh."""
    region = _region(points, eye)
    if region.width < 1:
        points[eye.iris : eye.iris + _IRIS] = points[list(eye.corners)].mean(axis=0)
        return
    pixels = crop(frame, region, _SIDE)
    around, iris = model.run(unit(_mirrored(pixels) if eye.mirrored else pixels))
    points[list(eye.contour), :2] = _placed(around, eye, region)[:_CONTOUR]
    order = [0, 3, 2, 1, 4] if eye.mirrored else [0, 1, 2, 3, 4]  # what is right in the mirror is left
    points[eye.iris : eye.iris + _IRIS, :2] = _placed(iris, eye, region)[order]
    points[eye.iris : eye.iris + _IRIS, 2] = points[list(eye.contour), 2].mean()


def _region(points: Points, eye: _Eye) -> Region:
    corners = points[list(eye.corners), :2]
    return regions.grown(regions.box(corners, regions.angle_between(corners[0], corners[1], 0.0)), _GROWTH)


def _placed(output: Points, eye: _Eye, region: Region) -> Points:
    """Return an output of the model as points (n, 2) in pixels of the picture."""
    inside = output.reshape(-1, 3)[:, :2] / np.float32(_SIDE)
    if eye.mirrored:
        inside = inside * np.array([-1, 1], np.float32) + np.array([1, 0], np.float32)
    return regions.from_crop(inside, region)


def _mirrored(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[:, ::-1])
