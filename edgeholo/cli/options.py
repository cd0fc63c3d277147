"""Arguments that several commands share, and how they become a configuration."""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from edgeholo.cli.progress import fetch_progress
from edgeholo.config import EngineOptions
from edgeholo.errors import ConfigError
from edgeholo.perceive.engine import assets_of, branches_of
from edgeholo.perceive.models.fetch import fetch_all, fetch_npm
from edgeholo.perceive.schedule import Decision
from edgeholo.settings import Settings, load
from edgeholo.types import HANDS, Branch, Mode, People

Overrides = dict[str, tuple[object, str]]

_BRANCHES = {
    "pose": frozenset({Branch.POSE}),
    "hands": HANDS,
    "left_hand": frozenset({Branch.LEFT_HAND}),
    "right_hand": frozenset({Branch.RIGHT_HAND}),
    "face": frozenset({Branch.FACE}),
}
"""What may be named after --branches."""


def add_config(parser: argparse.ArgumentParser) -> None:
    """Add --config."""
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="configuration, instead of /etc/edgeholo/edgeholo.toml"
    )


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add the positional SRC."""
    parser.add_argument("source", metavar="SRC", help="a video, a still, a folder, a camera, npm:NAME@VERSION/path")


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Add --engine, --branches, --adaptive and --complexity."""
    parser.add_argument("--engine", metavar="E", help="which engine looks (litert, mediapipe, recorded)")
    add_branches(parser)
    parser.add_argument("--complexity", type=int, choices=(0, 1, 2), help="pose model: 0 lite, 1 full, 2 heavy")


def add_branches(parser: argparse.ArgumentParser) -> None:
    """Add --branches and --adaptive."""
    parser.add_argument(
        "--branches", metavar="B,...", help="run these in every frame, of pose,hands,face (default: as configured)"
    )
    parser.add_argument(
        "--adaptive", action="store_true", help="let the engine decide on which frames the branches are worth a look"
    )


def add_explain(parser: argparse.ArgumentParser) -> None:
    """Add --explain."""
    parser.add_argument("--explain", action="store_true", help="say on stderr what ran on each frame, and why")


def explain(people: People, decisions: Mapping[str, Decision]) -> None:
    """Print what ran on a frame and why."""
    words = (
        f"{branch} {'runs' if decision.run else 'rests'}: {decision.why}" for branch, decision in decisions.items()
    )
    print(f"{people.t_s:8.3f} s  {', '.join(words)}", file=sys.stderr)


def settings(
    args: argparse.Namespace, more: Mapping[str, tuple[object, str]] | None = None, *, every_frame: bool = False
) -> Settings:
    """Return the configuration that the arguments, the environment and the file make together.

    Args:
        args: of the command.
        more: overrides of its own, by dotted path: value and origin.
        every_frame: configured branches look at every frame, unless --adaptive leaves it to the engine.
    """
    overrides: Overrides = dict(more or {})
    for name, path in (("broker", "broker.url"), ("engine", "engine.name"), ("complexity", "engine.complexity")):
        if getattr(args, name, None) is not None:
            overrides[path] = (getattr(args, name), f"--{name}")
    if getattr(args, "source", None):
        overrides["camera.source"] = (_resolve(args.source), "the source given")
    file = getattr(args, "config", None)
    if getattr(args, "branches", None):
        wanted = branches(args.branches)
        run = Mode.AUTO if args.adaptive else Mode.ON
        overrides |= {
            f"engine.{branch}": (run.value if branch in wanted else Mode.OFF.value, "--branches") for branch in Branch
        }
    elif getattr(args, "adaptive", False) or every_frame:
        mode, origin = (Mode.AUTO, "--adaptive") if args.adaptive else (Mode.ON, "every frame")
        configured = branches_of(load(file, os.environ, overrides).config.engine)
        overrides |= {f"engine.{branch}": (mode.value, origin) for branch in configured}
    return load(file, os.environ, overrides)


def prepare_models(options: EngineOptions) -> None:
    """Fetch what the engine needs, with a progress bar on a terminal.

    Raises:
        ModelError: a model cannot be had.
    """
    with fetch_progress() as progress:
        fetch_all(assets_of(options), progress)


def branches(text: str) -> frozenset[Branch]:
    """Return the branches of a list with commas, in which ``hands`` are both.

    Raises:
        ConfigError: one does not exist.
    """
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in _BRANCHES]
    if unknown:
        raise ConfigError(
            f"--branches {text}: {', '.join(map(repr, unknown))} is no branch; known are {', '.join(_BRANCHES)}"
        )
    return frozenset().union(*(_BRANCHES[name] for name in names))


def _resolve(source: str) -> str:
    if not source.startswith("npm:"):
        return source
    with fetch_progress() as progress:
        return str(fetch_npm(source, progress))
