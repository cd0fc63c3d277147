"""Memory of an engine's process, and how long it takes from a command to the first landmarks.

    python -m benchmarks.footprint [ROUNDS, default 3]

Memory: the peak of a process that has looked at signing/book.mkv, frames and libraries included. Start-up: from starting
`edgeholo landmarks` on that clip, models already in the cache, to its first line of output; wall time, median.
"""

import os
import statistics
import subprocess
import sys
import time

from benchmarks.contenders import ADAPTIVE, CLIPS, CONTENDERS, LITERT, MEDIAPIPE, Clip, Runner, conditions

_BOOK = CLIPS / "signing/book.mkv"
_COMMANDS = {MEDIAPIPE: ["--engine", "mediapipe"], LITERT: ["--engine", "litert"], ADAPTIVE: ["--adaptive"]}


def memory_mb(name: str) -> float:
    """Return the peak resident memory of a contender's process."""
    runner = Runner(CONTENDERS[name])
    cost = runner.run(Clip(_BOOK))
    runner.close()
    return cost.peak_mb


def start_up_s(name: str) -> float:
    """Return how long it takes to the first line."""
    command = [sys.executable, "-m", "edgeholo.cli", "landmarks", str(_BOOK), "--json", *_COMMANDS[name]]
    then = time.perf_counter()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
        line = process.stdout.readline() if process.stdout else b""
        took_s = time.perf_counter() - then
        process.kill()
    if not line.startswith(b"{"):
        raise SystemExit(f"{name}: `edgeholo landmarks` printed no landmarks")
    return took_s


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    starts: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name in CONTENDERS:
            starts[name].append(start_up_s(name))
    print(f"{conditions()}; {rounds} rounds\n")
    print("| engine | peak memory, MB | first landmarks after, s |")
    print("|---|---|---|")
    for name in CONTENDERS:
        print(f"| {name} | {memory_mb(name):.0f} | {statistics.median(starts[name]):.2f} |")


if __name__ == "__main__":
    main()
