"""The versions on this machine: a folder each, and two links that say which one counts.

``current`` is what the service runs. ``trusted`` is the last one that passed its trial: it runs whatever judges the other.
"""

import os
import shutil
from pathlib import Path

import msgspec

from edgeholo.errors import EdgeholoError
from edgeholo.files import write_whole

HOME = Path("/opt/edgeholo")
_COMPLETE = "complete"
"""The file that provisioning/install.sh writes last."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A version on trial, written down before it is begun: whenever the power goes, somebody knows.

    Attributes:
        version: on trial, the name of its folder.
        frames: whether frames flowed before.
        broker: whether the broker was reached before.
    """

    version: str
    frames: bool
    broker: bool


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What the updater says of itself, for the daemon to tell the house.

    Attributes:
        latest: newest version of the source, as far as it was looked at; empty otherwise.
        in_progress: whether a version is being installed or is on trial.
        refused: version that did not pass its trial, and why; empty otherwise.
        error: why the last attempt failed otherwise.
    """

    latest: str = ""
    in_progress: bool = False
    refused: str = ""
    reason: str = ""
    error: str = ""


class Versions:
    """The folder of the versions.

    Args:
        home: /opt/edgeholo, or another one for a test.
    """

    def __init__(self, home: Path = HOME) -> None:
        self.home = home
        self.trial_file = home / "trial.json"
        self._report_file = home / "update.json"

    @property
    def current(self) -> str:
        """The version that the service runs.

        Raises:
            EdgeholoError: edgeholo is not installed here by install.sh.
        """
        return self._target("current")

    @property
    def trusted(self) -> str:
        """The last version that passed its trial."""
        return self._target("trusted")

    def is_complete(self, version: str) -> bool:
        """Return whether all of a version is there."""
        return (self.home / "versions" / version / _COMPLETE).exists()

    def run(self, version: str) -> None:
        """Have the service run a version from its next start on."""
        self._point("current", version)

    def trust(self, version: str) -> None:
        """Take a version for good."""
        self._point("trusted", version)

    def new_units(self) -> list[Path]:
        """Return the units that the current version has and the trusted one has not, by the links that lead to them."""
        before, now = (
            {file.name for file in (self.home / link / "systemd").glob("*.*")} for link in ("trusted", "current")
        )
        return [self.home / "current" / "systemd" / name for name in sorted(now - before) if not name.endswith(".conf")]

    def prune(self) -> None:
        """Delete all versions but those that count."""
        keep = {self.current, self.trusted}
        for folder in (self.home / "versions").iterdir():
            if folder.name not in keep:
                # Its stamp goes first: what is left of it, should the power go now, is no version.
                (folder / _COMPLETE).unlink(missing_ok=True)
                shutil.rmtree(folder)

    def begin(self, trial: Trial) -> None:
        """Write a trial down."""
        write_whole(self.trial_file, msgspec.json.encode(trial))

    def trial(self) -> Trial | None:
        """Return the trial that was begun and not ended."""
        try:
            return msgspec.json.decode(self.trial_file.read_bytes(), type=Trial)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError:
            # Nobody knows what was asked of it: it must do all.
            return Trial(version=self.current, frames=True, broker=True)

    def end(self) -> None:
        """Strike the trial out."""
        self.trial_file.unlink(missing_ok=True)
        _sync(self.home)

    def report(self) -> Report:
        """Return what the updater said last."""
        return read_report(self._report_file)

    def say(self, report: Report) -> None:
        """Write a report, readable for the daemon."""
        write_whole(self._report_file, msgspec.json.encode(report))
        self._report_file.chmod(0o644)

    def _target(self, link: str) -> str:
        try:
            return (self.home / link).readlink().name
        except OSError as error:
            raise EdgeholoError(
                f"{self.home / link}: {error.strerror}; only what provisioning/install.sh has installed can be updated"
            ) from error

    def _point(self, link: str, version: str) -> None:
        """Point a link somewhere else, at once: a power cut leaves the old or the new one."""
        new = self.home / f"{link}.new"
        new.unlink(missing_ok=True)
        new.symlink_to(Path("versions") / version)
        new.replace(self.home / link)
        _sync(self.home)


def read_report(file: Path) -> Report:
    """Return what the updater said last; nothing where it never spoke."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Report)
    except (OSError, msgspec.DecodeError):
        return Report()


def number(version: str) -> str:
    """Return the number of a version's folder: ``0.2.0`` of ``0.2.0-1a2b3c4d``."""
    return version.partition("-")[0]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
