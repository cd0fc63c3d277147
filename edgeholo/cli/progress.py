"""Progress bars, for whatever takes longer than two seconds, on a terminal only."""

import contextlib
import sys
import threading
from collections.abc import Iterable, Iterator

from tqdm import tqdm

from edgeholo.perceive.models.fetch import Progress
from edgeholo.types import Frame

_DELAY_S = 2.0

# By default tqdm makes a lock between processes, which the interpreter complains about at exit.
tqdm.set_lock(threading.RLock())


@contextlib.contextmanager
def fetch_progress() -> Iterator[Progress]:
    """Yield a callback that draws one bar for each file fetched."""
    bars: dict[str, tqdm] = {}

    def show(what: str, done: int, total: int) -> None:
        if what not in bars:
            bars[what] = tqdm(
                desc=f"fetching {what}", total=total, unit="B", unit_scale=True, disable=not sys.stderr.isatty()
            )
        bars[what].update(done - bars[what].n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()


def counted(frames: Iterable[Frame]) -> Iterator[Frame]:
    """Yield the frames and count them on the terminal."""
    yield from tqdm(frames, unit=" frames", delay=_DELAY_S, leave=False, disable=not sys.stderr.isatty())
