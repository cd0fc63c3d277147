"""What every source of frames is, and the table that turns a name into one."""

from collections.abc import Callable
from typing import Protocol

from edgeholo.capture import automatic, media, network, pattern, picamera, v4l2
from edgeholo.capture.upright import Upright
from edgeholo.config import Camera
from edgeholo.errors import ConfigError
from edgeholo.types import Frame


class Source(Protocol):
    """Delivers frames one by one until it is closed.

    Attributes:
        name: as it can be written into the configuration; never with a password in it.
        live: True for a camera, which goes on whether or not anybody reads; False for media, which waits.
    """

    @property
    def name(self) -> str:
        """Return the name."""

    @property
    def live(self) -> bool:
        """Return whether frames are lost when nobody reads."""

    def read(self) -> Frame | None:
        """Return the next frame, waiting for it; None at the end of media.

        Raises:
            CameraError: the camera is gone or delivers no pictures.
        """

    def close(self) -> None:
        """Give the camera or the file back."""


Opener = Callable[[Camera], Source]

SOURCES: dict[str, Opener] = {
    "camera": automatic.open_source,
    "picamera": picamera.open_source,
    "v4l2": v4l2.open_source,
    "rtsp": network.open_source,
    "rtsps": network.open_source,
    "http": network.open_source,
    "https": network.open_source,
    "pattern": pattern.open_source,
    "file": media.open_source,
}
"""What stands before the colon of ``camera.source``; a name without one is a file or a folder."""


class UprightSource:
    """A source whose frames stand upright and show the region of interest only."""

    def __init__(self, inner: Source, options: Camera) -> None:
        self._inner = inner
        self._upright = Upright(options, live=inner.live)
        self.name = inner.name
        self.live = inner.live

    def read(self) -> Frame | None:
        """Return the next frame, upright."""
        frame = self._inner.read()
        return None if frame is None else self._upright.apply(frame)

    def close(self) -> None:
        """Close what is inside."""
        self._inner.close()


def scheme_of(source: str) -> str:
    """Return the key of ``SOURCES`` that opens ``source``.

    Raises:
        ConfigError: no such kind of source.
    """
    if source.startswith("/dev/video"):
        return "v4l2"
    head, colon, rest = source.partition(":")
    if head in SOURCES and (colon or head in ("camera", "picamera", "pattern")):
        return head
    if rest.startswith("//"):
        raise ConfigError(
            f"camera.source: {head!r} is no kind of source; there are {', '.join(SOURCES)}, files and folders"
        )
    return "file"


def is_live(options: Camera) -> bool:
    """Return whether ``options.source`` names a camera rather than media.

    Raises:
        ConfigError: no such kind of source.
    """
    return scheme_of(options.source) != "file"


def open_source(options: Camera) -> Source:
    """Open ``options.source``.

    Raises:
        CameraError: it is not there, not readable, or no picture; the text says how to mend it.
    """
    return UprightSource(SOURCES[scheme_of(options.source)](options), options)
