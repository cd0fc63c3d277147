"""This version of edgeholo as one archive for the card: what provisioning/install.sh installs from."""

import gzip
import io
import tarfile
from pathlib import Path

from edgeholo.errors import EdgeholoError

_PARTS = (
    "edgeholo",
    "provisioning",
    "systemd",
    "pyproject.toml",
    "requirements.lock",
    "README.md",
    "LICENSE",
    "NOTICE",
)
_LEFT_OUT = ("__pycache__", "*.pyc", "*.new", ".*")


def root() -> Path:
    """Return the clone that this program runs from.

    Raises:
        EdgeholoError: it runs from something else, which has no installer in it.
    """
    folder = Path(__file__).resolve().parents[2]
    absent = [part for part in _PARTS if not (folder / part).exists()]
    if absent:
        raise EdgeholoError(
            f"provision runs from a clone of edgeholo, for the card gets all of it: no {absent[0]} in {folder}"
        )
    return folder


def archive(folder: Path) -> bytes:
    """Return a .tar.gz that is the same for the same files: no times, no owners, sorted."""
    content = io.BytesIO()
    with gzip.GzipFile(fileobj=content, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
        for file in sorted(_files(folder)):
            entry = tarfile.TarInfo(file.relative_to(folder).as_posix())
            entry.size = file.stat().st_size
            entry.mode = 0o755 if file.suffix == ".sh" else 0o644
            with file.open("rb") as stream:
                tar.addfile(entry, stream)
    return content.getvalue()


def _files(folder: Path) -> list[Path]:
    wholes = [folder / part for part in _PARTS]
    files = [file for whole in wholes for file in (whole.rglob("*") if whole.is_dir() else [whole])]
    return [
        file
        for file in files
        if file.is_file()
        and not any(Path(part).match(left) for part in file.relative_to(folder).parts for left in _LEFT_OUT)
    ]
