"""Detectors' anchors, decoding and suppression, against the definitions in MediaPipe's calculators."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from edgeholo.perceive import detectors
from edgeholo.perceive.detectors import Detector

Array = npt.NDArray[np.float32]

KEYPOINTS = {"pose": 4, "palm": 7, "face": 6}
DETECTORS = [("pose", detectors.POSE, 2254), ("palm", detectors.PALM, 2016), ("face", detectors.FACE, 896)]


def _defined(detector: Detector) -> Array:
    """Return anchors as ssd_anchors_calculator.cc makes them: loops over layers of one stride, rows, columns, ratios.

    One aspect ratio and an interpolated scale are two anchors a layer, all of one size.
    """
    middles: list[tuple[float, float]] = []
    layer = 0
    while layer < len(detector.strides):
        same = layer
        repeats = 0
        while same < len(detector.strides) and detector.strides[same] == detector.strides[layer]:
            repeats += 2
            same += 1
        cells = math.ceil(detector.side / detector.strides[layer])
        for row in range(cells):
            for column in range(cells):
                middles += [((column + 0.5) / cells, (row + 0.5) / cells)] * repeats
        layer = same
    return np.array(middles, np.float32)


@pytest.mark.parametrize(("name", "detector", "count"), DETECTORS)
def test_anchors_are_those_of_mediapipe(name: str, detector: Detector, count: int) -> None:
    """As many as the model has outputs, in their order."""
    found = detectors.anchors(detector)
    assert found.shape == (count, 2)
    assert np.allclose(found, _defined(detector), atol=1e-7)


@pytest.mark.parametrize(
    ("detector", "first", "last"),
    [
        (detectors.POSE, (4 / 224, 4 / 224), (208 / 224, 208 / 224)),
        (detectors.PALM, (4 / 192, 4 / 192), (184 / 192, 184 / 192)),
        (detectors.FACE, (4 / 128, 4 / 128), (120 / 128, 120 / 128)),
    ],
)
def test_the_first_and_the_last_anchor_are_the_middles_of_corner_cells(
    detector: Detector, first: tuple[float, float], last: tuple[float, float]
) -> None:
    """Of the finest and of the coarsest layer."""
    found = detectors.anchors(detector)
    assert found[0] == pytest.approx(first)
    assert found[-1] == pytest.approx(last)


def _silent(name: str, count: int) -> tuple[Array, Array]:
    """Return outputs that find nothing."""
    return np.zeros((count, 4 + 2 * KEYPOINTS[name]), np.float32), np.full(count, -9, np.float32)


@pytest.mark.parametrize(("name", "detector", "count"), DETECTORS)
def test_a_planted_box_is_decoded(name: str, detector: Detector, count: int) -> None:
    """Middle, size and keypoints are pixels of the input from the anchor."""
    boxes, scores = _silent(name, count)
    middles = detectors.anchors(detector)
    place = count // 3
    scores[place] = 3.0
    boxes[place, :4] = [5, -7, 40, 60]
    boxes[place, 4:6] = [2, 3]
    boxes[place, -2:] = [-11, 13]
    (found,) = detectors.decode(detector, middles, boxes, scores)
    x, y = (middles[place] * detector.side).tolist()
    assert found.score == pytest.approx(1 / (1 + math.exp(-3)))
    assert found.box * detector.side == pytest.approx([x - 15, y - 37, x + 25, y + 23], abs=1e-3)
    assert found.keypoints.shape == (KEYPOINTS[name], 2)
    assert found.keypoints[0] * detector.side == pytest.approx([x + 2, y + 3], abs=1e-3)
    assert found.keypoints[-1] * detector.side == pytest.approx([x - 11, y + 13], abs=1e-3)


@pytest.mark.parametrize(("logit", "count"), [(-0.01, 0), (0.0, 1), (0.01, 1), (1e30, 1), (-1e30, 0), (math.nan, 0)])
def test_a_score_of_a_half_is_enough(logit: float, count: int) -> None:
    """However large the raw score is; what is no number is nothing."""
    boxes, scores = _silent("face", 896)
    scores[:] = -1e30
    scores[7] = logit
    boxes[7, 2:4] = 10
    found = detectors.decode(detectors.FACE, detectors.anchors(detectors.FACE), boxes, scores)
    assert len(found) == count
    assert all(0.5 <= one.score <= 1 for one in found)


@pytest.mark.parametrize(("threshold", "count"), [(0.0, 896), (0.2, 3), (0.5, 2), (0.95, 1), (0.999, 0), (1.0, 0)])
def test_the_least_score_can_be_anything_from_0_to_1(threshold: float, count: int) -> None:
    """Its ends included: everything, and nothing."""
    boxes, scores = _silent("face", 896)
    scores[[3, 300, 895]] = [3.0, 1.0, -1.0]  # 0.95, 0.73, 0.27
    detector = replace(detectors.FACE, threshold=threshold)
    found = detectors.decode(detector, detectors.anchors(detector), boxes, scores)
    assert len(found) == count


def _planted(*planted: tuple[float, tuple[float, float, float, float]]) -> list[detectors.Detection]:
    """Return what is decoded from (score, (x, y, width, height)) in pixels of the face detector's input."""
    boxes, scores = _silent("face", 896)
    middles = detectors.anchors(detectors.FACE)
    for place, (score, (x, y, width, height)) in enumerate(planted, start=100):
        anchor = middles[place] * detectors.FACE.side
        scores[place] = math.log(score / (1 - score))
        boxes[place, :4] = [x - anchor[0], y - anchor[1], width, height]
        boxes[place, 4::2] = x - anchor[0]
        boxes[place, 5::2] = y - anchor[1]
    return detectors.decode(detectors.FACE, middles, boxes, scores)


def test_boxes_on_one_another_are_averaged_by_their_scores() -> None:
    """The score is that of the best."""
    (found,) = _planted((0.6, (66, 60, 40, 40)), (0.9, (60, 60, 40, 40)))
    assert found.score == pytest.approx(0.9)
    x = (0.9 * 60 + 0.6 * 66) / 1.5
    assert found.box * 128 == pytest.approx([x - 20, 40, x + 20, 80], abs=1e-3)
    assert found.keypoints * 128 == pytest.approx(np.tile([x, 60], (6, 1)), abs=1e-3)


def test_boxes_apart_are_two_detections_the_surest_first() -> None:
    """Less than 0.3 of their union is common."""
    found = _planted((0.6, (30, 60, 40, 40)), (0.9, (60, 60, 40, 40)))
    assert [one.score for one in found] == pytest.approx([0.9, 0.6])
    assert found[1].box * 128 == pytest.approx([10, 40, 50, 80], abs=1e-3)


@pytest.mark.parametrize(("offset", "count"), [(21, 1), (22, 2)])
def test_three_tenths_of_the_union_make_one_of_two(offset: float, count: int) -> None:
    """Squares of 40 pixels share 19/61 of their union at 21 pixels, 18/62 at 22."""
    assert len(_planted((0.9, (50, 60, 40, 40)), (0.8, (50 + offset, 60, 40, 40)))) == count


@pytest.mark.parametrize("size", [(0.0, 0.0), (-30.0, 20.0)])
def test_a_box_without_a_size_ends_the_search_all_the_same(size: tuple[float, float]) -> None:
    """It overlaps nothing, not even itself."""
    found = _planted((0.9, (60, 60, *size)), (0.8, (60, 60, *size)), (0.7, (20, 20, 30, 30)))
    assert 2 <= len(found) <= 3


def test_nothing_likely_is_nothing_found() -> None:
    """An empty list, not an error."""
    boxes, scores = _silent("palm", 2016)
    assert detectors.decode(detectors.PALM, detectors.anchors(detectors.PALM), boxes, scores) == []
