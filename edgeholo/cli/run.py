"""The daemon: frames from the camera, gestures and presence to the broker, until it is stopped."""

import argparse
import signal

from edgeholo.cli import options
from edgeholo.daemon import Daemon
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
    config = options.settings(args).config
    set_up_logging(config.log.level)
    daemon = Daemon(config, lambda: options.settings(args).config)
    set_up_logging(daemon.config.log.level)
    # Whoever changed the file while models are being fetched means no end of it.
    daemon.obey(signal.SIGHUP)
    options.prepare_models(daemon.config.engine)
    return daemon.run()
