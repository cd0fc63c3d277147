"""What the board tells of itself: how hot it is, and what a Raspberry Pi's firmware complains of."""

import contextlib
import shutil
import subprocess
from pathlib import Path

UNDER_VOLTAGE, THROTTLED = 0x1, 0x4
"""Bits of the firmware's get_throttled: at this moment."""
UNDER_VOLTAGE_BEFORE, THROTTLED_BEFORE = 0x10000, 0x40000
"""The same, since the board started."""
_PROCESSOR = ("cpu", "soc", "x86_pkg")
"""How the thermal zone of the processor is called: cpu-thermal on a Raspberry Pi."""
_FIRMWARE = "sys/devices/platform/soc*/*firmware/get_throttled"
_HWMON = "sys/class/hwmon/hwmon*/name"
_TOOL = "vcgencmd"
_PATIENCE_S = 2.0
"""The firmware answers within milliseconds or never."""


class Board:
    """The board under us; a figure that it does not tell is None.

    Args:
        root: of the file system.
    """

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        self._tool = shutil.which(_TOOL) if self.model().startswith("Raspberry Pi") else None

    def model(self) -> str:
        """Return what the board is called; empty where it has no name."""
        try:
            return (self._root / "proc/device-tree/model").read_text(encoding="utf-8").rstrip("\0\n")
        except OSError:
            return ""

    def temperature_c(self) -> float | None:
        """Return the processor's temperature in degrees Celsius."""
        zones = sorted((self._root / "sys/class/thermal").glob("thermal_zone*"))
        own = [zone for zone in zones if _text(zone / "type").startswith(_PROCESSOR)]
        for zone in own or zones:
            with contextlib.suppress(ValueError):
                return round(int(_text(zone / "temp")) / 1000, 1)
        return None

    def throttled(self) -> int | None:
        """Return the firmware's bits as ``vcgencmd get_throttled`` has them, from whoever tells them here.

        The kernel's file has all of them but is deprecated; the firmware's own program needs /dev/vcio, which a hardened service
        has not; the voltage monitor knows of under-voltage only (Linux, drivers/hwmon/raspberrypi-hwmon.c).
        """
        for file in self._root.glob(_FIRMWARE):
            with contextlib.suppress(ValueError):
                return int(_text(file), 16)
        bits = self._asked()
        return self._alarm() if bits is None else bits

    def _asked(self) -> int | None:
        """Return what the firmware's program says; one that cannot say is not asked again."""
        if self._tool is None:
            return None
        try:
            said = subprocess.run(
                [self._tool, "get_throttled"], capture_output=True, text=True, timeout=_PATIENCE_S, check=True
            )
            return int(said.stdout.strip().removeprefix("throttled="), 16)
        except (OSError, ValueError, subprocess.SubprocessError):
            self._tool = None
            return None

    def _alarm(self) -> int | None:
        for name in self._root.glob(_HWMON):
            if _text(name) == "rpi_volt":
                return UNDER_VOLTAGE if _text(name.with_name("in0_lcrit_alarm")) == "1" else 0
        return None


def _text(file: Path) -> str:
    """Return what stands in a file, without the line's end; nothing where it cannot be read."""
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
