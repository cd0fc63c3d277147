"""How an engine's cost grows with the size of the picture, with the rate of frames, and with people.

    python -m benchmarks.growth [ROUNDS, default 3]

Sizes and rates: signing/book.mkv, brought to each size, or with frames left out. People: the clips of several_people, with one
and with four followed. Engines take turns as in benchmarks/engines.py; medians of the rounds.
"""

import sys
from collections.abc import Mapping

import msgspec

from benchmarks.contenders import (
    ADAPTIVE,
    CLIPS,
    CONTENDERS,
    LITERT,
    Clip,
    Contender,
    Cost,
    Runner,
    conditions,
    median_of,
)

SIZES = ((640, 480), (1280, 720), (1920, 1080))
EVERY = (1, 2, 3)
PERSONS = (1, 4)


def measure(contenders: Mapping[str, Contender], clips: list[Clip], rounds: int) -> dict[tuple[str, Clip], Cost]:
    """Return the cost of every clip for every contender."""
    runners = {name: Runner(contender) for name, contender in contenders.items()}
    for runner in runners.values():
        runner.run(clips[0])
    found: dict[tuple[str, Clip], list[Cost]] = {}
    for _ in range(rounds):
        for clip in clips:
            for name, runner in runners.items():
                found.setdefault((name, clip), []).append(runner.run(clip))
    for runner in runners.values():
        runner.close()
    return {key: median_of(costs) for key, costs in found.items()}


def sizes_and_rates(rounds: int) -> None:
    """Print what sizes and rates cost."""
    book = CLIPS / "signing/book.mkv"
    sizes, rates = [Clip(book, size=size) for size in SIZES], [Clip(book, every=every) for every in EVERY]
    costs = measure(CONTENDERS, sizes + rates, rounds)
    print("| picture | " + " | ".join(f"{name}: CPU ms, wall ms" for name in CONTENDERS) + " |")
    print("|---|" + "---|" * len(CONTENDERS))
    for clip, (width, height) in zip(sizes, SIZES, strict=True):
        cells = [f"{costs[name, clip].cpu_ms:.1f}, {costs[name, clip].wall_ms:.1f}" for name in CONTENDERS]
        print(f"| {width} x {height} | " + " | ".join(cells) + " |")
    print("\n| frames a second | " + " | ".join(f"{name}: CPU ms a second" for name in CONTENDERS) + " |")
    print("|---|" + "---|" * len(CONTENDERS))
    for clip in rates:
        rows = [costs[name, clip] for name in CONTENDERS]
        cells = [f"{row.cpu_ms * row.frames / row.seconds:.0f}" for row in rows]
        print(f"| {rows[0].frames / rows[0].seconds:.0f} | " + " | ".join(cells) + " |")


def people(rounds: int) -> None:
    """Print what people cost."""
    clips = [Clip(path) for path in sorted((CLIPS / "several_people").iterdir())]
    contenders = {
        f"{name}, up to {count}": Contender(
            msgspec.structs.replace(CONTENDERS[name].options, persons=count), CONTENDERS[name].gated
        )
        for name in (LITERT, ADAPTIVE)
        for count in PERSONS
    }
    costs = measure(contenders, clips, rounds)
    print("\n| clip | engine | people followed, mean | CPU ms a frame | wall ms |")
    print("|---|---|---|---|---|")
    for clip in clips:
        for name in contenders:
            cost = costs[name, clip]
            print(f"| {clip.path.stem} | {name} | {cost.people:.2f} | {cost.cpu_ms:.1f} | {cost.wall_ms:.1f} |")


def main() -> None:
    """Print the tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    sizes_and_rates(rounds)
    people(rounds)
    print(f"\n{conditions()}; {rounds} rounds")


if __name__ == "__main__":
    main()
