"""The palm detector and what a hand's points say: MediaPipe's own results, and what is no hand."""

import math
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeholo.perceive import hand, regions
from edgeholo.perceive.hand import TrackedHand
from edgeholo.perceive.hand_shape import belongs, hides, plausible, same
from edgeholo.perceive.models import lite
from edgeholo.perceive.palm import PalmDetector
from edgeholo.perceive.regions import Points, Region
from edgeholo.types import Frame, Hand, Pixels
from tests import pbtxt
from tests.pixel_formats import frame_of

SIZE = (720, 382)
TRUTH = "groundtruth/mediapipe/hand_detector_result_two_hands.pbtxt"


@pytest.fixture(scope="module")
def detector() -> PalmDetector:
    """Return the detector that the engine uses."""
    return PalmDetector(lite.palm_detector())


@pytest.fixture(scope="module")
def two_palms(shared_media: Path) -> Frame:
    """Return two left hands seen from behind, one up and one down, and nobody."""
    return _picture(shared_media / "stills/hand_only/two_open_palms.jpg")


@pytest.mark.shared
def test_palms_are_found_where_mediapipe_finds_them(
    detector: PalmDetector, two_palms: Frame, shared_media: Path
) -> None:
    """Its task takes the upright angle, 90 degrees, for 90 radians, so the palms are compared, and the angles without that."""
    expected = [_region(rect) for rect in pbtxt.read(shared_media / TRUTH)["hand_rects"]]
    found = detector.find(two_palms)
    assert len(found) == len(expected) == 2
    for one in expected:
        near = min(found, key=lambda region: abs(region.x - one.x))
        assert (*_palm(near), near.width) == pytest.approx((*_palm(one), one.width), abs=0.02 * one.width)
        turned = regions.normalized(one.rotation - (90 - math.pi / 2))
        assert near.rotation == pytest.approx(turned, abs=math.radians(2))


@pytest.mark.shared
def test_a_cat_has_no_palm(detector: PalmDetector, shared_media: Path) -> None:
    """Its paws and ears are none."""
    assert detector.find(_picture(shared_media / "stills/nobody/cat.jpg")) == []


@pytest.mark.shared
def test_handedness_is_the_persons_own_for_an_unmirrored_camera(detector: PalmDetector, two_palms: Frame) -> None:
    """Two left hands are left ones; in a mirror they are right ones."""
    model = lite.hand_landmarks(1)
    mirrored = replace(two_palms, pixels=np.ascontiguousarray(two_palms.pixels[:, ::-1]))
    for frame, right in ((two_palms, False), (mirrored, True)):
        hands = [hand.landmarks(model, frame, region, 0.5) for region in detector.find(frame)]
        assert [one is not None and (one.right > 0.5) == right for one in hands] == [True, True]


def test_a_hand_of_human_proportions_is_plausible() -> None:
    """Upright, and as large as a hand is that is shown to a camera."""
    assert plausible(_hand(), SIZE)


@pytest.mark.parametrize(
    ("points", "why"),
    [
        ({8: (0.0, -9.0)}, "a finger four palms long"),
        ({6: (0.0, 1.5)}, "a bone longer than the palm"),
        (dict.fromkeys((6, 7, 8, 10, 11, 12, 14, 15, 16, 18, 19, 20), (0.0, -1.0)), "fingers without length"),
        ({0: (float("nan"), 0.0)}, "no number"),
    ],
)
def test_points_without_a_hands_proportions_are_none(points: dict[int, tuple[float, float]], why: str) -> None:
    """Whatever the model's score says."""
    assert not plausible(_hand(moved=points), SIZE), why


def test_a_tiny_hand_without_a_body_is_none() -> None:
    """Whoever is so far away shows a body."""
    assert not plausible(_hand(palm_px=12), SIZE)


def test_a_body_inside_a_large_hand_is_that_hand() -> None:
    """The pose model sees a body in a hand now and then, never one larger than the hand."""
    assert hides(_hand(), _body((300, 180), 40))
    assert not hides(_hand(), _body((300, 180), 200)), "a person with that hand before the chest"
    assert not hides(_hand(), _body((600, 180), 40)), "somebody far behind, beside the hand"


def test_a_hand_belongs_to_the_body_with_its_wrist_there() -> None:
    """And to nobody else."""
    body = _body((500, 180), 200)
    assert not belongs(_hand(), body)
    body[15, :2] = (310, 210)
    assert belongs(_hand(), body)


def test_hands_are_the_same_when_their_regions_share_their_middles() -> None:
    """Two tracks on one hand are one hand."""
    assert same(_hand(), _hand(at=(320, 210)))
    assert not same(_hand(), _hand(at=(520, 200)))


def _picture(path: Path) -> Frame:
    pixels = cv2.imread(str(path))
    assert pixels is not None
    rgb: Pixels = np.ascontiguousarray(pixels[..., ::-1]).astype(np.uint8)
    return frame_of(rgb)


def _region(rect: pbtxt.Message) -> Region:
    x, y, width, height, rotation = pbtxt.numbers(rect, "x_center", "y_center", "width", "height", "rotation")
    return Region(x * SIZE[0], y * SIZE[1], width * SIZE[0], height * SIZE[1], rotation)


def _palm(region: Region) -> tuple[float, float]:
    """Return the middle of the palm that a hand's region was made from."""
    x, y = region.turned(0, 0.5 * region.height / 2.6)
    return region.x + x, region.y + y


def _hand(
    at: tuple[float, float] = (300, 200), palm_px: float = 80, moved: dict[int, tuple[float, float]] | None = None
) -> TrackedHand:
    """Return an open hand, its wrist at a place; points may be moved, in palm lengths from the wrist."""
    points = np.zeros((21, 3), np.float32)
    for finger, across in enumerate((-0.6, -0.3, 0.0, 0.25, 0.5)):
        for joint, up in enumerate((0.3, 0.55, 0.75, 0.9) if finger == 0 else (0.95, 1.35, 1.6, 1.8)):
            points[1 + 4 * finger + joint] = (across, -up, 0)
    for index, place in (moved or {}).items():
        points[index, :2] = place
    pixels = points * np.float32(palm_px) + np.array([*at, 0], np.float32)
    fractions = pixels / np.array([SIZE[0], SIZE[1], SIZE[0]], np.float32)
    return TrackedHand(Hand(fractions.astype(np.float32)), pixels, 1.0, 0.0)


def _body(at: tuple[float, float], shoulders_px: float) -> Points:
    """Return a body's points (35, 3) with the middle of the shoulders at a place."""
    points = np.zeros((35, 3), np.float32)
    offsets = {0: (0, -0.6), 11: (0.5, 0), 12: (-0.5, 0), 23: (0.35, 1.3), 24: (-0.35, 1.3)}
    for index, (x, y) in offsets.items():
        points[index, :2] = (at[0] + x * shoulders_px, at[1] + y * shoulders_px)
    return points
