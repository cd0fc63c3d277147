"""How the daemon is: rates, latency, memory, temperature."""

import os
import statistics
import time
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_TEMPERATURE = Path("/sys/class/thermal/thermal_zone0/temp")
_THROTTLED = Path("/sys/devices/platform/soc/soc:firmware/get_throttled")
"""What the Raspberry Pi's firmware says, as vcgencmd get_throttled."""
HOT_C = 75.0
"""Five degrees below where a Raspberry Pi's firmware begins to slow the processor down."""
COOL_C = 68.0
"""A hot board is cool again below this."""
_WINDOW = 300
"""Frames over which medians are taken: twenty seconds at 15 a second."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the daemon is; a figure that this machine cannot tell is None.

    Attributes:
        fps: frames that came out of the line, a second, since the last report.
        frames: those frames since the start.
        dropped: frames that were never looked at, since the start.
        skipped: frames not given to the engine (quality, empty room), since the start.
        latency_ms: median from exposure to the end of the line.
        engine_ms: median wall time of the engine on a frame.
        cpu: share of one core used by this process, 0..n.
        rss_mb: resident memory, megabytes.
        temp_c: processor temperature.
        throttled: firmware's throttling bits as hexadecimal text.
        uptime_s: seconds since the start.
        branches: what the engine decided for each branch, and on how many frames, since the start.
        outbox: what waits for the broker, and what was lost: queued, expired, dropped.
        rules: how often one has fired, actions that failed, and what is still being carried out: fired, failed, waiting.
    """

    fps: float
    frames: int
    dropped: int
    skipped: int
    latency_ms: float | None
    engine_ms: float | None
    cpu: float
    rss_mb: float
    temp_c: float | None
    throttled: str | None
    uptime_s: float
    branches: dict[str, dict[str, int]] = field(default_factory=dict)
    outbox: dict[str, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)


class Heat:
    """Whether the board is hot, with hysteresis: it is to act before the firmware does, and not twice a minute.

    Attributes:
        hot: as of the last reading.
    """

    def __init__(self) -> None:
        self.hot = False

    def update(self, degrees_c: float | None) -> None:
        """Take a reading; a machine that does not tell is never hot."""
        self.hot = degrees_c is not None and degrees_c >= (COOL_C if self.hot else HOT_C)


class Meter:
    """Counts what comes out of the line; ``report`` covers the time since the last report."""

    def __init__(self) -> None:
        self._started = self._reported = time.monotonic()
        self._cpu_s = time.process_time()
        self._frames = self._skipped = self._frames_then = 0
        self._latencies_ms: deque[float] = deque(maxlen=_WINDOW)
        self._engine_ms: deque[float] = deque(maxlen=_WINDOW)
        self._branches: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def count(self, latency_ms: float, engine_ms: float | None, decisions: Mapping[str, str]) -> None:
        """Count a frame; ``engine_ms`` is None where the engine did not look, ``decisions`` are words by branch."""
        self._frames += 1
        self._latencies_ms.append(latency_ms)
        if engine_ms is None:
            self._skipped += 1
        else:
            self._engine_ms.append(engine_ms)
        for branch, why in decisions.items():
            self._branches[branch][why] += 1

    def report(self, dropped: int, outbox: dict[str, int], rules: dict[str, int]) -> Health:
        """Return the state of health and start the next interval."""
        now, cpu_s = time.monotonic(), time.process_time()
        elapsed = max(now - self._reported, 1e-6)
        health = Health(
            fps=round((self._frames - self._frames_then) / elapsed, 2),
            frames=self._frames,
            dropped=dropped,
            skipped=self._skipped,
            latency_ms=_median(self._latencies_ms),
            engine_ms=_median(self._engine_ms),
            cpu=round((cpu_s - self._cpu_s) / elapsed, 3),
            rss_mb=rss_mb(),
            temp_c=temperature_c(),
            throttled=throttled(),
            uptime_s=round(now - self._started, 1),
            branches={branch: dict(counts) for branch, counts in self._branches.items()},
            outbox=outbox,
            rules=rules,
        )
        self._reported, self._cpu_s, self._frames_then = now, cpu_s, self._frames
        return health


def rss_mb() -> float:
    """Return the resident memory of this process in megabytes (10^6 bytes)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def peak_rss_mb() -> float:
    """Return the highest resident memory so far in megabytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) * 1024 / 1e6, 1)
    return rss_mb()


def temperature_c() -> float | None:
    """Return the processor's temperature in degrees Celsius, or None where it cannot be read."""
    try:
        return round(int(_TEMPERATURE.read_text(encoding="ascii")) / 1000, 1)
    except (OSError, ValueError):
        return None


def throttled() -> str | None:
    """Return the firmware's throttling bits as hexadecimal text, None on other machines."""
    try:
        return f"0x{int(_THROTTLED.read_text(encoding='ascii').strip(), 16):x}"
    except (OSError, ValueError):
        return None


def _median(values: deque[float]) -> float | None:
    return round(statistics.median(values), 2) if values else None
