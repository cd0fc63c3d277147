"""Who looks on: leases that end by themselves."""

import logging

import pytest

from edgeholo.errors import ConfigError
from edgeholo.publish.watching import MOST, Watching


def rates(watching: Watching, *times_s: float) -> list[float]:
    """Return how many skeletons a second are wanted at these times."""
    found = []
    for now_s in times_s:
        watching.look(now_s)
        found.append(watching.hz)
    return found


def test_a_lease_ends_by_itself() -> None:
    """Whoever walks away costs nothing for long; a number is seconds, at the camera's usual rate."""
    watching = Watching()
    assert watching.hz == 0
    watching.ask(10, 100.0)
    assert rates(watching, 100.0, 109.9, 110.0, 1e6) == [15.0, 15.0, 0.0, 0.0]


def test_a_renewal_prolongs_it() -> None:
    """Every four seconds, say."""
    watching = Watching()
    for now_s in (0.0, 4.0, 8.0):
        watching.ask({"seconds": 10, "hz": 5}, now_s)
    assert rates(watching, 17.9, 18.0) == [5.0, 0.0]


def test_of_several_watchers_the_highest_rate_counts_as_long_as_it_runs() -> None:
    """And the last of them ends it."""
    watching = Watching()
    watching.ask({"seconds": 10, "hz": 15}, 0.0)
    watching.ask({"seconds": 30, "hz": 2}, 0.0)
    assert rates(watching, 9.0, 11.0, 31.0) == [15.0, 2.0, 0.0]


def test_a_watcher_with_a_name_ends_its_own_lease_only() -> None:
    """A page that is closed leaves the terminal its picture."""
    watching = Watching()
    watching.ask({"seconds": 10, "hz": 15, "name": "page"}, 0.0)
    watching.ask({"seconds": 10, "hz": 5, "name": "terminal"}, 0.0)
    watching.ask(20, 0.0)
    watching.ask(0, 1.0)
    assert watching.hz == 15.0
    watching.ask({"seconds": 0, "name": "page"}, 1.0)
    assert watching.hz == 5.0
    watching.ask({"seconds": 10, "hz": 1, "name": "terminal"}, 2.0)
    assert watching.hz == 1.0
    watching.ask({"seconds": 0, "name": "terminal"}, 3.0)
    assert watching.hz == 0.0


def test_the_log_tells_the_first_and_the_last_only(caplog: pytest.LogCaptureFixture) -> None:
    """Not every renewal."""
    watching = Watching()
    with caplog.at_level(logging.INFO):
        for now_s in range(0, 100, 4):
            watching.ask(10, float(now_s))
        watching.look(200.0)
        watching.look(300.0)
    assert [record.getMessage() for record in caplog.records] == ["somebody watches", "nobody watches any more"]


def test_a_crowd_of_watchers_is_bounded() -> None:
    """The leases that end first make room."""
    watching = Watching()
    for number in range(10 * MOST):
        watching.ask({"seconds": 1 + number / 100, "hz": 1 + number % 50, "name": str(number)}, 0.0)
    assert rates(watching, 0.0, 5.9, 6.0) == [50.0, 50.0, 0.0]


@pytest.mark.parametrize(
    "value",
    [
        "soon",
        "",
        None,
        -1,
        61,
        True,
        [10],
        {"hz": 5},
        {"seconds": 5, "hz": 0},
        {"seconds": 5, "hz": 61},
        {"seconds": 5, "who": 1},
    ],
)
def test_what_is_no_lease_is_refused_and_changes_nothing(value: object) -> None:
    """With a line that says how to write one."""
    watching = Watching()
    watching.ask({"seconds": 5, "hz": 3}, 0.0)
    with pytest.raises(ConfigError, match="write seconds, at most 60"):
        watching.ask(value, 0.0)
    assert watching.hz == 3.0
