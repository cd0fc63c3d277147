"""Colour conversions of frames: what a stage needs from whatever the camera gives."""

import cv2
import numpy as np

from edgeholo.types import Frame, PixelFormat, Pixels

_TO_RGB = {
    PixelFormat.BGR: cv2.COLOR_BGR2RGB,
    PixelFormat.GRAY: cv2.COLOR_GRAY2RGB,
    PixelFormat.NV12: cv2.COLOR_YUV2RGB_NV12,
    PixelFormat.YUV420: cv2.COLOR_YUV2RGB_I420,
}


def to_rgb(frame: Frame) -> Pixels:
    """Return the picture as contiguous uint8 (h, w, 3) RGB; no copy where it is that already."""
    if frame.format is PixelFormat.RGB:
        return np.ascontiguousarray(frame.pixels)
    return cv2.cvtColor(frame.pixels, _TO_RGB[frame.format])  # type: ignore[return-value]
