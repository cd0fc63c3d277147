"""Crops for the models, cut from whatever the camera gives by one affine warp, without converting the whole frame."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from edgeholo.perceive.regions import Matrix, Region, to_crop
from edgeholo.types import Frame, PixelFormat, Pixels

Tensor = npt.NDArray[np.float32]
"""(1, height, width, 3), RGB."""

_TO_RGB = {PixelFormat.BGR: cv2.COLOR_BGR2RGB, PixelFormat.GRAY: cv2.COLOR_GRAY2RGB}


def crop(frame: Frame, region: Region, side: int, *, replicate: bool = True) -> Pixels:
    """Return a region as a square RGB picture, bilinear, as MediaPipe's CPU path does (image_to_tensor_converter_opencv.cc).

    Args:
        frame: any format.
        region: where.
        side: width and height of the crop, pixels.
        replicate: outside the picture its edge goes on; False fills with black.

    Returns:
        uint8 (side, side, 3).
    """
    matrix = to_crop(region, side, side)
    if frame.format in (PixelFormat.YUV420, PixelFormat.NV12):
        return _crop_yuv(frame, matrix, side, replicate=replicate)
    warped = _warp(frame.pixels, matrix, side, replicate=replicate, outside=0)
    if frame.format is PixelFormat.RGB:
        return warped
    return cv2.cvtColor(warped, _TO_RGB[frame.format])  # type: ignore[return-value]


def unit(pixels: Pixels) -> Callable[[Tensor], None]:
    """Return what fills an input (1, h, w, 3) with 0..1."""
    return lambda tensor: _scale(pixels, 1 / 255, 0.0, tensor)


def signed(pixels: Pixels) -> Callable[[Tensor], None]:
    """Return what fills an input (1, h, w, 3) with -1..1."""
    return lambda tensor: _scale(pixels, 1 / 127.5, -1.0, tensor)


def _scale(pixels: Pixels, factor: float, offset: float, tensor: Tensor) -> None:
    """Write pixels times a factor plus an offset into a tensor, in place."""
    np.multiply(pixels, np.float32(factor), out=tensor[0])
    if offset:
        tensor += np.float32(offset)


def _warp(plane: Pixels, matrix: Matrix, side: int, *, replicate: bool, outside: int) -> Pixels:
    border = cv2.BORDER_REPLICATE if replicate else cv2.BORDER_CONSTANT
    flags = cv2.INTER_LINEAR
    value = (outside,) * 4
    return cv2.warpAffine(plane, matrix, (side, side), flags=flags, borderMode=border, borderValue=value)  # type: ignore[return-value]


def _crop_yuv(frame: Frame, matrix: Matrix, side: int, *, replicate: bool) -> Pixels:
    """Warp the planes, each from its own resolution, and convert the crop's pixels only."""
    width, height = frame.size
    luma = _warp(frame.pixels[:height], matrix, side, replicate=replicate, outside=0)
    # A chroma sample sits between four luma samples: its pixel i is at 2 i + 0.5 of the picture.
    halved = matrix @ np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]])
    chroma = _warp(_chroma(frame, width, height), halved, side, replicate=replicate, outside=128)
    merged = np.dstack([luma, chroma[..., 1], chroma[..., 0]])
    # OpenCV's YCrCb is full range; a camera's YUV is BT.601 in 16..235, as its own conversions of NV12 and I420 assume.
    return _limited_to_rgb(merged)


def _chroma(frame: Frame, width: int, height: int) -> Pixels:
    """Return U and V side by side, (height / 2, width / 2, 2)."""
    rest = frame.pixels[height:].reshape(-1)
    if frame.format is PixelFormat.NV12:
        return rest.reshape(height // 2, width // 2, 2)
    return np.ascontiguousarray(rest.reshape(2, height // 2, width // 2).transpose(1, 2, 0))


_BT601 = np.array(
    [
        [255 / 219, 1.402 * 255 / 224, 0.0, 0.0],
        [255 / 219, -0.714136 * 255 / 224, -0.344136 * 255 / 224, 0.0],
        [255 / 219, 0.0, 1.772 * 255 / 224, 0.0],
    ]
)
_BT601[:, 3] = -(_BT601[:, 0] * 16 + (_BT601[:, 1] + _BT601[:, 2]) * 128)


def _limited_to_rgb(ycrcb: Pixels) -> Pixels:
    """Return (h, w, 3) Y, Cr, Cb of 16..235 as RGB of 0..255 (ITU-R BT.601)."""
    return cv2.transform(ycrcb, _BT601)  # type: ignore[return-value]
