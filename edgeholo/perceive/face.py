"""The face branch: a detector in the region of the pose's face, then the mesh, tracked by its last points while they hold.

Source: modules/holistic_landmark/face_landmarks_from_pose_cpu.pbtxt and the graphs it names, in google-ai-edge/mediapipe.
"""

import math
from dataclasses import dataclass

import numpy as np

from edgeholo.perceive import detectors, regions
from edgeholo.perceive.crops import crop, signed, unit
from edgeholo.perceive.inference import Model
from edgeholo.perceive.regions import Points, Region, Requirements
from edgeholo.types import Face, Frame

_POSE_FACE = 11
"""The first points of the pose are those of the face."""
_POSE_EYES, _DETECTED_EYES, _MESH_EYES = (5, 2), (0, 1), (33, 263)
"""Right and left eye: of the pose, of the detector, of the mesh."""
_FROM_POSE, _FROM_DETECTION, _FROM_MESH = 3.0, 2.0, 1.5
_UPWARDS = -0.1
_SIDE = 192
_KEPT = Requirements(rotation=math.radians(15), translation=0.1, scale=0.3, margin=-0.2)


@dataclass(frozen=True, slots=True, eq=False)
class TrackedFace:
    """A face.

    Attributes:
        face: in fractions of the picture.
        points: (468 or 478, 3), pixels.
    """

    face: Face
    points: Points


class FaceDetector:
    """Finds the face near where the pose has it."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._anchors = detectors.anchors(detectors.FACE)

    def find(self, frame: Frame, pose_points: Points) -> Region | None:
        """Return the region of the surest face near the pose's points (33, 3) in pixels, None if there is none."""
        around = _region(pose_points[:_POSE_FACE, :2], _POSE_EYES, _FROM_POSE)
        tensor = signed(crop(frame, around, detectors.FACE.side, replicate=False))
        boxes, scores = self._model.run(tensor)
        found = detectors.decode(detectors.FACE, self._anchors, boxes[0], scores[0, :, 0])
        if not found:
            return None
        return _region(regions.from_crop(found[0].keypoints, around), _DETECTED_EYES, _FROM_DETECTION, _UPWARDS)


def chosen(last: TrackedFace | None, found: Region) -> Region:
    """Return the region of this frame: that around the last mesh while it holds, else the one found anew."""
    if last is None:
        return found
    tracked = _region(last.points[:, :2], _MESH_EYES, _FROM_MESH)
    return tracked if regions.still_tracked(last.points[:, :2], tracked, found, _KEPT) else found


def mesh(model: Model, frame: Frame, region: Region, least_score: float, count: int) -> TrackedFace | None:
    """Return the face in the region, or None if there is none; ``count`` points of the mesh are kept."""
    points, flag = model.run(unit(crop(frame, region, _SIDE)))
    if 1 / (1 + math.exp(-float(flag.reshape(-1)[0]))) < least_score:
        return None
    pixels = regions.from_crop(points.reshape(-1, 3)[:count] / np.float32(_SIDE), region)
    width, height = frame.size
    return TrackedFace(Face((pixels / np.array([width, height, width], np.float32)).astype(np.float32)), pixels)


def _region(points: Points, eyes: tuple[int, int], scale: float, shift_y: float = 0.0) -> Region:
    rotation = regions.angle_between(points[eyes[0]], points[eyes[1]], 0.0)
    return regions.grown(regions.box(points, rotation), scale, shift_y)
