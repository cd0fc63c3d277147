"""No camera at all: for privacy it is not even opened, and no frame comes until it may be."""

import threading
from collections.abc import Callable

from edgeholo.config import Camera
from edgeholo.redact import redacted
from edgeholo.types import CameraState


class ClosedFeed:
    """A supply of frames that has none."""

    ended = False
    dropped = 0

    def __init__(self, options: Camera, report: Callable[[CameraState], None]) -> None:
        self._name = redacted(options.source)
        self._report = report
        self._stopped = threading.Event()

    def start(self) -> None:
        """Say that the camera is closed."""
        self._report(CameraState("closed", self._name, "privacy"))

    def take(self, timeout_s: float) -> None:
        """Wait for ``timeout_s``: no frame comes."""
        self._stopped.wait(timeout_s)

    def stop(self) -> None:
        """Wait no longer."""
        self._stopped.set()
