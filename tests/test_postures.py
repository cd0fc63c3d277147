"""Squat, sit, stand and fall: what each is, what it is not, at any rate of frames."""

import json
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.landmark_sets import bodies
from edgeholo.interpret.body.postures import Postures
from edgeholo.interpret.moves import Move
from edgeholo.interpret.vocabulary import Kind, names
from edgeholo.types import Pose
from tests.body_shapes import (
    BOWING,
    LEGS_HIDDEN,
    SITTING,
    SIZE,
    SQUATTING,
    STANDING,
    WAIST_UP,
    Array,
    Body,
    mirrored,
    pose,
    skeleton,
)

ENOUGH = 0.6
SCALE = 45.0
RATES_HZ = (8.0, 10.0, 15.0, 30.0, 60.0)

Key = tuple[float, Array]
"""Seconds, and the body then in shoulder widths, its feet on the floor at 0."""


def on_floor(body: Body, *, seat: float | None = None) -> Array:
    """Return a body whose feet are on the floor, or whose hips are on a seat of a height."""
    points = skeleton(body)
    points[:, 1] -= points[27:29, 1].mean() if seat is None else seat
    return points


def lying(*, away_deg: float = 0.0, height: float = 0.3) -> Array:
    """Return a body that lies at a height over the floor, across the picture or ``away_deg`` out of it."""
    points = skeleton(STANDING)
    side = np.radians(85.0)
    along = -points[:, 1]
    points = np.stack((along * np.sin(side), -along * np.cos(side) + 0.3 * points[:, 0], points[:, 2]), axis=1)
    turn = np.radians(away_deg)
    points[:, [0, 2]] = points[:, [0, 2]] @ np.array(((np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))))
    points[:, 1] -= height
    return points


def seen(points: Array, *, hidden: tuple[int, ...] = (), noise: Array | None = None) -> Pose:
    """Return the body in the picture, the floor near its lower edge."""
    return pose(points if noise is None else points + noise, scale_px=SCALE, at=(320.0, 400.0), hidden=hidden)


def played(keys: Iterable[Key], rate_hz: float = 10.0, noise: float = 0.01) -> list[tuple[float, Pose]]:
    """Return the film between the keys, with a little noise."""
    times, bodies = zip(*keys, strict=True)
    shake = np.random.default_rng(3)
    film = []
    for t_s in np.arange(times[0], times[-1], 1 / rate_hz):
        after = int(np.searchsorted(times, t_s, side="right"))
        share = (t_s - times[after - 1]) / (times[after] - times[after - 1])
        points = bodies[after - 1] * (1 - share) + bodies[after] * share
        film.append((float(t_s), seen(points, noise=shake.normal(0, noise, (33, 3)))))
    return film


def moves(film: list[tuple[float, Pose]]) -> list[str]:
    """Return the names of the moves in a film."""
    return [move.name for move in told(film)]


def told(film: list[tuple[float, Pose]]) -> list[Move]:
    """Return the moves in a film."""
    postures = Postures()
    return [move for t_s, frame in film for move in postures.update(t_s, frame, SIZE)[1]]


def squat(frame: Pose, size: tuple[int, int] = SIZE) -> float:
    """Return how far a single frame shows a squat."""
    return Postures().update(0.0, frame, size)[0]


STAND, SIT, SQUAT = on_floor(STANDING), on_floor(SITTING), on_floor(SQUATTING)
BOW, LIE, SOFA = on_floor(BOWING), lying(), lying(height=1.3)

FALLS: dict[str, list[Key]] = {
    "across the picture": [(0, STAND), (2, STAND), (2.8, LIE), (8, LIE)],
    "towards the camera": [(0, STAND), (2, STAND), (2.8, lying(away_deg=70)), (8, lying(away_deg=70))],
    "with a try to get up": [(0, STAND), (2, STAND), (2.9, LIE), (4, LIE), (4.3, BOW), (4.6, LIE), (9, LIE)],
}
NO_FALLS: dict[str, list[Key]] = {
    "standing": [(0, STAND), (9, STAND)],
    "lying from the start": [(0, LIE), (9, LIE)],
    "sitting down": [(0, STAND), (2, STAND), (3, SIT), (9, SIT)],
    "dropping into a chair": [(0, STAND), (2, STAND), (2.5, SIT), (9, SIT)],
    "tying shoes": [(0, STAND), (2, STAND), (2.6, BOW), (9, BOW)],
    "a long deep squat": [(0, STAND), (2, STAND), (2.6, SQUAT), (9, SQUAT)],
    "lying down slowly": [(0, STAND), (2, STAND), (3.5, SIT), (4.5, SIT), (7, LIE), (12, LIE)],
    "flopping onto a sofa": [(0, STAND), (2, STAND), (3, SOFA), (9, SOFA)],
    "stumbling and getting up": [(0, STAND), (2, STAND), (2.8, LIE), (4, LIE), (5.2, STAND), (9, STAND)],
}


def test_the_postures_are_in_the_vocabulary() -> None:
    """Whatever is told has a name there."""
    assert set(names(Kind.POSTURE)) == {"squat", "sit", "stand", "fall"}


@pytest.mark.parametrize("turn_deg", [0, 30, 60, 90, -45, -90])
def test_a_squat_is_seen_from_all_sides(turn_deg: float) -> None:
    """One frame is enough, nobody needs to have stood before."""
    assert squat(seen(on_floor(Body(**{**SQUATTING.__dict__, "turn_deg": turn_deg})))) >= ENOUGH


@pytest.mark.parametrize("body", [STANDING, SITTING, BOWING])
@pytest.mark.parametrize("turn_deg", [0, 30, 60, 90, -45, -90])
def test_other_postures_are_no_squat(body: Body, turn_deg: float) -> None:
    """Who sits has the thighs level too, but the feet ahead of the weight."""
    assert squat(seen(on_floor(Body(**{**body.__dict__, "turn_deg": turn_deg})))) < 0.5


def test_who_lies_does_not_squat() -> None:
    """Nor does who does push-ups."""
    assert squat(seen(LIE)) < 0.5


@pytest.mark.parametrize("hidden", [LEGS_HIDDEN, WAIST_UP, (11,)])
def test_legs_that_are_not_seen_say_nothing(hidden: tuple[int, ...]) -> None:
    """Behind a table everybody might squat."""
    assert squat(seen(SQUAT, hidden=hidden)) == 0


@given(rate_hz=st.sampled_from(RATES_HZ), sitting_s=st.floats(0.7, 2.0))
@settings(max_examples=20)
def test_sitting_down_and_standing_up_are_told_once_each(rate_hz: float, sitting_s: float) -> None:
    """At any rate of frames, slowly or fast."""
    up = 4 + sitting_s
    film = played(
        [(0, STAND), (2, STAND), (2 + sitting_s, SIT), (up + 2, SIT), (up + 3, STAND), (up + 5, STAND)], rate_hz
    )
    assert moves(film) == ["sit", "stand"]


def test_standing_up_takes_as_long_as_it_takes() -> None:
    """From the last frame of sitting to the first of standing."""
    (up,) = told(played([(0, SIT), (2, SIT), (3.2, STAND), (5, STAND)]))
    assert up.name == "stand"
    assert up.duration_s == pytest.approx(0.9, abs=0.5)
    assert ENOUGH <= up.confidence <= 1


def test_who_gets_up_from_the_floor_stands_up() -> None:
    """But lying down from sitting has no name."""
    assert moves(played([(0, SIT), (2, SIT), (5, LIE), (7, LIE), (9, STAND), (11, STAND)])) == ["stand"]


@pytest.mark.parametrize("posture", [STAND, SIT, LIE])
def test_who_is_seen_for_the_first_time_has_done_nothing(posture: Array) -> None:
    """Also not after a cut."""
    assert moves(played([(0, posture), (3, posture)])) == []


def test_a_squat_is_neither_sitting_nor_standing_up() -> None:
    """Exercises do not switch on the reading lamp."""
    keys: list[Key] = [(0, STAND)]
    for number in range(5):
        keys += [(1 + 3 * number, STAND), (2 + 3 * number, SQUAT), (2.6 + 3 * number, SQUAT), (3.4 + 3 * number, STAND)]
    assert moves(played(keys)) == []


def test_after_a_reset_everything_is_new() -> None:
    """Who sat before the gap may be another who stands after it."""
    postures = Postures()
    film = played([(0, SIT), (3, SIT)])
    for t_s, frame in film:
        postures.update(t_s, frame, SIZE)
    postures.reset()
    later = [(t_s + 9, frame) for t_s, frame in played([(0, STAND), (3, STAND)])]
    assert [move for t_s, frame in later for move in postures.update(t_s, frame, SIZE)[1]] == []


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("name", FALLS)
def test_a_fall_is_told_once_after_three_seconds(name: str, rate_hz: float) -> None:
    """However the body comes to lie."""
    (fall,) = [move for move in told(played(FALLS[name], rate_hz)) if move.name == "fall"]
    assert 3 <= fall.duration_s <= 6
    assert fall.confidence >= ENOUGH


@pytest.mark.parametrize("rate_hz", [8.0, 30.0])
@pytest.mark.parametrize("name", NO_FALLS)
def test_what_is_no_fall_is_told_as_none(name: str, rate_hz: float) -> None:
    """Sitting, bending, exercising, lying down and getting up at once."""
    assert "fall" not in moves(played(NO_FALLS[name], rate_hz))


def test_after_a_fall_and_standing_up_the_next_fall_counts() -> None:
    """Two falls are two."""
    once: list[Key] = [(0, STAND), (2, STAND), (2.8, LIE), (7, LIE), (9, STAND)]
    twice = [*once, *((t_s + 11, body) for t_s, body in once)]
    assert moves(played(twice)).count("fall") == 2


def test_a_body_misread_for_some_frames_still_lies() -> None:
    """Bodies on the floor are hard to see: half a second without them, or upright, changes nothing."""
    film = played(FALLS["across the picture"])
    broken = [(t_s, seen(BOW) if 4 < t_s < 4.5 else frame) for t_s, frame in film if not 5 < t_s < 5.5]
    assert moves(broken).count("fall") == 1


def _mirror(frame: Pose) -> Pose:
    return mirrored(frame)


def _smaller(frame: Pose) -> Pose:
    return Pose((frame.points * 0.6 + np.array((0.2, 0.3, 0), np.float32)).astype(np.float32), frame.visibility)


@pytest.mark.parametrize("change", [_mirror, _smaller])
@pytest.mark.parametrize(
    "keys", [*FALLS.values(), [(0, STAND), (2, STAND), (3, SIT), (5, SIT), (6, STAND), (8, STAND)]]
)
def test_mirrors_and_distance_change_no_move(change: Callable[[Pose], Pose], keys: list[Key]) -> None:
    """The same film from another place tells the same."""
    film = played(keys)
    assert moves([(t_s, change(frame)) for t_s, frame in film]) == moves(film) != []


@pytest.mark.shared
def test_people_who_squat_are_told_from_those_who_do_not(shared_media: Path) -> None:
    """Of 812 labelled bodies no other is taken for a squat, and three in four squats are seen."""
    scored = [(label, squat(seen_pose, size)) for label, seen_pose, size in bodies(shared_media / "landmarks")]
    shown = [label for label, confidence in scored if confidence >= ENOUGH]
    assert set(shown) == {"squats_down"}
    assert len(shown) / sum(label == "squats_down" for label, _ in scored) >= 0.74


@pytest.mark.shared
def test_three_squats_in_a_row_are_three(shared_media: Path) -> None:
    """A woman who squats slowly, half turned, 65 frames at 5 a second: and she neither sits down nor stands up."""
    size, postures, shown = (720, 1280), Postures(), []
    for number, points in enumerate(json.loads((shared_media / "groundtruth/tfjs/pose_squats.full.json").read_text())):
        fractions = (np.array(points) / (size[0], size[1], size[0])).astype(np.float32)
        confidence, done = postures.update(number * 0.2, Pose(fractions, np.ones(33, np.float32)), size)
        shown.append(confidence >= ENOUGH)
        assert done == []
    assert [squatting for squatting, _ in groupby(shown)].count(True) == 3
