"""Holistic's own pose filter, against MediaPipe's recursion written out, and in time that misbehaves."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeholo.perceive.pose_filter import LANDMARKS, Cutoffs, GraphOneEuro, PoseFilter

Array = npt.NDArray[np.float64]

STEPS = st.lists(st.tuples(st.floats(0.01, 0.2), st.floats(-1000, 1000)), min_size=1, max_size=20)
RANDOM = np.random.default_rng(5)
BODY = RANDOM.uniform(100, 400, (35, 3))
WORLD = RANDOM.uniform(-1, 1, (33, 3))


def _alpha(cutoff_hz: float, dt_s: float) -> float:
    return 1 / (1 + 1 / (2 * math.pi * cutoff_hz) / dt_s)


def _expected(cutoffs: Cutoffs, scale: float, steps: list[tuple[float, float]]) -> list[float]:
    """Return one_euro_filter.cc over (seconds since the last, value), one number at a time."""
    results: list[float] = []
    raw = smooth = speed = 0.0
    for number, (dt_s, value) in enumerate(steps):
        if number == 0:
            raw = smooth = value
        else:
            share = _alpha(1.0, dt_s)
            speed = share * (value - raw) / scale / dt_s + (1 - share) * speed
            share = _alpha(cutoffs.min_cutoff_hz + cutoffs.beta * abs(speed), dt_s)
            raw, smooth = value, share * value + (1 - share) * smooth
        results.append(smooth)
    return results


@settings(deadline=None)  # a busy machine is no failure
@given(steps=STEPS, scale=st.floats(1, 1000))
def test_it_computes_what_mediapipe_computes(steps: list[tuple[float, float]], scale: float) -> None:
    """Speed from unfiltered values over the object's size, one second's cut-off for the speed."""
    one = GraphOneEuro(LANDMARKS)
    t_s, found = 0.0, []
    for dt_s, value in steps:
        t_s += dt_s
        found.append(float(one.update(t_s, np.array([[value]]), scale)[0, 0]))
    assert found == pytest.approx(_expected(LANDMARKS, scale, steps), abs=1e-4)


def test_a_body_at_rest_is_calmed() -> None:
    """Jitter of a pixel falls to a fraction; the first value is taken as it is."""
    random, one, seen = np.random.default_rng(0), PoseFilter(), []
    for number in range(60):
        points, _, _ = one.update(number / 30, BODY + random.normal(0, 0.5, BODY.shape), WORLD, np.ones(33))
        seen.append(points[:33])
    assert np.diff(np.array(seen[30:]), axis=0).std() < 0.35


def test_a_body_that_moves_is_followed() -> None:
    """Its speed opens the filter: after half a second it lags less than a twentieth of the body."""
    one = PoseFilter()
    for number in range(15):
        moved = BODY + np.array([20 * number, 0, 0])
        points, _, _ = one.update(number / 30, moved, WORLD, np.ones(33))
    size = 2 * math.dist(BODY[33, :2], BODY[34, :2])
    assert np.abs(points[:33] - moved[:33]).max() < size / 20


def test_visibility_follows_slowly() -> None:
    """A tenth of the new value a frame, the first as it is."""
    one = PoseFilter()
    assert one.update(0.0, BODY, WORLD, np.ones(33))[2] == pytest.approx(np.ones(33))
    assert one.update(0.1, BODY, WORLD, np.zeros(33))[2] == pytest.approx(np.full(33, 0.9))
    assert one.update(0.2, BODY, WORLD, np.zeros(33))[2] == pytest.approx(np.full(33, 0.81))


def test_shapes_are_kept() -> None:
    """35 body points, 33 of the world, 33 visibilities."""
    shapes = [part.shape for part in PoseFilter().update(0.0, BODY, WORLD, np.ones(33))]
    assert shapes == [(35, 3), (33, 3), (33,)]


@pytest.mark.parametrize("t_s", [1.0, 0.5, -3.0])
def test_time_that_does_not_advance_passes_the_value_through(t_s: float) -> None:
    """And the filter goes on from where it was."""
    one = GraphOneEuro(LANDMARKS)
    one.update(1.0, np.zeros((1, 1)), 1.0)
    assert one.update(t_s, np.full((1, 1), 7.0), 1.0)[0, 0] == 7
    assert 0 < one.update(1.1, np.ones((1, 1)), 1.0)[0, 0] <= 1


@settings(deadline=None)  # a busy machine is no failure
@given(gap_s=st.floats(1e-9, 1e6))
def test_no_gap_in_time_gives_a_value_outside_its_neighbours(gap_s: float) -> None:
    """A nanosecond or a week later, the result lies between the old and the new."""
    one = GraphOneEuro(LANDMARKS)
    one.update(0.0, np.zeros((1, 1)), 1.0)
    assert 0 <= one.update(gap_s, np.ones((1, 1)), 1.0)[0, 0] <= 1


def test_a_body_of_no_size_does_not_divide_by_it() -> None:
    """Both auxiliary points on one spot."""
    one = PoseFilter()
    flat = np.zeros((35, 3))
    one.update(0.0, flat, WORLD, np.ones(33))
    assert all(np.isfinite(part).all() for part in one.update(0.1, flat + 1, WORLD, np.ones(33)))
