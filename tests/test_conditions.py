"""Conditions under which a gesture counts."""

from dataclasses import replace

import numpy as np
import pytest

from edgeholo.config import Conditions, GestureOptions, Gestures
from edgeholo.interpret.conditions import Requirements, Scene
from edgeholo.types import Hand, People, Person, Pose, Side
from tests.hand_shapes import SIZE, gestures, hand, people, person, shape, shown, started

WIDTH, HEIGHT = SIZE


def body(*, turn: float = 0.0, scale: float = 1.0, wrist_up: bool = True) -> Pose:
    """Return a body in the middle of the picture, 0.36 m of shoulders being 90 pixels at scale 1.

    Args:
        turn: how far the nose is beside the middle of the ears, in distances of the ears.
        scale: larger is nearer.
        wrist_up: whether the wrists are above the elbows.
    """
    at = np.full((33, 2), (0.0, 60.0))
    at[[7, 8]] = (15.0, -40.0), (-15.0, -40.0)
    at[0] = (30.0 * turn, -38.0)
    at[[11, 12]] = (45.0, 0.0), (-45.0, 0.0)
    at[[23, 24]] = (30.0, 125.0), (-30.0, 125.0)
    at[[13, 14]] = (70.0, 50.0), (-70.0, 50.0)
    at[[15, 16]] = (90.0, 20.0 if wrist_up else 90.0), (-90.0, 20.0 if wrist_up else 90.0)
    pixels = np.concatenate([at * scale + (WIDTH / 2, HEIGHT / 2), np.zeros((33, 1))], axis=1)
    return Pose((pixels / (WIDTH, HEIGHT, WIDTH)).astype(np.float32), np.full(33, 0.99, np.float32))


def met(conditions: Conditions, who: Person, *others: Person, side: Side | None = Side.LEFT) -> bool:
    """Return whether a gesture counts."""
    frame = people(0.0, who, *others)
    return not Requirements(Gestures(conditions=conditions)).unmet("thumb_up", Scene(who, side, frame))


def posed(pose: Pose | None = None, *, id_: int = 1, at: tuple[float, float] = (400.0, 250.0)) -> Person:
    """Return a person with a thumb up."""
    return person(left=hand(shape("thumb_up"), at=at), pose=body() if pose is None else pose, id_=id_)


def test_without_conditions_everything_counts() -> None:
    """Whoever it is, wherever they are."""
    assert met(Conditions(), person(left=hand(shape("thumb_up"))), posed(id_=2))


@pytest.mark.parametrize(("turn", "counts"), [(0.0, True), (0.5, True), (-0.5, True), (0.9, False), (-0.9, False)])
def test_facing_the_camera_is_the_nose_between_the_ears(turn: float, counts: bool) -> None:
    """Up to 45 degrees; whose head is not seen does not face anybody."""
    assert met(Conditions(facing=True), posed(body(turn=turn))) is counts


def test_backs_and_hands_without_a_head_face_nobody() -> None:
    """Of a back the left ear is on the picture's left."""
    pose = body()
    swapped = pose.points.copy()
    swapped[[7, 8]] = swapped[[8, 7]]
    assert not met(Conditions(facing=True), posed(replace(pose, points=swapped)))
    assert not met(Conditions(facing=True), person(left=hand(shape("thumb_up"))))


@pytest.mark.parametrize("up", [True, False])
def test_hands_up_is_a_hand_above_its_elbow(up: bool) -> None:
    """A hand in the lap does not command; gestures of the body have no hand to ask."""
    assert met(Conditions(hands_up=True), posed(body(wrist_up=up))) is up
    assert met(Conditions(hands_up=True), posed(body(wrist_up=up)), side=None)
    assert not met(Conditions(hands_up=True), person(left=hand(shape("thumb_up"))))


def test_alone_is_one_person() -> None:
    """Guests are not to switch the light; what cannot be a body is no guest."""
    assert met(Conditions(alone=True), posed())
    assert not met(Conditions(alone=True), posed(), posed(id_=2))
    cartoon = replace(body(), visibility=np.full(33, 0.3, np.float32))
    assert met(Conditions(alone=True), posed(), Person(2, pose=cartoon))


@pytest.mark.parametrize(("scale", "metres"), [(1.0, 1.97), (0.5, 3.94), (2.0, 0.99)])
def test_distance_is_estimated_from_the_body(scale: float, metres: float) -> None:
    """Shoulders of 90 pixels in a picture of 640 are two metres away."""
    assert met(Conditions(distance_m=metres * 1.1), posed(body(scale=scale)))
    assert not met(Conditions(distance_m=metres * 0.9), posed(body(scale=scale)))


def test_distance_of_a_hand_alone_is_estimated_from_its_size() -> None:
    """Nobody there is at no distance."""
    alone = person(left=hand(shape("thumb_up"), size_px=90.0))
    assert met(Conditions(distance_m=1.0), alone)
    assert not met(Conditions(distance_m=0.3), alone)
    assert not met(Conditions(distance_m=5.0), Person(1), side=None)


def test_a_zone_is_where_the_hand_must_be() -> None:
    """Of a gesture of the body, the shoulders."""
    left_half = Conditions(zone=(0.0, 0.0, 0.5, 1.0))
    assert met(left_half, posed(at=(100.0, 250.0)))
    assert not met(left_half, posed(at=(500.0, 250.0)))
    assert met(Conditions(zone=(0.4, 0.4, 0.2, 0.2)), posed(at=(10.0, 10.0)), side=None)
    assert not met(left_half, Person(1), side=None)


def test_conditions_of_one_gesture_are_its_own() -> None:
    """What is said of a thumb does not bind a V."""
    options = Gestures(each={"thumb_up": GestureOptions(conditions=Conditions(zone=(0.0, 0.0, 0.1, 0.1)))})
    assert started(_showing(shown("thumb_up")), options) == []
    assert started(_showing(shown("victory")), options) == ["victory"]


def test_a_gesture_that_has_started_goes_on_where_its_conditions_end() -> None:
    """A lamp that is being dimmed does not stop because somebody else comes in."""
    options = Gestures(conditions=Conditions(alone=True))
    later = [people(0.5 + n / 20, shown("victory"), Person(2, left_hand=_far())) for n in range(30)]
    assert [each.phase.value for each in gestures([*_showing(shown("victory"), 0.5), *later], options)] == [
        "start",
        "hold",
    ]


def test_another_gesture_rests_for_the_dead_time() -> None:
    """The same one of the other hand does not, nor another person's."""
    options = Gestures(dead_s=1.0)
    both = person(left=hand(shape("thumb_up")), right=hand(shape("thumb_up", side=Side.RIGHT), at=(150.0, 250.0)))
    assert started(_showing(both, 0.5), options) == ["thumb_up", "thumb_up"]
    after = [people(0.5 + n / 20, shown("victory")) for n in range(25)]
    found = gestures([*_showing(shown("thumb_up"), 0.5), *after], options)
    starts = [each.timestamp_ns / 1e9 for each in found if each.phase == "start"]
    assert starts[1] == pytest.approx(starts[0] + 1.0 + 0.25, abs=0.11)


def _far() -> Hand:
    return hand(shape("four"), at=(100.0, 100.0))


def _showing(who: Person, seconds: float = 1.5) -> list[People]:
    return [people(number / 20, who) for number in range(round(seconds * 20))]
