"""Lessons: what somebody shows becomes a gesture, or a word about why not."""

from dataclasses import replace

import numpy as np
import pytest

from edgeholo.config import Smoothing
from edgeholo.errors import ConfigError
from edgeholo.interpret.taught.lessons import MOST_SHOWS, OVER, Lesson, Progress, State
from edgeholo.interpret.taught.recognition import Kind, Taught
from edgeholo.perceive.tracking import Tracker
from edgeholo.types import Branch, Hand, People, Side
from tests.hand_shapes import LOOKED, people, person, recordings, shape
from tests.taught_shows import LETTERS, STROKE, Look, drawn, frames, held, learned, repeated, taught, two_middle_fingers


def _pose(begin_s: float, seed: int) -> list[Look]:
    return held(two_middle_fingers(), begin_s, seed=seed)


def _zed(begin_s: float, seed: int) -> list[Look]:
    return drawn(LETTERS["letter_z"], begin_s=begin_s, seed=seed)


@pytest.fixture(scope="module")
def pose() -> Taught:
    """Return a pose that was learned."""
    return learned("mine", repeated(_pose))


def _states(told: list[Progress]) -> list[str]:
    return [progress.state.value for progress in told]


def test_a_pose_is_learned_from_three_shows() -> None:
    """Each is counted, and the hand is lowered in between."""
    lesson = Lesson("mine", when="2026-11-23T19:00:00Z")
    told = taught(lesson, repeated(_pose))
    once = ["recording", "shown", "waiting"]
    assert _states(told) == ["waiting", *once, *once, "recording", "learned"]
    assert [progress.shows_done for progress in told if progress.state is State.SHOWN] == [1, 2]
    result = lesson.result()
    assert result is not None
    assert (result.name, result.kind, result.hand, result.taught) == ("mine", Kind.POSE, None, "2026-11-23T19:00:00Z")
    assert len(result.shapes) == 3
    assert lesson.over


def test_a_movement_is_learned_from_three_shows() -> None:
    """Nobody has to say that it is one."""
    lesson = Lesson("letter_z")
    told = taught(lesson, repeated(_zed))
    assert told[-1].state is State.LEARNED
    result = lesson.result()
    assert result is not None
    assert result.kind is Kind.MOVEMENT
    assert len(result.ways) == 3


def test_either_hand_may_show_it() -> None:
    """A right hand teaches what a left hand taught."""
    right = repeated(lambda begin_s, seed: held(two_middle_fingers(Side.RIGHT), begin_s, seed=seed), times=2)
    lesson = Lesson("mine")
    told = [lesson.update(frame) for frame in frames(repeated(_pose, times=1))]
    told += [lesson.update(frame) for frame in frames([(t_s + 2.5, seen) for t_s, seen in right], Side.RIGHT)]
    assert lesson.result() is not None, told[-1]


def test_only_the_hand_that_was_asked_for_is_looked_at() -> None:
    """And only that one counts later."""
    assert taught(Lesson("mine", hand=Side.RIGHT), repeated(_pose))[-1].state is State.TIMEOUT
    lesson = Lesson("mine", hand=Side.LEFT)
    taught(lesson, repeated(_pose))
    result = lesson.result()
    assert result is not None
    assert result.hand is Side.LEFT


def test_both_hands_at_once_show_a_gesture_once() -> None:
    """Two hands that do the same are one show."""
    lesson = Lesson("mine", shows=2)
    for t_s, seen in _pose(0.0, 0):
        mirrored = None if seen is None else Hand((np.array((1, 0, 0)) - seen.points * (1, -1, -1)).astype(np.float32))
        lesson.update(people(t_s, person(left=seen, right=mirrored)))
    assert lesson.result() is None
    ended = lesson.finish()
    assert ended is not None
    assert ended.shows_done == 1


def test_a_hand_that_rests_between_shows_spoils_nothing() -> None:
    """One show that is unlike the others is set aside, and said."""
    other = held(shape("four"), 2.5)
    looks = [*repeated(_pose, times=1), *other, *((t_s + 5.0, seen) for t_s, seen in repeated(_pose, times=2))]
    lesson = Lesson("mine")
    told = taught(lesson, looks)
    assert any("another pose" in progress.hint for progress in told)
    assert told[-1].state is State.LEARNED


@pytest.mark.parametrize("name", ["victory", "thumb_up", "open_palm", "closed_fist", "rock"])
def test_a_pose_too_close_to_a_known_one_is_refused_by_name(name: str) -> None:
    """Otherwise one sign would do two things."""
    lesson = Lesson("mine")
    told = taught(lesson, repeated(lambda begin_s, seed: held(shape(name), begin_s, seed=seed)))
    assert told[-1].state is State.REJECTED
    assert f"too close to {name}" in told[-1].hint
    assert lesson.result() is None


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("clockwise", [True, False])
def test_what_is_drawn_round_would_be_taken_for_a_circle(side: Side, clockwise: bool) -> None:
    """A square, for one; clockwise is as the person sees it."""
    square = ((0.0, 0.0), (2.5, 0.0), (2.5, 2.5), (0.0, 2.5), (0.0, 0.0))
    # ``drawn`` has a left hand's x and mirrors a right hand's; to the camera the person's clockwise is counterclockwise.
    corners = square if clockwise is (side is Side.RIGHT) else square[::-1]
    looks = repeated(lambda begin_s, seed: drawn(corners, side=side, begin_s=begin_s, seed=seed))
    told = taught(Lesson("mine"), looks, side)
    assert told[-1].state is State.REJECTED
    assert f"too close to circle_{'' if clockwise else 'counter'}clockwise" in told[-1].hint


def test_a_circle_is_known_already() -> None:
    """Movements of the vocabulary are refused by name too."""
    angles = np.linspace(0, 2 * np.pi, 40)
    circle = tuple((1.6 * float(np.sin(angle)), -1.6 * float(np.cos(angle))) for angle in angles)
    looks = repeated(lambda begin_s, seed: _smooth(circle, begin_s, seed))
    told = taught(Lesson("ring", kind=Kind.MOVEMENT), looks)
    assert told[-1].state is State.REJECTED
    assert "circle_" in told[-1].hint


def _smooth(way: tuple[tuple[float, float], ...], begin_s: float, seed: int) -> list[Look]:
    """Return a hand that goes along ``way`` without stopping in its corners."""
    looks = drawn(((0.0, 0.0), (0.001, 0.0)), begin_s=begin_s, seed=seed)
    resting = next(seen for _, seen in looks if seen is not None)
    places = [way[0]] * 12 + list(way) + [way[-1]] * 12
    shown: list[Look] = []
    for number, (x, y) in enumerate(places):
        away = np.array((x * 40 / 640, y * 40 / 480, 0.0), np.float32)
        shown.append((begin_s + number / 20, Hand(resting.points + away)))
    return [*shown, *((shown[-1][0] + each / 20, None) for each in range(1, 16))]


def test_a_gesture_too_close_to_a_taught_one_is_refused_by_name(pose: Taught) -> None:
    """Two of one's own would be taken for each other."""
    told = taught(Lesson("yours", [pose]), repeated(_pose))
    assert told[-1].state is State.REJECTED
    assert "too close to mine" in told[-1].hint


def test_a_stroke_is_too_simple() -> None:
    """Hands go straight all day; such a gesture would go off all day."""
    told = taught(Lesson("mine"), repeated(lambda begin_s, seed: drawn(STROKE, begin_s=begin_s, seed=seed)))
    assert told[-1].state is State.REJECTED
    assert "too simple" in told[-1].hint


def test_shows_that_differ_are_refused() -> None:
    """Three different letters are no gesture."""
    names = ["letter_z", "letter_n", "hook"]
    looks = repeated(lambda begin_s, seed: drawn(LETTERS[names[seed]], begin_s=begin_s, seed=seed))
    told = taught(Lesson("mine"), looks)
    assert told[-1].state is State.REJECTED
    assert "differ too much" in told[-1].hint


def test_too_few_shows_are_counted() -> None:
    """A clip may end too early."""
    told = taught(Lesson("mine"), repeated(_pose, times=2))
    assert told[-1].state is State.TIMEOUT
    assert "2 of 3" in told[-1].hint


def test_nobody_waits_for_ever() -> None:
    """After a minute without a show the lesson is over, and nothing comes after that."""
    lesson = Lesson("mine", patience_s=60.0)
    told = [lesson.update(people(number / 2)) for number in range(140)]
    states = [progress.state for progress in told if progress is not None]
    assert states == [State.WAITING, State.TIMEOUT]
    assert states[-1] in OVER
    assert lesson.finish() is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("victory", "taken"),
        ("roll", "taken"),
        ("everyday", "taken"),
        ("music", "taken"),
        ("mine", "taught already"),
        ("Mine", "no name"),
        ("1st", "no name"),
        ("", "no name"),
        ("../etc", "no name"),
        ("a" * 33, "no name"),
    ],
)
def test_names_are_checked(pose: Taught, name: str, words: str) -> None:
    """Of gestures, controls, profiles and of other taught ones; a name is a file's name too."""
    with pytest.raises(ConfigError, match=words):
        Lesson(name, [pose], profiles=("music",))


def test_a_gesture_is_taught_again_where_that_is_meant(pose: Taught) -> None:
    """Then its old shows are no rivals of the new ones."""
    lesson = Lesson("mine", [pose], replace=True)
    assert taught(lesson, repeated(_pose))[-1].state is State.LEARNED


@pytest.mark.parametrize("shows", [0, MOST_SHOWS + 1])
def test_the_number_of_shows_is_checked(shows: int) -> None:
    """None teaches nothing, and a hundred nobody gives."""
    with pytest.raises(ConfigError, match="1 to 10"):
        Lesson("mine", shows=shows)


def test_time_that_jumps_and_points_that_are_none_are_no_show() -> None:
    """Neither raises, and neither counts."""
    looks = [look for look in _pose(0.0, 0) if look[1] is not None]
    lesson = Lesson("mine", shows=1)
    for number, (t_s, seen) in enumerate(looks):
        assert seen is not None
        broken = Hand(np.full_like(seen.points, np.nan))
        lesson.update(people(t_s - 5.0 * (number % 5 == 0), person(left=seen)))
        lesson.update(people(t_s, person(left=broken)))
        lesson.update(people(t_s + 30.0 * (number % 7 == 0), person(left=seen)))
    assert lesson.result() is None


def test_frames_that_did_not_look_at_hands_change_nothing() -> None:
    """The engine looks at a hand at rest less often than it sees a frame."""
    lesson = Lesson("mine")
    for frame in frames(repeated(_pose)):
        lesson.update(frame)
        lesson.update(_unlooked(frame))
    assert lesson.result() is not None


def _unlooked(frame: People) -> People:
    return replace(frame, persons=(), ran=LOOKED & {Branch.POSE}, timestamp_ns=frame.timestamp_ns + 10_000_000)


def test_the_man_of_the_demo_clip_teaches_what_is_known() -> None:
    """Real hands: he shows victory, thumb up, victory, thumb up."""
    clip = next(recording for recording in recordings() if "victory" in recording.expect and len(recording.frames) > 20)
    lesson, tracker = Lesson("mine", kind=Kind.POSE), Tracker(Smoothing())
    told = [progress for frame in clip.frames if (progress := lesson.update(tracker.update(frame))) is not None]
    assert told[-1].state is State.REJECTED
    assert "too close to victory" in told[-1].hint
