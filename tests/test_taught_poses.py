"""Taught poses: known again with either hand, near or far, and no other hand is taken for them."""

import itertools

import numpy as np
import pytest

from edgeholo.interpret.hand.features import measure
from edgeholo.interpret.taught import shapes as taught_shapes
from edgeholo.interpret.taught.recognition import Kind, Taught, TaughtHand
from edgeholo.interpret.taught.shapes import HandShape
from edgeholo.types import People, Person, Side
from tests.hand_shapes import SHAPES, SIZE, Array, hand, recordings, shape, turned
from tests.taught_shows import held, learned, repeated, two_middle_fingers

SURE = 0.6
"""The least confidence with which a gesture starts at default settings."""


@pytest.fixture(scope="module")
def pose() -> Taught:
    """Return a pose, learned from three shows of a left hand."""
    return learned("mine", repeated(lambda begin_s, seed: held(two_middle_fingers(), begin_s, seed=seed)))


def _score(pose: Taught, points: Array, side: Side = Side.LEFT, size_px: float = 40.0) -> float:
    seen = hand(points, size_px=size_px)
    features = measure(seen, side, SIZE)
    return TaughtHand([pose], side).update(0.0, seen, features, Person(0), SIZE)[0].get(pose.name, 0.0)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("turn_deg", [-20, 0, 20])
@pytest.mark.parametrize("size_px", [20, 60])
def test_a_pose_is_known_again(pose: Taught, side: Side, turn_deg: float, size_px: float) -> None:
    """With either hand, near or far, a little turned."""
    assert _score(pose, turned(two_middle_fingers(side), turn_deg), side, size_px) >= SURE


@pytest.mark.parametrize("name", SHAPES)
def test_other_hands_are_unknown(pose: Taught, name: str) -> None:
    """One finger makes another gesture."""
    assert _score(pose, shape(name)) < 0.2


@pytest.mark.parametrize("turn_deg", [90, 180])
def test_direction_matters(pose: Taught, turn_deg: float) -> None:
    """A thumb down is no thumb up."""
    assert _score(pose, turned(two_middle_fingers(), turn_deg)) < 0.2


def test_a_pose_of_one_hand_is_not_taken_from_the_other(pose: Taught) -> None:
    """Whoever asks for the left hand gets the left hand."""
    only = Taught(pose.name, pose.kind, Side.LEFT, "", pose.shapes)
    assert _score(only, two_middle_fingers()) >= SURE
    assert _score(only, two_middle_fingers(Side.RIGHT), Side.RIGHT) == 0.0


def test_no_hand_shows_nothing(pose: Taught) -> None:
    """And no pose is no movement."""
    follower = TaughtHand([pose], Side.LEFT)
    assert follower.update(0.0, None, None, Person(0), SIZE) == ({}, [])


def _shapes(name: str) -> list[HandShape]:
    """Return the hands of all recordings that show one gesture, of a clip every sixth."""
    found = []
    for recording in recordings():
        if set(recording.expect) == {name}:
            found += [made for frame in recording.frames[::6] for made in _hands(frame)]
    return found


def _hands(frame: People) -> list[HandShape]:
    hands = [(person.hand(side), side) for person in frame.persons for side in Side]
    looks = [
        taught_shapes.of_points([taught_shapes.canonical(seen, side, frame.size, features.size_px)])
        for seen, side in hands
        if seen is not None and (features := measure(seen, side, frame.size)) is not None and features.palm_rise > 0
    ]
    return [look for look in looks if look is not None]


def test_people_at_home_are_known_by_others_shows_and_never_mixed_up() -> None:
    """Three people show a four (a rock), and the others' fours (rocks) are known; nobody's is taken for another gesture."""
    classes = {name: _shapes(name) for name in ("four", "rock")}
    strangers = [made for name in ("pointing_up", "call") for made in _shapes(name)]
    own, wrong = [], []
    for name, made in classes.items():
        others = [each for other, group in classes.items() if other != name for each in group] + strangers
        for shows in itertools.combinations(made, 3):
            reach = Taught(name, Kind.POSE, None, "", shows).reach
            nearest = [min(taught_shapes.distance(each, show) for show in shows) / reach for each in (*made, *others)]
            own += [distance for each, distance in zip(made, nearest, strict=False) if each not in shows]
            wrong += nearest[len(made) :]
    assert len(own) > 10
    assert np.mean(np.array(own) < 0.95) >= 0.9
    assert min(wrong) > 1.2
