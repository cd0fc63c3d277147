"""What tracking and interpretation cost a frame, apart from the engine.

    python -m benchmarks.interpretation [CLIP ...]

The engine looks at each clip once, pose and both hands in every frame; then the mind is shown what it saw, five times over.
CPU time of the one thread that it runs in, for the gestures of a profile and all controls.
"""

import statistics
import sys
import time
from pathlib import Path

from benchmarks.contenders import CLIPS, conditions
from edgeholo.capture.feed import frames
from edgeholo.config import Camera, Config, EngineOptions, Gestures
from edgeholo.perceive.engine import open_engine
from edgeholo.perceive.tracking import Tracker
from edgeholo.pipeline import Eyes, Mind
from edgeholo.types import People, Sight

DEFAULT = ("signing/book.mkv", "signing/help.mkv", "no_command/talking_with_hands.mp4", "swipes/down.mp4")
_ROUNDS = 5
_BOTH_HANDS = EngineOptions(pose="on", left_hand="on", right_hand="on")


def sights(clip: Path) -> list[Sight]:
    """Return what the engine sees of a clip."""
    config = Config(engine=_BOTH_HANDS)
    engine = open_engine(config.engine)
    eyes = Eyes(config, engine, live=False)
    seen = [eyes.look(frame) for frame in frames(Camera(source=str(clip)))]
    engine.close()
    return seen


def costs_ms(seen: list[Sight], profile: str) -> tuple[list[float], list[float]]:
    """Return CPU milliseconds a frame: of tracking alone, and of tracking and interpretation."""
    tracking: list[float] = []
    whole: list[float] = []
    for _ in range(_ROUNDS):
        tracker, mind = Tracker(Config().smoothing), Mind(Config(gestures=Gestures(profile=profile)))
        for sight in seen:
            people = sight.people or People((), frozenset(), sight.size, sight.timestamp_ns, sight.seq)
            begun = time.thread_time()
            tracker.update(people)
            tracked = time.thread_time()
            mind.think(sight)
            whole.append((time.thread_time() - tracked) * 1e3)
            tracking.append((tracked - begun) * 1e3)
    return tracking, whole


def main() -> None:
    """Print the table."""
    clips = [Path(each) for each in sys.argv[1:]] or [CLIPS / each for each in DEFAULT]
    print(f"{conditions()}; {_ROUNDS} rounds\n")
    print(
        "| clip | profile | tracking, ms a frame | interpretation, ms a frame | 95 of 100 frames |\n|---|---|---|---|---|"
    )
    for clip in clips:
        seen = sights(clip)
        for profile in ("everyday", "all"):
            tracking, whole = costs_ms(seen, profile)
            rest = [both - alone for both, alone in zip(whole, tracking, strict=True)]
            p95 = statistics.quantiles(rest, n=20)[-1]
            print(
                f"| {clip.parent.name}/{clip.name} | {profile} | {statistics.mean(tracking):.2f} "
                f"| {statistics.mean(rest):.2f} | {p95:.2f} |"
            )


if __name__ == "__main__":
    main()
