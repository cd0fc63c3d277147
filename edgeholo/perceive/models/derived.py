"""Files made from the manifest's, kept in the cache and verified every time they are asked for."""

import hashlib
import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from edgeholo.perceive.models.cache import cache_folder, sha256, write_atomically
from edgeholo.perceive.models.fetch import fetch_all
from edgeholo.perceive.models.manifest import ASSETS

_LOGGER = logging.getLogger(__name__)


def derived(name: str, recipe: str, assets: Iterable[str], make: Callable[[dict[str, bytes]], bytes]) -> Path:
    """Return the path of a file made from assets, from the cache or made now.

    Args:
        name: of the file; a key of recipe and assets is put before its ending.
        recipe: what is done, with a number that counts up when it changes.
        assets: names of the manifest's files that it is made from.
        make: turns their contents by name into the file's.

    Raises:
        ModelError: an asset is missing or corrupt and cannot be fetched, or the cache cannot be used.
    """
    files = fetch_all(assets)
    key = _sha256(" ".join([recipe, *(ASSETS[asset].sha256 for asset in files)]).encode())[:16]
    path = (cache_folder("derived") / name).with_stem(f"{Path(name).stem}-{key}")
    digest = path.with_suffix(".sha256")
    if path.exists() and digest.exists() and sha256(path).encode() == digest.read_bytes().strip():
        return path
    if path.exists():
        _LOGGER.warning("%s is corrupt: made again", path)
    content = make({asset: file.read_bytes() for asset, file in files.items()})
    write_atomically(path, content)
    write_atomically(digest, _sha256(content).encode())
    return path


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
