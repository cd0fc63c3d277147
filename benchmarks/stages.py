"""What each stage of a frame costs, and how much of it is the model.

    python -m benchmarks.stages [CLIP, default signing/book.mkv]

Runs the branches by themselves, one after the other on one thread, every one in every frame. A stage includes its crop and its
model; "of it the model" is the inference alone. Median CPU time over the clip's frames.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import cv2

from benchmarks.contenders import CLIPS, conditions
from edgeholo.capture.feed import frames
from edgeholo.capture.motion import MotionGate
from edgeholo.capture.quality import QualityGate
from edgeholo.config import Camera, Config
from edgeholo.perceive import face, hand
from edgeholo.perceive.crops import crop
from edgeholo.perceive.face import FaceDetector
from edgeholo.perceive.inference import Model, Tensor
from edgeholo.perceive.models import lite
from edgeholo.perceive.pose import PoseDetector, PoseTracker, TrackedPose
from edgeholo.perceive.tracking import Tracker
from edgeholo.types import FACE_POINTS, Branch, Frame, People, Person, Side

_LEAST = 0.5
_T = TypeVar("_T")


class Clock:
    """CPU time by stage."""

    def __init__(self) -> None:
        self.ms: dict[str, list[float]] = {}

    def __call__(self, stage: str, work: Callable[[], _T]) -> _T:
        """Do the work and remember what it cost."""
        then = time.thread_time()
        result = work()
        self.ms.setdefault(stage, []).append((time.thread_time() - then) * 1e3)
        return result


class TimedModel:
    """A model whose inference is timed by itself."""

    def __init__(self, model: Model, stage: str, clock: Clock) -> None:
        self._model, self._stage, self._clock = model, stage, clock
        self._then = 0.0

    def run(self, fill: Callable[[Tensor], None]) -> list[Tensor]:
        """Run the model as it would run, and time from the filled input on."""

        def filled(tensor: Tensor) -> None:
            fill(tensor)
            self._then = time.thread_time()

        outputs = self._model.run(filled)
        self._clock.ms.setdefault(f"{self._stage}: model", []).append((time.thread_time() - self._then) * 1e3)
        return outputs


class Line:
    """All stages of a frame."""

    def __init__(self, clock: Clock) -> None:
        config = Config()
        self._clock = clock
        self._quality, self._motion = QualityGate(config.quality), MotionGate(config.motion)
        self._detector = PoseDetector(self._timed(lite.pose_detector(), "pose detector"))
        self._tracker = PoseTracker(self._timed(lite.pose_landmarks(0, threads=1), "pose landmarks"), _LEAST)
        self._recrop = self._timed(lite.hand_recrop(), "hand re-crop")
        self._hand = self._timed(lite.hand_landmarks(threads=1), "hand landmarks")
        self._face_detector = FaceDetector(self._timed(lite.face_detector(), "face detector"))
        self._mesh = self._timed(lite.face_mesh(), "face mesh")
        self._calm = Tracker(config.smoothing)

    def run(self, frame: Frame) -> None:
        """Run them."""
        clock = self._clock
        clock("quality gate", lambda: self._quality.check(frame))
        clock("motion gate", lambda: self._motion.check(frame, occupied=False))
        found = clock("pose detector", lambda: self._detector.find(frame))
        if not found:
            return
        clock("a crop of the whole body, 256 x 256", lambda: crop(frame, found[0], 256))
        pose = clock("pose landmarks", lambda: self._tracker.update(frame, found[0]))
        if pose is None:
            return
        hands = {side: self._look_at_hand(frame, pose, side) for side in Side}
        region = clock("face detector", lambda: self._face_detector.find(frame, pose.points))
        if region is not None:
            clock("face mesh", lambda: face.mesh(self._mesh, frame, region, _LEAST, FACE_POINTS))
        left, right = (one.hand if one else None for one in (hands[Side.LEFT], hands[Side.RIGHT]))
        people = People(
            (Person(0, pose.pose, left, right),), frozenset(Branch), frame.size, frame.timestamp_ns, frame.seq
        )
        clock("smoothing and identity", lambda: self._calm.update(people))

    def _look_at_hand(self, frame: Frame, pose: TrackedPose, side: Side) -> hand.TrackedHand | None:
        region = hand.region_from_pose(pose.points, pose.pose.visibility, side)
        if region is None:
            return None
        closer = self._clock("hand re-crop", lambda: hand.recropped(self._recrop, frame, region))
        return self._clock("hand landmarks", lambda: hand.landmarks(self._hand, frame, closer, _LEAST))

    def _timed(self, model: Model, stage: str) -> Model:
        return TimedModel(model, stage, self._clock)  # type: ignore[return-value]


def main() -> None:
    """Print the table."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CLIPS / "signing/book.mkv"
    cv2.setNumThreads(1)
    clock = Clock()
    line = Line(clock)
    for frame in frames(Camera(source=str(path))):
        line.run(frame)
    print(f"{conditions()}; {path.name}\n")
    print("| stage | CPU ms, median | of it the model | runs |")
    print("|---|---|---|---|")
    for stage, values in clock.ms.items():
        if stage.endswith(": model"):
            continue
        inside = clock.ms.get(f"{stage}: model")
        model = f"{statistics.median(inside):.2f}" if inside else "-"
        print(f"| {stage} | {statistics.median(values):.2f} | {model} | {len(values)} |")


if __name__ == "__main__":
    main()
