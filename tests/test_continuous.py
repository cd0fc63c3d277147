"""Continuous controls: taken by holding still, turned in hand sizes and body heights, left where they rested."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeholo.interpret.controls.continuous import CONTROLS
from edgeholo.interpret.vocabulary import CONTROLS as DESCRIBED
from edgeholo.types import Branch, Side
from tests.control_shapes import Held, Plan, Told, frames, knob, pinched, told, without
from tests.hand_shapes import Array, recordings, shape
from tests.played import OTHER, mirrored, moved, reference, zoomed

OPEN, FIST = shape("open_palm"), shape("closed_fist")
LEFT_AT, RIGHT_AT = (425.0, 230.0), (215.0, 230.0)


def _share(t_s: float, start_s: float, end_s: float) -> float:
    return float(np.clip((t_s - start_s) / (end_s - start_s), 0, 1))


def _pinch(t_s: float) -> dict[Side, Held | None]:
    """Closes for a second, opens to seven tenths within 1.5 s, makes a fist after four seconds."""
    return {Side.LEFT: Held(FIST if t_s > 4 else pinched(0.7 * _share(t_s, 1, 2.5)), LEFT_AT)}


def _height(t_s: float) -> dict[Side, Held | None]:
    """Goes 60 pixels up between the first and the second second, makes a fist after three."""
    return {Side.RIGHT: Held(FIST if t_s > 3 else OPEN, (RIGHT_AT[0], 230 - 60 * _share(t_s, 1, 2)))}


def _roll(t_s: float) -> dict[Side, Held | None]:
    """Turns 45 degrees counter-clockwise in the picture between the first and the second second, opens after three."""
    return {Side.LEFT: Held(OPEN if t_s > 3 else knob(-45 * _share(t_s, 1, 2)), LEFT_AT)}


def _spread(t_s: float) -> dict[Side, Held | None]:
    """Goes apart between the first and the second second, makes fists after three."""
    apart, points = 65 + 35 * _share(t_s, 1, 2), FIST if t_s > 3 else OPEN
    return {Side.LEFT: Held(points, (320 + apart, 230)), Side.RIGHT: Held(points, (320 - apart, 230))}


TURNED: dict[str, tuple[Plan, Side | None, float, float]] = {
    "pinch": (_pinch, Side.LEFT, 0.0, 0.74),
    "height": (_height, Side.RIGHT, 0.61, 0.79),
    "roll": (_roll, Side.LEFT, 0.5, 0.85),
    "spread": (_spread, None, 0.5, 0.88),
}
"""By control: what the hands do for four seconds and more, whose, and the values at both ends."""


def _still(points: Array, side: Side = Side.LEFT, at: tuple[float, float] = LEFT_AT) -> Plan:
    return lambda _: {side: Held(points, at)}


def _phases(readings: Told) -> list[tuple[str, str, Side | None]]:
    return [(each.name, each.phase, each.side) for _, each in readings if each.phase != "change"]


def _begun(readings: Told) -> list[str]:
    return [each.name for _, each in readings if each.phase == "begin"]


def test_every_control_of_the_vocabulary_can_be_taken() -> None:
    """What topics and docs promise is there."""
    assert CONTROLS.keys() == DESCRIBED.keys()


@pytest.mark.parametrize("rate_hz", [6, 10, 15, 30, 60])
@pytest.mark.parametrize("name", TURNED)
def test_a_control_is_taken_turned_and_let_go_alike_at_any_rate(name: str, rate_hz: float) -> None:
    """Seconds count, not frames."""
    plan, side, first, last = TURNED[name]
    readings = told(frames(plan, 4.5, rate_hz))
    assert _phases(readings) == [(name, "begin", side), (name, "end", side)]
    (begin_s, begin), (end_s, end) = readings[0], readings[-1]
    assert begin_s == pytest.approx({"pinch": 0.3}.get(name, 0.5), abs=0.2)
    assert begin.value == pytest.approx(first, abs=0.05)
    assert end_s == pytest.approx({"pinch": 4.2}.get(name, 3.2), abs=0.3)
    assert end.value == pytest.approx(last, abs=0.06)


@pytest.mark.parametrize("name", TURNED)
def test_a_control_reads_the_other_hand_in_a_mirror(name: str) -> None:
    """Left is right there, clockwise the other way round, and nothing else differs."""
    seen = frames(TURNED[name][0], 4.5)
    straight, turned = told(seen), told(mirrored(seen))
    assert [(t_s, each.name, each.phase, OTHER[each.side]) for t_s, each in straight] == [
        (t_s, each.name, each.phase, each.side) for t_s, each in turned
    ]
    values = [1 - each.value if name == "roll" else each.value for _, each in turned]
    assert values == pytest.approx([each.value for _, each in straight], abs=2e-3)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(list(TURNED)), st.floats(0.5, 1.2), st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_neither_place_nor_distance_changes_a_value(name: str, scale: float, x: float, y: float) -> None:
    """Values are of the body, not of the picture."""
    seen = frames(TURNED[name][0], 4.5)
    there, here = told(moved(seen, zoomed(scale, x, y))), told(seen)
    assert _phases(there) == _phases(here)
    assert [there[i][1].value for i in (0, -1)] == pytest.approx([here[i][1].value for i in (0, -1)], abs=0.03)


@pytest.mark.parametrize("name", TURNED)
def test_only_what_counts_is_taken(name: str) -> None:
    """A control that was switched off is none, whatever else is on."""
    readings = told(frames(TURNED[name][0], 3), tuple(other for other in CONTROLS if other != name))
    assert name not in _begun(readings)


@pytest.mark.parametrize("name", TURNED)
def test_a_value_changes_by_small_steps_and_not_without_need(name: str) -> None:
    """No jump, no trembling: a hand that rests tells nothing."""
    readings = told(frames(TURNED[name][0], 3, 30))
    values = [each.value for _, each in readings]
    steps = np.abs(np.diff(values))
    assert steps.max() < 0.12
    changes = [step for step, (_, each) in zip(steps, readings[1:], strict=True) if each.phase == "change"]
    assert min(changes) >= 0.015
    assert sum(2.4 < t_s < 3 for t_s, _ in readings) <= 6


@pytest.mark.parametrize("looked", [True, False])
def test_a_hand_that_is_lost_for_a_moment_keeps_its_control(looked: bool) -> None:
    """Whether it was looked for or not; where it comes back it glides to where it is."""
    readings = told(without(frames(_height, 2.8, 30), 1.2, 1.6, looked=looked))
    assert _phases(readings) == [("height", "begin", Side.RIGHT)]
    assert np.abs(np.diff([each.value for _, each in readings])).max() <= 0.5 * 0.34


def test_a_hand_that_is_gone_lets_go() -> None:
    """Half a second after it was last seen, with what it last said."""
    readings = told(without(frames(_height, 4), 2.5, 9))
    t_s, end = readings[-1]
    assert end.phase == "end"
    assert t_s == pytest.approx(3.2, abs=0.3)
    assert end.value == pytest.approx(0.79, abs=0.03)


def test_a_hand_nobody_looks_at_any_more_lets_go() -> None:
    """What is not looked for is as it was, but not forever."""
    readings = told(without(frames(_height, 5), 2, 9, looked=False))
    assert readings[-1][1].phase == "end"


@pytest.mark.parametrize("name", TURNED)
def test_a_hand_that_drops_lets_go_of_what_it_had_set(name: str) -> None:
    """Nobody who lowers the hand wants the light dimmed by it."""
    plan = TURNED[name][0]

    def dropped(t_s: float) -> dict[Side, Held | None]:
        down = 220 * _share(t_s, 2.8, 3.2)
        hands = plan(min(t_s, 2.8))
        return {side: held and Held(held.points, (held.at[0], held.at[1] + down)) for side, held in hands.items()}

    readings = told(frames(dropped, 4, 30))
    assert readings[-1][1].phase == "end"
    set_to = [each.value for t_s, each in readings if t_s <= 2.8][-1]
    assert readings[-1][1].value == pytest.approx(set_to, abs=0.06)


def test_a_swipe_is_no_height() -> None:
    """An open hand rests before it swipes: what it took by that it gives back unchanged."""

    def swept(t_s: float) -> dict[Side, Held | None]:
        return {Side.LEFT: Held(OPEN, (LEFT_AT[0], 180 + 160 * _share(t_s, 1.0, 1.35)))}

    readings = [each for _, each in told(frames(swept, 1.8, 30))]
    assert [each.phase for each in readings if each.phase != "change"] == ["begin", "end"]
    assert readings[-1].value == pytest.approx(readings[0].value, abs=0.03)


def test_wide_fingers_that_go_away_let_go_of_the_pinch() -> None:
    """Without a fist too; as long as they stay in their place they turn it."""

    def gone(t_s: float) -> dict[Side, Held | None]:
        away = 80 * _share(t_s, 3, 4.5)
        return {Side.LEFT: Held(pinched(_share(t_s, 1, 2)), (LEFT_AT[0] + away, LEFT_AT[1]))}

    readings = told(frames(gone, 5), ("pinch",))
    assert _phases(readings) == [("pinch", "begin", Side.LEFT), ("pinch", "end", Side.LEFT)]
    assert readings[-1][0] > 3.5


@pytest.mark.parametrize(
    ("what", "plan"),
    [
        ("a fist is no pinch and no knob", _still(FIST)),
        ("a pointer is none", _still(shape("pointing_up"))),
        ("a four is no open hand", _still(shape("four"))),
        ("an open hand that shows its back is no height", _still(shape("palm_away"))),
        ("an open hand at the face", _still(OPEN, at=(325.0, 180.0))),
        ("a ring at the face", _still(shape("ok"), at=(325.0, 180.0))),
        ("a hanging open hand", _still(shape("open_palm", turn_deg=180), at=(420.0, 400.0))),
        ("a ring in the lap", _still(shape("ok", turn_deg=100), at=(390.0, 385.0))),
        ("an open hand on the other arm", _still(OPEN, at=(250.0, 300.0))),
    ],
)
def test_hands_that_turn_nothing_take_nothing(what: str, plan: Plan) -> None:
    """Held still for as long as one likes."""
    assert told(frames(plan, 3)) == [], what


def test_a_relaxed_hand_is_around_no_knob() -> None:
    """Its fingers are half bent too, but its thumb lies beside them."""
    relaxed = knob(0)
    relaxed[1:5] = [(-0.26, -0.22, -0.08), (-0.4, -0.5, -0.2), (-0.42, -0.8, -0.32), (-0.36, -1.05, -0.42)]
    assert told(frames(_still(relaxed), 3)) == []


@pytest.mark.parametrize("points", [OPEN, shape("ok"), knob(0)])
def test_hands_that_move_take_nothing(points: Array) -> None:
    """Talkers' hands go 3 cm and more at any time."""

    def beat(t_s: float) -> dict[Side, Held | None]:
        x = 425 + 30 * np.sin(2 * np.pi * 0.8 * t_s)
        return {Side.LEFT: Held(points, (x, 230 + 15 * np.sin(2 * np.pi * 1.3 * t_s)))}

    assert told(frames(beat, 5, 30)) == []


def test_without_a_body_no_height_is_taken() -> None:
    """A fraction of the picture would be nobody's height; the others need no body."""
    assert told(frames(_height, 3, pose=False)) == []
    assert _begun(told(frames(_pinch, 3, pose=False))) == ["pinch"]


def test_two_open_hands_are_one_spread_and_not_two_heights() -> None:
    """One goes first; with it switched off each hand has its own height."""
    assert _begun(told(frames(_spread, 2))) == ["spread"]
    assert sorted(_begun(told(frames(_spread, 2), ("height",)))) == ["height", "height"]


def test_two_hands_are_one_spread_though_they_are_looked_at_in_turn() -> None:
    """A small computer looks at one hand a frame."""
    turns = [frozenset({Branch.POSE, side.branch}) for side in Side]
    seen = [replace(each, ran=turns[index % 2]) for index, each in enumerate(frames(_spread, 2.8, 20))]
    readings = told(seen)
    assert _begun(readings) == ["spread"]
    assert readings[-1][1].value == pytest.approx(0.88, abs=0.05)


def test_a_hand_has_one_control_at_a_time_and_rests_after_it() -> None:
    """The hand that opens to let go of a knob does not take the height by that."""
    readings = told(frames(_roll, 4.1))
    assert _begun(readings) == ["roll"]
    assert _begun(told(frames(_roll, 6))) == ["roll", "height"]


def test_each_hand_has_its_own() -> None:
    """The left one pinches while the right one sets a height."""
    readings = told(frames(lambda t_s: _pinch(t_s) | _height(t_s), 2.5))
    assert sorted((each.name, each.side) for _, each in readings if each.phase == "begin") == [
        ("height", Side.RIGHT),
        ("pinch", Side.LEFT),
    ]


def test_a_pause_or_a_step_back_in_time_lets_everything_go() -> None:
    """Nobody knows what hands did meanwhile."""
    seen = frames(_height, 2.5)
    later = [replace(each, timestamp_ns=each.timestamp_ns + 12_000_000_000) for each in seen]
    for after in (later, seen):
        again = told([*seen, *after], calm=False)
        assert [phase for _, phase, _ in _phases(again)] == ["begin", "end", "begin"]


def test_finishing_lets_everything_go_once() -> None:
    """A person who is gone holds nothing."""
    readings = told(frames(_spread, 2.5), finish=True)
    assert _phases(readings) == [("spread", "begin", None), ("spread", "end", None)]


def test_values_stay_between_nothing_and_everything() -> None:
    """A hand above the head is no more than at its top."""
    values = [each.value for _, each in told(frames(_still(OPEN, at=(500.0, 90.0)), 2))]
    assert values == [1.0]


def test_recorded_hands_that_show_shapes_take_nothing_but_what_they_offer() -> None:
    """People at home who show a shape for two seconds."""
    for recording in recordings():
        begun = set(_begun(told(recording.played())))
        assert begun <= (
            {"height"} if "open_palm" in recording.expect else {"pinch"} if "ok" in recording.expect else set()
        )


@pytest.mark.shared
def test_signers_control_nothing(shared_media: Path) -> None:
    """30 seconds of hands that are busy with something else: less than half a second of anything."""
    taken_s = 0.0
    for path in sorted((shared_media / "reference").glob("signing.*.jsonl")):
        readings = told(reference(path), finish=True)
        taken_s += sum(t_s if each.phase == "end" else -t_s for t_s, each in readings if each.phase != "change")
    assert taken_s < 0.5
