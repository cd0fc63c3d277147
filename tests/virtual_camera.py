"""Capture through the real picamera2, on libcamera's virtual camera: no hardware, but every call real.

It needs Debian 13 with libcamera 0.4, which has the virtual pipeline, and picamera2 from pip: tests/pi/test_picamera.py
makes such a root and runs it there. By hand:

    LD_PRELOAD=libfakedma.so PYTHONPATH=REPOSITORY:SHARED/tools/raspberry_pi python tests/virtual_camera.py FRAMES

FRAMES is the folder that /usr/share/libcamera/pipeline/virtual/virtual.yaml names; pictures of known colours are written into
it. SHARED/tools/raspberry_pi/picamera2_virtual.py says what else it takes. Prints what was seen and exits with 1 on a difference.
"""

import json
import sys
import time
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from edgeholo.capture.feed import Feed
from edgeholo.config import Camera
from edgeholo.pixels import to_rgb
from edgeholo.types import CameraState, Frame

COLOURS = [(200, 30, 40), (40, 180, 50), (40, 60, 210), (220, 220, 60)]
FRAMES = 60
FARTHEST = 20
"""Steps of brightness: the virtual camera hands on a JPEG's full range under the name of a colour space that has 16 to 235."""


def write_pictures(folder: Path) -> None:
    """Write one JPEG a colour, as the virtual camera plays them."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, colour in enumerate(COLOURS):
        cv2.imwrite(str(folder / f"{number}.jpg"), np.full((480, 640, 3), colour[::-1], np.uint8))


def adapt() -> None:
    """Give every virtual camera the allocator that works without a Raspberry Pi's memory."""
    import picamera2
    import picamera2_virtual  # type: ignore[import-not-found]  # noqa: F401 - adapts picamera2 when it is imported
    from picamera2.allocators import LibcameraAllocator

    class VirtualPicamera2(picamera2.Picamera2):  # type: ignore[misc]
        """A camera whose buffers come from libcamera itself."""

        def __init__(self, camera_num: int = 0) -> None:
            super().__init__(camera_num)
            self.allocator = LibcameraAllocator(self.camera)

    picamera2.Picamera2 = VirtualPicamera2


def take(states: list[CameraState]) -> tuple[list[Frame], int]:
    """Return frames of one life of the camera, and how many were overtaken."""
    feed = Feed(Camera(source="picamera:0", stall_s=5), states.append)
    feed.start()
    taken: list[Frame] = []
    deadline = time.monotonic() + 30
    while len(taken) < FRAMES and time.monotonic() < deadline:
        frame = feed.take(1.0)
        if frame is not None:
            taken.append(frame)
    feed.stop()
    return taken, feed.dropped


def main() -> int:
    """Open, read, close and open again; compare colours, sizes and times with what was given."""
    write_pictures(Path(sys.argv[1]))
    adapt()
    states: list[CameraState] = []
    faults = []
    for life in (1, 2):
        taken, dropped = take(states)
        if len(taken) < FRAMES:
            faults.append(f"life {life}: {len(taken)} frames; {states}")
            continue
        middles = [to_rgb(frame)[240, 320].astype(int) for frame in taken]
        off = max(min(int(np.abs(middle - colour).max()) for colour in COLOURS) for middle in middles)
        seen = {min(COLOURS, key=lambda colour: int(np.abs(middle - colour).sum())) for middle in middles}
        ages_ms = [(time.monotonic_ns() - frame.timestamp_ns) / 1e6 for frame in taken[-1:]]
        rising = all(b.timestamp_ns >= a.timestamp_ns for a, b in pairwise(taken))
        report: dict[str, object] = {
            "life": life,
            "frames": len(taken),
            "dropped": dropped,
            "format": str(taken[0].format),
        }
        report |= {
            "size": taken[0].size,
            "colours": len(seen),
            "off": off,
            "age_ms": round(ages_ms[0]),
            "rising": rising,
        }
        sys.stdout.write(f"{json.dumps(report)}\n")
        if off > FARTHEST or len(seen) < 2 or not rising or taken[0].size != (640, 480):
            faults.append(f"life {life}: {report}")
    for line in [*(f"{state.state}: {state.source} {state.detail}" for state in states), *faults]:
        sys.stdout.write(f"{line}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
