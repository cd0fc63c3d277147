"""From a frame's time stamp to the time of day."""

import time
from datetime import UTC, datetime


class Clock:
    """Knows what a time stamp means: CLOCK_MONOTONIC for a camera, time since the first frame for media."""

    def __init__(self, *, live: bool) -> None:
        self.restart(live=live)

    def restart(self, *, live: bool) -> None:
        """Begin again, with another source."""
        self._live = live
        self._start_ns: int | None = None

    def wall_time(self, timestamp_ns: int) -> datetime:
        """Return the time of day in UTC; follows corrections of the system's clock."""
        return datetime.fromtimestamp((time.time_ns() - self.age_ns(timestamp_ns)) / 1e9, UTC)

    def age_ns(self, timestamp_ns: int) -> int:
        """Return how many nanoseconds ago that was."""
        now = time.monotonic_ns()
        if self._live:
            return now - timestamp_ns
        if self._start_ns is None:
            self._start_ns = now - timestamp_ns
        return now - self._start_ns - timestamp_ns
