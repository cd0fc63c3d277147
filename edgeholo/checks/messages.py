"""What libcamera, picamera2 and the kernel say of a camera that does not work, and what it means.

The texts are those of libcamera 0.2 to 0.5, of Linux 6.1 to 6.12 on Raspberry Pi OS, and of OpenCV's V4L2.
"""

import re
from collections.abc import Iterable

_LIBRARY = (
    (r"Pipeline handler in use by another process|[Dd]evice or resource busy|failed to acquire camera", "camera-busy"),
    (r"Camera frontend has timed out|Dequeue timer of \S+ has expired|Device timeout detected", "camera-timeout"),
    (r"Could not open any dma|[Pp]ermission denied|no permission", "camera-permission"),
    (r"picamera2 cannot be loaded", "camera-library"),
)
"""libcamera's own lines and those of our openers; the first that fits."""
_SENSOR = r"(?P<sensor>(?:imx|ov|gc|arducam)\w*)"
_KERNEL = (
    (rf"{_SENSOR} \S+: chip id mismatch", "camera-overlay"),
    (rf"{_SENSOR}[ :].*(?:failed to read chip id|(?:error|reg \S+) ?:? ?-(?:121|5)\b)", "camera-ribbon"),
)
"""A sensor that does not answer on I2C: -121 is EREMOTEIO, -5 EIO."""


def from_library(text: str) -> tuple[str, str] | None:
    """Return code and line of the first message that tells why a camera does not work."""
    for pattern, code in _LIBRARY:
        for line in text.splitlines():
            if re.search(pattern, line):
                return code, _bare(line)
    return None


def from_kernel(lines: Iterable[str]) -> tuple[str, str] | None:
    """Return code and line of the newest message of a sensor that does not answer.

    Boards with two sockets log such a line for the one that is empty: it means something only where no camera works.
    """
    for line in reversed(list(lines)):
        for pattern, code in _KERNEL:
            if re.search(pattern, line):
                return code, _bare(line)
    return None


def _bare(line: str) -> str:
    """Return a line without its time."""
    return re.sub(r"^(\[[^\]]*\]\s*)+", "", line).strip()
