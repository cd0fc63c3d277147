"""How old something is, whatever the clock, the suspended machine and the power did in between."""

import time
from dataclasses import dataclass
from pathlib import Path

_BOOT_ID = Path("proc/sys/kernel/random/boot_id")
_AGREE_S = 2.0
"""Two clocks are never read at once, and one of them may be turned by a time server."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, on two clocks.

    Attributes:
        boot: which start of the machine.
        boot_s: seconds since then, asleep or awake; no correction of the clock moves them.
        wall_s: seconds since 1970, as the machine believed.
    """

    boot: str
    boot_s: float
    wall_s: float


def now_s() -> float:
    """Return the seconds since the machine started; unlike CLOCK_MONOTONIC they go on while it sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def boot(root: Path = Path("/")) -> str:
    """Return what tells this start of the machine from others; empty where the machine does not say."""
    try:
        return (root / _BOOT_ID).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def moment(boot_id: str, at_s: float) -> Moment:
    """Return a moment of this start of the machine, given in the seconds of ``now_s``."""
    return Moment(boot_id, at_s, time.time() - (now_s() - at_s))


def on_this_boot(then: Moment, now: Moment, *, trusted: bool) -> float | None:
    """Return when that was in the seconds of this start of the machine: negative for before it.

    Of an earlier start only the time of day can tell, and only a clock that is right; it was then at least as long ago as
    the machine runs now. None where nobody can tell.

    Args:
        then: when it was.
        now: the present.
        trusted: whether the present time of day is right.
    """
    if then.boot and then.boot == now.boot:
        return then.boot_s if then.boot_s <= now.boot_s else None
    age_s = now.wall_s - then.wall_s
    return now.boot_s - age_s if trusted and age_s >= now.boot_s - _AGREE_S else None
