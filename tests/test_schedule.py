"""What runs on a frame, and why: tables of decisions over made-up time."""

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeholo.perceive.schedule import Decision, HandFacts, PersonSchedule, Rate, RoomSchedule
from edgeholo.types import Branch, Mode

LEFT, RIGHT = Branch.LEFT_HAND, Branch.RIGHT_HAND
ABSENT = HandFacts(tracked=False, wrist_seen=False, hanging=False)
UP = HandFacts(tracked=False, wrist_seen=True, hanging=False)
HANGING = HandFacts(tracked=False, wrist_seen=True, hanging=True)
TRACKED = HandFacts(tracked=True, wrist_seen=True, hanging=False)
LOWERED = HandFacts(tracked=True, wrist_seen=True, hanging=True)
SWIPING = HandFacts(tracked=True, wrist_seen=True, hanging=False, fast=True)
AUTO = dict.fromkeys(Branch, Mode.AUTO)
TIMES = st.lists(st.one_of(st.floats(0, 20), st.sampled_from([0.0, 5.0, 5.0, 1e9])), min_size=1, max_size=40)


def _times(hz: float, seconds: float) -> list[float]:
    return [number / hz for number in range(round(hz * seconds))]


def _hands(
    times: Iterable[float], left: HandFacts, right: HandFacts = ABSENT, modes: dict[Branch, Mode] = AUTO
) -> list[dict[Branch, Decision]]:
    """Return the decisions about both hands, frame by frame."""
    schedule, decisions = PersonSchedule(), []
    for t_s in times:
        schedule.begin(t_s)
        decisions.append(schedule.hands(t_s, modes, {LEFT: left, RIGHT: right}))
    return decisions


def _poses(times: Iterable[float], mode: Mode, *, tracked: bool = False, lost: bool = False) -> list[Decision]:
    schedule = PersonSchedule()
    return [schedule.pose(t_s, mode, hands_tracked=tracked, hand_lost=lost) for t_s in times]


def _room(times: Iterable[float], mode: Mode, followed: int, most: int = 1) -> list[Decision]:
    schedule = RoomSchedule()
    return [schedule.detect(t_s, mode, followed=followed, most=most) for t_s in times]


def _rate(decisions: list[Decision], seconds: float) -> float:
    return sum(decision.run for decision in decisions) / seconds


@pytest.mark.parametrize("hz", [5, 15, 30, 120])
@pytest.mark.parametrize("hand", [UP, HANGING, TRACKED, LOWERED, SWIPING])
def test_on_runs_in_every_frame(hz: float, hand: HandFacts) -> None:
    """As Holistic does, both hands and whatever the arm does."""
    times, on = _times(hz, 2), dict.fromkeys(Branch, Mode.ON)
    schedule = PersonSchedule()
    decisions = [decision for frame in _hands(times, hand, hand, on) for decision in frame.values()]
    decisions += _poses(times, Mode.ON)
    decisions += [schedule.face(t_s, Mode.ON, wanted=False) for t_s in times]
    decisions += _room(times, Mode.ON, followed=0)
    assert set(decisions) == {Decision(run=True, why="on")}


@pytest.mark.parametrize("mode", [Mode.ON, Mode.AUTO])
def test_a_hand_whose_wrist_is_not_seen_is_not_looked_for(mode: Mode) -> None:
    """Holistic has no region for it either."""
    for frame in _hands(_times(30, 1), ABSENT, ABSENT, dict.fromkeys(Branch, mode)):
        assert set(frame.values()) == {Decision(run=False, why="wrist not seen")}


@pytest.mark.parametrize("hand", [ABSENT, UP, TRACKED, SWIPING])
def test_off_never_runs(hand: HandFacts) -> None:
    """Hands and face; the body leads to them, so off only hides it."""
    off = dict.fromkeys(Branch, Mode.OFF)
    for frame in _hands(_times(30, 1), hand, hand, off):
        assert set(frame.values()) == {Decision(run=False, why="off")}
    assert PersonSchedule().face(0.0, Mode.OFF, wanted=True) == Decision(run=False, why="off")
    assert _poses([0.0], Mode.OFF)[0].run


@pytest.mark.parametrize(
    ("hand", "reasons"),
    [
        (TRACKED, {"following", "resting"}),
        (LOWERED, {"following", "resting"}),
        (SWIPING, {"moving fast"}),
        (HANGING, {"hanging"}),
        (UP, {"searching", "searching in vain", "resting"}),
        (ABSENT, {"wrist not seen"}),
    ],
)
def test_auto_says_why(hand: HandFacts, reasons: set[str]) -> None:
    """Each state of a hand has its own words."""
    assert {frame[LEFT].why for frame in _hands(_times(30, 4), hand)} == reasons


@pytest.mark.parametrize(
    ("hand", "hz", "low", "high"),
    [
        (TRACKED, 30, 12, 13.5),
        (TRACKED, 60, 12, 17),
        (TRACKED, 15, 10, 13.5),
        (TRACKED, 12, 12, 12),
        (TRACKED, 10, 10, 10),
        (SWIPING, 30, 30, 30),
        (HANGING, 30, 0, 0),
    ],
)
def test_a_hand_is_looked_at_as_often_as_it_is_worth(hand: HandFacts, hz: float, low: float, high: float) -> None:
    """Looks a second, one hand alone."""
    assert low <= _rate([frame[LEFT] for frame in _hands(_times(hz, 4), hand)], 4) <= high


def test_searching_in_vain_tires() -> None:
    """A hand that is up but was not found: eight looks a second, after a second and a half two."""
    decisions = [frame[LEFT] for frame in _hands(_times(30, 10), UP)]
    assert 7 <= _rate(decisions[:45], 1.5) <= 10
    assert 1.8 <= _rate(decisions[60:], 8) <= 2.6


def test_a_search_is_fresh_again_after_the_hand_hung_or_was_found() -> None:
    """Lowered and raised again, it is looked for at full rate."""
    for between in (HANGING, TRACKED):
        schedule = PersonSchedule()
        reasons = []
        for t_s in _times(30, 9):
            schedule.begin(t_s)
            hand = between if 4 <= t_s < 5 else UP
            reasons.append(schedule.hands(t_s, AUTO, {LEFT: hand, RIGHT: ABSENT})[LEFT].why)
        assert "searching in vain" in reasons[60:120]
        assert "searching" in reasons[150:180]
        assert "searching in vain" not in reasons[150:180]


@pytest.mark.parametrize(("hz", "turns"), [(30, True), (25, True), (12, False), (10, False)])
def test_hands_take_turns_where_frames_come_fast_enough(hz: float, turns: bool) -> None:
    """At 30 frames a second no frame costs two hands, at 10 every frame has both."""
    frames = _hands(_times(hz, 4), TRACKED, TRACKED)[2:]
    both = [frame for frame in frames if frame[LEFT].run and frame[RIGHT].run]
    if not turns:
        assert len(both) == len(frames)
        return
    assert both == []
    for branch in (LEFT, RIGHT):
        assert _rate([frame[branch] for frame in frames], len(frames) / hz) >= 0.8 * min(12.5, hz / 2)


def test_a_fast_hand_does_not_wait_for_the_other() -> None:
    """It runs in every frame, the other when it is due."""
    frames = _hands(_times(30, 2), SWIPING, TRACKED)
    assert all(frame[LEFT].run for frame in frames)
    assert _rate([frame[RIGHT] for frame in frames], 2) >= 12


def test_a_hand_that_is_on_does_not_take_turns() -> None:
    """Only what is left to the schedule waits."""
    modes = {**AUTO, LEFT: Mode.ON}
    frames = _hands(_times(30, 2), TRACKED, TRACKED, modes)
    assert all(frame[LEFT].run for frame in frames)
    assert _rate([frame[RIGHT] for frame in frames], 2) >= 12


@pytest.mark.parametrize(
    ("tracked", "lost", "low", "high", "why"),
    [
        (False, False, 9, 11, "following"),
        (True, False, 7, 10, "hands lead"),
        (True, True, 30, 30, "a hand was lost"),
    ],
)
def test_the_body_is_looked_at_as_often_as_hands_need_it(
    tracked: bool, lost: bool, low: float, high: float, why: str
) -> None:
    """Less while hands are followed by themselves, at once when one was lost."""
    decisions = _poses(_times(30, 4), Mode.AUTO, tracked=tracked, lost=lost)
    assert low <= _rate(decisions, 4) <= high
    assert {decision.why for decision in decisions if decision.run} == {why}


def test_the_face_runs_only_while_somebody_wants_it() -> None:
    """A rule or a subscriber."""
    schedule = PersonSchedule()
    wanted = [schedule.face(t_s, Mode.AUTO, wanted=True) for t_s in _times(30, 4)]
    assert 8 <= _rate(wanted, 4) <= 12
    assert schedule.face(9.0, Mode.AUTO, wanted=False) == Decision(run=False, why="nobody wants it")


@pytest.mark.parametrize("mode", list(Mode))
def test_no_detector_runs_while_everybody_is_followed(mode: Mode) -> None:
    """Tracking is a tenth of the cost."""
    assert set(_room(_times(30, 2), mode, followed=1)) == {Decision(run=False, why="tracking holds")}


@pytest.mark.parametrize("mode", list(Mode))
def test_further_people_are_looked_for_twice_a_second(mode: Mode) -> None:
    """While some are followed and more are wanted."""
    decisions = _room(_times(30, 10), mode, followed=1, most=4)
    assert 1.8 <= _rate(decisions, 10) <= 2.1
    assert {decision.why for decision in decisions} == {"further people", "resting"}


@pytest.mark.parametrize("hz", [6, 10, 12.5, 15, 25, 30, 60])
def test_an_empty_room_is_searched_five_times_a_second_then_once(hz: float) -> None:
    """At most, however frames come; and often enough."""
    decisions = _room(_times(hz, 23), Mode.AUTO, followed=0)
    early, late = decisions[: round(3 * hz)], decisions[round(3 * hz) + 1 :]
    assert 3 <= _rate(early, 3) <= 5.4
    assert 0.9 <= _rate(late, 20) <= 1.1
    assert {decision.why for decision in late} == {"idle room", "resting"}


def test_a_still_room_is_searched_every_third_glance() -> None:
    """The motion gate glances every two seconds; in a picture that did not change is nobody new."""
    decisions = _room([2.0 * glance for glance in range(10)], Mode.AUTO, followed=0)
    assert [decision.run for decision in decisions] == [True, False, False] * 3 + [True]
    assert {decision.why for decision in decisions} == {"searching", "a glance"}


def test_what_moves_after_a_pause_is_searched_at_full_rate() -> None:
    """It may be a person, however long nobody came; the second frame tells it from a glance."""
    quiet, moving = _times(10, 20), [22 + t_s for t_s in _times(10, 2)]
    decisions = _room([*quiet, *moving], Mode.AUTO, followed=0)[len(quiet) :]
    assert any(decision.run for decision in decisions[:2])
    assert 4.5 <= _rate(decisions, 2) <= 5.5


def test_a_room_that_was_just_left_is_searched_at_full_rate() -> None:
    """However long somebody was in it."""
    schedule = RoomSchedule()
    for t_s in _times(10, 20):
        schedule.detect(t_s, Mode.AUTO, followed=0 if t_s < 10 else 1, most=1)
    after = [schedule.detect(20 + t_s, Mode.AUTO, followed=0, most=1) for t_s in _times(10, 2)]
    assert after[0].run
    assert {decision.why for decision in after} == {"searching", "resting"}


@pytest.mark.parametrize("then_s", [10.5, 5.0, -3.0, 1e6])
def test_a_jump_in_time_blocks_nothing(then_s: float) -> None:
    """Backwards, forwards or to before the start of time, the next frame may run."""
    rate, person, room = Rate(), PersonSchedule(), RoomSchedule()
    for t_s in (10.0, 10.0, 10.0):
        rate.looked(t_s)
        person.begin(t_s)
        person.pose(t_s, Mode.AUTO, hands_tracked=False, hand_lost=False)
        person.hands(t_s, AUTO, {LEFT: TRACKED, RIGHT: UP})
        room.detect(t_s, Mode.AUTO, followed=0, most=1)
    person.begin(then_s)
    assert rate.due(then_s, 5)
    assert person.pose(then_s, Mode.AUTO, hands_tracked=True, hand_lost=False).run
    assert person.hands(then_s, AUTO, {LEFT: TRACKED, RIGHT: UP})[LEFT].run
    assert room.detect(then_s, Mode.AUTO, followed=0, most=1).run


@given(times=TIMES, hands=st.lists(st.sampled_from([ABSENT, UP, HANGING, TRACKED, SWIPING]), min_size=2, max_size=2))
@settings(deadline=None)  # a busy machine is no failure
def test_whatever_time_does_everything_runs_again_and_says_why(times: list[float], hands: list[HandFacts]) -> None:
    """A second after the worst of times every branch with something to see has run."""
    person, room, ran = PersonSchedule(), RoomSchedule(), Counter[str]()
    end_s = times[-1]
    for t_s in [*times, *(end_s + step for step in _times(30, 1.5))]:
        person.begin(t_s)
        decisions: dict[str, Decision] = {
            "pose": person.pose(t_s, Mode.AUTO, hands_tracked=False, hand_lost=False),
            "face": person.face(t_s, Mode.AUTO, wanted=True),
            "detector": room.detect(t_s, Mode.AUTO, followed=0, most=1),
        }
        decisions |= {
            branch.value: decision
            for branch, decision in person.hands(t_s, AUTO, dict(zip((LEFT, RIGHT), hands, strict=True))).items()
        }
        assert all(decision.why for decision in decisions.values())
        if t_s > end_s:
            ran.update(name for name, decision in decisions.items() if decision.run)
    looked_for = {branch for branch, hand in zip((LEFT, RIGHT), hands, strict=True) if hand not in (ABSENT, HANGING)}
    assert ran.keys() == {"pose", "face", "detector", *looked_for}
