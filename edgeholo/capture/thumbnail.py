"""A small grey picture of a frame: what the gates look at."""

import cv2
import numpy as np

from edgeholo.types import Frame, PixelFormat, Pixels

THUMBNAIL_PX = 160
"""Width of the thumbnail: faces and hands at two metres still cover some pixels, and sensor noise averages out."""

_TO_LUMA = {PixelFormat.RGB: cv2.COLOR_RGB2GRAY, PixelFormat.BGR: cv2.COLOR_BGR2GRAY}
_FULL_RANGE = np.clip((np.arange(256) - 16) * 255 / 219, 0, 255).round().astype(np.uint8)
"""Video's brightness runs from 16 to 235 (ITU-R BT.601); photographs' from 0 to 255."""


def thumbnail(frame: Frame) -> Pixels:
    """Return the brightness of the frame, 0..255, as uint8 (h, 160) with the frame's aspect ratio.

    Every pixel of the thumbnail is the mean of the pixels it stands for. A large frame is thinned out first, which
    leaves at least two pixels a side for the mean.
    """
    width, height = frame.size
    step = max(1, width // (2 * THUMBNAIL_PX))
    size = (THUMBNAIL_PX, max(1, round(height * THUMBNAIL_PX / width)))
    thinned = np.ascontiguousarray(frame.pixels[:height:step, ::step])
    small = cv2.resize(thinned, size, interpolation=cv2.INTER_AREA)
    if frame.format in _TO_LUMA:
        small = cv2.cvtColor(small, _TO_LUMA[frame.format])
    elif frame.format is not PixelFormat.GRAY:
        small = cv2.LUT(small, _FULL_RANGE)
    return np.asarray(small, np.uint8)
