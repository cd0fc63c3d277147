"""Single-shot detectors: anchors, decoding, weighted suppression.

Source: ssd_anchors_calculator.cc, tensors_to_detections_calculator.cc, non_max_suppression_calculator.cc in
google-ai-edge/mediapipe, with the options of pose_detection_cpu.pbtxt, palm_detection_cpu.pbtxt and face_detection_short_range.pbtxt.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgeholo.perceive.regions import Points

_OVERLAP = 0.3
"""Intersection over union above which two boxes are one detection (min_suppression_threshold)."""
_LARGEST_LOGIT = 100.0
"""Scores are clipped to this before the sigmoid (score_clipping_thresh)."""


@dataclass(frozen=True, slots=True)
class Detector:
    """Layout of a detector's output.

    Attributes:
        side: of the square input, pixels.
        strides: of the layers; each gives two anchors a cell.
        threshold: least score.
    """

    side: int
    strides: tuple[int, ...]
    threshold: float = 0.5


POSE = Detector(224, (8, 16, 32, 32, 32))
PALM = Detector(192, (8, 16, 16, 16))
FACE = Detector(128, (8, 16, 16, 16))


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """What a detector found.

    Attributes:
        score: 0..1.
        box: (4,) left, top, right, bottom, fractions of the input.
        keypoints: (n, 2), fractions of the input.
    """

    score: float
    box: Points
    keypoints: Points


def anchors(detector: Detector) -> Points:
    """Return the middles of all anchors (n, 2) in the order of the output, fractions of the input."""
    layers: list[Points] = []
    strides = list(detector.strides)
    while strides:
        stride = strides[0]
        same = strides.count(stride)
        strides = strides[same:]
        cells = detector.side // stride
        middles = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        grid = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2)
        layers.append(np.repeat(grid, 2 * same, axis=0))
    return np.concatenate(layers).astype(np.float32)


def decode(detector: Detector, middles: Points, boxes: Points, scores: Points) -> list[Detection]:
    """Return the detections, best first.

    Args:
        detector: the layout.
        middles: ``anchors(detector)``.
        boxes: raw output (n, 4 + 2 k): middle, size, keypoints, in input pixels from the anchor.
        scores: raw output (n,), before the sigmoid.
    """
    likely = np.flatnonzero(scores >= _logit(detector.threshold))
    if not len(likely):
        return []
    order = likely[np.argsort(-scores[likely], kind="stable")]
    chances = 1 / (1 + np.exp(-np.clip(scores[order].astype(np.float64), -_LARGEST_LOGIT, _LARGEST_LOGIT)))
    raw, origin = boxes[order] / detector.side, middles[order]
    middle, half = raw[:, :2] + origin, raw[:, 2:4] / 2
    corners = np.hstack([middle - half, middle + half])
    points = raw[:, 4:].reshape(len(order), -1, 2) + origin[:, None]
    return _suppressed(chances, corners, points)


def _logit(chance: float) -> float:
    """Return the raw score of a chance; nothing is below that of 0, nothing above that of 1."""
    return math.log(chance / (1 - chance)) if 0 < chance < 1 else math.copysign(math.inf, chance - 0.5)


def _suppressed(scores: Points, boxes: Points, keypoints: Points) -> list[Detection]:
    """Return one detection for each cluster, averaged by score (NonMaxSuppression, WEIGHTED)."""
    found: list[Detection] = []
    left: npt.NDArray[np.int64] = np.arange(len(scores))
    while len(left):
        near = _overlaps(boxes[left[0]], boxes[left]) > _OVERLAP
        near[0] = True
        cluster = left[near]
        weights = scores[cluster] / scores[cluster].sum()
        box = (weights[:, None] * boxes[cluster]).sum(axis=0)
        points = (weights[:, None, None] * keypoints[cluster]).sum(axis=0)
        found.append(Detection(float(scores[left[0]]), box, points))
        left = left[~near]
    return found


def _overlaps(one: Points, others: Points) -> Points:
    """Return intersection over union of a box (4,) with boxes (n, 4)."""
    low, high = np.maximum(one[:2], others[:, :2]), np.minimum(one[2:], others[:, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1) + np.prod(one[2:] - one[:2]) - shared
    result: Points = shared / np.maximum(areas, np.float32(1e-12))
    return result
