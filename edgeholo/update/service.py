"""The service that runs the current version, as its manager knows it."""

import contextlib
import subprocess
from dataclasses import dataclass
from typing import Protocol

from edgeholo.errors import EdgeholoError
from edgeholo.pulse import Pulse, read

UNIT = "edgeholo.service"


@dataclass(frozen=True, slots=True)
class Condition:
    """How the service is.

    Attributes:
        active: as systemd says it: ``active``, ``activating``, ``failed``, ...
        restarts: how often it was started again by itself.
        pulse: its last beat.
    """

    active: str
    restarts: int
    pulse: Pulse | None


class Service(Protocol):
    """What an update needs of a service."""

    def restart(self) -> None:
        """Begin to start it anew, with its current unit, and return at once."""

    def condition(self) -> Condition:
        """Return how it is."""


class Systemd:
    """The service on this machine."""

    def restart(self) -> None:
        """Begin to start it anew, with its current unit, and return at once.

        Raises:
            EdgeholoError: systemd does not do it.
        """
        _systemctl("daemon-reload")
        with contextlib.suppress(EdgeholoError):
            _systemctl("reset-failed", UNIT)  # says so where there is nothing to reset
        _systemctl("restart", "--no-block", UNIT)

    def condition(self) -> Condition:
        """Return how it is; the beat of a daemon that is gone does not count."""
        shown = dict(
            line.split("=", 1)
            for line in _systemctl("show", UNIT, "--property=ActiveState,NRestarts,MainPID").splitlines()
            if "=" in line
        )
        pulse = read()
        living = pulse is not None and shown.get("MainPID") == str(pulse.pid)
        restarts = shown.get("NRestarts", "0")
        return Condition(
            shown.get("ActiveState", "unknown"), int(restarts) if restarts.isdigit() else 0, pulse if living else None
        )


def _systemctl(*arguments: str) -> str:
    try:
        result = subprocess.run(["systemctl", *arguments], capture_output=True, text=True, check=False)
    except OSError as error:
        raise EdgeholoError(f"systemctl: {error.strerror}; an update needs systemd") from error
    if result.returncode:
        raise EdgeholoError(f"systemctl {arguments[0]}: {(result.stderr.strip() or 'failed').splitlines()[-1]}")
    return result.stdout
