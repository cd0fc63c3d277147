"""One picture in every layout that a camera may deliver."""

from collections.abc import Callable

import cv2
import numpy as np

from edgeholo.types import Frame, PixelFormat, Pixels


def frame_of(rgb: Pixels, pixel_format: PixelFormat = PixelFormat.RGB, timestamp_ns: int = 0, seq: int = 0) -> Frame:
    """Return an RGB picture (h, w, 3) as a frame; the planar layouts want even sides."""
    return Frame(_CONVERT[pixel_format](rgb), pixel_format, timestamp_ns, seq)


def _i420(rgb: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420), np.uint8)


def _nv12(rgb: Pixels) -> Pixels:
    planar, height = _i420(rgb), rgb.shape[0]
    u, v = planar[height:].reshape(2, -1)
    return np.concatenate([planar[:height], np.stack([u, v], axis=-1).reshape(-1, rgb.shape[1])])


_CONVERT: dict[PixelFormat, Callable[[Pixels], Pixels]] = {
    PixelFormat.RGB: np.ascontiguousarray,
    PixelFormat.BGR: lambda rgb: np.ascontiguousarray(rgb[:, :, ::-1]),
    PixelFormat.GRAY: lambda rgb: np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8),
    PixelFormat.NV12: _nv12,
    PixelFormat.YUV420: _i420,
}
