"""Frames for the line: the newest of a camera, every one of media."""

import logging
from collections.abc import Callable, Iterator

from edgeholo.capture.closed import ClosedFeed
from edgeholo.capture.live import LiveFeed
from edgeholo.capture.media import Promise, promise
from edgeholo.capture.paced import PacedFeed
from edgeholo.capture.source import Opener, is_live, open_source
from edgeholo.config import Camera
from edgeholo.types import CameraState, Frame

_LOGGER = logging.getLogger(__name__)


class Feed:
    """The source in ``options``, as a supply of frames.

    A camera runs in a thread of its own; only its newest frame is kept, a stall or a failure is noticed within
    ``options.stall_s``, and it is reopened with back-off for as long as it takes. Media is paced at its own time, never
    dropped, and ends. With ``options.privacy`` neither is opened. ``start``, ``take`` and ``stop`` are for one thread, and
    ``on_state`` is called in it.

    Args:
        options: which source, and how its frames are to look.
        on_state: called once for every change of the camera's state.
        opener: what opens the source.

    Attributes:
        live: True for a camera, False for media.

    Raises:
        ConfigError: no such kind of source.
    """

    def __init__(self, options: Camera, on_state: Callable[[CameraState], None], opener: Opener = open_source) -> None:
        self._on_state = on_state
        self._state: CameraState | None = None
        self.live = is_live(options)
        self._supply = self._supplier(options, opener)

    @property
    def ended(self) -> bool:
        """Return whether the last frame of media was taken; a camera never ends."""
        return self._supply.ended

    @property
    def dropped(self) -> int:
        """Return how many frames of a camera were never taken, since the start."""
        return self._supply.dropped

    def start(self) -> None:
        """Open the source.

        Raises:
            CameraError: media is not there, or no picture. A camera that is not there is waited for.
        """
        self._supply.start()

    def take(self, timeout_s: float) -> Frame | None:
        """Return the next frame, or None if there is none within ``timeout_s`` seconds or the media is at its end.

        Raises:
            CameraError: the camera hangs in its driver beyond repair.
        """
        return self._supply.take(timeout_s)

    def stop(self) -> None:
        """Close the source; harmless when repeated."""
        self._supply.stop()

    def _supplier(self, options: Camera, opener: Opener) -> ClosedFeed | LiveFeed | PacedFeed:
        if options.privacy:
            return ClosedFeed(options, self._report)
        return (LiveFeed if self.live else PacedFeed)(options, self._report, opener)

    def _report(self, state: CameraState) -> None:
        """Tell and log a state that differs from the one before."""
        if state == self._state:
            return
        self._state = state
        if state.state == "lost":
            _LOGGER.warning("camera lost: %s", state.detail)
        else:
            _LOGGER.info("camera %s: %s", state.state, state.source)
        self._on_state(state)


def promised(options: Camera) -> Promise:
    """Return what media says of itself, and nothing of a camera.

    Raises:
        CameraError: it cannot be opened.
    """
    return Promise() if is_live(options) else promise(options)


def frames(options: Camera, opener: Opener = open_source) -> Iterator[Frame]:
    """Yield the frames of a source as fast as they come: all of media, those of a camera until it is closed.

    Raises:
        CameraError: the source is not there, no picture, or fails.
    """
    source = opener(options)
    try:
        while (frame := source.read()) is not None:
            yield frame
    finally:
        source.close()
