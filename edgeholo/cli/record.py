"""Write what the engine saw of a source to a file: landmarks, time stamps, verdicts on the picture, not one pixel."""

import argparse
from pathlib import Path

from edgeholo.capture.feed import frames
from edgeholo.capture.source import is_live
from edgeholo.cli import options, output
from edgeholo.cli.progress import counted
from edgeholo.perceive.engine import open_engine
from edgeholo.perceive.recording import Recorder
from edgeholo.pipeline import Eyes
from edgeholo.supervision import set_up_logging


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    options.add_source(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="the recording to write")
    options.add_config(parser)
    options.add_engine(parser)


def run(args: argparse.Namespace) -> int:
    """Record until the source ends, or Ctrl-C."""
    config = options.settings(args).config
    set_up_logging("warning")
    options.prepare_models(config.engine)
    source = output.opened(counted(frames(config.camera)), config.camera.source, args.file)
    engine = open_engine(config.engine)
    eyes, number = Eyes(config, engine, live=is_live(config.camera)), 0
    try:
        with Recorder(args.file, engine=engine.name, source=config.camera.source) as recorder:
            for frame in source:
                number += 1
                recorder.write(eyes.look(frame))
    finally:
        engine.close()
    print(f"{args.file}: {number} frames, {args.file.stat().st_size / 1000:.0f} kB")
    return 0
