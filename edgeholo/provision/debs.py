"""The Debian packages that a card needs and a Lite image has not: fetched by this machine's own apt, for the card's processor.

Only what Debian serves. picamera2 is in Raspberry Pi's archive alone; put its .deb files into the folder's ``debs`` yourself
(docs/provisioning.md tells how), and they go onto the card like the others.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from edgeholo.errors import EdgeholoError
from edgeholo.provision.card import Release

_MISSING_IN_LITE = ("python3-systemd",)
"""Of provisioning/packages.txt, what Debian serves and Raspberry Pi OS Lite comes without; the image has their dependencies."""
_ARCHITECTURES = {"aarch64": "arm64", "x86_64": "amd64"}
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_TIMEOUT_S = 600


def debs(folder: Path, release: Release, machine: str) -> list[Path]:
    """Return the packages in the folder, after fetching those that Debian serves and that are not there.

    Raises:
        EdgeholoError: one is missing and apt cannot fetch it, or there is no apt here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    architecture = _ARCHITECTURES[machine]
    missing = [name for name in _MISSING_IN_LITE if not any(folder.glob(f"{name}_*_{architecture}.deb"))]
    if missing:
        _download(missing, folder, release, architecture)
    return sorted(file for file in folder.glob("*.deb") if file.stem.endswith((f"_{architecture}", "_all")))


def _download(names: Iterable[str], folder: Path, release: Release, architecture: str) -> None:
    archive = _archive() if shutil.which("apt-get") and _KEYRING.is_file() else None
    if archive is None:
        wanted = " ".join(f"{name}:{architecture}" for name in names)
        raise EdgeholoError(
            f"{folder} lacks {wanted} of Debian {release}, and this machine has no apt of Debian's: "
            f"put the .deb files there (docs/provisioning.md tells how)"
        )
    with tempfile.TemporaryDirectory() as scratch:
        apt = _apt(Path(scratch), archive, release, architecture)
        _run([*apt, "update"], Path(scratch))
        _run([*apt, "download", *(f"{name}:{architecture}" for name in names)], folder)


def _apt(scratch: Path, archive: str, release: Release, architecture: str) -> list[str]:
    """Return an apt-get of another release and processor, with lists of its own: the system's are not touched."""
    sources = scratch / "sources.list"
    sources.write_text(f"deb [signed-by={_KEYRING}] {archive} {release} main\n", encoding="utf-8")
    for name in ("lists/partial", "cache/archives/partial"):
        (scratch / name).mkdir(parents=True)
    (scratch / "status").touch()
    settings = {
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
        "APT::Sandbox::User": "",
        "Dir::Cache": str(scratch / "cache"),
        "Dir::Etc::SourceList": str(sources),
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": str(scratch / "lists"),
        "Dir::State::Status": str(scratch / "status"),
        "Acquire::Languages": "none",
    }
    return ["apt-get", "-q", *(part for key, value in settings.items() for part in ("-o", f"{key}={value}"))]


def _archive() -> str | None:
    """Return the archive that this machine takes Debian from, so that a mirror set up here is honoured."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(ORIGIN) $(REPO_URI)"], capture_output=True, text=True, check=False
    ).stdout
    found = [match[1] for line in listed.splitlines() if (match := re.fullmatch(r"Debian (\S+)", line))]
    return next((uri for uri in found if "security" not in uri), None)


def _run(command: list[str], folder: Path) -> None:
    try:
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise EdgeholoError(f"apt did not answer within {_TIMEOUT_S // 60} minutes") from error
    if result.returncode:
        reason = (result.stderr.strip() or f"exit code {result.returncode}").splitlines()[-1]
        raise EdgeholoError(f"apt cannot fetch Debian packages for the card: {reason}")
