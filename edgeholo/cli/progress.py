"""Progress bars, for whatever takes longer than two seconds, on a terminal only."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from types import FrameType

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


def shown(frames: Iterable[Frame], total: int | None = None) -> Iterator[Frame]:
    """Yield the frames and count them on the terminal, as a share of the total where that is known."""
    bar = tqdm(
        frames, total=total, unit=" frames", delay=_DELAY_S, leave=False, disable=not sys.stderr.isatty(), smoothing=0.1
    )
    yield from bar


def counted(frames: Iterable[Frame]) -> Iterator[Frame]:
    """Yield the frames and count them on the terminal; Ctrl-C is the end of them, for a camera has no other.

    So what was written until then is finished like any other; a second Ctrl-C does not wait for that.
    """
    interrupted = threading.Event()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        interrupted.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        for frame in shown(frames):
            if interrupted.is_set():
                break
            yield frame
    finally:
        signal.signal(signal.SIGINT, before)
