"""The folder of fetched and built files: where it is, and how a file gets into it whole or not at all."""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from edgeholo.errors import ModelError
from edgeholo.files import write_whole

_READABLE = 0o644
"""Models fetched by root are read by the service, whatever root's umask is."""


def cache_folder(name: str) -> Path:
    """Return a folder of the cache, made if need be.

    The cache is ``$EDGEHOLO_CACHE``, else what systemd gives (``$CACHE_DIRECTORY``), else ``edgeholo`` in the user's cache.

    Raises:
        ModelError: it cannot be made, or nothing says where it is to be.
    """
    given = os.environ.get("EDGEHOLO_CACHE") or os.environ.get("CACHE_DIRECTORY")
    root = Path(given) if given else _of_the_user() / "edgeholo"
    try:
        (root / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(
            f"cannot make the cache {root / name}: {error.strerror}; set EDGEHOLO_CACHE to a folder"
        ) from error
    return root / name


def _of_the_user() -> Path:
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"])
    try:
        return Path.home() / ".cache"
    except RuntimeError as error:
        raise ModelError("no place for the models: this user has no home; set EDGEHOLO_CACHE to a folder") from error


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a power cut leaves the old one or the new one.

    Raises:
        ModelError: the disk is full or the folder is not ours.
    """
    try:
        write_whole(path, content, mode=_READABLE)
    except OSError as error:
        raise ModelError(f"cannot write {path}: {error.strerror}; free some space or set EDGEHOLO_CACHE") from error


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Keep two processes from fetching the same files at once."""
    try:
        file = (folder / ".lock").open("w")
    except OSError as error:
        raise ModelError(
            f"cannot write to {folder}: {error.strerror}; set EDGEHOLO_CACHE to a folder of your own"
        ) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def sha256(path: Path) -> str:
    """Return the hexadecimal digest of a file's content.

    Raises:
        ModelError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}; delete it, or set EDGEHOLO_CACHE") from error
