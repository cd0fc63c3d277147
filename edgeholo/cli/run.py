"""The daemon: frames from the camera, gestures and presence to the broker, until it is stopped."""

import argparse
import os
import signal

from edgeholo.act.location import rules_file
from edgeholo.cli import options
from edgeholo.daemon import Daemon
from edgeholo.rulebook import Rulebook
from edgeholo.supervision import set_up_logging


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    options.add_config(parser)
    parser.add_argument("--source", metavar="SRC", help="camera, picamera:N, v4l2:/dev/video0, a file, rtsp://...")
    parser.add_argument(
        "--broker", metavar="URL", help="mqtt://user@host:1883, mqtts://, ws://, wss://, embedded, none"
    )
    parser.add_argument("--engine", metavar="E", help="which engine looks (litert, mediapipe, recorded)")


def run(args: argparse.Namespace) -> int:
    """Run until a signal or the end of the media."""
    settings = options.settings(args)
    set_up_logging(settings.config.log.level)
    book = Rulebook(lambda config: rules_file(config.rules, settings.file, os.environ))
    daemon = Daemon(settings.config, lambda: options.settings(args).config, book)
    set_up_logging(daemon.config.log.level)
    # Whoever changed the file while models are being fetched means no end of it.
    daemon.obey(signal.SIGHUP)
    options.prepare_models(daemon.config.engine)
    return daemon.run()
