"""What the engines cost against MediaPipe's own, on the same clips in the same run.

    python -m benchmarks.engines [ROUNDS, default 3] [KIND of clips ...]

Each engine lives in a process of its own; a clip is shown to each in turn before the next one comes, and all of it ROUNDS
times. A clip's cost is the median of its rounds, a kind's the mean over all frames. CPU time is that of all threads.
"""

import sys
from pathlib import Path

from benchmarks.contenders import (
    ADAPTIVE,
    CLIPS,
    CONTENDERS,
    LITERT,
    MEDIAPIPE,
    Clip,
    Cost,
    Runner,
    conditions,
    median_of,
    together,
)

KINDS = ("signing", "no_command", "nobody")
TARGETS = {(LITERT, "signing"): 1.5, (ADAPTIVE, "signing"): 2, (ADAPTIVE, "no_command"): 4, (ADAPTIVE, "nobody"): 15}
"""Least ratio to MediaPipe's CPU time."""


def measure(kinds: list[str], rounds: int) -> dict[tuple[str, str], Cost]:
    """Return the cost by contender and kind of clips."""
    runners = {name: Runner(contender) for name, contender in CONTENDERS.items()}
    paths = [(kind, path) for kind in kinds for path in sorted((CLIPS / kind).iterdir())]
    for runner in runners.values():
        runner.run(Clip(paths[0][1]))
    found: dict[tuple[str, str, Path], list[Cost]] = {}
    for _ in range(rounds):
        for kind, path in paths:
            for name, runner in runners.items():
                found.setdefault((name, kind, path), []).append(runner.run(Clip(path)))
    for runner in runners.values():
        runner.close()
    return {
        (name, kind): together(median_of(costs) for key, costs in found.items() if key[:2] == (name, kind))
        for name in CONTENDERS
        for kind in kinds
    }


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    kinds = sys.argv[2:] or list(KINDS)
    costs = measure(kinds, rounds)
    print(f"{conditions()}; {rounds} rounds\n")
    print("| clips | engine | CPU ms a frame | times cheaper (target) | wall ms a frame | times faster |")
    print("|---|---|---|---|---|---|")
    for kind in kinds:
        reference = costs[MEDIAPIPE, kind]
        for name in CONTENDERS:
            cost = costs[name, kind]
            target = f" ({TARGETS[name, kind]:g})" if (name, kind) in TARGETS else ""
            cheaper, faster = reference.cpu_ms / cost.cpu_ms, reference.wall_ms / cost.wall_ms
            print(
                f"| {kind} ({cost.frames} frames) | {name} | {cost.cpu_ms:.2f} | {cheaper:.2f}{target} "
                f"| {cost.wall_ms:.2f} | {faster:.2f} |"
            )


if __name__ == "__main__":
    main()
