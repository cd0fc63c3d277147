"""Decodes one still picture, and says in one line what is wrong with it."""

import logging
from pathlib import Path

import cv2
import numpy as np

from edgeholo import chatter
from edgeholo.capture.arrays import to_frame
from edgeholo.capture.image_header import image_size
from edgeholo.capture.opencv import check_size
from edgeholo.errors import CameraError
from edgeholo.types import Frame

_LOGGER = logging.getLogger(__name__)

STILL_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".pgm", ".ppm", ".pnm", ".pfm"})
"""GIF is not among them: it is read as a video, with its own delays."""

_MAX_BYTES = 512 * 1024 * 1024
"""Larger files are no stills; the largest picture that ``MAX_PIXELS`` lets in is smaller even as 16-bit TIFF."""
_CUT_SHORT = ("premature end of jpeg file", "read error", "truncated")
"""What libjpeg and libpng say when the file ends before the picture does."""
_DECODERS = ("libpng", "corrupt jpeg", "premature end", "jpeg", "warning: unknown jfif", "unsupported marker")


def read_still(path: Path) -> Frame:
    """Return the picture at time 0, upright as its EXIF orientation says, 8 bit, grey or BGR.

    Raises:
        CameraError: missing, unreadable, empty, no picture, cut short, or too large.
    """
    return decode_still(_bytes_of(path), str(path))


def decode_still(data: bytes, where: str) -> Frame:
    """Return the picture that a file's content is.

    Args:
        data: the whole file.
        where: its name, for errors.

    Raises:
        CameraError: as ``read_still`` does.
    """
    size = image_size(data)
    if size is None:
        raise CameraError(f"{where}: not a picture (or a corrupt one); JPEG, PNG, WebP, BMP, TIFF and PNM are read")
    check_size(*size, where=where)
    with chatter.caught(*_DECODERS) as words:
        pixels = _decode(data)
    said = " ".join(words)
    if pixels is None or any(phrase in said.lower() for phrase in _CUT_SHORT):
        raise CameraError(f"{where}: the picture is corrupt or cut short{_quoted(said)}")
    if said:
        _LOGGER.warning("%s: the picture is damaged%s; used as far as it goes", where, _quoted(said))
    return to_frame(pixels, 0, 0, where)


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise CameraError(f"{path}: {size // 1_000_000} MB are too much for a picture")
        data = path.read_bytes()
    except OSError as error:
        raise CameraError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    if not data:
        raise CameraError(f"{path}: the file is empty")
    return data


def _decode(data: bytes) -> cv2.typing.MatLike | None:
    """Decode with the depth kept, without alpha; EXIF orientation is applied by OpenCV."""
    try:
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH)
    except cv2.error:
        return None


def _quoted(words: str) -> str:
    return f" ({words.strip()})" if words else ""
