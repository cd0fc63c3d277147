"""Engines as the benchmarks run them: each in a process of its own, fed clip by clip in turns, so that all meet the same noise."""

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import msgspec

from edgeholo.capture.feed import frames
from edgeholo.config import Camera, Config, EngineOptions
from edgeholo.health import peak_rss_mb
from edgeholo.perceive.engine import open_engine
from edgeholo.pipeline import Eyes
from edgeholo.types import Frame, People, Pixels

CLIPS = Path(__file__).parents[2] / "shared/media/clips"
_ON = {"pose": "on", "left_hand": "on", "right_hand": "on"}


@dataclass(frozen=True, slots=True)
class Contender:
    """An engine and how it is run.

    Attributes:
        options: of the engine.
        gated: behind the quality and the motion gate, whose cost is counted too, as the daemon runs it.
    """

    options: EngineOptions
    gated: bool = False


MEDIAPIPE, LITERT, ADAPTIVE = "mediapipe", "litert", "litert-adaptive"
CONTENDERS = {
    MEDIAPIPE: Contender(msgspec.structs.replace(EngineOptions(), name="mediapipe", **_ON)),
    LITERT: Contender(msgspec.structs.replace(EngineOptions(), **_ON)),
    ADAPTIVE: Contender(EngineOptions(), gated=True),
}
"""All without the face: MediaPipe with its detector masked, and the defaults."""


@dataclass(frozen=True, slots=True)
class Clip:
    """What is shown.

    Attributes:
        path: of the video.
        size: width and height that it is brought to; None leaves it.
        every: only every so many-th frame comes.
    """

    path: Path
    size: tuple[int, int] | None = None
    every: int = 1


@dataclass(frozen=True, slots=True)
class Cost:
    """What a clip cost.

    Attributes:
        cpu_ms: of all threads, mean over the frames.
        wall_ms: mean over the frames.
        frames: how many.
        seconds: of media time.
        people: mean number in a frame.
        peak_mb: resident memory of the process, so far.
    """

    cpu_ms: float
    wall_ms: float
    frames: int
    seconds: float
    people: float
    peak_mb: float


class Runner:
    """A contender in its process."""

    def __init__(self, contender: Contender) -> None:
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, context, initializer=_open, initargs=(contender,))

    def run(self, clip: Clip) -> Cost:
        """Return what a clip costs."""
        return self._pool.submit(_measure, clip).result()

    def close(self) -> None:
        """End the process."""
        self._pool.shutdown()


def median_of(costs: Iterable[Cost]) -> Cost:
    """Return the median of several runs of the same clip."""
    rows = list(costs)
    cpu, wall = (statistics.median(getattr(row, name) for row in rows) for name in ("cpu_ms", "wall_ms"))
    return replace(rows[-1], cpu_ms=cpu, wall_ms=wall)


def together(costs: Iterable[Cost]) -> Cost:
    """Return the mean over all frames of several clips."""
    rows = list(costs)
    count = sum(row.frames for row in rows)
    cpu, wall, people = (
        sum(getattr(row, name) * row.frames for row in rows) / count for name in ("cpu_ms", "wall_ms", "people")
    )
    return Cost(cpu, wall, count, sum(row.seconds for row in rows), people, max(row.peak_mb for row in rows))


def conditions() -> str:
    """Return a line on the circumstances: figures from a busy machine are worth less."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores, load average (1, 5, 15 min) {load}"


_look: Callable[[Frame], People | None]
_forget: Callable[[], None]


def _open(contender: Contender) -> None:
    global _look, _forget  # noqa: PLW0603 - a worker process has one engine, and pools hand over nothing else
    engine = open_engine(contender.options)
    config = Config(engine=contender.options)
    if not contender.gated:
        _look, _forget = engine.detect, engine.reset
        return

    def forget() -> None:
        global _look  # noqa: PLW0603 - as above
        engine.reset()
        eyes = Eyes(config, engine, live=False)
        _look = lambda frame: eyes.look(frame).people  # noqa: E731 - the gates of a new clip

    _forget = forget


def _measure(clip: Clip) -> Cost:
    _forget()
    cpu = wall = 0.0
    count = people = last_ns = 0
    for frame in _shown(clip):
        cpu_then, wall_then = time.process_time(), time.perf_counter()
        seen = _look(frame)
        cpu += time.process_time() - cpu_then
        wall += time.perf_counter() - wall_then
        count, last_ns, people = count + 1, frame.timestamp_ns, people + (len(seen.persons) if seen else 0)
    return Cost(cpu / count * 1e3, wall / count * 1e3, count, last_ns / 1e9, people / count, peak_rss_mb())


def _shown(clip: Clip) -> Iterator[Frame]:
    for frame in frames(Camera(source=str(clip.path))):
        if frame.seq % clip.every == 0:
            yield frame if clip.size is None else _brought_to(frame, clip.size)


def _brought_to(frame: Frame, size: tuple[int, int]) -> Frame:
    """Return the frame at another size, its sides filled up with grey where the proportions differ."""
    width, height = size
    scale = min(width / frame.size[0], height / frame.size[1])
    picture: Pixels = cv2.resize(frame.pixels, None, fx=scale, fy=scale)  # type: ignore[assignment]
    left, top = (width - picture.shape[1]) // 2, (height - picture.shape[0]) // 2
    borders = (top, height - picture.shape[0] - top, left, width - picture.shape[1] - left)
    filled: Pixels = cv2.copyMakeBorder(picture, *borders, cv2.BORDER_CONSTANT, value=(128,) * 3)  # type: ignore[assignment]
    return replace(frame, pixels=filled)
