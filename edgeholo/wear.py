"""How much is written to the memory card, by anybody: cards die of it, after years of little or months of much."""

import contextlib
from pathlib import Path

_SECTOR = 512
"""Bytes, whatever the disk's own sectors are (Linux, Documentation/block/stat.rst)."""
_WRITTEN = 6
"""Field of `stat`, counted from 0: sectors written since the kernel started."""
_SETTLED_S = 900.0
"""A start writes more than the hours after it: before a quarter of an hour, nothing can be told of a day."""
_DAY_S = 86_400.0


class Wear:
    """Counts what is written to this machine's disks from its making on.

    Args:
        now_s: seconds, of a clock that never goes back.
        root: of the file system.
    """

    def __init__(self, now_s: float, root: Path = Path("/")) -> None:
        self._disks = root / "sys/block"
        self._start_s = now_s
        self._start = self._written()

    def mb_day(self, now_s: float) -> float | None:
        """Return megabytes (10^6 bytes) a day at the rate so far; None while that is not known, or where there is no disk."""
        written = self._written()
        elapsed_s = now_s - self._start_s
        if self._start is None or written is None or elapsed_s < _SETTLED_S:
            return None
        return round(max(0, written - self._start) / 1e6 * _DAY_S / elapsed_s, 1)

    def _written(self) -> int | None:
        """Return bytes; disks made of memory or of other disks have no device below them."""
        counts = []
        for disk in self._disks.glob("*/device"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                counts.append(int((disk.parent / "stat").read_text(encoding="ascii").split()[_WRITTEN]) * _SECTOR)
        return sum(counts) if counts else None
