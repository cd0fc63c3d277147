"""What engines cost on the same frames, one after another in one run, each in a process of its own."""

import argparse
import json
import multiprocessing
import statistics
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

import msgspec

from edgeholo.capture.feed import frames
from edgeholo.cli import options
from edgeholo.cli.progress import counted
from edgeholo.config import Config, EngineOptions
from edgeholo.errors import CameraError, ConfigError, EdgeholoError
from edgeholo.health import peak_rss_mb
from edgeholo.perceive.engine import branches_of, open_engine
from edgeholo.supervision import set_up_logging
from edgeholo.types import Branch, Mode, Person


@dataclass(frozen=True, slots=True)
class Contender:
    """An engine and how it is run.

    Attributes:
        engine: its name.
        mode: of the chosen branches.
        more: branches besides the chosen ones.
    """

    engine: str
    mode: Mode = Mode.ON
    more: frozenset[Branch] = frozenset()


ENGINES = {
    "litert": Contender("litert"),
    "litert-adaptive": Contender("litert", Mode.AUTO),
    "mediapipe": Contender("mediapipe"),
    "mediapipe-face": Contender("mediapipe", more=frozenset({Branch.FACE})),
}
"""By the name in the table."""
_PARTS = tuple(branch.value for branch in Branch)
_COLUMNS = ("cpu_ms", "cpu_ms_mean", "cpu_ms_p95", "wall_ms", "wall_ms_p95", "rss_mb", "frames", *_PARTS)
_WARM_UP = 3
"""First frames that are not counted: detectors run, memory is taken."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    options.add_source(parser)
    options.add_config(parser)
    options.add_branches(parser)
    parser.add_argument("--complexity", type=int, choices=(0, 1, 2), help="pose model")
    parser.add_argument("--engines", default=",".join(ENGINES), metavar="E,...", help=f"of {','.join(ENGINES)}")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    config = options.settings(args).config
    set_up_logging("warning")
    results = {
        name: _in_a_process(_configured(config, name, adaptive=args.adaptive)) for name in args.engines.split(",")
    }
    if args.json:
        print(json.dumps({"engines": results}))
        return 0
    print(_table(results))
    return 0


def measure(config: Config) -> dict[str, float]:
    """Run an engine over the source; CPU time is that of all threads of this process while the engine looks."""
    engine = open_engine(config.engine)
    cpu_ms, wall_ms = [], []
    found = dict.fromkeys(_PARTS, 0)
    for frame in counted(frames(config.camera)):
        cpu, wall = time.process_time(), time.perf_counter()
        people = engine.detect(frame)
        cpu_ms.append((time.process_time() - cpu) * 1e3)
        wall_ms.append((time.perf_counter() - wall) * 1e3)
        person = people.persons[0] if people.persons else Person(0)
        for part in _PARTS:
            found[part] += getattr(person, part) is not None
    engine.close()
    if len(cpu_ms) <= _WARM_UP:
        raise CameraError(f"{config.camera.source}: {len(cpu_ms)} frames are too few to measure; take a longer clip")
    counted_ms = cpu_ms[_WARM_UP:]
    mean = {"cpu_ms_mean": round(statistics.fmean(counted_ms), 2)}
    costs = {**_spread("cpu_ms", counted_ms), **mean, **_spread("wall_ms", wall_ms[_WARM_UP:])}
    return {**costs, "rss_mb": peak_rss_mb(), "frames": len(cpu_ms), **found}


def _configured(config: Config, name: str, *, adaptive: bool) -> Config:
    if name not in ENGINES:
        raise ConfigError(f"--engines {name}: no such engine; known are {', '.join(ENGINES)}")
    contender = ENGINES[name]
    mode = Mode.AUTO if adaptive else contender.mode
    modes = {branch.value: mode.value for branch in branches_of(config.engine) | contender.more}
    engine: EngineOptions = msgspec.structs.replace(config.engine, name=contender.engine, **modes)
    options.prepare_models(engine)
    return msgspec.structs.replace(config, engine=engine)


def _in_a_process(config: Config) -> dict[str, float]:
    """Measure in a fresh process, so that memory and caches are this engine's own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        try:
            answer = pool.submit(_measure_or_explain, config).result()
        except BrokenProcessPool as error:
            raise EdgeholoError(
                f"the engine {config.engine.name} brought its process down: is there too little memory?"
            ) from error
    if isinstance(answer, EdgeholoError):
        raise answer
    return answer


def _measure_or_explain(config: Config) -> dict[str, float] | EdgeholoError:
    try:
        return measure(config)
    except EdgeholoError as error:
        return error


def _spread(name: str, values: list[float]) -> dict[str, float]:
    p95 = sorted(values)[int(0.95 * (len(values) - 1))]
    return {name: round(statistics.median(values), 2), f"{name}_p95": round(p95, 2)}


def _table(results: dict[str, dict[str, float]]) -> str:
    width = max(map(len, results))
    head = " ".join([f"{'engine':{width}}", *(f"{column:>11}" for column in _COLUMNS)])
    rows = [" ".join([f"{name:{width}}", *_cells(result)]) for name, result in results.items()]
    return "\n".join([head, *rows])


def _cells(result: dict[str, float]) -> Iterable[str]:
    return (f"{result[column]:>11g}" for column in _COLUMNS)
