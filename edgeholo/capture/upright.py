"""Puts frames upright: rotation, mirroring, region of interest, and scaling down, in whatever layout they come."""

import math
from collections.abc import Callable

import cv2
import numpy as np

from edgeholo.config import Camera
from edgeholo.errors import CameraError
from edgeholo.types import Frame, PixelFormat, Pixels

MEDIA_LIMIT_PX = 1920
"""Media keeps its own size, so that its landmarks compare with anybody's; beyond Full HD no landmark gets better."""
_MAX_ZOOM = 3.0
"""A small region asks the camera for a larger picture, at most three times as large: Full HD for 640 x 480."""

_ROTATIONS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_PLANAR = (PixelFormat.NV12, PixelFormat.YUV420)


def size_to_ask(options: Camera) -> tuple[int, int]:
    """Return the width and height to ask of a camera, so that the region has the configured size; even, landscape."""
    _, _, width, height = options.region
    zoom = min(_MAX_ZOOM, max(1 / width, 1 / height))
    sides = sorted((options.width, options.height), reverse=True)
    wide, high = (2 * math.ceil(side * zoom / 2) for side in sides)
    return wide, high


class Upright:
    """Rotates, mirrors, crops and scales down; never scales up.

    A camera's picture is made to fit ``width`` x ``height``, or ``height`` x ``width`` where it stands on its short side.
    """

    def __init__(self, options: Camera, *, live: bool) -> None:
        self._rotation = _ROTATIONS.get(options.rotation)
        self._mirror = options.mirror
        self._region = options.region if options.region != (0.0, 0.0, 1.0, 1.0) else None
        sides = sorted((options.width, options.height), reverse=True)
        self._box = (sides[0], sides[1]) if live else (MEDIA_LIMIT_PX, MEDIA_LIMIT_PX)

    def apply(self, frame: Frame) -> Frame:
        """Return the frame as it is to be looked at; the same object where nothing is to be done.

        Raises:
            CameraError: a YUV frame of odd size.
        """
        planes = _split(frame)
        before = planes
        if self._rotation is not None:
            rotation = self._rotation
            planes = _each(planes, lambda plane: cv2.rotate(plane, rotation))
        if self._mirror:
            planes = _each(planes, lambda plane: cv2.flip(plane, 1))
        if self._region is not None:
            planes = self._crop(planes, even=frame.format in _PLANAR)
        planes = self._shrink(planes, even=frame.format in _PLANAR)
        if planes is before:
            return frame
        return Frame(_join(planes, frame.format), frame.format, frame.timestamp_ns, frame.seq)

    def _crop(self, planes: list[Pixels], *, even: bool) -> list[Pixels]:
        """Return the region, on even pixels where colour has half the resolution."""
        left, top, width, height = self._region or (0.0, 0.0, 1.0, 1.0)
        high, wide = planes[0].shape[:2]
        x, x_end = _span(left, width, wide, even=even)
        y, y_end = _span(top, height, high, even=even)
        cut = [planes[0][y:y_end, x:x_end]]
        return cut + [plane[y // 2 : y_end // 2, x // 2 : x_end // 2] for plane in planes[1:]]

    def _shrink(self, planes: list[Pixels], *, even: bool) -> list[Pixels]:
        """Return the planes scaled to fit the box with their aspect ratio kept."""
        high, wide = planes[0].shape[:2]
        box = self._box if wide >= high else self._box[::-1]
        factor = min(box[0] / wide, box[1] / high)
        if factor >= 1.0:
            return planes
        step = 2 if even else 1
        width, height = (max(step, step * round(side * factor / step)) for side in (wide, high))
        small = [cv2.resize(planes[0], (width, height), interpolation=cv2.INTER_AREA)]
        small += [cv2.resize(plane, (width // 2, height // 2), interpolation=cv2.INTER_AREA) for plane in planes[1:]]
        return [np.asarray(plane, np.uint8) for plane in small]


def _each(planes: list[Pixels], change: Callable[[Pixels], cv2.typing.MatLike]) -> list[Pixels]:
    return [np.asarray(change(plane), np.uint8) for plane in planes]


def _span(start: float, length: float, size: int, *, even: bool) -> tuple[int, int]:
    """Return first and end pixel of a fraction of a side, at least one (or two) pixels."""
    step = 2 if even else 1
    first = min(step * int(start * size / step), size - step)
    end = min(size, max(first + step, step * round((start + length) * size / step)))
    return first, end


def _split(frame: Frame) -> list[Pixels]:
    """Return the planes: the picture itself, or brightness first and then colour at half the size."""
    if frame.format not in _PLANAR:
        return [frame.pixels]
    width, height = frame.size
    if width % 2 or height % 2:
        raise CameraError(f"camera: a {frame.format} picture of {width} x {height} pixels has an odd side")
    luma = frame.pixels[:height]
    chroma = np.ascontiguousarray(frame.pixels[height:])
    if frame.format is PixelFormat.NV12:
        return [luma, chroma.reshape(height // 2, width // 2, 2)]
    u, v = chroma.reshape(2, height // 2, width // 2)
    return [luma, u, v]


def _join(planes: list[Pixels], layout: PixelFormat) -> Pixels:
    """Return the pixels of a frame, contiguous, of its planes."""
    if layout not in _PLANAR:
        return np.ascontiguousarray(planes[0])
    height, width = planes[0].shape
    return np.concatenate([plane.ravel() for plane in planes]).reshape(height * 3 // 2, width)
