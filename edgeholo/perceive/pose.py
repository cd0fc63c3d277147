"""The pose branch: detector while nobody is tracked, then landmarks in the region that the last ones aligned.

Source: modules/pose_landmark/pose_landmark_cpu.pbtxt and the graphs it names, in google-ai-edge/mediapipe.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from edgeholo.perceive import detectors, regions
from edgeholo.perceive.crops import crop, signed, unit
from edgeholo.perceive.inference import Model
from edgeholo.perceive.pose_filter import PoseFilter
from edgeholo.perceive.regions import Points, Region
from edgeholo.types import POSE_POINTS, Frame, Pose

_UPRIGHT = math.pi / 2
"""The vector from the hips upwards (rotation_vector_target_angle_degrees: 90)."""
_MARGIN = 1.25
"""Growth of the region around the aligned body (pose_landmarks_to_roi.pbtxt)."""
_SIDE = 256
_HEATMAP = 64
_KERNEL = 7
_LEAST_HEAT = 0.5
"""A heatmap refines a point only where it is at least this sure (min_confidence_to_refine)."""
_HIPS, _TIP = 0, 1
"""Keypoints of the detector: middle of the hips, and the tip of a circle around the whole body."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackedPose:
    """A body and where to look for it next.

    Attributes:
        pose: in fractions of the picture.
        points: (35, 3) pixels, the last two auxiliary.
        region: for the next frame.
        score: 0..1, that a body is there.
    """

    pose: Pose
    points: Points
    region: Region
    score: float


class PoseDetector:
    """Finds bodies in the whole picture.

    Args:
        model: pose_detection.
        threshold: least score of a body.
    """

    def __init__(self, model: Model, threshold: float = detectors.POSE.threshold) -> None:
        self._model = model
        self._layout = replace(detectors.POSE, threshold=threshold)
        self._anchors = detectors.anchors(self._layout)

    def find(self, frame: Frame) -> list[Region]:
        """Return a region for each body, the surest first."""
        whole = regions.whole(frame.size)
        tensor = signed(crop(frame, whole, self._layout.side, replicate=False))
        boxes, scores = self._model.run(tensor)
        found = detectors.decode(self._layout, self._anchors, boxes[0], scores[0, :, 0])
        return [_region(regions.from_crop(detection.keypoints, whole)) for detection in found]


class PoseTracker:
    """Follows one body."""

    def __init__(self, model: Model, least_score: float) -> None:
        self._model = model
        self._least_score = least_score
        self._filter = PoseFilter()

    def reset(self) -> None:
        """Forget the body."""
        self._filter = PoseFilter()

    def update(self, frame: Frame, region: Region) -> TrackedPose | None:
        """Return the body in the region, or None if there is none."""
        landmarks, sure, heatmap, world = self._model.run(unit(crop(frame, region, _SIDE)))
        score = float(sure[0, 0])
        if score < self._least_score:
            self.reset()
            return None
        raw = landmarks.reshape(39, 5)
        inside = _refined(raw[:35, :3] / np.float32(_SIDE), heatmap[0])
        points = regions.from_crop(inside, region)
        turned = regions.world(world.reshape(39, 3)[:POSE_POINTS], region)
        visibility = 1 / (1 + np.exp(-raw[:POSE_POINTS, 3]))
        points, turned, seen = self._filter.update(frame.timestamp_ns / 1e9, points, turned, visibility)
        return TrackedPose(_pose(points, turned, seen, frame.size), points, _region(points[POSE_POINTS:]), score)


def _region(points: Points) -> Region:
    return regions.grown(regions.aligned(points[_HIPS, :2], points[_TIP, :2], _UPRIGHT), _MARGIN)


def _pose(points: Points, world: Points, visibility: Points, size: tuple[int, int]) -> Pose:
    width, height = size
    fractions = points[:POSE_POINTS] / np.array([width, height, width], np.float32)
    return Pose(fractions.astype(np.float32), visibility.astype(np.float32), world.astype(np.float32))


def _refined(points: Points, heatmap: Points) -> Points:
    """Return the points moved to the middle of the heat around them (RefineLandmarksFromHeatmapCalculator).

    Args:
        points: (n, 3), fractions of the crop.
        heatmap: (64, 64, >= n), before the sigmoid.
    """
    out = points.copy()
    cells = np.trunc(points[:, :2] * _HEATMAP).astype(int)
    inside = np.flatnonzero(((cells >= 0) & (cells < _HEATMAP)).all(axis=1))
    reach = np.arange(_KERNEL) - _KERNEL // 2
    columns = cells[inside, 0, None] + reach
    rows = cells[inside, 1, None] + reach
    valid = ((rows >= 0) & (rows < _HEATMAP))[:, :, None] & ((columns >= 0) & (columns < _HEATMAP))[:, None, :]
    window = heatmap[
        rows.clip(0, _HEATMAP - 1)[:, :, None], columns.clip(0, _HEATMAP - 1)[:, None, :], inside[:, None, None]
    ]
    heat = np.where(valid, 1 / (1 + np.exp(-window)), np.float32(0))
    total = heat.sum(axis=(1, 2))
    sure = (heat.max(axis=(1, 2)) >= _LEAST_HEAT) & (total > 0)
    across = (heat.sum(axis=1) * columns).sum(axis=1)
    down = (heat.sum(axis=2) * rows).sum(axis=1)
    out[inside[sure], 0] = across[sure] / total[sure] / _HEATMAP
    out[inside[sure], 1] = down[sure] / total[sure] / _HEATMAP
    return out
