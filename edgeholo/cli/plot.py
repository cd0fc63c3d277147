"""Draw what a recording tells: gestures, paths of the hands, what the filter calms, what each branch costs."""

import argparse
from pathlib import Path
from types import ModuleType

from edgeholo.cli import options
from edgeholo.cli.plotting.story import Story, told
from edgeholo.errors import ConfigError, EdgeholoError
from edgeholo.files import whole
from edgeholo.perceive.recording import Recording
from edgeholo.supervision import set_up_logging

_KINDS = (".png", ".svg")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", type=Path, metavar="RECORDING", help="what `edgeholo record` wrote")
    parser.add_argument(
        "out", type=Path, nargs="*", metavar="OUT", help="pictures to write, .png or .svg (default: both, beside it)"
    )
    options.add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Draw and write."""
    outs = args.out or [args.file.with_suffix(kind) for kind in _KINDS]
    _check(args.file, outs)
    config = options.settings(args).config
    set_up_logging("warning")
    recording = Recording(args.file)
    story = told(recording, config)
    if len(story.times) < 2:
        frames = "one frame" if story.times else "no frame"
        raise EdgeholoError(f"{args.file} holds {frames}: there is nothing to draw over time")
    figure = _figure()
    drawn = figure.draw(story, _heading(args.file, recording), _facts(recording, story))
    for out in outs:
        try:
            with whole(out) as new:
                figure.save(drawn, new)
        except OSError as error:
            raise EdgeholoError(f"cannot write {out}: {error.strerror or error}") from error
        print(f"{out}: {out.stat().st_size / 1000:.0f} kB")
    return 0


def _check(file: Path, outs: list[Path]) -> None:
    for out in outs:
        if out.suffix.lower() not in _KINDS:
            raise ConfigError(f"{out}: the name must end in {' or '.join(_KINDS)}")
        if out.exists() and file.exists() and out.samefile(file):
            raise EdgeholoError(f"{out} is what is being read, and would be lost: name another file to write")
        if not out.parent.is_dir():
            raise EdgeholoError(f"{out.parent} is no folder; make it first")


def _figure() -> ModuleType:
    """Return the module that draws, which nobody needs on a unit."""
    try:
        from edgeholo.cli.plotting import figure
    except ImportError as error:
        raise EdgeholoError("matplotlib draws, and is not here: pip install 'edgeholo[plot]'") from error
    return figure


def _heading(file: Path, recording: Recording) -> str:
    source = Path(recording.header.source).name or recording.header.source
    return f"{file.name}: what edgeholo saw of {source}"


def _facts(recording: Recording, story: Story) -> str:
    """Return how it was recorded, in one line."""
    frames, header = len(story.times), recording.header
    looked = sum(bool(ran) for ran in story.ran)
    return (
        f"{frames} frames of {story.size[0]}x{story.size[1]} in {story.duration_s:.1f} s "
        f"({(frames - 1) / max(story.duration_s, 1e-9):.1f} a second), {looked} looked at; "
        f"{len(story.gestures)} gestures; engine {header.engine}, recorded by edgeholo {header.edgeholo}"
    )
