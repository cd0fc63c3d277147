"""All that a card needs to set itself up without a network: wheels for its Python and processor, and Debian packages.

Everything is the lock's: pip checks each wheel's hash when it is fetched, and again on the card when it is installed.
"""

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from edgeholo.errors import EdgeholoError
from edgeholo.provision.card import PYTHON, Release

FOLDER = "edgeholo/offline"
"""Below the boot partition; install.sh --offline reads it."""

_LEVELS = ("2014", "_2_17", "_2_24", "_2_26", "_2_27", "_2_28", "_2_31", "_2_34", "_2_35")
"""manylinux levels up to bookworm's C library, 2.36; pip takes a wheel of a level that is named, and of no lower one."""
_LEVELS_OF_TRIXIE = ("_2_38", "_2_39", "_2_41")
"""Those that trixie's C library, 2.41, adds."""
_PACKAGES = "provisioning/python-packages.txt"
_TIMEOUT_S = 1800


def wheels(project: Path, folder: Path, release: Release, machine: str) -> list[Path]:
    """Return the wheels of what the daemon needs, fetched by pip where they are not in the folder yet.

    Args:
        project: the clone, whose lock says what is needed.
        folder: kept from one card to the next.
        release: of the card's system.
        machine: ``aarch64``, or ``x86_64``.

    Raises:
        EdgeholoError: pip cannot have one of them, or it is another file than the lock knows.
    """
    lock = _locked(project)
    folder.mkdir(parents=True, exist_ok=True)
    if not _complete(lock, folder, release, machine):
        _download(lock, folder, release, machine)
    found = [wheel for name in lock for wheel in _of(name, lock[name], folder, release, machine)]
    return sorted(found)


def _locked(project: Path) -> dict[str, str]:
    """Return the lock's blocks of what an appliance needs, by name."""
    table = (project / _PACKAGES).read_text(encoding="utf-8")
    wanted = set(re.findall(r"^([a-z0-9-]+) always$", table, re.MULTILINE))
    blocks = re.split(
        r"^(?=[a-z0-9-]+==)", (project / "requirements.lock").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    return {name: block for block in blocks if (name := block.partition("==")[0]) in wanted}


def _complete(lock: Mapping[str, str], folder: Path, release: Release, machine: str) -> bool:
    return all(any(_of(name, block, folder, release, machine)) for name, block in lock.items())


def _of(name: str, block: str, folder: Path, release: Release, machine: str) -> Iterator[Path]:
    """Yield the wheels of a package that fit this card and are what the lock says."""
    tag = "cp" + PYTHON[release].replace(".", "")
    for wheel in folder.glob(f"{name.replace('-', '_')}-*.whl"):
        python, abi, platform = wheel.stem.split("-")[-3:]
        fits = (abi in (tag, "abi3") and tag_of(python) <= tag_of(tag)) or (abi == "none" and python.startswith("py"))
        if fits and (platform == "any" or platform.endswith(machine)) and _sha256(wheel) in block:
            yield wheel
            return


def tag_of(python: str) -> tuple[int, int]:
    """Return the version in a wheel's Python tag: ``cp310`` is (3, 10), ``cp37.cp38`` is (3, 7)."""
    match = re.match(r"[a-z]+(\d)(\d*)", python)
    return (int(match[1]), int(match[2] or 0)) if match else (99, 0)


def unpack(found: Iterable[Path], folder: Path, release: Release, machine: str) -> None:
    """Unpack wheels as pip does it on the card, for install.sh to copy: under emulation pip itself takes too long.

    Args:
        found: what ``wheels`` returned, so that their hashes are looked at already.
        folder: becomes the card's site-packages.
        release: of the card's system.
        machine: ``aarch64``, or ``x86_64``.

    Raises:
        EdgeholoError: pip takes one of them for another machine's.
    """
    command = ["install", "--no-index", "--no-compile", "--target", str(folder)]
    _pip([*command, *_fitting(release, machine), *map(str, found)], "unpack")


def _download(lock: Mapping[str, str], folder: Path, release: Release, machine: str) -> None:
    requirements = folder / "requirements.txt"
    requirements.write_text("".join(lock.values()), encoding="utf-8")
    command = ["download", "--require-hashes", "--dest", str(folder), *_fitting(release, machine)]
    try:
        _pip([*command, "-r", str(requirements)], "fetch")
    finally:
        requirements.unlink()


def _fitting(release: Release, machine: str) -> list[str]:
    """Return pip's options for another machine than this one."""
    version = PYTHON[release]
    levels = (*_LEVELS, *(_LEVELS_OF_TRIXIE if release == "trixie" else ()))
    options = ["--no-deps", "--only-binary=:all:", "--python-version", version]
    options += ["--implementation", "cp", "--abi", f"cp{version.replace('.', '')}", "--abi", "abi3", "--abi", "none"]
    return options + [f"--platform=manylinux{level}_{machine}" for level in levels]


def _pip(arguments: list[str], verb: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", *arguments]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise EdgeholoError(f"pip did not finish the wheels for the card within {_TIMEOUT_S // 60} minutes") from error
    if result.returncode:
        reason = (result.stderr.strip() or f"exit code {result.returncode}").splitlines()[-1]
        raise EdgeholoError(f"pip cannot {verb} the wheels for the card: {reason}")


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
