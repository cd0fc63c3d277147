"""Drawing: what is known shows where it is, in the colour of its side, and nothing else changes."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeholo import connections
from edgeholo.draw import BODY, PLAIN, SIDE, draw, draw_on_plain
from edgeholo.types import Branch, Face, Floats, Hand, People, Person, Pixels, Pose, Side

ROOT = Path(__file__).parents[1]
SIZE = (640, 480)


def _circle(count: int, centre: tuple[float, float], radius: float) -> Floats:
    """Return points around a centre, far enough apart to be told from each other."""
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    flat = np.stack([centre[0] + radius * np.cos(angles), centre[1] + radius * np.sin(angles), 0 * angles], axis=1)
    return flat.astype(np.float32)


def _people(*persons: Person) -> People:
    return People(persons, frozenset(Branch), SIZE, 0, 0)


def _pose(points: Floats, visibility: float = 1.0) -> Pose:
    return Pose(points, np.full(33, visibility, np.float32))


POSE = _pose(_circle(33, (0.5, 0.5), 0.4))
HANDS = {Side.LEFT: Hand(_circle(21, (0.8, 0.3), 0.1)), Side.RIGHT: Hand(_circle(21, (0.2, 0.3), 0.1))}


def _at(picture: Pixels, point: Floats) -> tuple[int, ...]:
    x, y = (point[:2] * SIZE).astype(int)
    return tuple(int(channel) for channel in picture[y, x])


def test_joints_and_bones_of_the_body_are_drawn() -> None:
    """Shoulders in the body's colour or their side's, elbows and wrists in that of their side."""
    picture = draw_on_plain(_people(Person(0, POSE)), SIZE)
    assert _at(picture, POSE.points[0]) == BODY
    assert _at(picture, (POSE.points[12] + POSE.points[24]) / 2) == BODY
    assert _at(picture, POSE.points[13]) == _at(picture, POSE.points[15]) == SIDE[Side.LEFT]
    assert _at(picture, POSE.points[14]) == _at(picture, POSE.points[16]) == SIDE[Side.RIGHT]


@pytest.mark.parametrize("side", list(Side))
def test_a_hand_is_drawn_in_the_colour_of_its_side(side: Side) -> None:
    """All 21 joints, and nothing where the other hand would be."""
    left, right = (HANDS[each] if each is side else None for each in (Side.LEFT, Side.RIGHT))
    picture = draw_on_plain(_people(Person(0, left_hand=left, right_hand=right)), SIZE)
    assert {_at(picture, point) for point in HANDS[side].points} == {SIDE[side]}
    half = picture[:, : SIZE[0] // 2] if side is Side.LEFT else picture[:, SIZE[0] // 2 :]
    assert (half == PLAIN).all()


def test_the_sides_are_told_apart_by_brightness_and_hue() -> None:
    """Blue against orange: the blue channel alone decides, which every kind of colour vision has, or the others do."""
    left, right = SIDE[Side.LEFT], SIDE[Side.RIGHT]
    assert right[0] - left[0] > 150
    assert left[2] - right[2] > 100


def test_hidden_points_are_left_out() -> None:
    """Below a visibility of a half, and the bones that end there with them."""
    points, visibility = np.full((33, 3), np.nan, np.float32), np.ones(33, np.float32)
    points[11], points[13], points[15] = (0.2, 0.2, 0), (0.5, 0.8, 0), (0.8, 0.2, 0)
    visibility[15] = 0.4
    picture = draw_on_plain(_people(Person(0, Pose(points, visibility))), SIZE)
    assert _at(picture, points[15]) == _at(picture, (points[13] + points[15]) / 2) == PLAIN
    assert _at(picture, points[13]) == _at(picture, (points[11] + points[13]) / 2) == SIDE[Side.LEFT]
    assert (draw_on_plain(_people(Person(0, _pose(POSE.points, 0.49))), SIZE) == PLAIN).all()


def test_an_arm_ends_where_its_hand_begins() -> None:
    """The hand knows its wrist better than the pose, whose palm is left out."""
    picture = draw_on_plain(_people(Person(0, POSE, left_hand=HANDS[Side.LEFT])), SIZE)
    assert _at(picture, (POSE.points[13] + HANDS[Side.LEFT].points[0]) / 2) == SIDE[Side.LEFT]
    assert _at(picture, POSE.points[21]) == PLAIN
    assert _at(picture, POSE.points[22]) == SIDE[Side.RIGHT]


@pytest.mark.parametrize("count", [468, 478])
def test_a_face_is_subtle(count: int) -> None:
    """It shows, covers less than a tenth of its box, and takes the place of the pose's own nose and ears."""
    face = Face(np.random.default_rng(3).uniform(0.3, 0.7, (count, 3)).astype(np.float32))
    picture = draw_on_plain(_people(Person(0, face=face)), SIZE)
    changed = (picture != PLAIN).any(axis=2)
    assert changed.any()
    assert not changed[: int(0.25 * SIZE[1])].any()
    assert picture.max() < max(BODY)
    both = draw_on_plain(_people(Person(0, POSE, face=face)), SIZE)
    assert _at(both, POSE.points[0]) == PLAIN


def test_irises_are_drawn_where_they_are_known() -> None:
    """Two discs, one an eye."""
    points = _circle(478, (0.5, 0.5), 0.3)
    for start, x in ((468, 0.1), (473, 0.9)):
        points[start] = (x, 0.1, 0)
        points[start + 1 : start + 5] = _circle(4, (x, 0.1), 0.02)
    refined = draw_on_plain(_people(Person(0, face=Face(points))), SIZE)
    plain = draw_on_plain(_people(Person(0, face=Face(points[:468]))), SIZE)
    for start in (468, 473):
        assert _at(refined, points[start]) != PLAIN
        assert _at(plain, points[start]) == PLAIN


def test_everyone_is_drawn() -> None:
    """Not only the first."""
    people = _people(Person(0, left_hand=HANDS[Side.LEFT]), Person(1, right_hand=HANDS[Side.RIGHT]))
    picture = draw_on_plain(people, SIZE)
    assert {_at(picture, HANDS[side].points[4]) for side in Side} == set(SIDE.values())


def test_nobody_leaves_the_picture_as_it_is() -> None:
    """The result is a copy all the same: nobody changes a frame."""
    picture = np.random.default_rng(4).integers(0, 256, (480, 640, 3), np.uint8)
    for people in (_people(), _people(Person(0))):
        drawn = draw(picture, people)
        assert np.array_equal(drawn, picture)
        assert not np.shares_memory(drawn, picture)


def test_the_given_picture_is_not_changed() -> None:
    """Not even a read-only or a turned one."""
    picture = np.zeros((640, 480, 3), np.uint8).transpose(1, 0, 2)
    picture.flags.writeable = False
    assert draw(picture, _people(Person(0, POSE))).any()
    assert not picture.any()


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 700), (97, 31), (641, 479), (3001, 2003)])
def test_pictures_of_any_size_are_drawn_on(size: tuple[int, int]) -> None:
    """Down to a single pixel; bones grow with the picture."""
    person = Person(0, POSE, HANDS[Side.LEFT], HANDS[Side.RIGHT], Face(_circle(478, (0.5, 0.3), 0.1)))
    picture = draw_on_plain(_people(person), size)
    assert picture.shape == (size[1], size[0], 3)
    assert (picture != PLAIN).any()


def test_bones_are_wider_in_larger_pictures() -> None:
    """By as much as the picture is larger."""
    pose = _pose(_circle(33, (0.5, 0.5), 0.4))
    small, large = (draw_on_plain(_people(Person(0, pose)), (side, side)) for side in (500, 1500))
    shares = [float((picture != PLAIN).any(axis=2).mean()) for picture in (small, large)]
    assert shares[1] == pytest.approx(shares[0], rel=0.25)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30, -1e9, 4.6])
def test_points_that_are_nowhere_are_left_out(value: float) -> None:
    """Far outside, or no number at all."""
    person = Person(
        0,
        _pose(np.full((33, 3), value, np.float32)),
        Hand(np.full((21, 3), value, np.float32)),
        face=Face(np.full((478, 3), value, np.float32)),
    )
    assert (draw_on_plain(_people(person), SIZE) == PLAIN).all()


def test_a_bone_that_leaves_the_picture_is_drawn_to_the_border() -> None:
    """An elbow below the picture, for one."""
    points = np.full((33, 3), np.nan, np.float32)
    points[11], points[13] = (0.5, 0.5, 0), (0.5, 1.8, 0)
    picture = draw_on_plain(_people(Person(0, _pose(points))), SIZE)
    assert _at(picture, np.array([0.5, 0.995], np.float32)) == SIDE[Side.LEFT]


CONNECTIONS = """
from edgeholo.perceive import mediapipe
mediapipe._import_mediapipe()
import importlib, json
vision = importlib.import_module("mediapipe.tasks.python.vision")
pairs = lambda edges: sorted({(min(e.start, e.end), max(e.start, e.end)) for e in edges})
print(json.dumps(pairs(vision.HandLandmarksConnections.HAND_CONNECTIONS)))
print(json.dumps(pairs(vision.PoseLandmarksConnections.POSE_LANDMARKS)))
face = vision.FaceLandmarksConnections
print(json.dumps(pairs([*face.FACE_LANDMARKS_CONTOURS, *face.FACE_LANDMARKS_TESSELATION])))
print(json.dumps(pairs([*face.FACE_LANDMARKS_LEFT_IRIS, *face.FACE_LANDMARKS_RIGHT_IRIS])))
"""


def test_connections_are_those_of_mediapipe() -> None:
    """Hand and body to the last bone; every line of the face is one that MediaPipe draws."""
    result = subprocess.run([sys.executable, "-c", CONNECTIONS], capture_output=True, text=True, check=True, cwd=ROOT)
    hand, pose, face, irises = ([tuple(pair) for pair in json.loads(line)] for line in result.stdout.splitlines())
    assert sorted(connections.edges(connections.HAND)) == hand
    sides = connections.LEFT_LIMBS + connections.LEFT_PALM + connections.RIGHT_LIMBS + connections.RIGHT_PALM
    assert sorted(connections.edges(connections.TORSO + connections.HEAD + sides)) == pose
    assert connections.edges(connections.FACE) - set(face) == set()
    assert sorted(connections.edges(connections.IRISES)) == irises


def test_the_readmes_picture_is_a_skeleton_and_small() -> None:
    """Made by docs/draw_skeleton.py: few colours, no photograph, under 150 kB."""
    path = ROOT / "docs" / "skeleton.png"
    assert path.stat().st_size < 150_000
    picture = cv2.imread(str(path))
    assert picture is not None
    plain = (np.abs(picture.astype(int) - PLAIN) < 4).all(axis=2).mean()
    assert plain > 0.6
