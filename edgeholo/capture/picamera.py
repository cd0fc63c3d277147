"""Cameras on a Raspberry Pi's ribbon cable, through picamera2; the only module that knows picamera2 and libcamera."""

import contextlib
import logging
import os
from typing import Any, NamedTuple

from edgeholo.capture.clock import monotonic_ns
from edgeholo.capture.unpack import unpack
from edgeholo.capture.upright import size_to_ask
from edgeholo.config import Camera
from edgeholo.errors import CameraError
from edgeholo.types import Frame

_LOGGER = logging.getLogger(__name__)

_BUFFERS = 4
"""One being exposed, one being processed, one completed, one in hand: fewer drops frames, more only costs memory."""
_MAIN_ZOOM = 2
"""The main stream is twice the one that is looked at: detail for whoever wants it, at no cost to the processor."""
_REFUSALS = (RuntimeError, OSError, ValueError, TypeError, IndexError, KeyError, AttributeError)
"""What picamera2 raises when a camera, or a part of it, is not there."""


class _Library(NamedTuple):
    """The two modules, loaded."""

    picamera2: Any
    libcamera: Any


def _load() -> _Library:
    """Import picamera2; its messages stay below warnings.

    Raises:
        CameraError: it is not installed, or bound to another numpy.
    """
    os.environ.setdefault("LIBCAMERA_LOG_LEVELS", "*:WARN")
    try:
        import libcamera
        import picamera2
    except (ImportError, OSError, ValueError) as error:
        raise CameraError(
            f"picamera2 cannot be loaded ({error}); on a Raspberry Pi: sudo apt install python3-picamera2, "
            "and a venv made with --system-site-packages"
        ) from error
    return _Library(picamera2, libcamera)


def cameras() -> list[tuple[int, str]]:
    """Return number and model of every camera on a ribbon cable; USB cameras are left to V4L2.

    Raises:
        CameraError: picamera2 cannot be loaded.
    """
    library = _load()
    try:
        found = library.picamera2.Picamera2.global_camera_info()
    except _REFUSALS as error:
        raise CameraError(f"picamera2 cannot list cameras: {error}") from error
    return [
        (number, str(info.get("Model", "?"))) for number, info in enumerate(found) if "/usb" not in str(info.get("Id"))
    ]


def open_source(options: Camera) -> "PicameraSource":
    """Open ``picamera:N`` (``picamera`` is the first).

    Raises:
        CameraError: picamera2 is missing, the camera is not there, or another program uses it.
    """
    text = options.source.partition(":")[2] or "0"
    if not text.isdigit():
        raise CameraError(f"camera.source: expected picamera:N with a number, got {options.source!r}")
    library, number = _load(), int(text)
    try:
        camera = library.picamera2.Picamera2(number)
    except _REFUSALS as error:
        raise CameraError(
            f"picamera:{number}: cannot be opened: not connected, or used by another program ({error}); "
            "rpicam-hello --list-cameras shows what is connected"
        ) from error
    try:
        return PicameraSource(library, camera, number, options)
    except CameraError:
        _shut(camera)
        raise


class PicameraSource:
    """One camera with two streams: ``main`` in full, and a small ``lores`` that is looked at."""

    live = True

    def __init__(self, library: _Library, camera: Any, number: int, options: Camera) -> None:  # noqa: ANN401 - untyped library
        self.name = f"picamera:{number}"
        self._camera = camera
        self._stall_s = options.stall_s
        self._stream = _configure(library, camera, options)
        # What the camera made of the wishes: on a Raspberry Pi 4 lores is always YUV420, elsewhere it may be anything.
        stream = camera.camera_configuration()[self._stream]
        self._format, self._size, self._stride = str(stream["format"]), tuple(stream["size"]), int(stream["stride"])
        self._seq = 0
        try:
            camera.start()
        except _REFUSALS as error:
            raise CameraError(f"{self.name}: does not start: {error}") from error
        _LOGGER.info("%s: %s stream, %s, %d x %d", self.name, self._stream, self._format, *self._size)

    def read(self) -> Frame:
        """Return the newest frame.

        Raises:
            CameraError: no frame came for ``stall_s``, or the camera is gone.
        """
        try:
            request = self._camera.capture_request(wait=self._stall_s)
            try:
                buffer = request.make_buffer(self._stream)
                stamp_ns = request.get_metadata().get("SensorTimestamp")
            finally:
                request.release()
        except TimeoutError as error:
            raise CameraError(f"{self.name}: no frame for {self._stall_s:g} s: is the cable loose?") from error
        except _REFUSALS as error:
            raise CameraError(f"{self.name}: delivers no more frames: {error}") from error
        pixels, layout = unpack(buffer, self._format, self._size, self._stride)
        frame = Frame(pixels, layout, monotonic_ns(stamp_ns), self._seq)
        self._seq += 1
        return frame

    def close(self) -> None:
        """Stop the camera and give it back."""
        _shut(self._camera)


def _configure(library: _Library, camera: Any, options: Camera) -> str:  # noqa: ANN401 - untyped library
    """Configure two streams, or one where the camera has no second; return the name of the one that is looked at."""
    width, height = size_to_ask(options)
    shared = {
        "raw": None,
        "buffer_count": _BUFFERS,
        # 16..235, BT.601: what OpenCV's conversions from YUV expect.
        "colour_space": library.libcamera.ColorSpace.Smpte170m(),
        "controls": _controls(library, camera, options.rate_hz),
    }
    try:
        main = {"size": (_MAIN_ZOOM * width, _MAIN_ZOOM * height), "format": "YUV420"}
        lores = {"size": (width, height), "format": "YUV420"}
        camera.configure(camera.create_video_configuration(main=main, lores=lores, **shared))
    except _REFUSALS as error:
        _LOGGER.info("this camera has no second stream (%s): the main one is looked at", error)
    else:
        return "lores"
    try:
        main = {"size": (width, height), "format": "YUV420"}
        camera.configure(camera.create_video_configuration(main=main, **shared))
    except _REFUSALS as error:
        raise CameraError(f"the camera does not take {width} x {height} pixels: {error}") from error
    return "main"


def _controls(library: _Library, camera: Any, rate_hz: float) -> dict[str, Any]:  # noqa: ANN401 - untyped library
    """Return rate and continuous autofocus, as far as the camera knows them."""
    frame_us = round(1e6 / rate_hz)
    wishes: dict[str, Any] = {"FrameDurationLimits": (frame_us, frame_us)}
    with contextlib.suppress(AttributeError):
        wishes["AfMode"] = library.libcamera.controls.AfModeEnum.Continuous
    return {name: value for name, value in wishes.items() if name in camera.camera_controls}


def _shut(camera: Any) -> None:  # noqa: ANN401 - untyped library
    """Close whatever state the camera is in; it is being given up anyway."""
    try:
        camera.close()
    except _REFUSALS as error:
        _LOGGER.debug("closing the camera: %s", error)
