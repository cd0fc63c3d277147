"""Draw pose, hands and face on a still or a video."""

import argparse
import itertools
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from edgeholo.capture.feed import frames
from edgeholo.capture.opencv import open_video
from edgeholo.cli import options, output
from edgeholo.cli.progress import counted
from edgeholo.config import Smoothing
from edgeholo.draw import draw
from edgeholo.errors import ConfigError, EdgeholoError
from edgeholo.perceive.engine import Engine, open_engine
from edgeholo.perceive.tracking import Tracker
from edgeholo.pixels import to_rgb
from edgeholo.publish.newest import Newest
from edgeholo.supervision import set_up_logging
from edgeholo.types import Frame, Pixels

_STILLS = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
_VIDEOS = {".mp4": "mp4v", ".mkv": "mp4v", ".avi": "MJPG"}
"""File ending, and the codec that OpenCV has everywhere."""
_RATE_HZ = 30.0
"""Of a video with a single frame."""

Drawn = tuple[int, Pixels]
"""Time stamp in nanoseconds and BGR picture."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    options.add_source(parser)
    parser.add_argument("out", type=Path, metavar="OUT", help="a picture (of the first frame) or a video to write")
    options.add_config(parser)
    options.add_engine(parser)


def run(args: argparse.Namespace) -> int:
    """Annotate."""
    config = options.settings(args, every_frame=True).config
    set_up_logging("warning")
    still = _is_still(args.out)
    options.prepare_models(config.engine)
    source = output.opened(counted(frames(config.camera)), config.camera.source, args.out)
    engine = open_engine(config.engine)
    pictures = _drawn(source, engine, config.smoothing)
    try:
        number = _write_still(args.out, pictures) if still else _write_video(args.out, pictures)
    finally:
        engine.close()
    print(f"{args.out}: {number} {'frame' if number == 1 else 'frames'}")
    return 0


def _is_still(out: Path) -> bool:
    ending = out.suffix.lower()
    if ending not in (*_STILLS, *_VIDEOS):
        raise ConfigError(f"{out}: the name must end in one of {', '.join([*_STILLS, *_VIDEOS])}")
    return ending in _STILLS


def _drawn(source: Iterator[Frame], engine: Engine, smoothing: Smoothing) -> Iterator[Drawn]:
    tracker, newest = Tracker(smoothing), Newest()
    for frame in source:
        picture = np.ascontiguousarray(to_rgb(frame)[..., ::-1])
        yield frame.timestamp_ns, draw(picture, newest.completed(tracker.update(engine.detect(frame))))


def _write_still(out: Path, pictures: Iterator[Drawn]) -> int:
    _, picture = next(pictures)
    if not cv2.imwrite(str(out), picture):
        raise _unwritable(out)
    return 1


def _write_video(out: Path, pictures: Iterator[Drawn]) -> int:
    """Write a video at the source's mean rate, which the first two frames tell."""
    first = next(pictures)
    second = next(pictures, None)
    rate_hz = 1e9 / (second[0] - first[0]) if second else _RATE_HZ
    height, width = first[1].shape[:2]
    codec = cv2.VideoWriter.fourcc(*_VIDEOS[out.suffix.lower()])
    writer = cv2.VideoWriter(str(out), codec, rate_hz, (width, height))
    if not writer.isOpened():
        raise _unwritable(out)
    number = 0
    try:
        for _, picture in itertools.chain((first,), (second,) if second else (), pictures):
            writer.write(_fitted(picture, (width, height)))
            number += 1
    finally:
        writer.release()
    if not _holds(out, number):
        raise _unwritable(out)
    return number


def _fitted(picture: Pixels, size: tuple[int, int]) -> Pixels:
    """Return the picture in the video's size, for OpenCV leaves any other out without a word; black where it does not reach."""
    width, height = size
    if picture.shape[:2] == (height, width):
        return picture
    scale = min(width / picture.shape[1], height / picture.shape[0])
    small = cv2.resize(picture, [max(1, round(side * scale)) for side in picture.shape[1::-1]])
    canvas = np.zeros((height, width, 3), np.uint8)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    canvas[top : top + small.shape[0], left : left + small.shape[1]] = small
    return canvas


def _holds(out: Path, number: int) -> bool:
    """Return whether the video has so many frames that can be read: OpenCV says nothing when the disk is full."""
    video = open_video(str(out), cv2.CAP_FFMPEG)
    return video is not None and all(video.grab() for _ in range(number))


def _unwritable(out: Path) -> EdgeholoError:
    return EdgeholoError(f"cannot write {out}: no permission, no space, or OpenCV lacks the format")
