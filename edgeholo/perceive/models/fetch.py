"""Assets of the manifest, fetched once into the cache and verified every time they are asked for."""

import logging
import re
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

from edgeholo.errors import ModelError
from edgeholo.perceive.models import cache, packages
from edgeholo.perceive.models.manifest import ASSETS, Asset, Package

_LOGGER = logging.getLogger(__name__)
_TIMEOUT_S = 30
_CHUNK = 1 << 16

Progress = Callable[[str, int, int], None]
"""Told (what is fetched, bytes done, bytes in all)."""

_NPM = re.compile(r"npm:(?P<name>(@[\w.-]+/)?[\w.-]+)@(?P<version>[\w.-]+)/(?P<member>.+)")


def _silent(_what: str, _done: int, _total: int) -> None:
    return


def fetch(name: str, progress: Progress = _silent) -> Path:
    """Return the path of a verified asset, fetched if it is missing or corrupt.

    Raises:
        ModelError: it cannot be had; the text names every way that was tried.
    """
    return fetch_all([name], progress)[name]


def fetch_all(names: Iterable[str], progress: Progress = _silent) -> dict[str, Path]:
    """Return the paths of several assets; each package is downloaded once for all it holds."""
    folder = cache.cache_folder("assets")
    assets = [ASSETS[name] for name in names]
    missing = [asset for asset in assets if not _verified(folder / asset.name, asset)]
    if missing:
        with cache.lock(folder):
            for package in dict.fromkeys(asset.package for asset in missing):
                _fetch_package(package, [a for a in missing if a.package is package], folder, progress)
    return {asset.name: folder / asset.name for asset in assets}


def state(asset: Asset) -> str:
    """Return ``ok``, ``missing`` or ``corrupt``."""
    path = cache.cache_folder("assets") / asset.name
    if not path.exists():
        return "missing"
    return "ok" if cache.sha256(path) == asset.sha256 else "corrupt"


def fetch_npm(source: str, progress: Progress = _silent) -> Path:
    """Return a file out of an npm package, named ``npm:NAME@VERSION/path/in/package``.

    Raises:
        ModelError: the name is malformed or the file cannot be had.
    """
    match = _NPM.fullmatch(source)
    if match is None:
        raise ModelError(f"{source}: expected npm:NAME@VERSION/path/in/package")
    known = next((a for a in ASSETS.values() if _npm_name(a) == source), None)
    if known is not None:
        return fetch(known.name, progress)
    folder = cache.cache_folder("npm")
    path = folder / re.sub(r"[^\w.-]", "_", source.removeprefix("npm:"))
    if not path.exists():
        package = Package("npm", match["name"], match["version"], 0)
        with cache.lock(folder), tempfile.TemporaryDirectory() as scratch:
            archive = packages.download(package, Path(scratch))
            cache.write_atomically(path, packages.extract(archive, match["member"]))
    return path


def _npm_name(asset: Asset) -> str:
    return f"npm:{asset.package.name}@{asset.package.version}/{asset.member}"


def _verified(path: Path, asset: Asset) -> bool:
    if not path.exists():
        return False
    if cache.sha256(path) == asset.sha256:
        return True
    _LOGGER.warning("%s is corrupt: fetching it again", path)
    return False


def _fetch_package(package: Package, assets: list[Asset], folder: Path, progress: Progress) -> None:
    """Fetch the assets from their package, else one by one by https."""
    assets = [asset for asset in assets if not _verified(folder / asset.name, asset)]
    if not assets:
        return
    try:
        contents = _from_package(package, assets, progress)
    except ModelError as error:
        _LOGGER.info("%s: %s; trying https", package.name, error)
        contents = {asset.name: _from_url(asset, progress, str(error)) for asset in assets}
    for asset in assets:
        cache.write_atomically(folder / asset.name, contents[asset.name])
        if cache.sha256(folder / asset.name) != asset.sha256:
            (folder / asset.name).unlink()
            raise ModelError(f"{asset.name} from {package.name} {package.version} is not the file that edgeholo knows")


def _from_package(package: Package, assets: list[Asset], progress: Progress) -> dict[str, bytes]:
    total = package.megabytes * 1_000_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        progress(package.name, 0, total)
        archive = packages.download(package, folder, lambda: progress(package.name, min(_bytes_in(folder), total), total))
        progress(package.name, total, total)
        return {asset.name: packages.extract(archive, asset.member) for asset in assets}


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _from_url(asset: Asset, progress: Progress, before: str) -> bytes:
    content = bytearray()
    try:
        with urllib.request.urlopen(asset.url, timeout=_TIMEOUT_S) as answer:
            while chunk := answer.read(_CHUNK):
                content += chunk
                progress(asset.name, len(content), asset.size)
                if len(content) > asset.size:
                    break
    except (OSError, urllib.error.URLError) as error:
        raise ModelError(
            f"cannot fetch {asset.name}: {before}; {asset.url}: {error}. Connect to the internet once, or copy the file "
            f"to {cache.cache_folder('assets')}"
        ) from error
    return bytes(content)
