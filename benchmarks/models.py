"""What one inference of each model costs, on one thread.

    python -m benchmarks.models [RUNS, default 40]

The models take turns, run by run, so that all meet the same noise; median and least CPU time of a run, on a random input.
"""

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.contenders import conditions
from edgeholo.perceive.inference import Model, Tensor
from edgeholo.perceive.models import lite

MODELS: dict[str, Callable[[], Model]] = {
    "pose_detection": lite.pose_detector,
    "pose_landmark_lite, without segmentation": lambda: lite.pose_landmarks(0, threads=1),
    "pose_landmark_full, without segmentation": lambda: lite.pose_landmarks(1, threads=1),
    "hand_recrop": lite.hand_recrop,
    "hand_landmark_full": lambda: lite.hand_landmarks(threads=1),
    "face_detection_short_range": lite.face_detector,
    "face_landmark": lite.face_mesh,
}


def _fill(tensor: Tensor) -> None:
    tensor[:] = np.random.default_rng(0).random(tensor.shape, np.float32)


def _cpu_ms(model: Model) -> float:
    then = time.thread_time()
    model.run(lambda _tensor: None)
    return (time.thread_time() - then) * 1e3


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    models = {name: make() for name, make in MODELS.items()}
    for model in models.values():
        model.run(_fill)
    found: dict[str, list[float]] = {name: [] for name in models}
    for _ in range(runs):
        for name, model in models.items():
            found[name].append(_cpu_ms(model))
    print(f"{conditions()}; {runs} runs\n")
    print("| model | CPU ms, median | least |")
    print("|---|---|---|")
    for name, values in found.items():
        print(f"| {name} | {statistics.median(values):.2f} | {min(values):.2f} |")


if __name__ == "__main__":
    main()
