"""OpenCV's video reader: kept quiet, and its failures said in one line."""

import os
from collections.abc import Sequence

import cv2

from edgeholo.errors import CameraError

MAX_PIXELS = 64_000_000
"""Larger pictures are refused before they are decoded: 64 megapixels are 192 MB, and no camera in a home has more."""

# The one place that silences OpenCV and FFmpeg: both write to stderr what edgeholo says in a line of its own.
# FFmpeg's level is read from the environment when the first video is opened; -8 is AV_LOG_QUIET.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def open_video(target: str, backend: int, parameters: Sequence[int] = ()) -> cv2.VideoCapture | None:
    """Return an opened capture, or None where OpenCV cannot open it.

    Args:
        target: path or URL.
        backend: ``cv2.CAP_FFMPEG`` or ``cv2.CAP_V4L2``.
        parameters: property, value, property, value ...
    """
    try:
        capture = cv2.VideoCapture(target, backend, list(parameters))
    except cv2.error:
        return None
    return capture if capture.isOpened() else None


def check_size(width: int, height: int, where: str) -> None:
    """Refuse pictures that are empty or larger than ``MAX_PIXELS``.

    Raises:
        CameraError: with the size.
    """
    if width <= 0 or height <= 0:
        raise CameraError(f"{where}: the picture is empty ({width} x {height} pixels)")
    if width * height > MAX_PIXELS:
        raise CameraError(
            f"{where}: the picture is too large ({width} x {height} pixels); at most {MAX_PIXELS // 1_000_000} megapixels"
        )
