"""Media in its own time: every frame, none before its moment."""

import threading
import time
from collections.abc import Callable

from edgeholo.capture.source import Opener, Source
from edgeholo.config import Camera
from edgeholo.types import CameraState, Frame


class PacedFeed:
    """Hands out the frames of a file as time passes; a slow line delays them and loses none.

    Attributes:
        ended: True after the last frame.
        dropped: always 0.
    """

    dropped = 0

    def __init__(self, options: Camera, report: Callable[[CameraState], None], opener: Opener) -> None:
        self.ended = False
        self._options = options
        self._report = report
        self._opener = opener
        self._source: Source | None = None
        self._frame: Frame | None = None
        self._began_s: float | None = None
        self._stopped = threading.Event()

    def start(self) -> None:
        """Open the file.

        Raises:
            CameraError: it is not there, or no picture.
        """
        self._report(CameraState("opening", self._options.source))
        self._source = self._opener(self._options)

    def take(self, timeout_s: float) -> Frame | None:
        """Return the next frame when its time has come; None if that is later than ``timeout_s``, or at the end."""
        if self._source is None or self.ended:
            return None
        if self._frame is None:
            self._frame = self._source.read()
        if self._frame is None:
            self._end(self._source)
            return None
        if not self._due(self._frame, timeout_s):
            return None
        frame, self._frame = self._frame, None
        self._report(CameraState("running", self._source.name))
        return frame

    def stop(self) -> None:
        """Close the file."""
        self._stopped.set()
        if self._source is not None:
            self._source.close()
            self._source = None

    def _due(self, frame: Frame, timeout_s: float) -> bool:
        """Wait for the frame's moment, at most ``timeout_s``, and tell whether it has come."""
        now_s = time.monotonic()
        if self._began_s is None:
            self._began_s = now_s - frame.timestamp_ns / 1e9
        wait_s = self._began_s + frame.timestamp_ns / 1e9 - now_s
        interrupted = self._stopped.wait(min(max(0.0, wait_s), timeout_s))
        return wait_s <= timeout_s and not interrupted

    def _end(self, source: Source) -> None:
        self.ended = True
        self._report(CameraState("ended", source.name))
