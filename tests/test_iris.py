"""Irises and eye contours: near those of Holistic's refined mesh, and where eyes are."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edgeholo.capture.feed import frames
from edgeholo.config import Camera, EngineOptions
from edgeholo.perceive import iris
from edgeholo.perceive.face import TrackedFace
from edgeholo.perceive.litert import LitertEngine
from edgeholo.perceive.mediapipe import MediapipeEngine
from edgeholo.perceive.models import lite
from edgeholo.types import FACE_POINTS, FACE_POINTS_WITH_IRISES, Branch, Face, Floats, Frame, Mode, People
from tests.pixel_formats import frame_of

MODES = {branch: Mode.ON if branch in (Branch.POSE, Branch.FACE) else Mode.OFF for branch in Branch}
REFINED = EngineOptions(refine_face=True)
IRISES = slice(FACE_POINTS, FACE_POINTS_WITH_IRISES)
RIGHT_EYE, LEFT_EYE = (33, 133, 159, 145), (263, 362, 386, 374)
"""Outer corner, inner corner, upper and lower lid."""
FARTHEST_PERCENT = 0.5
"""Median distance of an iris point from MediaPipe's; 0.23 here, half a pixel of this face is 0.5."""


@pytest.fixture(scope="module")
def clip(shared_media: Path) -> list[Frame]:
    """Return a word of sign language: a face of 100 pixels that nods and blinks."""
    return list(frames(Camera(source=str(shared_media / "clips/signing/yes.mkv"))))[::3]


@pytest.fixture(scope="module")
def seen(clip: list[Frame]) -> list[People]:
    """Return what the engine finds with the face refined."""
    engine = LitertEngine(REFINED, MODES)
    people = [engine.detect(frame) for frame in clip]
    engine.close()
    return people


@pytest.mark.shared
def test_irises_are_where_mediapipe_has_them(clip: list[Frame], seen: list[People]) -> None:
    """All ten points, in the same order, on the same frames."""
    other = MediapipeEngine(REFINED, MODES)
    gaps = []
    for frame, people in zip(clip, seen, strict=True):
        ours, theirs = _face(people), _face(other.detect(frame))
        if ours is not None and theirs is not None:
            size = np.array(frame.size)
            box = np.ptp(theirs[:, :2] * size, axis=0)
            gaps.append(np.linalg.norm((ours - theirs)[IRISES, :2] * size, axis=1) / np.hypot(*box) * 100)
    other.close()
    assert len(gaps) > len(clip) // 2
    assert np.median(gaps, axis=0).max() < FARTHEST_PERCENT


@pytest.mark.shared
def test_irises_are_in_their_eyes(seen: list[People]) -> None:
    """The person's right eye first, each between the corners, and as deep as the eye is."""
    faces = [points for people in seen if (points := _face(people)) is not None]
    assert faces
    for points in faces:
        for eye, middle in ((RIGHT_EYE, 468), (LEFT_EYE, 473)):
            low, high = sorted(points[list(eye[:2]), 0])
            assert low < points[middle, 0] < high
            assert points[:, 2].min() <= points[middle, 2] <= points[:, 2].max()


@pytest.mark.shared
def test_without_refinement_there_are_468_points(clip: list[Frame]) -> None:
    """And no model of eyes is run."""
    engine = LitertEngine(EngineOptions(refine_face=False), MODES)
    points = [_face(engine.detect(frame)) for frame in clip[:3]]
    engine.close()
    assert {None if one is None else len(one) for one in points} == {FACE_POINTS}


def test_only_eyes_are_refined() -> None:
    """Of the mesh the two contours of 16 points may move, and nothing else does."""
    frame = frame_of(np.random.default_rng(1).integers(0, 255, (240, 320, 3)).astype(np.uint8))
    face = _made_up(frame)
    refined = iris.refined(lite.irises(), frame, face)
    assert refined.points.shape == refined.face.points.shape == (FACE_POINTS_WITH_IRISES, 3)
    assert np.isfinite(refined.points).all()
    moved = np.flatnonzero((refined.points[:FACE_POINTS] != face.points).any(axis=1))
    assert 0 < len(moved) <= 32
    assert np.array_equal(refined.points[:FACE_POINTS, 2], face.points[:, 2])


def test_a_face_without_extent_has_its_irises_in_that_place() -> None:
    """Nothing divides by its size."""
    frame = frame_of(np.zeros((240, 320, 3), np.uint8))
    points = np.full((FACE_POINTS, 3), 50, np.float32)
    refined = iris.refined(lite.irises(), frame, replace(_made_up(frame), points=points))
    assert np.array_equal(refined.points[IRISES], np.full((10, 3), 50, np.float32))


def _face(people: People) -> Floats | None:
    face = people.persons[0].face if people.persons else None
    return None if face is None else face.points


def _made_up(frame: Frame) -> TrackedFace:
    """Return a mesh of points at random, with eyes at two places."""
    points = np.random.default_rng(2).uniform(60, 180, (FACE_POINTS, 3)).astype(np.float32)
    for place, x in ((33, 100), (133, 130), (362, 160), (263, 190)):
        points[place, :2] = (x, 100)
    width, height = frame.size
    fractions = points / np.array([width, height, width], np.float32)
    return TrackedFace(Face(fractions.astype(np.float32)), points)
