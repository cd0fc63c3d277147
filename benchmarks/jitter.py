"""How much calmer each filter makes landmarks at rest, and how far it makes them lag in motion.

    python benchmarks/jitter.py [FOLDER of reference streams, default ../shared/media/reference]

Reads landmark streams of real clips as `edgeholo landmarks --json` prints them, unsmoothed hands of MediaPipe Holistic, and
sends each unbroken run of a part through the tracker. All figures are in the part's own size (diagonal of its bounding box).

Shake: root mean square of the second difference between frames, at rest. Wander: root mean square of the distance from a
straight line, at rest; what is left of it is slow. Rest: windows of a third of a second in which the middle of the part
keeps within 8 % of its size. Lag: the shift in time that lays the calmed path of the part's middle best over the raw one,
over all frames in which it moves faster than half its size a second; both paths go through the same symmetric low-pass first,
for noise that both share would draw the estimate to zero.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edgeholo.cli.plotting.rest import Doubles, rests, shake, size
from edgeholo.config import Smoothing
from edgeholo.perceive.tracking import Tracker
from edgeholo.types import Branch, Face, Hand, People, Person, Pose

PARTS = ("left_hand", "right_hand", "pose", "face")
MOVING_SIZES_HZ = 0.5
LEAST_RUN = 8
"""Frames: shorter runs have no middle between a filter's start and their end."""
SETTLED = 3
"""Frames after a run's start that are not judged: every filter starts as its input."""
STEADY_POINTS = {"pose": slice(0, 13)}
"""Of a pose only head and shoulders rest while hands sign."""
MOVING_POINTS = {"pose": slice(15, 17)}
"""Of a pose the wrists move."""


@dataclass(frozen=True)
class Run:
    """One part, unbroken: times (t,), raw and calmed places (t, n, 2) in part sizes."""

    times: Doubles
    raw: Doubles
    calm: Doubles


@dataclass(frozen=True)
class Figures:
    """Shake and wander at rest in percent of the part's size, raw and calmed, and the lag of each moving run in ms."""

    shake: tuple[float, float]
    wander: tuple[float, float]
    windows: int
    lags_ms: tuple[float, ...]

    @property
    def shake_gone(self) -> float:
        """Share of the shake that is gone."""
        return 1 - self.shake[1] / self.shake[0]


def measure(streams: list[Path], parts: tuple[str, ...], options: Smoothing) -> Figures:
    """Return the figures of ``parts`` over all of ``streams``."""
    shakes, wanders, lags = [], [], []
    for stream in streams:
        for part in parts:
            for run in runs(stream, part, options):
                shakes += [(shake(raw), shake(calm)) for raw, calm in _rests(run, part)]
                wanders += [(_wander(raw), _wander(calm)) for raw, calm in _rests(run, part)]
                lags += [lag for lag in [_lag_ms(run, part)] if lag is not None]
    return Figures(_percent(shakes), _percent(wanders), len(shakes), tuple(lags))


def runs(stream: Path, part: str, options: Smoothing) -> Iterator[Run]:
    """Yield the unbroken runs of ``part`` in a stream, alone in the picture and through the tracker."""
    run: list[People] = []
    for line in [*stream.read_text(encoding="utf-8").splitlines(), "{}"]:
        frame = json.loads(line)
        if frame.get(part):
            run.append(_people(frame, part))
        elif len(run) >= LEAST_RUN:
            tracker = Tracker(options)
            raw, calm = _places(run, part), _places([tracker.update(people) for people in run], part)
            yield Run(np.array([people.t_s for people in run]), raw / size(raw), calm / size(raw))
            run = []
        else:
            run = []


def _people(frame: dict[str, list[list[float]]], part: str) -> People:
    points = np.array(frame[part], np.float32)
    person = {
        "pose": lambda: Person(0, pose=Pose(points[:, :3], points[:, 3])),
        "left_hand": lambda: Person(0, left_hand=Hand(points)),
        "right_hand": lambda: Person(0, right_hand=Hand(points)),
        "face": lambda: Person(0, face=Face(points)),
    }[part]()
    width, height = (int(side) for side in np.array(frame["size"]))
    return People((person,), frozenset(Branch), (width, height), round(float(np.array(frame["t"])) * 1e9), 0)


def _places(frames: list[People], part: str) -> Doubles:
    return np.stack([getattr(people.persons[0], part).points[:, :2] * people.size for people in frames])


def _rests(run: Run, part: str) -> Iterator[tuple[Doubles, Doubles]]:
    """Yield raw and calmed windows in which the part rests."""
    steady = STEADY_POINTS.get(part, slice(None))
    raw, calm = run.raw[:, steady], run.calm[:, steady]
    for window in rests(run.times, raw, SETTLED):
        yield raw[window], calm[window]


def _wander(window: Doubles) -> float:
    steps = np.arange(len(window)) - (len(window) - 1) / 2
    level = window - window.mean(axis=0)
    slope = np.tensordot(steps, level, 1) / np.square(steps).sum()
    return float(np.square(level - steps[:, None, None] * slope).sum(axis=-1).mean())


def _lag_ms(run: Run, part: str) -> float | None:
    moving = MOVING_POINTS.get(part, slice(None))
    raw, calm = _even(run.raw[:, moving].mean(axis=1)), _even(run.calm[:, moving].mean(axis=1))
    speed = np.linalg.norm(np.gradient(raw, run.times, axis=0), axis=1)
    fast = np.flatnonzero((speed > MOVING_SIZES_HZ) & (np.arange(len(raw)) > SETTLED))
    if len(fast) < 4:
        return None
    shifts_s = np.arange(0, 0.2, 0.002)
    errors = [np.square(_at(run.times[fast] - shift, run.times, raw) - calm[fast]).sum() for shift in shifts_s]
    return float(shifts_s[np.argmin(errors)] * 1000)


def _even(path: Doubles) -> Doubles:
    """Return ``path`` (t, 2) after a low-pass without delay: 1 2 1, twice."""
    for _ in range(2):
        wide = np.concatenate((path[:1], path, path[-1:]))
        path = (wide[:-2] + 2 * wide[1:-1] + wide[2:]) / 4
    return path


def _at(times: Doubles, known: Doubles, path: Doubles) -> Doubles:
    return np.stack([np.interp(times, known, path[:, axis]) for axis in (0, 1)], axis=-1)


def _percent(squares: list[tuple[float, float]]) -> tuple[float, float]:
    raw, calm = np.sqrt(np.mean(squares, axis=0)) * 100
    return float(raw), float(calm)


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared/media/reference")
    streams = sorted(folder.glob("signing.*.jsonl")) + sorted(folder.glob("swipes.*.jsonl"))
    print("| part | filter | shake at rest | wander at rest | windows | lag in motion, ms: median, worst (runs) |")
    print("|---|---|---|---|---|---|")
    for name, parts in {"hands": PARTS[:2], "pose": PARTS[2:3], "face": PARTS[3:]}.items():
        for option in ("one_euro", "kalman"):
            found = measure(streams, parts, Smoothing(filter=option))
            lags = found.lags_ms
            lag = f"{np.median(lags):.0f}, {max(lags):.0f} ({len(lags)})" if lags else "nothing moves"
            shake, wander = (f"{raw:.2f} % -> {calm:.2f} %" for raw, calm in (found.shake, found.wander))
            print(
                f"| {name} | {option} | {shake} ({-found.shake_gone:.0%}) | {wander} | {found.windows} | {lag} |",
            )


if __name__ == "__main__":
    main()
