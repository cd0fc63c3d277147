"""From people to observations: who meant what, and who meant nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeholo.config import EngineOptions, Gestures, PresenceOptions, Smoothing
from edgeholo.interpret.interpreter import Interpreter
from edgeholo.perceive.engine import Engine, open_engine
from edgeholo.perceive.tracking import Tracker
from edgeholo.types import Branch, Frame, Gesture, Hand, People, Person, Phase, Pose, Side
from tests.footage import frames
from tests.hand_shapes import SHAPES, SIZE, gestures, hand, people, person, recordings, shape, shown, started

RECORDINGS = {each.name: each for each in recordings()}
HANGING = "home rock 055f8be9"


def showing(who: Person, seconds: float, rate_hz: float = 20.0, start_s: float = 0.0) -> list[People]:
    """Return frames in which a person shows the same throughout."""
    return [people(start_s + number / rate_hz, who) for number in range(round(seconds * rate_hz))]


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("name", SHAPES)
def test_a_gesture_is_reported_with_its_hand(name: str, side: Side) -> None:
    """Once, with a confidence, for the person who shows it."""
    start = gestures(showing(shown(name, side), 2.0))[0]
    assert (start.name, start.phase, start.hand, start.person) == (name, Phase.START, side, 1)
    assert 0.6 <= start.confidence <= 1


def test_both_hands_are_reported() -> None:
    """Two thumbs up are two events."""
    both = person(left=hand(shape("thumb_up")), right=hand(shape("thumb_up", side=Side.RIGHT), at=(150.0, 250.0)))
    assert {(each.name, each.hand) for each in gestures(showing(both, 0.5))} == {("thumb_up", side) for side in Side}


def test_gestures_that_are_switched_off_are_not_taken_for_others() -> None:
    """A rock is no I-love-you because rock is off."""
    assert started(showing(shown("rock"), 2.0), Gestures(enabled=("i_love_you", "pointing_up"))) == []


def test_a_moving_hand_starts_nothing() -> None:
    """A shape passed through is no sign: at 0.5 m/s nothing starts, at rest it does."""
    moving = [
        people(number / 20, person(left=hand(shape("victory"), at=(100.0 + 12 * number, 250.0))))
        for number in range(30)
    ]
    assert started(moving) == []


def test_a_hanging_hand_means_nothing() -> None:
    """A fist beside the thigh, its thumb to the floor, is no thumb down."""
    recorded = RECORDINGS[HANGING].frames[0]
    pose = recorded.persons[0].pose
    assert pose is not None
    wrist = tuple((pose.points[15, :2] * recorded.size).tolist())
    thumb = hand(shape("thumb_down"), size_px=20.0, at=(wrist[0], wrist[1]))
    scale = np.array([SIZE[0] / recorded.size[0], SIZE[1] / recorded.size[1], SIZE[0] / recorded.size[0]], np.float32)
    made = Person(1, pose=pose, left_hand=Hand(thumb.points * scale))
    assert started([people(n / 20, made, size=recorded.size) for n in range(40)]) == []
    assert started([people(n / 20, replace(made, pose=None), size=recorded.size) for n in range(40)]) == ["thumb_down"]


def test_a_hand_at_the_face_means_nothing() -> None:
    """A chin on a fist is no command; a telephone at the ear is."""
    recorded = RECORDINGS["home four 06aa70cc"].frames[0]
    pose = recorded.persons[0].pose
    assert pose is not None
    nose = pose.points[0, :2] * recorded.size
    for name, expected in (("closed_fist", []), ("call", ["call"])):
        points = shape(name) * 20.0
        points -= points[[0, 5, 17]].mean(axis=0) - (*nose, 0.0)
        width, height = recorded.size
        made = Person(1, pose=pose, left_hand=Hand((points / (width, height, width)).astype(np.float32)))
        assert started([people(n / 20, made, size=recorded.size) for n in range(40)]) == expected


def test_a_hand_that_changes_its_name_says_nothing_twice() -> None:
    """Engines take one hand for the other; where a hand goes on in the same place it is the same gesture."""
    wrong, true = shown("rock"), shown("rock", Side.RIGHT)
    made = true.right_hand
    assert made is not None
    taken = [people(n / 20, replace(wrong, left_hand=made)) for n in range(20)]
    mended = [people(1 + n / 20, true) for n in range(20)]
    gone = [people(2 + n / 20, person()) for n in range(20)]
    found = gestures([*taken, *mended, *gone])
    assert [(each.phase, each.hand) for each in found] == [
        (phase, Side.LEFT) for phase in (Phase.START, Phase.HOLD, Phase.END)
    ]


def test_a_hand_that_is_not_looked_for_is_not_gone() -> None:
    """A branch may rest for some frames without ending a gesture; unknown for too long is an end."""
    start = showing(shown("victory"), 0.5)
    rest = [people(0.5 + n / 20, ran=frozenset()) for n in range(12)]
    later = showing(shown("victory"), 0.5, start_s=1.1)
    assert [each.phase for each in gestures([*start, *rest, *later])] == [Phase.START, Phase.HOLD]
    blind = [people(0.5 + n / 20, ran=frozenset()) for n in range(60)]
    assert [each.phase for each in gestures([*start, *blind])] == [Phase.START, Phase.END]


@pytest.mark.parametrize("side", Side)
def test_hands_that_are_looked_at_in_turns_are_read_like_any(side: Side) -> None:
    """One in even frames, the other in odd ones, and the body in every third: the same life of the gesture."""
    turns = [
        replace(each, ran=frozenset({s.branch for s in Side if (n % 2 == 0) == (s is Side.LEFT)} | BODY[n % 3]))
        for n, each in enumerate([*showing(shown("victory", side), 2.0), *showing(person(), 1.0, start_s=2.0)])
    ]
    hidden = [replace(each, persons=tuple(only(who, each.ran) for who in each.persons)) for each in turns]
    found = gestures(hidden)
    assert [(each.phase, each.hand) for each in found] == [
        (phase, side) for phase in (Phase.START, Phase.HOLD, Phase.END)
    ]


BODY: list[frozenset[Branch]] = [frozenset({Branch.POSE}), frozenset(), frozenset()]


def only(who: Person, ran: frozenset[Branch]) -> Person:
    """Return what such a frame shows of a person."""
    return Person(who.id, **{branch.value: getattr(who, branch) for branch in ran})


def test_a_hand_that_is_not_looked_for_keeps_its_gesture_while_the_other_one_ends() -> None:
    """Each side has its own knowledge."""
    both = person(left=hand(shape("victory")), right=hand(shape("victory", side=Side.RIGHT), at=(150.0, 250.0)))
    left_only = frozenset({Branch.POSE, Branch.LEFT_HAND})
    then = [people(0.5 + n / 20, person(), ran=left_only) for n in range(16)]
    ended = [each for each in gestures([*showing(both, 0.5), *then]) if each.phase is Phase.END]
    assert [each.hand for each in ended] == [Side.LEFT]
    longer = [people(0.5 + n / 20, person(), ran=left_only) for n in range(30)]
    ended = [each for each in gestures([*showing(both, 0.5), *longer]) if each.phase is Phase.END]
    assert [each.hand for each in ended] == [Side.LEFT, Side.RIGHT]


def test_a_hanging_hand_means_nothing_in_frames_that_do_not_look_for_the_body_either() -> None:
    """Where the arm was a moment ago it still is."""
    recorded = RECORDINGS[HANGING].frames[0]
    pose = recorded.persons[0].pose
    assert pose is not None
    wrist = tuple((pose.points[15, :2] * recorded.size).tolist())
    thumb = hand(shape("thumb_down"), size_px=20.0, at=(wrist[0], wrist[1]))
    scale = np.array([SIZE[0] / recorded.size[0], SIZE[1] / recorded.size[1], SIZE[0] / recorded.size[0]], np.float32)
    whole = Person(1, pose=pose, left_hand=Hand(thumb.points * scale))
    seen = [
        people(n / 20, only(whole, ran), size=recorded.size, ran=ran)
        for n in range(40)
        for ran in (frozenset({Branch.POSE}) if n % 8 == 0 else frozenset({Branch.LEFT_HAND}),)
    ]
    assert started(seen) == []


def test_a_hand_is_not_taken_for_the_other_one_that_nobody_looked_at() -> None:
    """The right one is found where the left one was, which may well still be there and goes on."""
    left_there = showing(shown("victory"), 0.5)
    wrong = shown("victory").left_hand
    right_only = frozenset({Branch.POSE, Branch.RIGHT_HAND})
    then = [people(0.5 + n / 20, person(right=wrong), ran=right_only) for n in range(8)]
    again = showing(shown("victory"), 0.3, start_s=0.9)
    found = [(each.phase, each.hand) for each in gestures([*left_there, *then, *again])]
    assert found[:2] == [(Phase.START, Side.LEFT), (Phase.START, Side.RIGHT)]
    assert (Phase.END, Side.LEFT) not in found


@given(rate_hz=st.floats(10, 60), name=st.sampled_from(sorted(SHAPES)))
def test_the_rate_of_frames_changes_no_event(rate_hz: float, name: str) -> None:
    """Ten frames a second or sixty: the same start, hold and end."""
    phases = [
        each.phase for each in gestures([*showing(shown(name), 3.0, rate_hz), *showing(person(), 1.0, rate_hz, 3.0)])
    ]
    assert phases == [Phase.START, Phase.HOLD, Phase.END]


_NUMBERS = st.floats(-2, 3, width=32) | st.sampled_from([float("nan"), float("inf"), 0.0])


@st.composite
def mishaps(draw: st.DrawFn) -> list[People]:
    """Draw frames with times that jump, points that are no numbers, parts that come and go."""
    out: list[People] = []
    for _ in range(draw(st.integers(1, 25))):
        name, t_s = draw(st.sampled_from(sorted(SHAPES))), draw(st.floats(0, 30))
        made = hand(shape(name)).points.copy()
        made[draw(st.integers(0, 20)), draw(st.integers(0, 2))] = draw(_NUMBERS)
        body = np.full((33, 3), draw(_NUMBERS), np.float32)
        pose = draw(st.sampled_from([None, Pose(body, np.full(33, draw(_NUMBERS), np.float32))]))
        who = Person(draw(st.integers(0, 2)), pose, Hand(made), draw(st.sampled_from([None, Hand(made)])))
        out.append(people(t_s, *draw(st.sampled_from([(), (who,)]))))
    return out


@given(mishaps())
def test_mishaps_raise_nothing_and_start_nothing_at_once(shown_frames: list[People]) -> None:
    """Whatever an engine, a camera or a clock does: observations stay consistent."""
    running: set[tuple[int, Side | None]] = set()
    for each in gestures(shown_frames):
        key = (each.person, each.hand)
        assert (each.phase is Phase.START) == (key not in running)
        if each.phase is Phase.START:
            running.add(key)
        if each.phase is Phase.END:
            running.discard(key)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Return the real engine."""
    opened = open_engine(EngineOptions())
    yield opened
    opened.close()


def understood(engine: Engine, pictures: list[Frame]) -> list[Gesture]:
    """Return the gestures in pictures, through the real engine and the tracker."""
    engine.reset()
    tracker, interpreter = Tracker(Smoothing()), Interpreter(Gestures(), PresenceOptions())
    seen = [each for picture in pictures for each in interpreter.update(tracker.update(engine.detect(picture)))]
    return [each for each in seen if isinstance(each, Gesture)]


def test_the_demo_clip_is_understood(engine: Engine, demo_clip: Path) -> None:
    """Victory, thumb up, victory, thumb up, with the left hand, and nothing else."""
    starts = [each for each in understood(engine, list(frames(demo_clip))) if each.phase is Phase.START]
    assert [each.name for each in starts] == ["victory", "thumb_up", "victory", "thumb_up"]
    assert {each.hand for each in starts} == {Side.LEFT}
