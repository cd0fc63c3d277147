"""The geometry of crops, against MediaPipe's own expected results and by its properties."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeholo.perceive import regions
from edgeholo.perceive.crops import crop, unit
from edgeholo.perceive.hand import landmarks, region_from_hand, region_from_pose
from edgeholo.perceive.models import lite
from edgeholo.perceive.pose import PoseDetector, PoseTracker
from edgeholo.perceive.regions import Region, Requirements
from edgeholo.types import PixelFormat, Pixels, Side
from tests import pbtxt
from tests.pixel_formats import frame_of

Array = npt.NDArray[np.float64]

ANGLES = st.floats(-math.pi, math.pi)
PLACES = st.floats(-2000, 4000)
SIZES = st.floats(8, 4000)
REGIONS = st.builds(Region, PLACES, PLACES, SIZES, SIZES, ANGLES)
UNIT = st.tuples(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5))
BODY = np.array([[300.0, 400], [310, 120]])
KEPT = Requirements(rotation=math.radians(40), translation=0.2, scale=0.4, margin=-0.1)
HAND = np.array([[300.0, 400]] + [[260 + 4 * n, 380 - 15 * (n % 5)] for n in range(20)])


def _picture(path: Path) -> Pixels:
    return np.asarray(cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), np.uint8)  # type: ignore[arg-type]


def _rect(message: pbtxt.Message, size: tuple[int, int]) -> Region:
    """Return MediaPipe's rectangle, in fractions of the picture, as a region."""
    x, y, width, height, angle = pbtxt.numbers(message, "x_center", "y_center", "width", "height", "rotation")
    return Region(x * size[0], y * size[1], width * size[0], height * size[1], angle)


def _box(detection: pbtxt.Message, size: tuple[int, int]) -> Array:
    """Return two corners of a detection's box in pixels, (2, 2)."""
    relative = detection["location_data"][0]["relative_bounding_box"][0]
    left, top, width, height = pbtxt.numbers(relative, "xmin", "ymin", "width", "height")
    corners: Array = np.array([[left, top], [left + width, top + height]]) * np.array(size)
    return corners


def _assert_close(found: Region, expected: Region, *, pixels: float, radians: float) -> None:
    for name in ("x", "y", "width", "height"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=pixels), name
    assert abs(regions.normalized(found.rotation - expected.rotation)) <= radians


def _turned(points: Array, turn: float, scale: float, shift: tuple[float, float]) -> Array:
    """Return points turned clockwise around the origin, scaled, shifted."""
    cos, sin = math.cos(turn), math.sin(turn)
    turned: Array = scale * points @ np.array([[cos, sin], [-sin, cos]]) + np.array(shift)
    return turned


def _moved(region: Region, turn: float, scale: float, shift: tuple[float, float]) -> Region:
    ((x, y),) = _turned(np.array([[region.x, region.y]]), turn, scale, shift).tolist()
    return Region(x, y, region.width * scale, region.height * scale, regions.normalized(region.rotation + turn))


@pytest.mark.shared
def test_a_body_is_aligned_as_mediapipe_aligns_it(shared_media: Path) -> None:
    """From the two keypoints that its detector is expected to give to the expanded rectangle that it expects."""
    folder = shared_media / "groundtruth/mediapipe"
    keypoints = pbtxt.read(folder / "pose_expected_detection.pbtxt")["location_data"][0]["relative_keypoints"]
    points = np.array([pbtxt.numbers(point, "x", "y") for point in keypoints]) * (1000, 667)
    found = regions.grown(regions.aligned(points[0], points[1], math.pi / 2), 1.25)
    expected = _rect(pbtxt.read(folder / "pose_expected_expanded_rect.pbtxt"), (1000, 667))
    _assert_close(found, expected, pixels=0.01, radians=1e-5)


@pytest.mark.shared
def test_the_detector_finds_the_body_where_mediapipe_expects_it(shared_media: Path) -> None:
    """The same picture, our own letterbox, crop, anchors and decoding."""
    frame = frame_of(_picture(shared_media / "stills/people/warrior_pose.jpg"))
    (found,) = PoseDetector(lite.pose_detector()).find(frame)
    expected = _rect(pbtxt.read(shared_media / "groundtruth/mediapipe/pose_expected_expanded_rect.pbtxt"), frame.size)
    _assert_close(found, expected, pixels=0.01 * expected.width, radians=0.01)


@pytest.mark.shared
def test_the_body_has_the_landmarks_that_mediapipe_expects(shared_media: Path) -> None:
    """All 33, within 3 % of the picture, the tolerance of MediaPipe's own test of this picture; ours is the lite model."""
    frame = frame_of(_picture(shared_media / "stills/people/warrior_pose.jpg"))
    expected = pbtxt.read(shared_media / "groundtruth/mediapipe/pose_landmarks.pbtxt")["landmarks"][0]["landmark"]
    (region,) = PoseDetector(lite.pose_detector()).find(frame)
    found = PoseTracker(lite.pose_landmarks(0, threads=1), 0.5).update(frame, region)
    assert found is not None
    gaps = np.abs(found.pose.points[:, :2] - [pbtxt.numbers(point, "x", "y") for point in expected])
    assert gaps.max() <= 0.03


@pytest.mark.shared
@pytest.mark.parametrize(
    ("expected", "x", "rotation"),
    [("expected_left_up_hand_landmarks", 0.25, 0.0), ("expected_left_down_hand_landmarks", 0.75, math.pi)],
)
def test_a_hand_has_the_landmarks_that_mediapipe_expects(
    shared_media: Path, expected: str, x: float, rotation: float
) -> None:
    """Two left hands, one of them upside down, within 3 % of the picture, the tolerance of MediaPipe's own test."""
    frame = frame_of(_picture(shared_media / "stills/hand_only/two_open_palms.jpg"))
    message = pbtxt.read(shared_media / f"groundtruth/mediapipe/{expected}.prototxt")
    width, height = frame.size
    # The rectangle of that test: half of the picture, here as the square that keeps its aspect ratio.
    region = Region(x * width, height / 2, height, height, rotation)
    found = landmarks(lite.hand_landmarks(threads=1), frame, region, 0.5)
    assert found is not None
    assert found.right < 0.5
    gaps = np.abs(found.hand.points[:, :2] - [pbtxt.numbers(point, "x", "y") for point in message["landmark"]])
    assert gaps.max() <= 0.03


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "pairs", "size"),
    [
        ("one_hand", [(0, 0)], (720, 382)),
        ("one_hand_rotated", [(0, 0)], (382, 720)),
        ("two_hands", [(1, 0), (0, 1)], (720, 382)),
    ],
)
def test_a_palm_grows_to_the_hand_that_mediapipe_expects(
    shared_media: Path, name: str, pairs: list[tuple[int, int]], size: tuple[int, int]
) -> None:
    """Square on the longer side, shifted half its height towards the fingers, 2.6 times as large."""
    expected = pbtxt.read(shared_media / f"groundtruth/mediapipe/hand_detector_result_{name}.pbtxt")
    for detection, rectangle in pairs:
        rect = _rect(expected["hand_rects"][rectangle], size)
        palm = regions.box(_box(expected["detections"][detection], size), rect.rotation)
        _assert_close(regions.grown(palm, 2.6, -0.5), rect, pixels=0.5, radians=1e-6)


@settings(deadline=None)  # a busy machine is no failure
@given(region=REGIONS, points=st.lists(UNIT, min_size=1, max_size=5), side=st.integers(16, 512))
def test_what_is_cut_out_is_put_back(region: Region, points: list[tuple[float, float]], side: int) -> None:
    """From fractions of the crop to the picture and by the crop's matrix back to the crop's pixels."""
    inside = np.array(points)
    matrix = regions.to_crop(region, side, side)
    back = regions.from_crop(inside, region) @ matrix[:, :2].T + matrix[:, 2]
    # float32 pixels of the picture: half a millionth of the largest coordinate, seen through the crop's scale
    allowed = 2e-6 * 8000 * side / min(region.width, region.height) + 1e-3
    assert np.allclose(back, inside * side, rtol=0, atol=allowed)


def test_depth_is_scaled_with_the_width_of_the_crop() -> None:
    """And left alone by its rotation."""
    points = np.array([[0.5, 0.5, 0.25]])
    assert regions.from_crop(points, Region(10, 20, 80, 40, 1.0)).tolist() == [[10, 20, 20]]


def _body_region(points: Array) -> Region:
    return regions.grown(regions.aligned(points[0], points[1], math.pi / 2), 1.25)


@pytest.mark.parametrize(
    ("make", "points"), [(_body_region, BODY), (region_from_hand, HAND)], ids=["from two points", "from a hand"]
)
@settings(deadline=None)  # a busy machine is no failure
@given(turn=ANGLES, scale=st.floats(0.2, 5), shift=st.tuples(PLACES, PLACES))
def test_a_region_moves_with_the_points_it_is_made_from(
    make: Callable[[Array], Region], points: Array, turn: float, scale: float, shift: tuple[float, float]
) -> None:
    """Turning, scaling and moving the picture turns, scales and moves the region."""
    expected = _moved(make(points), turn, scale, shift)
    _assert_close(make(_turned(points, turn, scale, shift)), expected, pixels=0.01, radians=1e-6)


@settings(deadline=None)  # a busy machine is no failure
@given(turn=ANGLES, scale=st.floats(0.2, 5), shift=st.tuples(PLACES, PLACES))
def test_a_hands_region_moves_with_the_body(turn: float, scale: float, shift: tuple[float, float]) -> None:
    """The same for the region that wrist, index and little finger of the pose give."""
    points, seen = np.zeros((33, 2)), np.ones(33)
    points[[15, 17, 19]] = [[300, 400], [280, 350], [310, 340]]
    before = region_from_pose(points, seen, Side.LEFT)
    after = region_from_pose(_turned(points, turn, scale, shift), seen, Side.LEFT)
    assert before is not None
    assert after is not None
    _assert_close(after, _moved(before, turn, scale, shift), pixels=0.01, radians=1e-6)


@settings(deadline=None)  # a busy machine is no failure
@given(turn=ANGLES)
def test_a_turned_picture_gives_the_same_crop(turn: float) -> None:
    """The region turns with a smooth picture, so that the model sees the same."""
    y, x = np.mgrid[:200, :200].astype(np.float64)
    x, y = x - 99.5, y - 99.5

    def shown(turned: float) -> Pixels:
        across = x * math.cos(turned) + y * math.sin(turned)
        down = y * math.cos(turned) - x * math.sin(turned)
        values = 128 + 60 * np.sin(across / 15) + 60 * np.cos(down / 20)
        return np.repeat(values[:, :, None], 3, axis=2).astype(np.uint8)

    upright = crop(frame_of(shown(0.0)), Region(99.5, 99.5, 100, 100), 64)
    turned = crop(frame_of(shown(turn)), Region(99.5, 99.5, 100, 100, turn), 64)
    assert np.abs(upright.astype(int) - turned).mean() < 1


@settings(deadline=None)  # a busy machine is no failure
@given(angle=st.floats(-50, 50))
def test_angles_are_within_half_a_turn(angle: float) -> None:
    """Whatever was added up."""
    found = regions.normalized(angle)
    assert -math.pi <= found <= math.pi
    assert math.cos(found - angle) == pytest.approx(1)


def test_a_rotated_box_holds_its_points_tightly() -> None:
    """Each side touches one of them."""
    for rotation in np.linspace(-math.pi, math.pi, 9):
        region = regions.rotated_box(HAND, float(rotation))
        matrix = regions.to_crop(region, 1, 1)
        inside = HAND @ matrix[:, :2].T + matrix[:, 2]
        assert inside.min(axis=0) == pytest.approx([0, 0], abs=1e-9)
        assert inside.max(axis=0) == pytest.approx([1, 1], abs=1e-9)


def test_the_whole_picture_is_letterboxed() -> None:
    """Its longer side fills the square."""
    assert regions.whole((640, 480)) == Region(320, 240, 640, 640)
    assert regions.whole((480, 640)) == Region(240, 320, 640, 640)


def test_world_points_turn_with_the_region_and_keep_their_size() -> None:
    """A quarter clockwise: right becomes down."""
    points = np.array([[1, 0, 5], [0, 1, 6]], np.float32)
    expected = np.array([[0, 1, 5], [-1, 0, 6]], np.float32)
    assert np.allclose(regions.world(points, Region(9, 9, 3, 3, math.pi / 2)), expected, atol=1e-6)


FOUND = Region(200, 200, 100, 100)
SQUARE = np.array([[170.0, 170], [230, 170], [230, 230], [170, 230]])


@pytest.mark.parametrize(
    ("tracked", "points", "kept"),
    [
        (FOUND, SQUARE, True),
        (replace(FOUND, rotation=math.radians(39)), SQUARE, True),
        (replace(FOUND, rotation=math.radians(41)), SQUARE, False),
        (replace(FOUND, rotation=math.radians(-41)), SQUARE, False),
        (replace(FOUND, rotation=math.radians(-321)), SQUARE, True),
        (replace(FOUND, x=219), SQUARE, True),
        (replace(FOUND, x=221), SQUARE, False),
        (replace(FOUND, y=179), SQUARE, False),
        (replace(FOUND, width=139, height=139), SQUARE, True),
        (replace(FOUND, width=141, height=141), SQUARE, False),
        (replace(FOUND, width=59, height=59), SQUARE, False),
        (FOUND, np.vstack([SQUARE, [[244, 200]]]), True),
        (FOUND, np.vstack([SQUARE, [[246, 200]]]), False),
        (FOUND, np.vstack([SQUARE, [[200, 154]]]), False),
    ],
    ids=[
        "the same", "39 degrees", "41 degrees", "-41 degrees", "-321 degrees", "19 % across", "21 % across", "21 % up",
        "39 % larger", "41 % larger", "41 % smaller", "a point just inside", "a point outside", "a point above",
    ],
)  # fmt: skip
@pytest.mark.parametrize("turn", [0.0, 0.7, 3.0])
def test_a_tracked_region_is_kept_while_it_agrees_with_the_one_found(
    tracked: Region, points: Array, kept: bool, turn: float
) -> None:
    """Rotation within 40 degrees, translation 20 %, size 40 %, all points in the found one less 10 %; turned alike."""
    moved = [_moved(region, turn, 1.5, (30, -40)) for region in (tracked, FOUND)]
    assert regions.still_tracked(_turned(points, turn, 1.5, (30, -40)), moved[0], moved[1], KEPT) is kept


def test_translation_is_measured_in_the_found_regions_own_axes() -> None:
    """A tall region allows more along itself than across, however it is turned."""
    tall = Region(0, 0, 50, 200, math.pi / 2)  # lies down: its height is across the picture
    allowed, points = Requirements(1, 0.2, 1, 1), np.zeros((1, 2))
    assert regions.still_tracked(points, replace(tall, x=39), tall, allowed)
    assert not regions.still_tracked(points, replace(tall, y=11), tall, allowed)


@pytest.mark.parametrize("pixel_format", [PixelFormat.RGB, PixelFormat.NV12])
def test_a_crop_fills_a_models_input(pixel_format: PixelFormat) -> None:
    """0..255 becomes 0..1."""
    tensor = np.full((1, 32, 32, 3), 7, np.float32)
    frame = frame_of(np.full((40, 60, 3), 255, np.uint8), pixel_format)
    unit(crop(frame, Region(30, 20, 10, 10), 32))(tensor)
    assert tensor == pytest.approx(np.ones((1, 32, 32, 3)), abs=0.01)
