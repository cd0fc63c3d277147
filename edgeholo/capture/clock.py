"""Brings a camera's time stamp onto CLOCK_MONOTONIC, the clock of the whole line."""

import time

_OLDEST_NS = 10_000_000_000
"""No frame waits longer in a driver than ten seconds: an older stamp is of some other clock."""


def monotonic_ns(stamp_ns: int | None) -> int:
    """Return when the frame was exposed, on CLOCK_MONOTONIC; now where the stamp says nothing useful.

    libcamera documents SensorTimestamp as CLOCK_BOOTTIME, while V4L2 drivers stamp with CLOCK_MONOTONIC and libcamera
    hands that on (its bug 254). The two differ by the time the machine slept; a stamp in the future of one is of the other.
    """
    now_ns = time.monotonic_ns()
    if not stamp_ns or stamp_ns <= 0:
        return now_ns
    if stamp_ns > now_ns:
        stamp_ns -= time.clock_gettime_ns(time.CLOCK_BOOTTIME) - now_ns
    return stamp_ns if now_ns - _OLDEST_NS < stamp_ns <= now_ns else now_ns
