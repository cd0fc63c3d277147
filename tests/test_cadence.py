"""So often a second and no more, however the frames come."""

import numpy as np
import pytest

from edgeholo.cadence import Cadence


def passed(times_s: list[float], rate_hz: float) -> list[float]:
    """Return the times at which it was due."""
    cadence = Cadence()
    return [t_s for t_s in times_s if cadence.due(round(t_s * 1e9), rate_hz)]


@pytest.mark.parametrize("frames_hz", [10.0, 12.5, 15.0, 25.0, 30.0, 60.0])
@pytest.mark.parametrize("rate_hz", [2.0, 5.0, 7.5, 10.0])
def test_a_rate_that_is_no_divisor_of_the_frames_is_kept_on_average(frames_hz: float, rate_hz: float) -> None:
    """Ten a second of fifteen are ten, and not seven and a half."""
    times = [number / frames_hz for number in range(round(20 * frames_hz))]
    assert len(passed(times, rate_hz)) == pytest.approx(20 * rate_hz, abs=1)


def test_frames_that_come_a_little_early_or_late_all_pass_at_their_own_rate() -> None:
    """A camera's clock trembles; at most one frame is held back until the rhythm is found."""
    chance = np.random.default_rng(1)
    times = [number / 15 + 0.005 * chance.random() for number in range(300)]
    assert len(passed(times, 15.0)) >= 299


def test_there_is_no_burst_after_a_pause() -> None:
    """What was missed meanwhile is gone."""
    later = [100 + number / 30 for number in range(30)]
    assert len([t_s for t_s in passed([0.0, 0.1, 0.2, *later], 5.0) if t_s >= 100]) <= 6


def test_a_step_back_in_time_and_a_new_beginning_are_due_at_once() -> None:
    """A recording that begins anew is not waited for."""
    cadence = Cadence()
    assert cadence.due(50_000_000_000, 5.0)
    assert cadence.due(0, 5.0)
    assert not cadence.due(1, 5.0)
    cadence.reset()
    assert cadence.due(2, 5.0)
