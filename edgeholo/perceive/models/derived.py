"""Files made from the manifest's, kept in the cache and verified every time they are asked for."""

import errno
import hashlib
import logging
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from edgeholo.errors import ModelError
from edgeholo.perceive.models.cache import cache_folder, sha256, write_atomically
from edgeholo.perceive.models.fetch import fetch_all
from edgeholo.perceive.models.manifest import ASSETS

_LOGGER = logging.getLogger(__name__)
_NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS)


def derived(name: str, recipe: str, assets: Iterable[str], make: Callable[[dict[str, bytes]], bytes]) -> Path:
    """Return the path of a file made from assets, from the cache or made now.

    Args:
        name: of the file; a key of recipe and assets is put before its ending.
        recipe: what is done, with a number that counts up when it changes.
        assets: names of the manifest's files that it is made from.
        make: turns their contents by name into the file's.

    Raises:
        ModelError: an asset is missing or corrupt and cannot be fetched, or the disk is full.
    """
    files = fetch_all(assets)
    key = _sha256(" ".join([recipe, *(ASSETS[asset].sha256 for asset in files)]).encode())[:16]
    path = _place(Path(name).with_stem(f"{Path(name).stem}-{key}"))
    if path is not None and _whole(path):
        return path
    content = make({asset: file.read_bytes() for asset, file in files.items()})
    if path is None:
        return _in_memory(name, content)
    write_atomically(path, content)
    write_atomically(path.with_suffix(".sha256"), _sha256(content).encode())
    return path


def _place(file: Path) -> Path | None:
    """Return where the file is or will be; None where it may not be kept: the daemon's cache is the page's to read alone."""
    try:
        path = cache_folder("derived") / file
        return path if os.access(path.parent, os.W_OK | os.X_OK, effective_ids=True) or _whole(path) else None
    except (ModelError, OSError) as error:
        if getattr(error.__cause__ or error, "errno", None) in _NOT_OURS:
            return None
        raise


def _whole(path: Path) -> bool:
    digest = path.with_suffix(".sha256")
    if path.exists() and digest.exists() and sha256(path).encode() == digest.read_bytes().strip():
        return True
    if path.exists():
        _LOGGER.warning("%s is corrupt: made again", path)
    return False


def _in_memory(name: str, content: bytes) -> Path:
    """Return a path to a file that lasts as long as this process."""
    file = os.memfd_create(name)
    with os.fdopen(os.dup(file), "wb") as stream:
        stream.write(content)
    return Path(f"/proc/self/fd/{file}")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
