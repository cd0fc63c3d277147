"""The update: fetched, put beside the old version, switched to, judged, and kept or taken back."""

import contextlib
import logging
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from edgeholo.errors import EdgeholoError
from edgeholo.update import releases
from edgeholo.update.service import Service
from edgeholo.update.trial import Time, expectations, judge
from edgeholo.update.versions import Report, Trial, Versions, number

_LOGGER = logging.getLogger(__name__)
_BUILD_S = 3000
"""A venv on a slow card and a slow line; edgeholo-update.service gives an hour for all."""

Builder = Callable[[Path, Path | None], str]
"""Makes a version of an unpacked release, with a folder of wheels or from the network, and returns its name."""


class RefusedError(EdgeholoError):
    """A version did not pass its trial; the old one runs again."""


class Updater:
    """Brings new versions onto this machine. One at a time: the caller holds the lock.

    Args:
        versions: that are here.
        service: that runs one of them.
        time: for the trial.
        build: puts a version beside the others.
        source: returns ``update.source``; asked only where it is needed, for a wrong configuration must not keep a trial open.
    """

    def __init__(
        self, versions: Versions, service: Service, time: Time, build: Builder, source: Callable[[], str]
    ) -> None:
        self._versions = versions
        self._service = service
        self._time = time
        self._build = build
        self._source = source

    def check(self) -> str:
        """Return the newest version of the source, and have the house told.

        Raises:
            EdgeholoError: the source cannot be read.
        """
        latest = releases.chosen(self._source(), "").version
        self._say(latest=latest)
        return latest

    def to_release(self, version: str) -> str:
        """Go to a version of the source, the newest for an empty one; return its folder's name.

        Raises:
            RefusedError: it did not pass its trial.
            EdgeholoError: it cannot be had or put here; nothing has changed.
        """
        source = self._source()
        release = releases.chosen(source, version)
        newest = releases.chosen(source, "").version
        current = number(self._versions.current)
        if not version and releases.key(release.version) <= releases.key(current):
            self._say(latest=newest)
            _LOGGER.info("%s is the newest version", current)
            return self._versions.current
        self._say(latest=newest, in_progress=True)
        with self._told():
            return self._install(lambda folder: releases.fetch(source, release, folder), _wheels(Path(source)))

    def to_file(self, file: Path) -> str:
        """Go to the version in a file; return its folder's name.

        Raises:
            RefusedError: it did not pass its trial.
            EdgeholoError: it cannot be put here; nothing has changed.
        """
        self._say(in_progress=True)
        with self._told():
            return self._install(lambda folder: releases.brought(file, folder), _wheels(file.parent))

    def finish(self) -> None:
        """End a trial that was interrupted, by a power cut or by somebody who had no time.

        Raises:
            RefusedError: the version did not pass.
        """
        trial = self._versions.trial()
        if trial is None:
            return
        _LOGGER.info("%s is still on trial", trial.version)
        with self._told():
            if self._versions.current != trial.version:
                self._go_back(trial, "the way back was interrupted")
            self._judge(trial)

    def _install(self, bring: Callable[[Path], Path], wheels: Path | None) -> str:
        with tempfile.TemporaryDirectory(prefix="edgeholo-update-") as scratch:
            archive = bring(Path(scratch))
            _LOGGER.info(
                "putting %s beside %s, which takes some minutes on a small board", archive.name, self._versions.current
            )
            version = self._build(_unpacked(archive, Path(scratch) / "project"), wheels)
        if not self._versions.is_complete(version):
            raise EdgeholoError(f"{archive.name} did not become a version")
        if version == self._versions.current:
            _LOGGER.info("%s runs already", version)
            return version
        self._try(version)
        return version

    def _try(self, version: str) -> None:
        """Switch to a version, and judge it; whatever happens meanwhile, the trial is written down first."""
        trial = expectations(version, self._service.condition())
        self._versions.begin(trial)
        try:
            self._versions.run(version)
            _LOGGER.info("%s is on trial for a minute", version)
            self._service.restart()
            self._judge(trial)
        except RefusedError:
            raise
        except BaseException:
            self._return()
            raise

    def _judge(self, trial: Trial) -> None:
        if reason := judge(trial, self._service, self._time):
            self._go_back(trial, reason)
        trouble = self._beside()
        self._versions.trust(trial.version)
        self._versions.end()
        self._versions.prune()
        self._say(error=trouble and f"{number(trial.version)} runs, but its page does not come up: {trouble}")
        _LOGGER.info("%s has passed its trial", trial.version)
        if trouble:
            _LOGGER.warning("its page does not come up: %s", trouble)

    def _beside(self) -> str:
        """Look after what runs beside the daemon, and return what is wrong with it: no reason to take a good daemon back."""
        try:
            self._service.enable(self._versions.new_units())
            return self._service.page_trouble()
        except (EdgeholoError, OSError) as error:
            return str(error)

    def _go_back(self, trial: Trial, reason: str) -> None:
        self._return()
        self._say(refused=number(trial.version), reason=reason)
        raise RefusedError(f"{trial.version} was taken back: {reason}; {self._versions.current} runs again")

    def _return(self) -> None:
        """Run the trusted version again."""
        self._versions.run(self._versions.trusted)
        self._service.restart()
        self._versions.end()
        self._versions.prune()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Have the house told of an end, whatever it is."""
        try:
            yield
        except RefusedError:
            raise
        except EdgeholoError as error:
            self._say(error=str(error))
            raise
        finally:
            report = self._versions.report()
            if report.in_progress:
                self._versions.say(Report(latest=report.latest))

    def _say(
        self, *, latest: str = "", in_progress: bool = False, refused: str = "", reason: str = "", error: str = ""
    ) -> None:
        """Write a report; the newest version stays known."""
        known = latest or self._versions.report().latest
        self._versions.say(Report(latest=known, in_progress=in_progress, refused=refused, reason=reason, error=error))


def install_script(project: Path, wheels: Path | None) -> str:
    """Run a release's own installer, which puts it beside the version that runs.

    Raises:
        EdgeholoError: it failed; the text is its last line.
    """
    command = [str(project / "provisioning" / "install.sh"), "--beside"]
    if wheels is not None:
        command += ["--offline", str(wheels)]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_BUILD_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EdgeholoError(f"the release's installer: {error}") from error
    if result.returncode:
        lines = result.stderr.strip().splitlines() or [f"exit code {result.returncode}"]
        raise EdgeholoError(f"the release's installer: {lines[-1].removeprefix('edgeholo: ')}")
    return result.stdout.strip()


def _unpacked(archive: Path, folder: Path) -> Path:
    """Return the project in a release: the one folder inside."""
    folder.mkdir()
    result = subprocess.run(
        ["tar", "--extract", "--gzip", "--no-same-owner", "--file", str(archive), "--directory", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise EdgeholoError(f"{archive.name} is no release: {result.stderr.strip().splitlines()[-1]}")
    inside = list(folder.iterdir())
    if len(inside) != 1 or not (inside[0] / "provisioning" / "install.sh").is_file():
        raise EdgeholoError(f"{archive.name} is no release: it holds no provisioning/install.sh")
    return inside[0]


def _wheels(folder: Path) -> Path | None:
    """Return a release's own folder where it brings the wheels along, for a machine without internet."""
    return folder if folder.is_absolute() and (folder / "wheels").is_dir() else None
