"""How often a control's value goes out, and which ones always do."""

import itertools

import pytest

from edgeholo.publish.rhythm import Rhythm
from edgeholo.types import Side, Value

MS = 1_000_000


def value(phase: str, number: float, at_ms: int, hand: Side | None = Side.RIGHT) -> Value:
    """Return a value of one control."""
    return Value("pinch", number, phase, hand, 0, at_ms * MS)  # type: ignore[arg-type]


@pytest.mark.parametrize("frame_ms", [16, 33, 66, 150])
def test_changes_are_thinned_out_and_the_first_and_the_last_always_told(frame_ms: int) -> None:
    """At every frame rate: begin at once, at most ten changes a second, the end with its value."""
    rhythm, told = Rhythm(), []
    for number in range(2000 // frame_ms):
        at_ms = number * frame_ms
        told += rhythm.due([value("change" if number else "begin", number / 200, at_ms)], at_ms * MS, 10.0)
    told += rhythm.due([value("end", 0.77, 2000)], 2000 * MS, 10.0)
    changes = [each for each in told if each.phase == "change"]
    assert told[0].phase == "begin"
    assert told[-1] == value("end", 0.77, 2000)
    assert 2000 // max(frame_ms, 134) <= len(changes) + 1 <= 21
    gaps = [later.timestamp_ns - one.timestamp_ns for one, later in itertools.pairwise(changes)]
    assert min(gaps) >= 100 * MS


def test_a_value_that_was_held_back_goes_out_when_its_time_has_come() -> None:
    """A hand that comes to rest has said its last value, though no new one follows."""
    rhythm = Rhythm()
    assert len(rhythm.due([value("begin", 0.1, 0)], 0, 10.0)) == 1
    assert rhythm.due([value("change", 0.5, 50)], 50 * MS, 10.0) == []
    assert rhythm.due([], 90 * MS, 10.0) == []
    assert rhythm.due([], 100 * MS, 10.0) == [value("change", 0.5, 50)]
    assert rhythm.due([], 300 * MS, 10.0) == []


def test_each_hand_has_a_rhythm_of_its_own() -> None:
    """Two hands on two controls are told side by side."""
    rhythm = Rhythm()
    both = [value("begin", 0.1, 0, Side.LEFT), value("begin", 0.2, 0, Side.RIGHT)]
    assert rhythm.due(both, 0, 10.0) == both
    left = [value("change", 0.3, 120, Side.LEFT)]
    assert rhythm.due(left, 120 * MS, 10.0) == left
    right = [value("change", 0.4, 130, Side.RIGHT)]
    assert rhythm.due(right, 130 * MS, 10.0) == right


def test_an_end_leaves_nothing_waiting() -> None:
    """Whoever let go has no value any more."""
    rhythm = Rhythm()
    rhythm.due([value("begin", 0.1, 0), value("change", 0.2, 10)], 10 * MS, 10.0)
    assert rhythm.due([value("end", 0.2, 20)], 20 * MS, 10.0) == [value("end", 0.2, 20)]
    assert rhythm.due([], 500 * MS, 10.0) == []


def test_a_clock_that_steps_back_holds_nothing_back() -> None:
    """Media that begins again has small times."""
    rhythm = Rhythm()
    rhythm.due([value("begin", 0.1, 90_000)], 90_000 * MS, 10.0)
    assert rhythm.due([value("change", 0.2, 0)], 0, 10.0) == [value("change", 0.2, 0)]
