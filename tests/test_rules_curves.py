"""From a control to a number: inside the range, without jumps back, and the last value always arrives."""

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeholo.act.curves import CURVES, Pace, Sweep

SHARES = st.floats(0, 1)
NUMBERS = st.floats(-1000, 1000)
SWEEPS = st.builds(
    lambda low, high, to, curve, step: Sweep(source=(low, high), to=to, curve=curve, step=step),
    st.floats(0, 0.45),
    st.floats(0.55, 1),
    st.tuples(NUMBERS, NUMBERS),
    st.sampled_from(sorted(CURVES)),
    st.sampled_from([0.0, 1.0, 5.0]),
)


@given(SWEEPS, SHARES)
def test_a_number_stays_within_its_range(sweep: Sweep, value: float) -> None:
    """No lamp is told 255 where 254 is its most, whatever rounding does."""
    assert min(sweep.to) - 1e-4 <= sweep.at(value) <= max(sweep.to) + 1e-4


@given(SWEEPS, SHARES, SHARES)
def test_a_hand_that_rises_never_dims(sweep: Sweep, one: float, other: float) -> None:
    """Every curve goes one way only, up or down as its range does."""
    low, high = sorted((one, other))
    rise = sweep.at(high) - sweep.at(low)
    assert rise * (sweep.to[1] - sweep.to[0]) >= 0


@given(SWEEPS)
def test_the_ends_are_the_ends(sweep: Sweep) -> None:
    """Beyond the part that is used the number stays what it is at the end."""
    whole = msgspec.structs.replace(sweep, step=0.0)
    assert whole.at(0) == whole.at(sweep.source[0]) == pytest.approx(sweep.to[0], abs=1e-4)
    assert whole.at(1) == whole.at(sweep.source[1]) == pytest.approx(sweep.to[1], abs=1e-4)


@pytest.mark.parametrize(
    ("sweep", "value", "number"),
    [
        (Sweep(to=(0, 254)), 0.5, 127),
        (Sweep(to=(254, 0)), 0.25, 190.5),
        (Sweep(source=(0.1, 0.9), to=(0, 100)), 0.3, 25),
        (Sweep(source=(0.9, 0.1), to=(0, 100)), 0.3, 75),
        (Sweep(to=(0, 100), curve="gamma"), 0.5, 21.7638),
        (Sweep(to=(0, 100), curve="inverse_gamma"), 0.217638, 50.0),
        (Sweep(to=(0, 100), curve="smooth"), 0.25, 15.625),
        (Sweep(to=(0, 100), step=25), 0.6, 50),
    ],
)
def test_a_curve_is_what_its_name_says(sweep: Sweep, value: float, number: float) -> None:
    """Straight, bent for the eye, slow at both ends, in steps, and falling."""
    assert sweep.at(value) == pytest.approx(number, abs=1e-3)


@given(st.lists(st.tuples(st.floats(0.01, 0.5), SHARES), min_size=1, max_size=40), st.floats(0.05, 1))
def test_a_pace_is_kept_and_the_last_value_always_delivered(steps: list[tuple[float, float]], every_s: float) -> None:
    """Between two that go out lies the time that was asked for, and the last one does not wait for it."""
    pace, t_s, sent = Pace[float](every_s), 0.0, []
    for pause_s, value in steps[:-1]:
        t_s += pause_s
        if pace.offer(t_s, value, last=False) is not None:
            sent.append(t_s)
    assert all(later - earlier >= every_s - 0.001 - 1e-9 for earlier, later in itertools.pairwise(sent))
    assert pace.offer(t_s, steps[-1][1], last=True) == steps[-1][1]
    assert pace.tick(t_s + 10) is None


def test_a_hand_that_stops_moving_has_its_last_value_delivered_in_time() -> None:
    """No new value comes, so time brings the one that waited."""
    pace = Pace[str](0.2)
    assert pace.offer(1.0, "first", last=False) == "first"
    assert pace.offer(1.1, "second", last=False) is None
    assert pace.offer(1.15, "third", last=False) is None
    assert pace.tick(1.19) is None
    assert pace.tick(1.2) == "third"
    assert pace.tick(1.5) is None


def test_a_clip_that_begins_again_is_not_waited_for() -> None:
    """Time that steps back makes a value due."""
    pace = Pace[int](10.0)
    assert pace.offer(100.0, 1, last=False) == 1
    assert pace.offer(0.5, 2, last=False) == 2


@pytest.mark.parametrize("table", [{"to": [0, 1], "from": [0.5, 0.5]}, {"to": [0, float("inf")]}, {"from": [0, 1]}])
def test_a_range_that_is_none_is_refused(table: dict[str, object]) -> None:
    """No width, no end, nothing to go to."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(table, Sweep)
