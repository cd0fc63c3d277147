"""A service whose versions behave as a test says, and a clock that a test owns."""

from collections.abc import Callable, Iterable
from pathlib import Path

from edgeholo.pulse import Pulse
from edgeholo.update.service import Condition
from edgeholo.update.trial import Time
from edgeholo.update.versions import Versions


class Clock:
    """Seconds that pass when somebody waits.

    Attributes:
        now_s: monotonic seconds.
    """

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.on_wait: Callable[[], None] = lambda: None

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds
        self.on_wait()

    def time(self) -> Time:
        """Return what the updater asks."""
        return Time(lambda: self.now_s, self.wait)


def healthy(seconds: float, now_s: float) -> Condition:
    """Return how a good version is, so many seconds after its start: fifteen frames a second, the broker reached."""
    return running(now_s, frames=int(seconds * 15), broker=True)


def running(now_s: float, *, frames: int, broker: bool, closed: bool = False) -> Condition:
    """Return a service that is up."""
    return Condition("active", 0, Pulse(version="", pid=1, frames=frames, closed=closed, broker=broker, time_s=now_s))


Behaviour = Callable[[float, float], Condition]
"""Seconds since the start, and now, to how the service is."""


class FakeService:
    """Runs ``current`` of a folder of versions; each version behaves as it was told to.

    Attributes:
        clock: that a test owns.
        ran: versions in the order in which they were started.
        enabled: names of units that were new.
        page: what keeps the page down.
    """

    def __init__(self, versions: Versions, clock: Clock, behaviours: dict[str, Behaviour]) -> None:
        self._versions = versions
        self.clock = clock
        self._behaviours = behaviours
        self.ran = [versions.current]
        self.enabled: list[str] = []
        self.page = ""
        self._started_s = clock.now_s - 3600

    def restart(self) -> None:
        """Start whatever is current."""
        self.ran.append(self._versions.current)
        self._started_s = self.clock.now_s

    def condition(self) -> Condition:
        """Return how the version that was started last is."""
        behave = self._behaviours.get(self.ran[-1], healthy)
        return behave(self.clock.now_s - self._started_s, self.clock.now_s)

    def enable(self, units: Iterable[Path]) -> None:
        """Remember the units."""
        self.enabled += [unit.name for unit in units if unit.exists()]

    def page_trouble(self) -> str:
        """Return what the test says."""
        return self.page
