"""The same line as the daemon's, offline and as fast as it goes: one line an event, seconds of media time."""

import argparse

from edgeholo.capture.feed import frames
from edgeholo.capture.source import is_live
from edgeholo.cli import lines, options
from edgeholo.cli.progress import counted
from edgeholo.perceive.engine import open_engine
from edgeholo.pipeline import Pipeline
from edgeholo.supervision import set_up_logging


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    options.add_source(parser)
    options.add_config(parser)
    options.add_engine(parser)
    options.add_explain(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--hold", type=float, metavar="S", help="seconds until a gesture counts as held")


def run(args: argparse.Namespace) -> int:
    """Print what happens in the source."""
    more = {} if args.hold is None else {"gestures.hold_s": (args.hold, "--hold")}
    config = options.settings(args, more).config
    set_up_logging("warning")
    options.prepare_models(config.engine)
    source = counted(frames(config.camera))
    engine = open_engine(config.engine)
    pipeline, number, t = Pipeline(config, engine, live=is_live(config.camera)), 0, 0.0
    try:
        for frame in source:
            number += 1
            t = frame.timestamp_ns / 1e9
            sight, understanding = pipeline.process(frame)
            if args.explain:
                options.explain(understanding.people, engine.decisions if sight.people else {})
            lines.show_all(understanding.observations, as_json=args.json)
    finally:
        engine.close()
    lines.show_all(pipeline.mind.finish(), as_json=args.json)
    lines.show({"t": round(t, 4), "event": "end", "frames": number}, as_json=args.json)
    return 0
