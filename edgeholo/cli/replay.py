"""Play a recording back through interpretation: the same events as live, on any machine."""

import argparse
from pathlib import Path

from edgeholo.cli import lines, options
from edgeholo.perceive.recording import read
from edgeholo.pipeline import Mind
from edgeholo.supervision import set_up_logging


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording")
    options.add_config(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Print what happened in the recording."""
    mind, number, t = Mind(options.settings(args).config), 0, 0.0
    set_up_logging("warning")
    for sight in read(args.file):
        number += 1
        t = sight.timestamp_ns / 1e9
        lines.show_all(mind.think(sight).observations, as_json=args.json)
    lines.show_all(mind.finish(), as_json=args.json)
    lines.show({"t": round(t, 4), "event": "end", "frames": number}, as_json=args.json)
    return 0
