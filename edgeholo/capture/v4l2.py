"""Cameras of the kernel's V4L2 (USB cameras, mostly), read through OpenCV."""

import fcntl
import os
import struct
from pathlib import Path
from typing import NamedTuple

import cv2

from edgeholo.capture.arrays import to_frame
from edgeholo.capture.clock import monotonic_ns
from edgeholo.capture.opencv import open_video
from edgeholo.capture.upright import size_to_ask
from edgeholo.config import Camera
from edgeholo.errors import CameraError
from edgeholo.types import Frame

_VIDIOC_QUERYCAP = 0x80685600
"""_IOR('V', 0, struct v4l2_capability), linux/videodev2.h."""
_CAPABILITY = struct.Struct("=16s32s32sIII12x")
_CAN_CAPTURE = 0x00000001
_CAN_STREAM = 0x04000000
_NEEDS_MEDIA_CONTROLLER = 0x20000000
_HAS_DEVICE_CAPS = 0x80000000
_NO_CAMERAS = frozenset({"bcm2835-codec", "bcm2835-isp", "unicam", "rp1-cfe", "pispbe", "rpi-hevc-dec", "rpivid"})
"""Nodes that every Raspberry Pi has without any camera, or that only libcamera can drive."""

_RAW_PIXELS_A_SECOND = 12_000_000
"""USB 2 carries about 30 MB/s of video and YUYV takes two bytes a pixel; beyond this MJPEG is asked for."""


class Card(NamedTuple):
    """What a device node says it is."""

    driver: str
    name: str
    is_camera: bool


def parse_capability(data: bytes) -> Card:
    """Return what a ``struct v4l2_capability`` (104 bytes) says."""
    driver, name, _bus, _version, capabilities, device_caps = _CAPABILITY.unpack(data)
    flags = device_caps if capabilities & _HAS_DEVICE_CAPS else capabilities
    text = driver.rstrip(b"\0").decode(errors="replace")
    streams = bool(flags & _CAN_CAPTURE and flags & _CAN_STREAM and not flags & _NEEDS_MEDIA_CONTROLLER)
    return Card(text, name.rstrip(b"\0").decode(errors="replace"), streams and text not in _NO_CAMERAS)


def devices() -> list[tuple[str, str]]:
    """Return path and name of every camera under /dev, lowest number first."""
    nodes = [path for path in Path("/dev").glob("video*") if path.name[5:].isdigit()]
    found = []
    for node in sorted(nodes, key=lambda path: int(path.name[5:])):
        try:
            card = _query(node)
        except OSError:
            continue
        if card.is_camera:
            found.append((str(node), card.name))
    return found


def _query(node: Path) -> Card:
    descriptor = os.open(node, os.O_RDWR | os.O_NONBLOCK)
    try:
        return parse_capability(fcntl.ioctl(descriptor, _VIDIOC_QUERYCAP, bytes(_CAPABILITY.size)))
    finally:
        os.close(descriptor)


def open_source(options: Camera) -> "V4l2Source":
    """Open ``v4l2:/dev/videoN`` (or ``v4l2:N``, or just ``/dev/videoN``).

    Raises:
        CameraError: no such device, no permission, busy, or no camera.
    """
    path = options.source.removeprefix("v4l2:")
    path = f"/dev/video{path}" if path.isdigit() else path
    if not Path(path).exists():
        there = ", ".join(f"{device} ({name})" for device, name in devices())
        raise CameraError(f"{path}: no such camera; {f'there is {there}' if there else 'no camera is plugged in'}")
    if not os.access(path, os.R_OK | os.W_OK):
        raise CameraError(f"{path}: no permission; add the user to the group video: sudo usermod -aG video $USER")
    return V4l2Source(path, size_to_ask(options), options.rate_hz)


class V4l2Source:
    """One V4L2 camera; frames in BGR, stamped by the driver."""

    live = True

    def __init__(self, path: str, size: tuple[int, int], rate_hz: float) -> None:
        self.name = f"v4l2:{path}"
        capture = open_video(path, cv2.CAP_V4L2, _parameters(size, rate_hz))
        if capture is None:
            raise CameraError(f"{path}: cannot be opened: it is no camera, or another program uses it")
        self._capture = capture
        self._seq = 0

    def read(self) -> Frame:
        """Return the next frame.

        Raises:
            CameraError: the camera stopped or was unplugged.
        """
        found, pixels = self._capture.read()
        if not found or pixels is None:
            gone = "" if Path(self.name.removeprefix("v4l2:")).exists() else ": unplugged"
            raise CameraError(f"{self.name} delivers no more frames{gone}")
        stamp_ns = round(self._capture.get(cv2.CAP_PROP_POS_MSEC) * 1e6)
        frame = to_frame(pixels, monotonic_ns(stamp_ns), self._seq, self.name)
        self._seq += 1
        return frame

    def close(self) -> None:
        """Give the device back."""
        self._capture.release()


def _parameters(size: tuple[int, int], rate_hz: float) -> list[int]:
    """Return what to ask of the driver; it takes the nearest it has."""
    wanted = [cv2.CAP_PROP_BUFFERSIZE, 1]
    if size[0] * size[1] * rate_hz > _RAW_PIXELS_A_SECOND:
        wanted += [cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")]
    wanted += [cv2.CAP_PROP_FRAME_WIDTH, size[0], cv2.CAP_PROP_FRAME_HEIGHT, size[1]]
    return [*wanted, cv2.CAP_PROP_FPS, max(1, round(rate_hz))]
