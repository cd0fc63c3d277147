"""Cameras on the network (RTSP, or MJPEG over HTTP), read through OpenCV and FFmpeg."""

import time

import cv2

from edgeholo.capture.arrays import to_frame
from edgeholo.capture.opencv import check_size, open_video
from edgeholo.config import Camera
from edgeholo.errors import CameraError
from edgeholo.redact import redacted
from edgeholo.types import Frame

_OPEN_S = 8.0
"""Cameras on a weak wireless link take some seconds to answer; beyond this nobody is there."""


def open_source(options: Camera) -> "NetworkSource":
    """Open the URL in ``options.source``.

    Raises:
        CameraError: nobody answers, or not with video; the URL's credentials are not repeated.
    """
    return NetworkSource(options.source, options.stall_s)


class NetworkSource:
    """A stream; frames are stamped on arrival, for a stream's own clock is the camera's."""

    live = True

    def __init__(self, url: str, stall_s: float) -> None:
        self.name = redacted(url)
        parameters = [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, round(1000 * min(_OPEN_S, max(1.0, 2 * stall_s))),
            cv2.CAP_PROP_READ_TIMEOUT_MSEC, round(1000 * stall_s),
        ]  # fmt: skip
        capture = open_video(url, cv2.CAP_FFMPEG, parameters)
        if capture is None:
            raise CameraError(f"{self.name}: no video stream: check address, path, user and password in camera.source")
        self._capture = capture
        check_size(int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)), int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)), self.name)
        self._seq = 0

    def read(self) -> Frame:
        """Return the next frame.

        Raises:
            CameraError: the stream ended or stalled.
        """
        found, pixels = self._capture.read()
        if not found or pixels is None:
            raise CameraError(f"{self.name}: the stream ended or stalled")
        frame = to_frame(pixels, time.monotonic_ns(), self._seq, self.name)
        self._seq += 1
        return frame

    def close(self) -> None:
        """Close the connection."""
        self._capture.release()
