"""The newest-frame slot between the capture thread and the line: it holds one frame, the newest."""

import threading

from edgeholo.types import Frame


class Latest:
    """A slot for one frame; a newer one replaces what nobody took.

    Attributes:
        dropped: frames that were replaced before anybody took them.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._frame: Frame | None = None
        self._changed = threading.Condition()
        self._woken = False

    def put(self, frame: Frame) -> None:
        """Replace the frame."""
        with self._changed:
            if self._frame is not None:
                self.dropped += 1
            self._frame = frame
            self._changed.notify()

    def wake(self) -> None:
        """End a ``take`` that waits, now or later, once."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def take(self, timeout_s: float) -> Frame | None:
        """Return the newest frame and empty the slot; None after ``timeout_s`` or ``wake`` without one."""
        with self._changed:
            self._changed.wait_for(lambda: self._frame is not None or self._woken, max(0.0, timeout_s))
            frame, self._frame = self._frame, None
            self._woken = False
            return frame
