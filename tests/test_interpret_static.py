"""Hand shapes: what each is, what it is not, and that nobody's place or camera matters."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeholo.interpret import shapes, static
from edgeholo.interpret.features import measure
from edgeholo.interpret.membership import membership
from edgeholo.interpret.vocabulary import VOCABULARY, Kind, names
from edgeholo.types import Hand, Side
from tests.hand_shapes import SHAPES, SIZE, Array, Recording, hand, recordings, shape, started

RECORDINGS = recordings()
EVERYDAY = tuple(name for name in names(Kind.STATIC) if VOCABULARY[name].everyday)
_UPWARDS = ("closed_fist", "pointing_up", "victory", "three", "four", "open_palm", "ok")
"""Each differs from the next by one finger, or by the thumb."""
NOT_DIRECTIONAL = sorted(set(SHAPES) - {"thumb_up", "thumb_down", "pointing_up"})


def named(made: Hand, side: Side = Side.LEFT, size: tuple[int, int] = SIZE) -> str | None:
    """Return the shape's name where it is sure enough to start a gesture."""
    features = measure(made, side, size)
    assert features is not None
    scored = static.scores(features)
    name = static.best(scored, EVERYDAY)
    return name if name and scored[name] >= 0.6 else None


def test_the_table_of_shapes_is_the_vocabulary() -> None:
    """A gesture that has a name can be recognised, and one that can be recognised has a name."""
    assert tuple(shapes.SHAPES) == names(Kind.STATIC)
    assert all(entry.description.endswith(".") for entry in VOCABULARY.values())


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("name", SHAPES)
def test_a_hand_built_from_its_joints_is_named(name: str, side: Side) -> None:
    """Every gesture, with either hand, as anatomy describes it."""
    assert named(hand(shape(name, side=side)), side) == name


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.name)
def test_recorded_people_are_understood(recording: Recording) -> None:
    """Real hands as the engine saw them, and near misses: exactly the gestures that were shown."""
    assert tuple(started(recording.played())) == recording.expect


@given(
    name=st.sampled_from(NOT_DIRECTIONAL),
    turn_deg=st.floats(-25, 25),
    tilt_deg=st.floats(-20, 20),
    size_px=st.floats(15, 150),
    x=st.floats(-50, 700),
    y=st.floats(-50, 500),
)
def test_place_size_and_turn_change_no_name(
    name: str, turn_deg: float, tilt_deg: float, size_px: float, x: float, y: float
) -> None:
    """A person may stand anywhere, near or far, and hold the hand a little askew."""
    assert named(hand(shape(name, turn_deg=turn_deg, tilt_deg=tilt_deg), size_px=size_px, at=(x, y))) == name


@given(turn_deg=st.floats(-35, 35), name=st.sampled_from(["thumb_up", "pointing_up"]))
def test_directions_have_tolerance(name: str, turn_deg: float) -> None:
    """Up is up within 35 degrees of where the shape points."""
    assert named(hand(shape(name, turn_deg=turn_deg))) in {name, None}


@pytest.mark.parametrize("name", ["thumb_up", "thumb_down", "pointing_up"])
def test_a_direction_turned_to_the_side_has_no_name(name: str) -> None:
    """A thumb that points at the neighbour says neither yes nor no."""
    assert named(hand(shape(name, turn_deg=80))) is None


@given(name=st.sampled_from(sorted(SHAPES)), width=st.integers(200, 2000), height=st.integers(200, 2000))
def test_the_shape_of_the_picture_changes_nothing(name: str, width: int, height: int) -> None:
    """Fractions of a wide picture are not fractions of a tall one."""
    made = hand(shape(name))
    scale = np.array([SIZE[0] / width, SIZE[1] / height, SIZE[0] / width], np.float32)
    assert named(Hand(made.points * scale), size=(width, height)) == named(made)


def test_world_points_change_nothing() -> None:
    """Recordings without them give the same gestures."""
    made = hand(shape("victory"))
    assert named(Hand(made.points, np.zeros((21, 3), np.float32))) == named(made)


@pytest.mark.parametrize(("one", "other"), list(pairwise(_UPWARDS)))
def test_between_two_shapes_there_is_no_third(one: str, other: str) -> None:
    """While fingers that differ go over from one shape to another, only those two are named."""
    for share in np.linspace(0, 1, 21):
        between = hand(shape(one) * (1 - share) + shape(other) * share)
        assert named(between) in {one, other, None}


@pytest.mark.parametrize("points", [np.full((21, 3), np.nan), np.zeros((21, 3)), np.full((21, 3), np.inf)])
def test_no_numbers_are_no_hand(points: Array) -> None:
    """Without a size there is no shape."""
    assert measure(Hand(points.astype(np.float32)), Side.LEFT, SIZE) is None


def test_a_membership_is_soft_and_may_face_either_way() -> None:
    """0.1 at no, 0.5 halfway, 0.9 at yes."""
    assert [round(membership(x, 1.0, 2.0), 3) for x in (1.0, 1.5, 2.0)] == [0.1, 0.5, 0.9]
    assert [round(membership(x, 2.0, 1.0), 3) for x in (1.0, 1.5, 2.0)] == [0.9, 0.5, 0.1]
    assert 0 <= membership(-1e9, 0, 1) < membership(1e9, 0, 1) <= 1
