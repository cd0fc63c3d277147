"""``camera``: the first camera that is there."""

import logging
from collections.abc import Callable, Iterator

import msgspec

from edgeholo.capture import picamera, v4l2
from edgeholo.config import Camera
from edgeholo.errors import CameraError

_LOGGER = logging.getLogger(__name__)

_Candidate = tuple[str, str, Callable[[Camera], picamera.PicameraSource | v4l2.V4l2Source]]


def open_source(options: Camera) -> picamera.PicameraSource | v4l2.V4l2Source:
    """Open the first camera that opens: the ribbon cable's (picamera2) before USB's (/dev/video*).

    Raises:
        CameraError: there is none; the text names what was tried and what to do.
    """
    tried: list[str] = []
    for source, name, opener in _candidates(tried):
        try:
            opened = opener(msgspec.structs.replace(options, source=source))
        except CameraError as error:
            tried.append(str(error))
        else:
            _LOGGER.info("camera: %s (%s)", source, name)
            return opened
    raise CameraError(
        "no camera found: plug one in, or set camera.source to a video, a still, a folder, rtsp://... or pattern; "
        f"tried: {'; '.join(tried)}"
    )


def _candidates(tried: list[str]) -> Iterator[_Candidate]:
    """Yield source, name and opener of every camera; why a kind has none goes into ``tried``."""
    try:
        ribbon = picamera.cameras()
        if not ribbon:
            tried.append("picamera2 sees no camera")
    except CameraError as error:
        ribbon = []
        tried.append(str(error))
    for number, name in ribbon:
        yield f"picamera:{number}", name, picamera.open_source
    usb = v4l2.devices()
    if not usb:
        tried.append("no camera among /dev/video*")
    for path, name in usb:
        yield f"v4l2:{path}", name, v4l2.open_source
