"""What runs on the emulated processor: does pieces of a frame's work, and marks where each begins and ends.

    python -m benchmarks.arm_guest PICTURES RECORDING ENGINE ...      started by benchmarks.arm

A mark is a call of getsid(), at which benchmarks/arm_count.c says how much was executed so far; every piece is printed by its name.
"""

import itertools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from benchmarks.stages import Clock, Line
from edgeholo.config import Config, EngineOptions
from edgeholo.perceive import mediapipe, recording
from edgeholo.perceive.engine import open_engine
from edgeholo.perceive.tracking import Tracker
from edgeholo.pipeline import Eyes, Mind
from edgeholo.types import Frame, People, PixelFormat

FOLLOWED = 2
"""Frames after the first: what a frame costs while a track holds hardly varies."""
SIGHTS = 40
_COLD = 2
"""Frames after which everything has been used once: the motion gate computes its first median on the second."""
_BOTH = {"pose": "on", "left_hand": "on", "right_hand": "on"}
PROFILES = {
    "pose": {"pose": "on", "left_hand": "off", "right_hand": "off"},
    "pose and hands": _BOTH,
    "pose, hands and face": {**_BOTH, "face": "on"},
}
_T = TypeVar("_T")


def marked(piece: str, work: Callable[[], _T]) -> _T:
    """Do the work between two marks."""
    os.getsid(0)
    result = work()
    os.getsid(0)
    print(piece, flush=True)
    return result


class Marks(Clock):
    """Stages marked instead of timed, once they are warm: numpy imports parts of itself when they are first used."""

    warm = False

    def __call__(self, stage: str, work: Callable[[], _T]) -> _T:
        """Do the work between two marks."""
        return marked(f"stage: {stage}", work) if self.warm else work()


def write_frames(path: Path, shown: list[Frame]) -> None:
    """Write frames as they are: to decode them on the emulated processor would take longer than all the rest."""
    np.savez(path, pixels=[frame.pixels for frame in shown], times=[frame.timestamp_ns for frame in shown])


def read_frames(path: Path) -> list[Frame]:
    """Return the frames of a file."""
    with np.load(path) as file:
        pixels, times = file["pixels"], file["times"]
    return [Frame(pixels[n], PixelFormat.BGR, int(time_ns), n) for n, time_ns in enumerate(times)]


def stages(shown: list[Frame]) -> None:
    """Run all stages one after the other on each frame."""
    marks = Marks()
    line = Line(marks)
    for number, frame in enumerate(shown[: _COLD + FOLLOWED]):
        marks.warm = number >= _COLD
        line.run(frame)


def every_frame(name: str, profile: str, shown: list[Frame]) -> None:
    """Have an engine look at every frame; the first, in which people are searched, has a name of its own."""
    engine = open_engine(EngineOptions(name=name, **PROFILES[profile]))  # type: ignore[arg-type]
    for number, frame in enumerate(shown[: 1 + FOLLOWED]):
        what = f"{name}: {profile}" if number else f"{name}: {profile}, the first frame"
        people = marked(what, lambda frame=frame: engine.detect(frame))  # type: ignore[misc]
        print_found(people)
    engine.close()


def print_found(people: People | None) -> None:
    """Print which parts were found: a figure of a frame without hands would say nothing of hands."""
    person = people.persons[0] if people and people.persons else None
    found = [part for part in ("pose", "left_hand", "right_hand", "face") if person and getattr(person, part)]
    print("#", ", ".join(found), flush=True)


def adaptive(shown: list[Frame]) -> None:
    """Run the default profile behind its gates, as the daemon does."""
    config = Config()
    eyes = Eyes(config, open_engine(config.engine), live=False)
    eyes.look(shown[0])
    for frame in shown[1:]:
        sight = marked("litert: the default profile", lambda frame=frame: eyes.look(frame))  # type: ignore[misc]
        print_found(sight.people)


def think(path: Path) -> None:
    """Show a recording to the mind, at default settings."""
    tracker, mind = Tracker(Config().smoothing), Mind(Config())
    for number, sight in enumerate(itertools.islice(recording.read(path), 2 * SIGHTS)):
        seen = sight.people
        if number < SIGHTS or seen is None:
            mind.think(sight)
            continue
        marked("tracking", lambda seen=seen: tracker.update(seen))  # type: ignore[misc]
        marked("tracking and interpretation", lambda sight=sight: mind.think(sight))  # type: ignore[misc]


def unseal() -> None:
    """Let mediapipe run without the filter that user emulation does not know, but only where there is no network at all."""
    if len(Path("/proc/net/route").read_text(encoding="ascii").splitlines()) > 1:
        raise SystemExit("mediapipe reports usage to its maker: run this by benchmarks.arm, which gives it no network")
    mediapipe.seal_this_thread = lambda: None  # type: ignore[attr-defined]


def main() -> None:
    """Do all pieces."""
    shown, engines = read_frames(Path(sys.argv[1])), sys.argv[3:]
    cv2.setNumThreads(1)
    think(Path(sys.argv[2]))
    if "litert" in engines:
        stages(shown)
        for profile in PROFILES:
            every_frame("litert", profile, shown)
        adaptive(shown)
    if "mediapipe" in engines:
        unseal()
        every_frame("mediapipe", "pose and hands", shown)


if __name__ == "__main__":
    main()
