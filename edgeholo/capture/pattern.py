"""A moving synthetic test picture: a camera for machines that have none."""

import threading
import time

import cv2
import numpy as np

from edgeholo.capture.upright import size_to_ask
from edgeholo.config import Camera
from edgeholo.errors import CameraError
from edgeholo.types import Frame, PixelFormat

_LAP_S = 4.0
"""The disc circles once in so long."""


def open_source(options: Camera) -> "PatternSource":
    """Return the test picture in the configured size and rate."""
    return PatternSource(*size_to_ask(options), options.rate_hz)


class PatternSource:
    """A disc circling over stripes, live: at its rate, whether or not anybody reads."""

    live = True
    name = "pattern"

    def __init__(self, width: int, height: int, rate_hz: float) -> None:
        self._period_ns = round(1e9 / rate_hz)
        self._opened_ns = time.monotonic_ns()
        self._closed = threading.Event()
        across = np.linspace(0, 12 * np.pi, width, dtype=np.float32)
        stripes = (110 + 60 * np.sin(across)).astype(np.uint8)
        down = np.linspace(0, 40, height, dtype=np.float32).astype(np.uint8)
        self._background = np.repeat((stripes[None, :] + down[:, None])[..., None], 3, axis=2)
        self._last = -1

    def read(self) -> Frame:
        """Return the frame of this moment, waiting for the next moment if need be."""
        due_ns = self._opened_ns + (self._last + 1) * self._period_ns
        if self._closed.wait(max(0, due_ns - time.monotonic_ns()) / 1e9):
            raise CameraError("pattern: closed")
        self._last = (time.monotonic_ns() - self._opened_ns) // self._period_ns
        timestamp_ns = self._opened_ns + self._last * self._period_ns
        return Frame(self._picture(self._last * self._period_ns / 1e9), PixelFormat.RGB, timestamp_ns, self._last)

    def close(self) -> None:
        """End a read that waits."""
        self._closed.set()

    def _picture(self, t_s: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        pixels = self._background.copy()
        height, width = pixels.shape[:2]
        angle = 2 * np.pi * t_s / _LAP_S
        centre = (round(width * (0.5 + 0.3 * np.cos(angle))), round(height * (0.5 + 0.3 * np.sin(angle))))
        cv2.circle(pixels, centre, height // 8, (220, 60, 40), thickness=-1)
        return pixels
