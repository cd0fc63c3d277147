"""How much landmarks shake at rest, in the size of what they belong to."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

REST_S = 1 / 3
"""Windows of so long are looked at."""
REST_SIZES = 0.08
"""A part whose middle keeps within this share of its size rests."""
LEAST = 4
"""Frames of a window: a second difference needs three."""


def size(places: Doubles) -> float:
    """Return the size of a part that is at ``places`` (t, n, 2): the median diagonal of its bounding box."""
    return float(np.median(np.linalg.norm(np.ptp(places, axis=1), axis=-1)))


def rests(times: Doubles, places: Doubles, first: int = 0) -> Iterator[slice]:
    """Yield the windows in which a part rests.

    Args:
        times: (t,), seconds, of an unbroken run.
        places: (t, n, 2), in sizes of the part.
        first: the frame from which windows may begin.
    """
    if len(times) < LEAST:
        return
    frames = max(LEAST, round(REST_S / float(np.median(np.diff(times)))))
    for start in range(first, len(places) - frames + 1):
        window = slice(start, start + frames)
        if np.linalg.norm(np.ptp(places[window].mean(axis=1), axis=0)) < REST_SIZES:
            yield window


def shake(window: Doubles) -> float:
    """Return the mean square of the second difference between frames."""
    return float(np.square(np.diff(window, n=2, axis=0)).sum(axis=-1).mean())
