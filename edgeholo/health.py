"""How the daemon is: rates, latency, memory, and what weighs on the board."""

import os
import statistics
import time
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edgeholo.strain import Strain
from edgeholo.timesync import clock_is_right
from edgeholo.wear import Wear

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
        slowed: how far the heat has slowed everything down, 0 (not at all) to 3.
        power: "ok", "under-voltage now", "under-voltage since boot"; None where the board does not tell.
        time_sure: whether the time of day is right.
        written_mb_day: what is written to the memory card, by anybody, at the rate since the start: megabytes a day.
        hint: what weighs on the board and what would mend it, in words; empty where all is well.
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
    slowed: int = 0
    power: str | None = None
    time_sure: bool = True
    written_mb_day: float | None = None
    hint: str = ""


class Meter:
    """Counts what comes out of the line; ``report`` covers the time since the last report."""

    def __init__(self) -> None:
        self._started = self._reported = time.monotonic()
        self._cpu_s = time.process_time()
        self._wear = Wear(self._started)
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

    def report(self, dropped: int, outbox: dict[str, int], rules: dict[str, int], strain: Strain) -> Health:
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
            temp_c=strain.temp_c,
            throttled=None if strain.bits is None else f"0x{strain.bits:x}",
            uptime_s=round(now - self._started, 1),
            branches={branch: dict(counts) for branch, counts in self._branches.items()},
            outbox=outbox,
            rules=rules,
            slowed=strain.level,
            power=strain.power,
            time_sure=clock_is_right(),
            written_mb_day=self._wear.mb_day(now),
            hint=strain.hint,
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


def _median(values: deque[float]) -> float | None:
    return round(statistics.median(values), 2) if values else None
