"""Sources: the names that open them, and what is said where there is none."""

import os
import struct
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgeholo.capture import automatic, v4l2
from edgeholo.capture.arrays import to_frame
from edgeholo.capture.clock import monotonic_ns
from edgeholo.capture.feed import frames
from edgeholo.capture.opencv import open_video
from edgeholo.capture.source import SOURCES, is_live, open_source, scheme_of
from edgeholo.config import Camera
from edgeholo.errors import CameraError, ConfigError


@pytest.mark.parametrize(
    ("source", "scheme"),
    [
        ("camera", "camera"),
        ("picamera", "picamera"),
        ("picamera:1", "picamera"),
        ("v4l2:/dev/video2", "v4l2"),
        ("/dev/video0", "v4l2"),
        ("rtsp://user:secret@10.0.0.7/live", "rtsp"),
        ("http://10.0.0.7/stream.mjpg", "http"),
        ("pattern", "pattern"),
        ("clip.mp4", "file"),
        ("folder/with:colon.mp4", "file"),
        ("file:///tmp/clip.mp4", "file"),
    ],
)
def test_a_name_says_which_kind_of_source_it_is(source: str, scheme: str) -> None:
    """What stands before the colon, or else a file; only files are not live."""
    assert scheme_of(source) == scheme
    assert is_live(Camera(source=source)) == (scheme != "file")
    assert scheme in SOURCES


def test_an_unknown_kind_of_source_is_named_with_those_there_are() -> None:
    """A typing error in the scheme is no missing file."""
    with pytest.raises(ConfigError, match=r"'rtps' is no kind of source; there are .*rtsp"):
        open_source(Camera(source="rtps://10.0.0.7/live"))


def test_without_any_camera_one_line_says_what_was_tried_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line names the way out."""
    monkeypatch.setattr(v4l2, "devices", list)
    monkeypatch.setitem(__import__("sys").modules, "picamera2", None)
    with pytest.raises(CameraError) as caught:
        automatic.open_source(Camera())
    text = str(caught.value)
    assert "\n" not in text
    for part in ("no camera found", "plug one in", "camera.source", "picamera2", "/dev/video*"):
        assert part in text


def test_a_v4l2_device_that_is_not_there_is_named() -> None:
    """With what there is instead."""
    with pytest.raises(CameraError, match="/dev/video99: no such camera"):
        open_source(Camera(source="v4l2:99"))


def test_a_device_node_that_is_no_camera_is_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """OpenCV's own words about it stay away."""
    path = tmp_path / "video0"
    path.write_bytes(b"not a device")
    with pytest.raises(CameraError, match="cannot be opened"):
        v4l2.open_source(Camera(source=f"v4l2:{path}"))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("driver", "name", "device_caps", "is_camera"),
    [
        (b"uvcvideo", b"HD Webcam C270", 0x04200001, True),
        (b"uvcvideo", b"HD Webcam C270: metadata", 0x04A00000, False),
        (b"bcm2835-isp", b"bcm2835-isp", 0x04200001, False),
        (b"rp1-cfe", b"rp1-cfe", 0x24A00001, False),
        (b"vivid", b"vivid", 0x05200001, True),
    ],
)
def test_the_many_video_nodes_of_a_raspberry_pi_are_no_cameras(
    driver: bytes, name: bytes, device_caps: int, is_camera: bool
) -> None:
    """Only nodes that capture and stream, without the media controller, and not the processor's own codecs."""
    capabilities = 0x80000000 | device_caps | 0x00000001
    data = struct.pack("=16s32s32sIII12x", driver, name, b"usb-1", 0x060600, capabilities, device_caps)
    card = v4l2.parse_capability(data)
    assert len(data) == 104
    assert (card.driver, card.name, card.is_camera) == (driver.decode(), name.decode(), is_camera)


def test_a_v4l2_camera_that_stops_says_so(demo_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenCV's reader on a clip stands for the device: frames in BGR, stamped, and then an error, not an end."""
    monkeypatch.setattr(v4l2, "open_video", lambda path, *_: open_video(path, cv2.CAP_FFMPEG))
    source = v4l2.open_source(Camera(source=f"v4l2:{demo_clip}"))
    before = time.monotonic_ns()
    shown = [source.read() for _ in range(43)]
    assert [frame.seq for frame in shown] == list(range(43))
    assert all(before <= frame.timestamp_ns <= time.monotonic_ns() for frame in shown)
    with pytest.raises(CameraError, match=r"delivers no more frames$"):
        source.read()
    source.close()


def test_raw_video_is_asked_for_where_usb_can_carry_it_and_mjpeg_beyond() -> None:
    """VGA at 15 Hz is 9 MB/s raw; Full HD at 30 Hz would be 124."""
    assert cv2.CAP_PROP_FOURCC not in v4l2._parameters((640, 480), 15)[::2]
    assert cv2.CAP_PROP_FOURCC in v4l2._parameters((1920, 1080), 30)[::2]


def test_the_pattern_moves_at_its_rate_and_is_live() -> None:
    """Frames are numbered by time: one that was not read leaves a gap."""
    source = open_source(Camera(source="pattern", rate_hz=50))
    first, second = source.read(), source.read()
    time.sleep(0.08)
    late = source.read()
    assert first is not None
    assert second is not None
    assert late is not None
    assert (first.seq, second.seq, first.size) == (0, 1, (640, 480))
    assert late.seq >= 5
    assert late.timestamp_ns - first.timestamp_ns == late.seq * 20_000_000
    assert not np.array_equal(first.pixels, late.pixels)
    source.close()


def test_closing_the_pattern_ends_a_read_that_waits() -> None:
    """A slow rate must not hold up the end."""
    source = open_source(Camera(source="pattern", rate_hz=0.1))
    source.read()
    threading.Timer(0.05, source.close).start()
    with pytest.raises(CameraError, match="closed"):
        source.read()


def test_region_and_rotation_apply_to_every_source(demo_clip: Path) -> None:
    """Media is turned and cut as a camera is."""
    options = Camera(source=str(demo_clip), rotation=90, region=(0.0, 0.0, 0.5, 1.0))
    assert next(iter(frames(options))).size == (120, 320)


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.zeros((0, 10, 3), np.uint8), "empty"),
        (np.zeros((10, 10, 2), np.uint8), "no picture"),
        (np.zeros((3,), np.uint8), "no picture"),
        (np.zeros((4, 4), np.complex64), "not understood"),
    ],
)
def test_an_array_that_is_no_picture_is_refused_in_words(array: npt.NDArray[np.generic], says: str) -> None:
    """A driver's nonsense becomes a line that names the driver."""
    with pytest.raises(CameraError, match=f"cam: .*{says}"):
        to_frame(array, 0, 0, "cam")


def test_floats_that_are_no_numbers_are_black() -> None:
    """Not white, and not an exception."""
    pixels = to_frame(np.array([[np.nan, np.inf], [0.5, 1.0]], np.float32), 0, 0, "cam").pixels
    assert pixels.tolist() == [[0, 0], [128, 255]]


def test_a_stamp_of_the_boot_clock_becomes_one_of_the_monotonic_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two differ by the time the machine slept; a stamp of neither is replaced by now."""
    now, slept = 1_000_000_000_000, 500_000_000_000
    monkeypatch.setattr(time, "monotonic_ns", lambda: now)
    monkeypatch.setattr(time, "clock_gettime_ns", lambda clock: now + slept if clock == time.CLOCK_BOOTTIME else now)
    assert monotonic_ns(now - 40_000_000) == now - 40_000_000
    assert monotonic_ns(now + slept - 40_000_000) == now - 40_000_000
    for nonsense in (None, 0, -5, 17, now + 10 * slept):
        assert monotonic_ns(nonsense) == now


def test_unreadable_media_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so a folder that refuses is played by the operating system's own error."""
    path = tmp_path / "locked.mp4"
    path.write_bytes(b"x")
    real_open = os.open if os.geteuid() else None
    if real_open:
        path.chmod(0)
    else:
        monkeypatch.setattr(Path, "open", _refuse)
    with pytest.raises(CameraError, match=r"locked\.mp4: cannot be read: permission denied"):
        open_source(Camera(source=str(path)))


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")
