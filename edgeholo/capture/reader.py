"""The capture thread: opens a live source and keeps its newest frame, until it fails or is abandoned."""

import threading
import time

from edgeholo.capture.latest import Latest
from edgeholo.capture.source import Opener
from edgeholo.config import Camera
from edgeholo.errors import CameraError


class Reader:
    """One life of a live source, in a thread of its own.

    A read that hangs in the kernel cannot be ended from outside; such a reader is abandoned, and closes its source whenever
    it comes back. It keeps its own slot, so that no late frame of it gets among those of its successor.

    Attributes:
        latest: the newest frame.
        failure: why it ended, in one line; empty while it runs.
        crash: an error that is nobody's camera's fault.
        name: of the opened source, empty before.
    """

    def __init__(self, options: Camera, opener: Opener) -> None:
        self.latest = Latest()
        self.failure = ""
        self.crash: Exception | None = None
        self.name = ""
        self._options = options
        self._opener = opener
        self._abandoned = threading.Event()
        self._started_s = time.monotonic()
        self._last_frame_s: float | None = None
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Return whether the thread still runs, stuck or not."""
        return self._thread.is_alive()

    def silent_s(self, opening_s: float) -> float:
        """Return for how many seconds no frame came; opening the source is allowed ``opening_s`` more."""
        since_s = self._last_frame_s if self._last_frame_s is not None else self._started_s + opening_s
        return time.monotonic() - since_s

    def abandon(self) -> None:
        """Ask the thread to close its source and end, whenever it can."""
        self._abandoned.set()
        self.latest.wake()

    def join(self, timeout_s: float) -> None:
        """Wait for the end."""
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            self._read_on()
        except CameraError as error:
            self.failure = str(error)
        except Exception as error:  # noqa: BLE001 - the thread's outermost edge; raised again in the line's thread
            self.crash = error
        self.latest.wake()

    def _read_on(self) -> None:
        source = self._opener(self._options)
        self.name = source.name
        try:
            while not self._abandoned.is_set():
                frame = source.read()
                if frame is None:
                    raise CameraError(f"{source.name}: the stream ended")
                self._last_frame_s = time.monotonic()
                self.latest.put(frame)
        finally:
            source.close()
