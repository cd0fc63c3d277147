"""Long recordings made short: more columns than pixels make a picture large, and no clearer."""

from collections.abc import Sequence

import numpy as np

from edgeholo.cli.plotting.rest import Doubles

COLUMNS = 600
"""Of a picture of 1600 pixels two thirds are time, and a column of a pixel is no longer seen."""


def binned(times: Doubles, rows: Doubles) -> tuple[Doubles, Doubles]:
    """Return at most ``COLUMNS`` times and the means of the rows (k, n) from each to the next, the last one again at the end.

    Args:
        times: (n,), rising.
        rows: (k, n).
    """
    starts = np.unique(np.linspace(0, len(times), min(COLUMNS, len(times)), endpoint=False).astype(int))
    counts = np.diff([*starts, len(times)])
    means = np.add.reduceat(rows, starts, axis=1) / counts
    period_s = (times[-1] - times[0]) / max(1, len(times) - 1)
    ends = np.append(times[starts], times[-1] + period_s)
    return ends, np.concatenate((means, means[:, -1:]), axis=1)


def stretches(times: Sequence[float], true: Sequence[bool]) -> list[tuple[float, float]]:
    """Return beginning and length of the stretches in which something is true; each frame lasts until the next."""
    ends = [*times[1:], 2 * times[-1] - times[-2] if len(times) > 1 else times[-1]]
    found: list[tuple[float, float]] = []
    for begin_s, end_s, holds in zip(times, ends, true, strict=True):
        if not holds:
            continue
        if found and abs(sum(found[-1]) - begin_s) < 1e-9:
            found[-1] = (found[-1][0], end_s - found[-1][0])
        else:
            found.append((begin_s, end_s - begin_s))
    return found
