"""Lays the bytes of a camera's buffer out as a frame's pixels: line padding off, channels in a known order."""

import cv2
import numpy as np

from edgeholo.capture.opencv import check_size
from edgeholo.errors import CameraError
from edgeholo.types import PixelFormat, Pixels

_THREE_BYTES = {"RGB888": PixelFormat.BGR, "BGR888": PixelFormat.RGB}
_FOUR_BYTES = {"XRGB8888": PixelFormat.BGR, "XBGR8888": PixelFormat.RGB}
"""libcamera names formats as DRM does, from the highest byte down: RGB888 is blue, green, red in memory."""
_PACKED = {
    "YUYV": cv2.COLOR_YUV2BGR_YUY2,
    "YVYU": cv2.COLOR_YUV2BGR_YVYU,
    "UYVY": cv2.COLOR_YUV2BGR_UYVY,
}


def unpack(buffer: Pixels, layout: str, size: tuple[int, int], stride: int) -> tuple[Pixels, PixelFormat]:
    """Return pixels, contiguous, and how they are laid out.

    Args:
        buffer: uint8 (n,), a libcamera frame buffer.
        layout: libcamera's name of the pixel format, as the camera confirmed it.
        size: width and height in pixels.
        stride: bytes from one line to the next.

    Raises:
        CameraError: an unknown format, or a buffer that is too short for its size.
    """
    check_size(*size, where=f"camera ({layout})")
    try:
        return _unpack(buffer, layout, size, stride)
    except (ValueError, cv2.error) as error:
        raise CameraError(
            f"camera: {buffer.size} bytes are no {layout} picture of {size[0]} x {size[1]} pixels"
        ) from error


def _unpack(buffer: Pixels, layout: str, size: tuple[int, int], stride: int) -> tuple[Pixels, PixelFormat]:
    width, height = size
    if layout == "YUV420":
        return _yuv420(buffer, width, height, stride), PixelFormat.YUV420
    if layout == "NV12":
        lines = buffer[: stride * height * 3 // 2].reshape(height * 3 // 2, stride)
        return np.ascontiguousarray(lines[:, :width]), PixelFormat.NV12
    if layout == "MJPEG":
        return _jpeg(buffer), PixelFormat.BGR
    lines = buffer[: stride * height].reshape(height, stride)
    if layout in _THREE_BYTES:
        return np.ascontiguousarray(lines[:, : width * 3]).reshape(height, width, 3), _THREE_BYTES[layout]
    if layout in _FOUR_BYTES:
        pixels = lines[:, : width * 4].reshape(height, width, 4)
        return np.ascontiguousarray(pixels[..., :3]), _FOUR_BYTES[layout]
    if layout in _PACKED:
        pairs = np.ascontiguousarray(lines[:, : width * 2]).reshape(height, width, 2)
        return np.asarray(cv2.cvtColor(pairs, _PACKED[layout]), np.uint8), PixelFormat.BGR
    raise CameraError(f"camera: the pixel format {layout} is not understood")


def _yuv420(buffer: Pixels, width: int, height: int, stride: int) -> Pixels:
    """Return I420 (h * 3 // 2, w); the lines of U and V are half a stride apart."""
    luma = buffer[: stride * height].reshape(height, stride)[:, :width]
    chroma = buffer[stride * height : stride * height * 3 // 2].reshape(height, stride // 2)[:, : width // 2]
    return np.concatenate([luma.ravel(), chroma.ravel()]).reshape(height * 3 // 2, width)


def _jpeg(buffer: Pixels) -> Pixels:
    pixels = cv2.imdecode(buffer, cv2.IMREAD_COLOR)
    if pixels is None:
        raise CameraError("camera: an MJPEG frame is corrupt")
    return np.asarray(pixels, np.uint8)
