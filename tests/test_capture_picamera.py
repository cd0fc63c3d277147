"""picamera2's side of capture, against a hand-written stand-in for the part of it that is used.

The real library runs in ``tests/pi/test_picamera.py``, on libcamera's virtual camera.
"""

import sys
import time
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import cv2
import numpy as np
import pytest

from edgeholo.capture import automatic, picamera, v4l2
from edgeholo.capture.source import open_source
from edgeholo.capture.unpack import unpack
from edgeholo.config import Camera
from edgeholo.errors import CameraError
from edgeholo.pixels import to_rgb
from edgeholo.types import Frame, PixelFormat, Pixels

RED = (200, 30, 40)


def packed(layout: str, size: tuple[int, int], stride: int) -> Pixels:
    """Return a buffer of a red picture as libcamera lays it out, lines padded with nonsense to the stride."""
    width, height = size
    rgb = np.full((height, width, 3), RED, np.uint8)
    i420 = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420), np.uint8)
    u, v = i420[height:].reshape(2, height // 2, width // 2)
    alpha = np.full((height, width, 1), 255, np.uint8)
    luma = i420[:height]
    yuyv = np.dstack([luma, np.repeat(np.dstack([u, v]).reshape(height // 2, width), 2, axis=0)])
    planes: dict[str, list[Pixels]] = {
        "RGB888": [rgb[..., ::-1]],
        "BGR888": [rgb],
        "XRGB8888": [np.dstack([rgb[..., ::-1], alpha])],
        "XBGR8888": [np.dstack([rgb, alpha])],
        "YUV420": [luma, np.vstack([u, v])],
        "NV12": [luma, np.dstack([u, v]).reshape(height // 2, width)],
        "YUYV": [yuyv],
    }
    lines = []
    for number, plane in enumerate(planes[layout]):
        rows = plane.reshape(plane.shape[0], -1)
        pitch = stride // 2 if layout == "YUV420" and number else stride
        padded = np.full((rows.shape[0], pitch), 99, np.uint8)
        padded[:, : rows.shape[1]] = rows
        lines.append(padded.ravel())
    return np.concatenate(lines)


BYTES = {"RGB888": 3, "BGR888": 3, "XRGB8888": 4, "XBGR8888": 4, "YUV420": 1, "NV12": 1, "YUYV": 2}


class FakeRequest:
    """A completed request; remembers whether it was given back."""

    def __init__(self, camera: "FakePicamera2") -> None:
        self._camera = camera
        camera.held += 1

    def make_buffer(self, name: str) -> Pixels:
        """Return a copy of the stream's buffer."""
        stream = self._camera.streams[name]
        return packed(stream["format"], stream["size"], stream["stride"])

    def get_metadata(self) -> dict[str, Any]:
        """Return what the camera says about the frame."""
        return {"SensorTimestamp": time.monotonic_ns() - 30_000_000, "ExposureTime": 10_000}

    def release(self) -> None:
        """Give the buffer back."""
        self._camera.held -= 1


class FakePicamera2:
    """The part of Picamera2 0.3 that is used. Class attributes say what kind of camera it is."""

    infos: ClassVar[list[dict[str, Any]]] = [{"Model": "imx708", "Id": "/base/soc/i2c0mux/i2c@1/imx708@1a", "Num": 0}]
    lores: ClassVar[bool] = True
    format: ClassVar[str] = "YUV420"
    busy: ClassVar[bool] = False
    stalls: ClassVar[bool] = False
    opened: ClassVar[list["FakePicamera2"]] = []

    def __init__(self, camera_num: int = 0) -> None:
        self.info = self.infos[camera_num]
        if self.busy:
            raise RuntimeError("Camera __init__ sequence did not complete.")
        self.camera_controls = {"FrameDurationLimits": (1, 2, 3), "AfMode": (0, 2, 0)}
        self.streams: dict[str, dict[str, Any]] = {}
        self.config: dict[str, Any] = {}
        self.started = self.closed = False
        self.held = 0
        self.opened.append(self)

    @classmethod
    def global_camera_info(cls) -> list[dict[str, Any]]:
        """List the cameras."""
        return cls.infos

    def create_video_configuration(self, **wishes: object) -> dict[str, Any]:
        """Return the wishes as a configuration."""
        return {"lores": None, **wishes}

    def configure(self, config: dict[str, Any]) -> None:
        """Take the configuration and change it as libcamera does: its own format and a padded stride."""
        if config["lores"] is not None and not self.lores:
            raise RuntimeError("Invalid camera configuration")
        self.config = config
        for name in ("main", "lores"):
            if config[name] is not None:
                width = config[name]["size"][0]
                stride = -(-width * BYTES[self.format] // 64) * 64 + 64
                self.streams[name] = {**config[name], "format": self.format, "stride": stride}

    def camera_configuration(self) -> dict[str, Any]:
        """Return what became of the wishes."""
        return {**self.config, **self.streams}

    def start(self) -> None:
        """Start."""
        self.started = True

    def capture_request(self, wait: float) -> FakeRequest:
        """Return the newest request."""
        assert self.started
        if self.stalls:
            raise TimeoutError
        return FakeRequest(self)

    def close(self) -> None:
        """Close."""
        self.closed = True


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[FakePicamera2]]:
    """Return the stand-in, in the place of picamera2 and libcamera."""

    class Fresh(FakePicamera2):
        """A camera of this test only."""

        opened: ClassVar[list[FakePicamera2]] = []

    module, libcamera = ModuleType("picamera2"), ModuleType("libcamera")
    module.Picamera2 = Fresh  # type: ignore[attr-defined]
    libcamera.ColorSpace = SimpleNamespace(Smpte170m=lambda: "smpte170m")  # type: ignore[attr-defined]
    libcamera.controls = SimpleNamespace(AfModeEnum=SimpleNamespace(Continuous=2))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "picamera2", module)
    monkeypatch.setitem(sys.modules, "libcamera", libcamera)
    yield Fresh
    assert all(camera.held == 0 for camera in Fresh.opened), "a request was not released"


def read_one(options: Camera) -> Frame:
    """Open, read one frame, close."""
    source = open_source(options)
    frame = source.read()
    source.close()
    assert frame is not None
    return frame


def test_the_small_stream_is_looked_at_and_the_large_one_has_twice_its_size(library: type[FakePicamera2]) -> None:
    """Two streams, rate and autofocus as asked, brightness range as OpenCV expects it."""
    frame = read_one(Camera(source="picamera:0", rate_hz=20))
    camera = library.opened[0]
    assert (frame.size, frame.format) == ((640, 480), PixelFormat.YUV420)
    assert camera.config["main"]["size"] == (1280, 960)
    assert camera.config["controls"] == {"FrameDurationLimits": (50_000, 50_000), "AfMode": 2}
    assert camera.config["colour_space"] == "smpte170m"
    assert camera.closed
    assert np.abs(to_rgb(frame).astype(int) - RED).max() <= 4


def test_the_frame_has_the_sensors_time(library: type[FakePicamera2]) -> None:
    """Not the time at which Python got round to it."""
    before = time.monotonic_ns()
    frame = read_one(Camera(source="picamera"))
    assert before - 31_000_000 < frame.timestamp_ns <= time.monotonic_ns() - 30_000_000


@pytest.mark.parametrize("layout", BYTES)
def test_the_format_is_what_the_camera_says_it_is(library: type[FakePicamera2], layout: str) -> None:
    """Red stays red in every format, and the padding of the lines is gone."""
    library.format = layout
    frame = read_one(Camera(source="picamera:0"))
    assert frame.size == (640, 480)
    assert np.abs(to_rgb(frame).astype(int) - RED).max() <= 4


def test_a_camera_without_a_second_stream_is_read_from_its_first(library: type[FakePicamera2]) -> None:
    """In the size that is looked at, not twice as large."""
    library.lores, library.format = False, "NV12"
    frame = read_one(Camera(source="picamera:0"))
    assert (frame.size, frame.format) == ((640, 480), PixelFormat.NV12)
    assert library.opened[0].config["lores"] is None


def test_a_loose_cable_is_a_camera_error_and_the_request_is_not_waited_for(library: type[FakePicamera2]) -> None:
    """Nobody says that a camera is gone: its frames just stop."""
    library.stalls = True
    source = open_source(Camera(source="picamera:0", stall_s=0.5))
    with pytest.raises(CameraError, match=r"picamera:0: no frame for 0\.5 s: is the cable loose"):
        source.read()
    source.close()


@pytest.mark.parametrize(
    ("source", "busy", "says"),
    [
        ("picamera:0", True, "used by another program"),
        ("picamera:3", False, "not connected"),
        ("picamera:left", False, "expected picamera:N"),
    ],
)
def test_a_camera_that_cannot_be_opened_is_one_line(
    library: type[FakePicamera2], source: str, busy: bool, says: str
) -> None:
    """With the command that shows what is connected."""
    library.busy = busy
    with pytest.raises(CameraError, match=says) as caught:
        open_source(Camera(source=source))
    assert "\n" not in str(caught.value)


def test_a_camera_that_does_not_configure_is_given_back(library: type[FakePicamera2]) -> None:
    """Otherwise it would be busy for the next try."""

    def refuse(_: FakePicamera2, __: dict[str, Any]) -> None:
        raise RuntimeError("Configuration failed")

    library.configure = refuse  # type: ignore[method-assign, assignment]
    with pytest.raises(CameraError, match="does not take 640 x 480"):
        open_source(Camera(source="picamera:0"))
    assert library.opened[0].closed


def test_camera_prefers_the_ribbon_and_leaves_usb_to_v4l2(
    library: type[FakePicamera2], monkeypatch: pytest.MonkeyPatch
) -> None:
    """USB cameras are listed by libcamera too, but V4L2 serves those better."""
    monkeypatch.setattr(v4l2, "devices", lambda: [("/dev/video0", "HD Webcam")])
    opened = automatic.open_source(Camera())
    assert opened.name == "picamera:0"
    opened.close()
    library.infos = [{"Model": "HD Webcam", "Id": "/base/scb/pcie@7d500000/usb@0-1", "Num": 0}]
    assert picamera.cameras() == []
    monkeypatch.setattr(v4l2, "open_source", _stand_in)
    assert automatic.open_source(Camera()).name == "v4l2:/dev/video0"


def _stand_in(options: Camera) -> SimpleNamespace:
    return SimpleNamespace(name=options.source)


def test_without_picamera2_the_line_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the flag of the venv, which is what is usually forgotten."""
    monkeypatch.setitem(sys.modules, "libcamera", None)
    with pytest.raises(CameraError, match=r"apt install python3-picamera2.*--system-site-packages"):
        open_source(Camera(source="picamera:0"))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: unpack(np.zeros(100, np.uint8), "YUV420", (640, 480), 640), "100 bytes are no YUV420 picture"),
        (lambda: unpack(np.zeros(100, np.uint8), "SRGGB10", (10, 10), 10), "SRGGB10 is not understood"),
        (lambda: unpack(np.zeros(100, np.uint8), "MJPEG", (640, 480), 0), "MJPEG frame is corrupt"),
        (lambda: unpack(np.zeros(0, np.uint8), "NV12", (0, 0), 0), "empty"),
    ],
)
def test_a_buffer_that_is_no_picture_is_refused_in_words(make: Callable[[], object], says: str) -> None:
    """A driver's nonsense is a line, not a traceback."""
    with pytest.raises(CameraError, match=says):
        make()
