"""The pulse: a small file in memory that says whether frames flow and the broker is there, for whoever judges a new version."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

_LOGGER = logging.getLogger(__name__)

INTERVAL_S = 5.0
"""Between two beats: a trial of a minute sees a dozen, and the file lies in memory (/run), not on the card."""
SERVICE = Path("/run/edgeholo/pulse.json")
"""Where systemd/edgeholo.service has its beats written."""


class Pulse(msgspec.Struct, frozen=True, kw_only=True):
    """One beat.

    Attributes:
        version: of edgeholo.
        pid: of the daemon.
        frames: that came out of the line, since the start.
        closed: whether the camera is closed for privacy, so that no frame is to be expected.
        broker: whether the broker is connected.
        time_s: monotonic seconds of this machine.
    """

    version: str
    pid: int
    frames: int
    closed: bool
    broker: bool
    time_s: float


def place(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the file in the service's own folder in memory; None where no service manager has made one."""
    folder = environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    return Path(folder) / SERVICE.name if folder else None


def read(file: Path = SERVICE) -> Pulse | None:
    """Return the last beat, or None where there is none."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Pulse)
    except (OSError, msgspec.DecodeError):
        return None


class Heart:
    """Beats while the main loop goes round; silent where there is no place for it.

    Args:
        version: of edgeholo.
        file: where the beats go.
    """

    def __init__(self, version: str, file: Path | None) -> None:
        self._version = version
        self._file = file
        self._due_s = 0.0
        self._frames = 0

    def saw(self) -> None:
        """Count a frame that came out of the line."""
        self._frames += 1

    def beat(self, now_s: float, *, closed: bool, broker: bool) -> None:
        """Write a beat, if it is time for one."""
        if self._file is None or now_s < self._due_s:
            return
        self._due_s = now_s + INTERVAL_S
        pulse = Pulse(
            version=self._version, pid=os.getpid(), frames=self._frames, closed=closed, broker=broker, time_s=now_s
        )
        new = self._file.with_suffix(".new")
        try:
            new.write_bytes(msgspec.json.encode(pulse))
            new.replace(self._file)
        except OSError as error:
            _LOGGER.debug("no pulse: %s: %s", self._file, error.strerror)
