"""Gestures of arms and trunk: what each is, what it is not, and that place, size and side do not matter."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.landmark_sets import bodies
from edgeholo.interpret.body import gestures as body
from edgeholo.interpret.body.features import BodyFeatures, measure_body
from edgeholo.interpret.membership import NOTHING as NOTHING_SHOWN
from edgeholo.interpret.vocabulary import Kind, names
from edgeholo.types import Pose, Side
from tests import pbtxt
from tests.body_shapes import (
    HANDS_HIDDEN,
    SHAPES,
    SIZE,
    STANDING,
    WAIST_UP,
    Body,
    mirrored,
    pose,
    shown,
    skeleton,
)

ENOUGH = 0.6
MIRRORED = {"left_arm_up": "right_arm_up", "lean_left": "lean_right"}
MIRRORED |= {other: name for name, other in MIRRORED.items()}

NOTHING = {
    "hanging arms": STANDING,
    "hands in the lap": Body(left=(165, 230), right=(165, 230)),
    "a hand that waves": Body(left=(150, 20)),
    "hands on the head": Body(left=(50, 300), right=(50, 300)),
    "surrender with hands beside the head": Body(left=(110, 10), right=(110, 10)),
    "arms spread downwards": Body(left=(130, 130), right=(130, 130)),
    "hands in the pockets": Body(left=(165, 200), right=(165, 200)),
    "forearms before the chest": Body(left=(175, 300), right=(175, 120)),
    "a slight tilt": Body(tilt_deg=8),
    "from behind with an arm up": Body(left=(5, 0), turn_deg=180),
    "somebody who lies": Body(tilt_deg=85),
    "one arm up and one out": Body(left=(5, 0), right=(90, 90)),
    "an arm hanging a little off": Body(left=(155, 150)),
}


def measured(seen: Pose, size: tuple[int, int] = SIZE) -> BodyFeatures:
    """Return the features of a body that must be readable."""
    features = measure_body(seen, size)
    assert features is not None
    return features


def named(seen: Pose, size: tuple[int, int] = SIZE) -> set[str]:
    """Return all gestures that are sure enough to start."""
    return {name for name, score in body.scores(measured(seen, size)).items() if score >= ENOUGH}


def hints(seen: Pose) -> dict[str, float]:
    """Return how far each gesture is shown, where that is no mere upper bound."""
    return {name: max(score, NOTHING_SHOWN) for name, score in body.scores(measured(seen)).items()}


def test_the_table_of_body_gestures_is_the_vocabulary() -> None:
    """A gesture that has a name can be recognised, and one that can be recognised has a name."""
    assert set(body.scores(measured(shown("t_pose")))) == set(names(Kind.BODY)) == set(SHAPES)


@pytest.mark.parametrize("name", SHAPES)
def test_a_body_built_from_its_joints_is_named(name: str) -> None:
    """Every gesture as anatomy describes it, and no other with it."""
    assert named(shown(name)) == {name}


@pytest.mark.parametrize("name", NOTHING)
def test_what_people_do_all_day_has_no_name(name: str) -> None:
    """Hanging, resting, waving and pocketed hands mean nothing to the body."""
    assert named(pose(skeleton(NOTHING[name]))) == set()


@given(
    name=st.sampled_from(sorted(SHAPES)),
    scale_px=st.floats(10, 60),
    x=st.floats(280, 360),
    y=st.floats(200, 240),
    turn_deg=st.floats(-15, 15),
)
def test_place_and_distance_change_no_name(name: str, scale_px: float, x: float, y: float, turn_deg: float) -> None:
    """A person may stand near or far, anywhere in the picture, and a little turned."""
    turned = Body(**{**SHAPES[name].__dict__, "turn_deg": turn_deg})
    assert named(pose(skeleton(turned), scale_px=scale_px, at=(x, y))) == {name}


@given(width=st.integers(400, 2000), height=st.integers(400, 2000), name=st.sampled_from(sorted(SHAPES)))
def test_the_shape_of_the_picture_changes_nothing(width: int, height: int, name: str) -> None:
    """Fractions of a wide picture are not fractions of a tall one."""
    seen = pose(
        skeleton(SHAPES[name]), size=(width, height), at=(width / 2, height / 2), scale_px=min(width, height) / 8
    )
    assert named(seen, (width, height)) == {name}


@given(
    left=st.tuples(st.floats(0, 360), st.floats(0, 360)),
    right=st.tuples(st.floats(0, 360), st.floats(0, 360)),
    tilt_deg=st.floats(-60, 60),
)
def test_a_mirror_swaps_left_and_right_and_nothing_else(
    left: tuple[float, float], right: tuple[float, float], tilt_deg: float
) -> None:
    """However arms and trunk are held, the person in the mirror shows the same with the other side."""
    seen = pose(skeleton(Body(left, right, tilt_deg)))
    scores, reflected = hints(seen), hints(mirrored(seen))
    assert reflected == pytest.approx({MIRRORED.get(name, name): score for name, score in scores.items()}, abs=1e-2)


@given(left=st.tuples(st.floats(0, 360), st.floats(0, 360)), right=st.tuples(st.floats(0, 360), st.floats(0, 360)))
def test_two_arms_never_have_two_names(left: tuple[float, float], right: tuple[float, float]) -> None:
    """Whatever an upright body does with its arms is at most one gesture."""
    assert len(named(pose(skeleton(Body(left, right))))) <= 1


@pytest.mark.parametrize("name", sorted(set(SHAPES) - {"lean_left", "lean_right"}))
def test_arms_that_are_not_seen_show_nothing(name: str) -> None:
    """Where wrists are hidden their places are guesses, and guesses score nothing at all."""
    seen = pose(skeleton(SHAPES[name]), hidden=HANDS_HIDDEN)
    assert body.scores(measured(seen))[name] == 0


@pytest.mark.parametrize("name", ["hands_on_hips", "lean_left", "lean_right"])
def test_without_hips_there_is_no_trunk(name: str) -> None:
    """Of somebody behind a table only the arms speak."""
    seen = pose(skeleton(SHAPES[name]), hidden=WAIST_UP)
    assert body.scores(measured(seen))[name] == 0


@pytest.mark.parametrize("name", ["hands_up", "left_arm_up", "t_pose", "arms_crossed", "point_at"])
def test_the_arms_of_somebody_behind_a_table_are_understood(name: str) -> None:
    """Arms need no hips."""
    assert named(pose(skeleton(SHAPES[name]), hidden=WAIST_UP)) == {name}


def test_shoulders_that_are_not_seen_are_no_body() -> None:
    """Nor are those of a person of a few pixels."""
    assert measure_body(pose(skeleton(STANDING), hidden=(11,)), SIZE) is None
    assert measure_body(pose(skeleton(STANDING), scale_px=3), SIZE) is None
    assert measure_body(Pose(np.full((33, 3), 0.5, np.float32), np.ones(33, np.float32)), SIZE) is None


@given(direction=st.floats(45, 95), side=st.sampled_from(Side))
def test_an_arm_points_where_it_points(direction: float, side: Side) -> None:
    """The angle is that of the arm, positive to the person's left."""
    arm = (direction, direction)
    seen = pose(skeleton(Body(left=arm) if side is Side.LEFT else Body(right=arm)))
    assert named(seen) == {"point_at"}
    pointed = body.pointing(measured(seen))
    assert pointed is not None
    assert pointed[0] is side
    assert pointed[1] == pytest.approx(direction if side is Side.LEFT else -direction, abs=1)


def test_a_body_whose_arms_are_hidden_points_nowhere() -> None:
    """No arm, no angle."""
    assert body.pointing(measured(pose(skeleton(STANDING), hidden=HANDS_HIDDEN))) is None


@pytest.mark.shared
def test_people_who_exercise_show_few_gestures(shared_media: Path) -> None:
    """Of 812 bodies those few are named that do hold their hands up or on their hips; push-ups show two slants at most."""
    found = Counter(
        (label.split("_")[0], name)
        for label, seen, size in bodies(shared_media / "landmarks")
        for name in named(seen, size)
    )
    assert found["squats", "hands_up"] >= 7
    assert found["squats", "hands_on_hips"] >= 4
    assert found["squats", "point_at"] + found["squats", "left_arm_up"] + found["squats", "right_arm_up"] <= 1
    assert sum(number for (exercise, _), number in found.items() if exercise == "pushups") <= 3


@pytest.mark.shared
def test_the_warrior_shows_a_t_pose(shared_media: Path) -> None:
    """A man on a beach, half turned away, as MediaPipe itself sees him."""
    points = pbtxt.read(shared_media / "groundtruth/mediapipe/expected_pose_landmarks.prototxt")["landmark"]
    places = np.array([pbtxt.numbers(point, "x", "y", "z") for point in points[:33]], np.float32)
    visibility = np.array([pbtxt.numbers(point, "visibility")[0] for point in points[:33]], np.float32)
    assert named(Pose(places, visibility), (1000, 667)) == {"t_pose"}
