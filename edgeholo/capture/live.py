"""The newest frame of a camera, and the care for it: a stall or a failure is noticed, said, and the camera reopened."""

import logging
import time
from collections.abc import Callable

from edgeholo.backoff import Backoff
from edgeholo.capture.reader import Reader
from edgeholo.capture.source import Opener
from edgeholo.config import Camera
from edgeholo.errors import CameraError
from edgeholo.redact import redacted
from edgeholo.types import CameraState, Frame

_LOGGER = logging.getLogger(__name__)

_FIRST_PAUSE_S = 1.0
"""A cable that was bumped is back within a second."""
_OPENING_S = 6.0
"""A Pi's camera needs 2 s to its first frame, a network camera up to 8 s; the stall limit comes on top of this."""
_MOST_STUCK = 4
"""So many readers hanging in a driver: only a new process helps, and systemd starts one."""
_STOP_S = 2.0
"""A healthy source ends within a frame; one that does not is left behind."""


class LiveFeed:
    """Watches over a reader from the consumer's side: everything here runs in the thread that calls ``take``."""

    ended = False

    def __init__(self, options: Camera, report: Callable[[CameraState], None], opener: Opener) -> None:
        self._options = options
        self._report = report
        self._opener = opener
        self._backoff = Backoff(_FIRST_PAUSE_S, options.reopen_max_s)
        self._reader: Reader | None = None
        self._stuck: list[Reader] = []
        self._reopen_at_s = 0.0
        self._dropped_before = 0
        self._name = redacted(options.source)
        self._stopped = False

    @property
    def dropped(self) -> int:
        """Return how many frames were replaced by newer ones before anybody took them."""
        return self._dropped_before + (self._reader.latest.dropped if self._reader else 0)

    def start(self) -> None:
        """Open the camera in the background."""
        self._report(CameraState("opening", self._name))
        self._reader = Reader(self._options, self._opener)

    def take(self, timeout_s: float) -> Frame | None:
        """Return the newest frame that was not taken yet, or None after ``timeout_s``.

        Raises:
            CameraError: the driver hangs beyond repair.
        """
        deadline_s = time.monotonic() + timeout_s
        while not self._stopped:
            left_s = deadline_s - time.monotonic()
            frame = self._wait(max(0.0, left_s))
            if frame is not None:
                self._runs()
                return frame
            if left_s <= 0:
                break
        return None

    def stop(self) -> None:
        """Close the camera."""
        self._stopped = True
        if self._reader is not None:
            self._reader.abandon()
            self._reader.join(_STOP_S)

    def _wait(self, longest_s: float) -> Frame | None:
        """Wait for a frame, or for the moment at which something is to be done, and do it."""
        if self._reader is None:
            pause_s = self._reopen_at_s - time.monotonic()
            if pause_s > 0:
                time.sleep(min(pause_s, longest_s))
            else:
                self._reopen()
            return None
        stall_in_s = self._options.stall_s - self._reader.silent_s(_OPENING_S)
        frame = self._reader.latest.take(min(longest_s, max(0.0, stall_in_s)))
        if frame is None:
            self._check(self._reader)
        return frame

    def _check(self, reader: Reader) -> None:
        """Give up a reader that failed or stalled."""
        if reader.crash is not None:
            raise reader.crash
        if reader.failure:
            self._lose(reader, reader.failure)
        elif reader.silent_s(_OPENING_S) >= self._options.stall_s:
            reader.abandon()
            self._stuck.append(reader)
            self._lose(reader, f"{reader.name or self._name}: no frame for {self._options.stall_s:g} s")

    def _lose(self, reader: Reader, why: str) -> None:
        self._name = reader.name or self._name
        self._dropped_before += reader.latest.dropped
        self._reader = None
        pause_s = self._backoff.next_s()
        self._reopen_at_s = time.monotonic() + pause_s
        _LOGGER.debug("next try in %.1f s", pause_s)
        self._report(CameraState("lost", self._name, why))

    def _reopen(self) -> None:
        self._stuck = [reader for reader in self._stuck if reader.alive]
        if len(self._stuck) >= _MOST_STUCK:
            raise CameraError(
                f"{self._name}: {len(self._stuck)} reads hang in the driver: unplug the camera, or restart"
            )
        self._reader = Reader(self._options, self._opener)

    def _runs(self) -> None:
        """A frame came: the camera is well."""
        if self._reader is not None:
            self._name = self._reader.name or self._name
        self._backoff.reset()
        self._report(CameraState("running", self._name))
