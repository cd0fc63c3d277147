"""The filters: what goes in calm comes out calm, on made-up points and on the hands of real clips."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.jitter import measure
from edgeholo.config import PartSmoothing, Smoothing
from edgeholo.perceive.filters import FILTERS, GAP_S, Filter, NoFilter
from edgeholo.types import Floats

STEP_S = 1 / 30
SMOOTHERS = ["one_euro", "kalman"]
ALL = [*SMOOTHERS, "none"]


def new(name: str) -> Filter:
    """Return a filter as the hands have it."""
    return FILTERS[name](Smoothing().hands)


def cloud(seed: int, points: int = 21) -> Floats:
    """Return a part about one unit big."""
    return np.random.default_rng(seed).uniform(-0.5, 0.5, (points, 3)).astype(np.float32)


def shaken(seed: int, frames: int = 30, noise: float = 0.02) -> list[Floats]:
    """Return a part that drifts and trembles."""
    rng = np.random.default_rng(seed)
    drift = np.cumsum(rng.normal(0, 0.05, (frames, 1, 3)), axis=0)
    return list((cloud(seed) + drift + rng.normal(0, noise, (frames, 21, 3))).astype(np.float32))


def run(filter_: Filter, frames: list[Floats], scale: float = 1.0) -> Floats:
    """Return the frames (t, n, 3) after the filter, 30 a second."""
    return np.stack([filter_.update(index * STEP_S, points, scale) for index, points in enumerate(frames)])


@pytest.mark.parametrize("name", ALL)
def test_the_first_points_come_out_as_they_went_in(name: str) -> None:
    """Nothing is known before them."""
    np.testing.assert_array_equal(new(name).update(5.0, cloud(1), 1.0), cloud(1))


@pytest.mark.parametrize("name", SMOOTHERS)
def test_trembling_at_rest_is_halved_at_least(name: str) -> None:
    """White noise of 2 % of the size, as hands at rest have it."""
    rng = np.random.default_rng(3)
    frames = [np.asarray(cloud(3) + rng.normal(0, 0.02, (21, 3)), np.float32) for _ in range(150)]
    calm = run(new(name), frames)
    shake = np.diff(calm[30:], n=2, axis=0).std() / np.diff(np.stack(frames)[30:], n=2, axis=0).std()
    assert shake < 0.5


@pytest.mark.parametrize("name", SMOOTHERS)
def test_a_swing_lags_by_less_than_50_ms(name: str) -> None:
    """Three part sizes a second at even speed: the distance behind, over the speed, is the lag."""
    speed = 3.0
    frames = [np.asarray(cloud(4) + np.array((speed * index * STEP_S, 0, 0)), np.float32) for index in range(30)]
    behind = (np.stack(frames)[15:] - run(new(name), frames)[15:])[..., 0]
    assert np.abs(behind).max() / speed < 0.05


@pytest.mark.parametrize("name", ALL)
@settings(deadline=None)  # a busy machine is no failure
@given(seed=st.integers(0, 99), factor=st.floats(0.01, 1000), way=st.floats(-100, 100))
def test_a_part_elsewhere_and_of_another_size_is_treated_alike(name: str, seed: int, factor: float, way: float) -> None:
    """Scaled and moved points, with their size, come out scaled and moved: distance and resolution do not matter."""
    frames = shaken(seed)
    moved = [np.asarray(points.astype(np.float64) * factor + way, np.float32) for points in frames]
    expected = run(new(name), frames) * factor + way
    coarse = 1e-6 * (abs(way) + 10 * factor)  # float32 of the larger of the two
    np.testing.assert_allclose(run(new(name), moved, factor), expected, atol=20 * coarse)


@pytest.mark.parametrize("name", ALL)
@settings(deadline=None)  # a busy machine is no failure
@given(seed=st.integers(0, 99))
def test_a_mirrored_part_is_treated_alike(name: str, seed: int) -> None:
    """Left-handed people are people."""
    mirror = np.array((-1, 1, 1), np.float32)
    frames = shaken(seed)
    np.testing.assert_allclose(
        run(new(name), [points * mirror for points in frames]), run(new(name), frames) * mirror, atol=1e-6
    )


@pytest.mark.parametrize("name", ALL)
@settings(deadline=None)  # a busy machine is no failure
@given(
    times=st.lists(st.floats(-1e6, 1e6), max_size=30),
    scale=st.one_of(st.floats(0, 1e6), st.sampled_from([np.nan, np.inf, -1.0])),
)
def test_no_time_and_no_size_makes_a_point_infinite(name: str, times: list[float], scale: float) -> None:
    """Whatever the clock and the engine do."""
    filter_ = new(name)
    for index, t_s in enumerate(times):
        assert np.isfinite(filter_.update(t_s, cloud(index), scale)).all()


@pytest.mark.parametrize("name", SMOOTHERS)
@settings(deadline=None)  # a busy machine is no failure
@given(steps=st.lists(st.floats(0, 2 * GAP_S), min_size=1, max_size=30))
def test_points_at_rest_stay_where_they_are(name: str, steps: list[float]) -> None:
    """At any rate, steady or not."""
    filter_ = new(name)
    for t_s in np.cumsum(steps):
        np.testing.assert_allclose(filter_.update(float(t_s), cloud(7), 1.0), cloud(7), atol=1e-6)


@pytest.mark.parametrize("name", SMOOTHERS)
def test_a_second_sample_of_the_same_time_changes_nothing(name: str) -> None:
    """There is no speed without time."""
    filter_ = new(name)
    filter_.update(1.0, cloud(1), 1.0)
    np.testing.assert_array_equal(filter_.update(1.0, cloud(2), 1.0), cloud(1))


@pytest.mark.parametrize("name", SMOOTHERS)
@pytest.mark.parametrize("later_s", [-0.1, -100.0, 10.0, GAP_S + 0.01])
def test_after_a_jump_in_time_it_starts_afresh(name: str, later_s: float) -> None:
    """A clip that starts over, or a gap, is no movement."""
    filter_ = new(name)
    filter_.update(200.0, cloud(1), 1.0)
    np.testing.assert_array_equal(filter_.update(200.0 + later_s, cloud(2), 1.0), cloud(2))


@pytest.mark.parametrize("name", SMOOTHERS)
def test_after_a_reset_it_starts_afresh(name: str) -> None:
    """Another hand has nothing to do with the last one."""
    filter_ = new(name)
    filter_.update(0.0, cloud(1), 1.0)
    filter_.reset()
    np.testing.assert_array_equal(filter_.update(STEP_S, cloud(2), 1.0), cloud(2))


@pytest.mark.parametrize("name", SMOOTHERS)
def test_another_number_of_points_starts_afresh(name: str) -> None:
    """A face may get its irises on the way."""
    filter_ = new(name)
    filter_.update(0.0, cloud(1, 468), 1.0)
    np.testing.assert_array_equal(filter_.update(STEP_S, cloud(2, 478), 1.0), cloud(2, 478))


@pytest.mark.parametrize("name", SMOOTHERS)
@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_a_coordinate_that_is_no_number_leaves_no_trace(name: str, hole: float) -> None:
    """The filter goes on with what it knew, and the other points do not notice."""
    whole, holed = new(name), new(name)
    for index in range(20):
        points = cloud(5)
        expected = whole.update(index * STEP_S, points, 1.0)
        if 5 <= index < 8:
            points = points.copy()
            points[3] = hole
        np.testing.assert_allclose(holed.update(index * STEP_S, points, 1.0), expected, atol=1e-6)


@pytest.mark.parametrize("name", SMOOTHERS)
def test_a_coordinate_never_seen_is_unknown_until_it_is(name: str) -> None:
    """It is not made up, and when it comes it is taken as it is."""
    filter_, points = new(name), cloud(6)
    points[0] = np.nan
    assert np.isnan(filter_.update(0.0, points, 1.0)[0]).all()
    np.testing.assert_array_equal(filter_.update(STEP_S, cloud(6), 1.0)[0], cloud(6)[0])
    assert np.isfinite(filter_.update(2 * STEP_S, cloud(6), 1.0)).all()


def test_no_filter_hands_over_the_very_same_array() -> None:
    """It costs nothing."""
    points = cloud(1)
    assert NoFilter().update(0.0, points, 1.0) is points


def test_a_lower_cutoff_is_calmer_and_a_higher_beta_lags_less() -> None:
    """What the two options promise."""
    frames = shaken(8)
    moves = {
        (cutoff, beta): np.abs(
            np.diff(run(FILTERS["one_euro"](PartSmoothing(min_cutoff_hz=cutoff, beta=beta)), frames), axis=0)
        ).mean()
        for cutoff, beta in [(0.5, 0.0), (4.0, 0.0), (0.5, 20.0)]
    }
    assert moves[0.5, 0.0] < moves[4.0, 0.0]
    assert moves[0.5, 0.0] < moves[0.5, 20.0]


@pytest.mark.shared
@pytest.mark.parametrize("parts", [("left_hand", "right_hand"), ("pose",), ("face",)])
def test_real_parts_at_rest_shake_half_as_much_and_lag_less_than_50_ms(
    parts: tuple[str, ...], shared_media: Path
) -> None:
    """Signing and swiping people as Google's own Holistic sees them, with the options as shipped."""
    streams = [
        path for kind in ("signing", "swipes") for path in sorted((shared_media / "reference").glob(f"{kind}.*"))
    ]
    found = measure(streams, parts, Smoothing())
    assert found.windows > 50
    assert found.shake_gone > 0.5
    assert len(found.lags_ms) > 1
    assert max(found.lags_ms) < 50


@pytest.mark.shared
def test_real_swipes_lag_less_than_50_ms_with_every_filter(shared_media: Path) -> None:
    """The fastest movement there is."""
    streams = sorted((shared_media / "reference").glob("swipes.*"))
    for name in SMOOTHERS:
        found = measure(streams, ("left_hand",), Smoothing(filter=name))  # type: ignore[arg-type]
        assert len(found.lags_ms) >= 2
        assert max(found.lags_ms) < 50
