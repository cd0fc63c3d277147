"""Media as a source: videos and animated GIFs at media time, stills, and folders of stills."""

import contextlib
import logging
import math
import re
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import cv2

from edgeholo.capture.arrays import to_frame
from edgeholo.capture.opencv import check_size, open_video
from edgeholo.capture.still import STILL_SUFFIXES, read_still
from edgeholo.config import Camera
from edgeholo.errors import CameraError
from edgeholo.types import Frame

_LOGGER = logging.getLogger(__name__)

STILL_S = 2.0
"""A still counts as so many seconds of the same frame: long enough for every gesture to start and be held."""
STILL_HZ = 10.0
"""Frames a second of a still, near what a small board manages live."""
_DEFAULT_HZ = 25.0
"""Assumed where a video does not say its rate."""
_COMPLETE = 0.9
"""Containers estimate their number of frames, up to 4 % too high in real clips; below this share the file is cut short."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What media says of itself before it is read; a container's numbers may be wrong.

    Attributes:
        frames: how many it has, None where it does not know.
        rate_hz: frames a second, likewise.
    """

    frames: int | None = None
    rate_hz: float | None = None


def promise(options: Camera) -> Promise:
    """Return what the media that ``options.source`` names says of itself.

    Raises:
        CameraError: it cannot be opened.
    """
    source = open_source(options)
    source.close()
    return source.promise


def open_source(options: Camera) -> "VideoSource | StillsSource":
    """Open the file or folder that ``options.source`` names.

    Raises:
        CameraError: it is missing, unreadable, empty, too large, or no picture or video.
    """
    path = Path(options.source.removeprefix("file://").removeprefix("file:"))
    with contextlib.suppress(RuntimeError):  # `~name` of no user: a file may be called so
        path = path.expanduser()
    try:
        if path.is_dir():
            return StillsSource(path, _stills_in(path))
        if not path.exists():
            raise CameraError(
                f"{path}: no such file; camera.source is a camera, a video, a still or a folder of stills"
            )
        if not path.is_file():
            raise CameraError(f"{path}: neither a file nor a folder")
        path.open("rb").close()
    except OSError as error:
        raise CameraError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    if path.suffix.lower() in STILL_SUFFIXES:
        return StillsSource(path, [path])
    return VideoSource(path)


class VideoSource:
    """Frames of a video file, their time from the file, starting at 0 and strictly rising."""

    live = False

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        capture = open_video(str(path), cv2.CAP_FFMPEG)
        if capture is None:
            raise CameraError(f"{path}: not a video that can be read: corrupt, cut short, or no video at all")
        self._capture = capture
        check_size(int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)), int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)), str(path))
        self.promise = Promise(_told(capture, cv2.CAP_PROP_FRAME_COUNT, int), _told(capture, cv2.CAP_PROP_FPS, float))
        self._period_ms = 1000.0 / (self.promise.rate_hz or _DEFAULT_HZ)
        self._origin_ms: float | None = None
        self._last_ms = -self._period_ms
        self._seq = 0
        self._ended = False
        self._first = self._next()
        if self._first is None:
            raise CameraError(f"{path}: no frame of this video can be decoded: corrupt or cut short")

    def read(self) -> Frame | None:
        """Return the next frame, None after the last."""
        frame, self._first = self._first or self._next(), None
        return frame

    def close(self) -> None:
        """Close the file."""
        self._capture.release()

    def _next(self) -> Frame | None:
        try:
            found, pixels = self._capture.read()
        except cv2.error:
            found, pixels = False, None
        if not found or pixels is None:
            self._end()
            return None
        frame = to_frame(pixels, self._time_ns(), self._seq, self.name)
        self._seq += 1
        return frame

    def _time_ns(self) -> int:
        """Return the frame's media time; where the file has none or runs back, one period after the last."""
        now_ms = self._capture.get(cv2.CAP_PROP_POS_MSEC)
        if not math.isfinite(now_ms):
            now_ms = self._last_ms + self._period_ms
        if self._origin_ms is None:
            self._origin_ms = now_ms
        now_ms -= self._origin_ms
        self._last_ms = now_ms if now_ms > self._last_ms else self._last_ms + self._period_ms
        return round(self._last_ms * 1e6)

    def _end(self) -> None:
        """Say once if the file promised more than it held."""
        promised = 0 if self._ended else self.promise.frames or 0
        if 0 < self._seq < _COMPLETE * promised:
            _LOGGER.warning("%s: cut short or corrupt: %d of %d frames", self.name, self._seq, promised)
        self._ended = True


class StillsSource:
    """Stills one after the other, each counting as ``STILL_S`` of the same frame."""

    live = False

    def __init__(self, path: Path, paths: list[Path]) -> None:
        self.name = str(path)
        self.promise = Promise(len(paths) * round(STILL_S * STILL_HZ), STILL_HZ)
        self._alone = len(paths) == 1 and paths[0] == path
        self._frames = self._repeated(paths)
        self._first = next(self._frames, None)
        if self._first is None:
            raise CameraError(f"{path}: none of the {len(paths)} pictures in this folder can be read")

    def read(self) -> Frame | None:
        """Return the next frame, None after the last."""
        frame, self._first = self._first or next(self._frames, None), None
        return frame

    def close(self) -> None:
        """Forget the pictures."""
        self._frames.close()

    def _repeated(self, paths: list[Path]) -> Generator[Frame]:
        """Yield every picture several times; a bad one among others is named once and left out."""
        seq = 0
        for path in paths:
            try:
                still = read_still(path)
            except CameraError as error:
                if self._alone:
                    raise
                _LOGGER.warning("%s: left out", error)
                continue
            for _ in range(round(STILL_S * STILL_HZ)):
                yield replace(still, timestamp_ns=round(seq * 1e9 / STILL_HZ), seq=seq)
                seq += 1


Number = TypeVar("Number", int, float)


def _told(capture: cv2.VideoCapture, what: int, kind: Callable[[float], Number]) -> Number | None:
    """Return a number that a container tells, None where it is none."""
    value = capture.get(what)
    return kind(value) if math.isfinite(value) and value > 0 else None


def _stills_in(folder: Path) -> list[Path]:
    """Return the pictures of a folder in the order a person would count them: 2.jpg before 10.jpg."""
    found = [
        path for path in folder.iterdir() if path.suffix.lower() in STILL_SUFFIXES and not path.name.startswith(".")
    ]
    if not found:
        raise CameraError(f"{folder}: no pictures in this folder; {', '.join(sorted(STILL_SUFFIXES))} are looked for")
    return sorted(found, key=_natural_order)


def _natural_order(path: Path) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", path.name.lower())]
