"""A fast hand: kept through its blur, in more frames than Holistic keeps it."""

import json
from pathlib import Path

import numpy as np
import pytest

from edgeholo.capture.feed import frames
from edgeholo.config import Camera, EngineOptions
from edgeholo.perceive import hand
from edgeholo.perceive.hand import TrackedHand
from edgeholo.perceive.hand_track import HandTrack
from edgeholo.perceive.litert import LitertEngine
from edgeholo.perceive.regions import Points
from edgeholo.types import Branch, Hand, Mode, Side

CLIPS = ("swipes.right_to_left", "swipes.down")
HAND = Side.LEFT
"""Both are made with the left hand."""


@pytest.mark.shared
@pytest.mark.parametrize("mode", [Mode.ON, Mode.AUTO])
def test_swipes_keep_the_hand_in_more_frames_than_holistic_does(shared_media: Path, mode: Mode) -> None:
    """Holistic has it in 96 of 102 frames; no clip may be worse."""
    counts = [(_kept(shared_media, clip, mode), _reference(shared_media, clip)) for clip in CLIPS]
    assert all(ours > theirs for ours, theirs in counts), counts


@pytest.mark.shared
def test_a_blurred_hand_is_found_on_its_way_and_not_elsewhere(shared_media: Path) -> None:
    """Where Holistic lost it, between the places before and after: a move to the picture's left goes left."""
    engine = LitertEngine(EngineOptions(), _modes(Mode.ON))
    across = []
    for frame in frames(Camera(source=str(shared_media / "clips/swipes/right_to_left.mp4"))):
        persons = engine.detect(frame).persons
        own = persons[0].hand(HAND) if persons else None
        if 14 <= frame.seq <= 24 and own is not None:
            across.append(float(own.points[9, 0]))
    engine.close()
    assert len(across) >= 10
    assert np.diff(across).max() < 0.02


def test_a_hand_is_expected_where_it_goes() -> None:
    """After the same time the same step again; after twice the time two."""
    track = HandTrack()
    track.looked(0.0, _at(100))
    track.looked(0.1, _at(130))
    around, once, twice = track.around(), track.ahead(0.2), track.ahead(0.3)
    assert around is not None
    assert once is not None
    assert twice is not None
    assert once.x - around.x == pytest.approx(30, abs=0.1)
    assert twice.x - around.x == pytest.approx(60, abs=0.1)
    assert (once.width, once.y) == pytest.approx((around.width, around.y))


def test_a_hand_is_expected_no_farther_than_its_region_reaches() -> None:
    """A mistake must not send the crop across the room."""
    track = HandTrack()
    track.looked(0.0, _at(100))
    track.looked(0.1, _at(900))
    around, ahead = track.around(), track.ahead(0.2)
    assert around is not None
    assert ahead is not None
    assert ahead.x - around.x < around.width


@pytest.mark.parametrize(("step_px", "after_s", "fast"), [(60, 0.1, True), (5, 0.1, False), (60, 2.0, False)])
def test_a_hand_is_fast_by_its_size_and_time_not_by_frames(step_px: float, after_s: float, fast: bool) -> None:
    """The same step in a longer time is a slow one."""
    track = HandTrack()
    track.looked(0.0, _at(100))
    track.looked(after_s, _at(100 + step_px))
    assert track.fast is fast


def test_a_hand_seen_once_goes_nowhere() -> None:
    """Nor does one that was lost, or whose clock stood still."""
    track = HandTrack()
    assert track.around() is track.ahead(0.0) is None
    track.looked(0.0, _at(100))
    assert track.ahead(0.1) is None
    track.looked(0.0, _at(200))
    assert (track.ahead(0.1), track.fast) == (None, False)
    track.looked(0.1, None)
    assert (track.around(), track.ahead(0.2), track.fast) == (None, None, False)


def test_a_hand_found_again_knows_how_far_it_came() -> None:
    """What it did before it was lost counts."""
    track = HandTrack()
    track.looked(0.0, _at(100))
    track.looked(0.1, None)
    track.looked(0.2, _at(220))
    assert track.fast


def _modes(mode: Mode) -> dict[Branch, Mode]:
    return {branch: Mode.OFF if branch is Branch.FACE else mode for branch in Branch}


def _kept(shared_media: Path, clip: str, mode: Mode) -> int:
    engine = LitertEngine(EngineOptions(), _modes(mode))
    path = shared_media / f"clips/{clip.replace('.', '/')}.mp4"
    people = [engine.detect(frame).persons for frame in frames(Camera(source=str(path)))]
    engine.close()
    return sum(any(person.hand(HAND) is not None for person in persons) for persons in people)


def _reference(shared_media: Path, clip: str) -> int:
    lines = (shared_media / f"reference/{clip}.jsonl").read_text(encoding="utf-8").splitlines()
    return sum(json.loads(line)[HAND.branch] is not None for line in lines)


def _at(x: float) -> TrackedHand:
    """Return an upright hand about 100 pixels wide, its wrist at x."""
    points: Points = np.zeros((21, 3), np.float32)
    for finger in range(5):
        for joint in range(4):
            points[1 + 4 * finger + joint, :2] = ((finger - 2) * 12, -40 - 15 * joint)
    moved = points + np.array([x, 200, 0], np.float32)
    assert hand.region_from_hand(moved).width > 50
    return TrackedHand(Hand((moved / np.float32(640)).astype(np.float32)), moved, 1.0, 0.0)
