"""Draw pose, hands and face on a still or a video; what is heard in a video is left out."""

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from edgeholo.capture.feed import frames, promised
from edgeholo.capture.media import Promise
from edgeholo.capture.source import is_live
from edgeholo.cli import film, options, output
from edgeholo.cli.progress import counted, shown
from edgeholo.config import Camera, Smoothing
from edgeholo.draw import draw
from edgeholo.errors import ConfigError, EdgeholoError
from edgeholo.files import whole
from edgeholo.perceive.engine import Engine, open_engine
from edgeholo.perceive.tracking import Tracker
from edgeholo.pixels import to_rgb
from edgeholo.publish.newest import Newest
from edgeholo.supervision import set_up_logging
from edgeholo.types import Frame

_STILLS = (".jpg", ".jpeg", ".png", ".bmp", ".webp")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    options.add_source(parser)
    parser.add_argument("out", type=Path, metavar="OUT", help="a picture (of the first frame) or a video to write")
    options.add_config(parser)
    options.add_engine(parser)


def run(args: argparse.Namespace) -> int:
    """Annotate; what was there before stays until the new one is whole."""
    config = options.settings(args, every_frame=True).config
    set_up_logging("warning")
    still = _is_still(args.out)
    options.prepare_models(config.engine)
    told = Promise() if still else promised(config.camera)
    source = output.opened(_frames(config.camera, told), config.camera.source, args.out)
    with contextlib.closing(open_engine(config.engine)) as engine:
        pictures = _drawn(source, engine, config.smoothing)
        try:
            with whole(args.out) as new:
                number = _write_still(new, pictures) if still else film.write(new, pictures, told.rate_hz)
        except KeyboardInterrupt:
            print(f"edgeholo: stopped; {args.out} was not written", file=sys.stderr)
            raise
        except OSError as error:
            raise EdgeholoError(f"cannot write {args.out}: {error.strerror or error}") from error
    print(f"{args.out}: {number} {'frame' if number == 1 else 'frames'}")
    return 0


def _frames(camera: Camera, told: Promise) -> Iterator[Frame]:
    """Return the frames, counted; Ctrl-C is the end of a camera's, while media that is cut short would be half a video."""
    return counted(frames(camera)) if is_live(camera) else shown(frames(camera), told.frames)


def _is_still(out: Path) -> bool:
    ending = out.suffix.lower()
    if ending not in (*_STILLS, *film.CODECS):
        raise ConfigError(f"{out}: the name must end in one of {', '.join([*_STILLS, *film.CODECS])}")
    return ending in _STILLS


def _drawn(source: Iterator[Frame], engine: Engine, smoothing: Smoothing) -> Iterator[film.Drawn]:
    tracker, newest = Tracker(smoothing), Newest()
    for frame in source:
        picture = np.ascontiguousarray(to_rgb(frame)[..., ::-1])
        yield frame.timestamp_ns, draw(picture, newest.completed(tracker.update(engine.detect(frame))))


def _write_still(out: Path, pictures: Iterator[film.Drawn]) -> int:
    _, picture = next(pictures)
    if not cv2.imwrite(str(out), picture):
        raise OSError(film.UNWRITABLE)
    return 1
