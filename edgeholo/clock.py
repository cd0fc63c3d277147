"""From a frame's time stamp to the time of day, which may be set anew at any moment."""

import time
from datetime import UTC, datetime

from edgeholo.timesync import clock_is_right

_STEP_S = 0.5
"""A time server that comes closer than this turns the clock smoothly; what is more was a step."""


def boot_ns() -> int:
    """Return the nanoseconds since the machine started, asleep or awake; nobody sets this clock."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def time_of(moment_ns: int) -> datetime:
    """Return the time of day, UTC, of a moment of ``boot_ns``, as the system's clock has it now."""
    return datetime.fromtimestamp((time.time_ns() - (boot_ns() - moment_ns)) / 1e9, UTC)


def rfc3339(time: datetime) -> str:
    """Return an aware ``time`` as UTC with milliseconds: ``2025-11-22T22:48:01.250Z``."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


class Clock:
    """Knows what a time stamp means: CLOCK_MONOTONIC for a camera, time since the first frame for media."""

    def __init__(self, *, live: bool) -> None:
        self.restart(live=live)
        self._was_sure = self.sure
        self._offset_s = _offset_s()

    @property
    def sure(self) -> bool:
        """Whether the time of day is right, as far as this machine can tell."""
        return clock_is_right()

    def restart(self, *, live: bool) -> None:
        """Begin again, with another source."""
        self._live = live
        self._start_ns: int | None = None

    def wall_time(self, timestamp_ns: int) -> datetime:
        """Return the time of day in UTC; follows corrections of the system's clock."""
        return datetime.fromtimestamp((time.time_ns() - self.age_ns(timestamp_ns)) / 1e9, UTC)

    def moment_ns(self, timestamp_ns: int) -> int:
        """Return when that was in the time of ``boot_ns``, which a correction of the system's clock does not move."""
        return boot_ns() - self.age_ns(timestamp_ns)

    def age_ns(self, timestamp_ns: int) -> int:
        """Return how many nanoseconds ago that was."""
        now = time.monotonic_ns()
        if self._live:
            return now - timestamp_ns
        if self._start_ns is None:
            self._start_ns = now - timestamp_ns
        return now - self._start_ns - timestamp_ns

    def corrected(self) -> bool:
        """Look at the system's clock; return whether it was set, or became right, since the last look."""
        offset_s, sure = _offset_s(), self.sure
        changed = sure != self._was_sure or abs(offset_s - self._offset_s) > _STEP_S
        # A clock that is turned smoothly is followed: only what happens between two looks counts.
        self._offset_s, self._was_sure = offset_s, sure
        return changed


def _offset_s() -> float:
    """Return by how much the time of day is ahead of the time since the start: only a correction changes that."""
    return (time.time_ns() - boot_ns()) / 1e9
