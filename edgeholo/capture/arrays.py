"""Turns whatever array a decoder gives (grey, alpha, 16 bit, float) into 8 bit, grey or three colours."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edgeholo.capture.opencv import check_size
from edgeholo.errors import CameraError
from edgeholo.types import Frame, PixelFormat, Pixels

_UNIT_FLOATS_UP_TO = 1.5
"""Float pictures run from 0 to 1 by convention; a little above it is a highlight, far above it a 0..255 scale."""


def to_frame(array: npt.NDArray[Any], timestamp_ns: int, seq: int, where: str) -> Frame:
    """Return a frame, GRAY or BGR, of an array in OpenCV's channel order.

    Args:
        array: (h, w), (h, w, 1), (h, w, 3) or (h, w, 4); any integer or float type; alpha is left out.
        timestamp_ns: of the frame.
        seq: of the frame.
        where: named in errors.

    Raises:
        CameraError: the array is no picture.
    """
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise CameraError(f"{where}: an array of shape {array.shape} is no picture")
    check_size(array.shape[1], array.shape[0], where)
    pixels = _eight_bit(array, where)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[..., 0]
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        pixels = pixels[..., :3]
    layout = PixelFormat.GRAY if pixels.ndim == 2 else PixelFormat.BGR
    return Frame(np.ascontiguousarray(pixels), layout, timestamp_ns, seq)


def _eight_bit(array: npt.NDArray[Any], where: str) -> Pixels:
    """Return uint8: the high byte of 16 bit, 0..1 of floats stretched, everything that is no number black."""
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.uint16:
        return (array >> 8).astype(np.uint8)
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if not np.issubdtype(array.dtype, np.floating):
        raise CameraError(f"{where}: pixels of type {array.dtype} are not understood; 8 bit, 16 bit and float are")
    finite = np.nan_to_num(array.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    scale = 255.0 if float(finite.max()) <= _UNIT_FLOATS_UP_TO else 1.0
    return np.asarray(cv2.convertScaleAbs(np.clip(finite, 0.0, 255.0), alpha=scale), np.uint8)
