"""What runs on the emulated processor: does pieces of a frame's work, and marks where each begins and ends.

    python -m benchmarks.arm_guest CLIP FIRST RECORDING ENGINE ...      started by benchmarks.arm

A mark is a call of getsid(), at which benchmarks/arm_count.c says how much was executed so far; every piece is printed by its name.
"""

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import cv2

from benchmarks.stages import Clock, Line
from edgeholo.capture.feed import frames
from edgeholo.config import Camera, Config, EngineOptions
from edgeholo.perceive import mediapipe, recording
from edgeholo.perceive.engine import open_engine
from edgeholo.perceive.tracking import Tracker
from edgeholo.pipeline import Eyes, Mind
from edgeholo.types import Frame, People

FOLLOWED = 2
"""Frames after the first: what a frame costs while a track holds hardly varies."""
ADAPTIVE_S = 1.5
"""Long enough for each branch of the default profile to have its turns."""
SIGHTS = 40
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
    """Stages marked instead of timed."""

    def __call__(self, stage: str, work: Callable[[], _T]) -> _T:
        """Do the work between two marks."""
        return marked(f"stage: {stage}", work)


def show(clip: Path, first: int) -> Iterator[Frame]:
    """Return the frames of a clip from one on."""
    return itertools.islice(frames(Camera(source=str(clip))), first, None)


def every_frame(name: str, profile: str, shown: Iterator[Frame]) -> None:
    """Have an engine look at every frame; the first, in which people are searched, has a name of its own."""
    engine = open_engine(EngineOptions(name=name, **PROFILES[profile]))  # type: ignore[arg-type]
    for number, frame in enumerate(itertools.islice(shown, 1 + FOLLOWED)):
        what = f"{name}: {profile}" if number else f"{name}: {profile}, the first frame"
        people = marked(what, lambda frame=frame: engine.detect(frame))  # type: ignore[misc]
        print_found(people)
    engine.close()


def print_found(people: People | None) -> None:
    """Print which parts were found: a figure of a frame without hands would say nothing of hands."""
    person = people.persons[0] if people and people.persons else None
    found = [part for part in ("pose", "left_hand", "right_hand", "face") if person and getattr(person, part)]
    print("#", ", ".join(found), flush=True)


def adaptive(shown: Iterator[Frame]) -> None:
    """Run the default profile behind its gates, as the daemon does."""
    config = Config()
    eyes = Eyes(config, open_engine(config.engine), live=False)
    first = next(shown)
    eyes.look(first)
    for frame in shown:
        if frame.timestamp_ns - first.timestamp_ns > ADAPTIVE_S * 1e9:
            return
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
    clip, first, path = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    cv2.setNumThreads(1)
    think(path)
    if "litert" in sys.argv[4:]:
        line = Line(Marks())
        for frame in itertools.islice(show(clip, first), FOLLOWED):
            line.run(frame)
        for profile in PROFILES:
            every_frame("litert", profile, show(clip, first))
        adaptive(show(clip, first))
    if "mediapipe" in sys.argv[4:]:
        unseal()
        every_frame("mediapipe", "pose and hands", show(clip, first))


if __name__ == "__main__":
    main()
