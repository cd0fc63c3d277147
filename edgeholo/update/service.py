"""The services that run the current version, as their manager knows them: the daemon, which counts, and the page beside it."""

import contextlib
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from edgeholo.errors import EdgeholoError
from edgeholo.pulse import Pulse, read

UNIT = "edgeholo.service"
PAGE = "edgeholo-web.service"


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
        """Begin to start it anew, with its current unit, and the page unless it is switched off; return at once."""

    def condition(self) -> Condition:
        """Return how it is."""

    def enable(self, units: Iterable[Path]) -> None:
        """Have units start from now on that the version before did not have."""

    def page_trouble(self) -> str:
        """Return what keeps the page down; empty where it is up, or switched off."""


class Systemd:
    """The service on this machine."""

    def restart(self) -> None:
        """Begin to start it anew, with its current unit, and the page unless it is switched off; return at once.

        Raises:
            EdgeholoError: systemd does not do it.
        """
        _systemctl("daemon-reload")
        _restart(UNIT)
        if _shown(PAGE)["ActiveState"] != "inactive":
            with contextlib.suppress(EdgeholoError):
                _restart(PAGE)

    def condition(self) -> Condition:
        """Return how it is; the beat of a daemon that is gone does not count."""
        shown = _shown(UNIT)
        pulse = read()
        living = pulse is not None and shown.get("MainPID") == str(pulse.pid)
        restarts = shown.get("NRestarts", "0")
        return Condition(shown["ActiveState"], int(restarts) if restarts.isdigit() else 0, pulse if living else None)

    def enable(self, units: Iterable[Path]) -> None:
        """Have units start from now on that the version before did not have.

        Raises:
            EdgeholoError: systemd does not do it.
        """
        for unit in units:
            installs = "[Install]" in unit.read_text(encoding="utf-8")
            _systemctl(*(("enable", "--now") if installs else ("link",)), str(unit))

    def page_trouble(self) -> str:
        """Return what keeps the page down; empty where it is up, or switched off."""
        shown = _shown(PAGE)
        restarts, state = shown.get("NRestarts", "0"), shown["ActiveState"]
        if shown["LoadState"] != "loaded" or state == "inactive" or (state == "active" and restarts == "0"):
            return ""
        return f"{PAGE} is {state} after {restarts} restarts: journalctl -u edgeholo-web"


def _restart(unit: str) -> None:
    with contextlib.suppress(EdgeholoError):
        _systemctl("reset-failed", unit)  # says so where there is nothing to reset
    _systemctl("restart", "--no-block", unit)


def _shown(unit: str) -> dict[str, str]:
    """Return what systemd knows of a unit."""
    said = _systemctl("show", unit, "--property=LoadState,ActiveState,NRestarts,MainPID")
    known = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    return {"LoadState": "not-found", "ActiveState": "unknown", **known}


def _systemctl(*arguments: str) -> str:
    try:
        result = subprocess.run(["systemctl", *arguments], capture_output=True, text=True, check=False)
    except OSError as error:
        raise EdgeholoError(f"systemctl: {error.strerror}; an update needs systemd") from error
    if result.returncode:
        raise EdgeholoError(f"systemctl {arguments[0]}: {(result.stderr.strip() or 'failed').splitlines()[-1]}")
    return result.stdout
