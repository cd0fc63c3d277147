"""Whether the time of day is right. A Raspberry Pi without a battery goes on with the minute in which it lost its power, however long ago."""

import ctypes
import functools
import time
from collections.abc import Callable
from pathlib import Path

_SYNCHRONIZED = Path("run/systemd/timesync/synchronized")
"""systemd-timesyncd touches it when it has heard a time server since the machine started."""
_BATTERY_CLOCK = Path("sys/class/rtc/rtc0/since_epoch")
_AGREE_S = 2.0
"""A battery clock counts whole seconds, and loses one in a few days; one without a battery is years off."""
_STATES = range(5)
"""What ntp_adjtime(3) returns of a clock that some time service keeps right; 5 is TIME_ERROR, -1 a refusal."""
_TIMEX_BYTES = 512
"""More than a struct timex has anywhere; all zeros asks and sets nothing."""


def kernel_is_sure() -> bool:
    """Return whether some time service (chrony, ntpd, timesyncd) has told the kernel that the clock is right.

    A service that may not touch clocks (ProtectClock=yes) may not ask, either: then this is False.
    """
    return _library().ntp_adjtime(ctypes.create_string_buffer(_TIMEX_BYTES)) in _STATES


def clock_is_right(root: Path = Path("/"), kernel: Callable[[], bool] = kernel_is_sure) -> bool:
    """Return whether the time of day can be trusted: kept by a time server, or the same as that of a clock with a battery.

    Args:
        root: of the file system.
        kernel: what the kernel says.
    """
    return (root / _SYNCHRONIZED).exists() or kernel() or _battery_agrees(root)


def _battery_agrees(root: Path) -> bool:
    try:
        return abs(int((root / _BATTERY_CLOCK).read_text(encoding="ascii")) - time.time()) <= _AGREE_S
    except (OSError, ValueError):
        return False


@functools.cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None)
