"""A wake gesture, and then some seconds in which gestures count."""

import pytest

from edgeholo.config import Arming, Gestures, PresenceOptions
from edgeholo.interpret.interpreter import Interpreter
from edgeholo.types import Armed, Gesture, Observation, People, Person, Side
from tests.hand_shapes import hand, people, person, shape, shown

ARMING = Gestures(arming=Arming(enabled=True, gesture="open_palm", hold_s=0.7, window_s=3.0, exempt=("call",)))
NOBODY = person()


def told(scenes: list[tuple[Person, float]], options: Gestures = ARMING) -> list[tuple[float, str]]:
    """Return what is said of gestures and arming while each person is shown for so many seconds."""
    interpreter = Interpreter(options, PresenceOptions())
    said, at_s = [], 0.0
    for who, seconds in scenes:
        frames: list[People] = [people(at_s + n / 20, who) for n in range(round(seconds * 20))]
        said += [(each.timestamp_ns / 1e9, words(each)) for frame in frames for each in interpreter.update(frame)]
        at_s += seconds
    return [(t, text) for t, text in said if text]


def words(observation: Observation) -> str:
    """Return a word or two on an observation that matters here."""
    if isinstance(observation, Armed):
        return "armed" if observation.armed else "disarmed"
    return f"{observation.name} {observation.phase}" if isinstance(observation, Gesture) else ""


def test_nothing_counts_before_the_wake_gesture() -> None:
    """It is said once that it is not armed, and a thumb up goes unheard."""
    assert told([(shown("thumb_up"), 3.0)]) == [(0.0, "disarmed")]


def test_a_command_counts_within_the_time_after_the_wake_gesture() -> None:
    """The wake gesture itself is no command, and armed comes after it was held."""
    said = told([(shown("open_palm"), 1.0), (NOBODY, 0.5), (shown("thumb_up"), 0.6), (NOBODY, 8.0)])
    assert [text for _, text in said] == ["disarmed", "armed", "thumb_up start", "thumb_up end", "disarmed"]
    assert said[1][0] == pytest.approx(0.7, abs=0.051)


def test_a_command_begins_the_time_anew() -> None:
    """Five seconds after the wake gesture the second command still counts, for the first one was in time."""
    show, rest = (shown("thumb_up"), 0.6), (NOBODY, 1.4)
    said = told([(shown("open_palm"), 1.0), (NOBODY, 1.0), show, rest, show, rest])
    assert [text for _, text in said].count("thumb_up start") == 2


def test_the_time_to_command_runs_out() -> None:
    """Later nothing counts until the wake gesture comes again."""
    said = told([(shown("open_palm"), 1.0), (NOBODY, 4.0), (shown("thumb_up"), 2.0)])
    assert [text for _, text in said] == ["disarmed", "armed", "disarmed"]
    assert said[2][0] == pytest.approx(0.7 + 3.0, abs=0.15)


def test_an_exempt_gesture_counts_unarmed() -> None:
    """Help must not wait for a password."""
    assert [text for _, text in told([(shown("call"), 2.0)])] == ["disarmed", "call start", "call hold"]


def test_a_shape_that_was_held_before_it_was_armed_is_no_command_at_once() -> None:
    """Its onset counts from then on: the other hand says when."""
    both = person(left=shown("thumb_up").left_hand, right=hand(shape("open_palm", side=Side.RIGHT), at=(150.0, 250.0)))
    said = told([(both, 2.0)])
    armed = next(t for t, text in said if text == "armed")
    command = next(t for t, text in said if text == "thumb_up start")
    assert command - armed == pytest.approx(0.25 + 0.3, abs=0.11)


def test_without_arming_nothing_is_said_of_it() -> None:
    """Off by default, and then no word of it."""
    assert [text for _, text in told([(shown("thumb_up"), 0.6)], Gestures())] == ["thumb_up start"]


def test_the_end_of_all_disarms() -> None:
    """When other options take over, what has started ends and nothing stays armed."""
    interpreter = Interpreter(ARMING, PresenceOptions())
    scenes = [(shown("open_palm"), 0, 20), (NOBODY, 20, 30), (shown("thumb_up"), 30, 45)]
    for who, first, last in scenes:
        for number in range(first, last):
            interpreter.update(people(number / 20, who))
    assert [words(each) for each in interpreter.finish()] == ["thumb_up end", "disarmed"]
    assert interpreter.finish() == []
