"""Writing pictures as a video that plays as fast as what they were drawn on, whatever the gaps between its frames."""

import itertools
import statistics
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from edgeholo.capture.opencv import open_video
from edgeholo.types import Pixels

CODECS = {".mp4": "mp4v", ".mkv": "mp4v", ".avi": "MJPG"}
"""File ending, and the codec that OpenCV has everywhere."""
UNWRITABLE = "no permission, no space, or OpenCV lacks the format"
"""All that OpenCV tells of why a picture was not written."""
Drawn = tuple[int, Pixels]
"""Time stamp in nanoseconds and BGR picture."""

_RATE_HZ = 30.0
"""Of a video with a single frame."""
_FASTEST_HZ = 120.0
"""A video whose time stamps lie is no reason to write a thousand pictures a second."""
_AHEAD = 12
"""Frames that are waited for before the rate is known: at 1080p each holds 6 MB."""
_UNLIKE = 1.5
"""Intervals so many times longer or shorter than the usual are pauses or hurries, and tell nothing about the rate."""
_AGREES = 0.01
"""What a container says of its rate counts if the time stamps are as near: those of Matroska are whole milliseconds."""
_PAUSE_S = 10.0
"""The longest pause that is shown as long as it was."""


def write(out: Path, pictures: Iterator[Drawn], told_hz: float | None) -> int:
    """Write a video; a picture that is shown for longer is written as often as that takes.

    Args:
        out: the file.
        pictures: at least one, in the order of their time; all of them are fitted into the first one's size.
        told_hz: rate that the source's container tells, None where it tells none.

    Returns:
        How many pictures there were.

    Raises:
        OSError: it cannot be written.
    """
    ahead = list(itertools.islice(pictures, _AHEAD))
    rate_hz = rate(ahead, told_hz)
    height, width = ahead[0][1].shape[:2]
    writer = cv2.VideoWriter(str(out), cv2.VideoWriter.fourcc(*CODECS[out.suffix.lower()]), rate_hz, (width, height))
    if not writer.isOpened():
        raise OSError(UNWRITABLE)
    try:
        number, written = _fill(writer, itertools.chain(ahead, pictures), rate_hz, (width, height))
    finally:
        writer.release()
    if not _holds(out, written):
        raise OSError(UNWRITABLE)
    return number


def _fill(writer: cv2.VideoWriter, pictures: Iterator[Drawn], rate_hz: float, size: tuple[int, int]) -> tuple[int, int]:
    """Write each picture until the next one's time has come, and return how many there were, and how many were written."""
    number = written = 0
    clock, before = _Clock(rate_hz), None
    for timestamp_ns, picture in pictures:
        place, fitted = clock.place(timestamp_ns), _fitted(picture, size)
        while before is not None and written < place:
            writer.write(before)
            written += 1
        if place >= written:
            writer.write(fitted)
            written += 1
        before, number = fitted, number + 1
    return number, written


def rate(pictures: list[Drawn], told_hz: float | None) -> float:
    """Return the frames a second at which most pictures are written once."""
    intervals_s = [(later[0] - sooner[0]) / 1e9 for sooner, later in itertools.pairwise(pictures)]
    if not intervals_s:
        return _RATE_HZ
    usual_s = statistics.median(intervals_s)
    alike_s = statistics.fmean(each for each in intervals_s if usual_s / _UNLIKE <= each <= usual_s * _UNLIKE)
    mean_hz = 1 / max(alike_s, 1 / _FASTEST_HZ)
    return told_hz if told_hz and abs(told_hz - mean_hz) <= _AGREES * mean_hz else mean_hz


class _Clock:
    """Says which picture of the video a time is."""

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._first_ns: int | None = None
        self._last_ns = 0

    def place(self, timestamp_ns: int) -> int:
        """Return its number, 0 for the first; a pause that is too long is cut short."""
        if self._first_ns is None:
            self._first_ns = self._last_ns = timestamp_ns
        self._first_ns += max(0, timestamp_ns - self._last_ns - int(_PAUSE_S * 1e9))
        self._last_ns = timestamp_ns
        return round((timestamp_ns - self._first_ns) / 1e9 * self._rate_hz)


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
