"""One JSON object a frame: every point that the engine found, in fractions of the picture."""

import argparse

import msgspec

from edgeholo.capture.feed import frames
from edgeholo.cli import options
from edgeholo.cli.progress import counted
from edgeholo.landmarks import landmarks_of
from edgeholo.perceive.engine import open_engine
from edgeholo.perceive.tracking import Tracker
from edgeholo.publish.newest import Newest
from edgeholo.supervision import set_up_logging


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    options.add_source(parser)
    options.add_config(parser)
    options.add_engine(parser)
    options.add_explain(parser)
    parser.add_argument("--json", action="store_true", help="the only format there is, so it may be left out")
    parser.add_argument(
        "--smoothing", choices=("one_euro", "kalman", "none"), help="none adds nothing to the engine's own"
    )
    parser.add_argument("--refine-face", action="store_true", help="478 face points with irises")


def run(args: argparse.Namespace) -> int:
    """Print the landmarks of every frame."""
    more: options.Overrides = {}
    if args.smoothing:
        more["smoothing.filter"] = (args.smoothing, "--smoothing")
    if args.refine_face:
        more["engine.refine_face"] = (True, "--refine-face")
    config = options.settings(args, more, every_frame=True).config
    set_up_logging("warning")
    options.prepare_models(config.engine)
    source = counted(frames(config.camera))
    engine = open_engine(config.engine)
    tracker, newest = Tracker(config.smoothing), Newest()
    try:
        for frame in source:
            people = engine.detect(frame)
            if args.explain:
                options.explain(people, engine.decisions)
            if config.smoothing.filter != "none":
                people = newest.completed(tracker.update(people))
            print(msgspec.json.encode(landmarks_of(people)).decode())
    finally:
        engine.close()
    return 0
