"""Where new versions come from: a folder or a web address with ``releases.json``, or one file somebody brought.

A release is a gzipped tar file of the project; its sha256 is what makes it the one that was meant. Who can write to the source
can say what runs here: an https address that is yours, or a folder on this machine.
"""

import hashlib
import re
import urllib.error
import urllib.request
from pathlib import Path

import msgspec

from edgeholo.errors import ConfigError, EdgeholoError

INDEX = "releases.json"
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){2}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_INDEX_MAX = 1 << 20
_RELEASE_MAX = 200 << 20
"""Bytes: the project without wheels has one megabyte; with them it has a hundred."""
_TIMEOUT_S = 30.0


class Release(msgspec.Struct, frozen=True):
    """One entry of ``releases.json``.

    Attributes:
        version: three numbers.
        file: name beside the index.
        sha256: of the file, hexadecimal.
    """

    version: str
    file: str
    sha256: str


class _Index(msgspec.Struct, frozen=True):
    releases: list[Release]


def is_version(text: str) -> bool:
    """Return whether a text is the number of a version, and nothing else."""
    return _VERSION.fullmatch(text) is not None


def key(version: str) -> tuple[int, ...]:
    """Return what versions are ordered by."""
    return tuple(int(part) for part in version.split("."))


def listed(source: str) -> list[Release]:
    """Return the releases of a source, the newest last.

    Raises:
        ConfigError: no source is configured, or it is neither a folder nor an https address.
        EdgeholoError: it cannot be read, or lists what is none.
    """
    content = _fetched(source, INDEX, _INDEX_MAX)
    try:
        releases = msgspec.json.decode(content, type=_Index).releases
    except msgspec.DecodeError as error:
        raise EdgeholoError(f"{source}/{INDEX}: {error}") from error
    for release in releases:
        if not (is_version(release.version) and _FILE.fullmatch(release.file)):
            raise EdgeholoError(f"{source}/{INDEX}: {release.version!r} in {release.file!r} is no release")
    return sorted(releases, key=lambda release: key(release.version))


def chosen(source: str, version: str) -> Release:
    """Return one release of a source, the newest for an empty version.

    Raises:
        EdgeholoError: there is none.
    """
    releases = [release for release in listed(source) if version in ("", release.version)]
    if not releases:
        raise EdgeholoError(f"{source} has no version {version}".rstrip() if version else f"{source} has no version")
    return releases[-1]


def fetch(source: str, release: Release, folder: Path) -> Path:
    """Bring a release into a folder.

    Raises:
        EdgeholoError: it cannot be had, or is not the one that the index means.
    """
    content = _fetched(source, release.file, _RELEASE_MAX)
    return _checked(content, release.sha256, folder / release.file)


def brought(file: Path, folder: Path) -> Path:
    """Bring a file into a folder that somebody names, with its digest beside it (``sha256sum FILE > FILE.sha256``).

    Raises:
        EdgeholoError: one of both is missing, or they do not belong together.
    """
    beside = file.with_name(f"{file.name}.sha256")
    try:
        words = beside.read_text(encoding="utf-8").split()
        content = file.read_bytes()
    except OSError as error:
        raise EdgeholoError(f"{error.filename}: {error.strerror}; a release comes with its digest") from error
    return _checked(content, words[0] if words else "", folder / file.name)


def _fetched(source: str, name: str, most: int) -> bytes:
    """Return a file of a source."""
    if not source:
        raise ConfigError("update.source is empty: name a folder or an https address there, or give a release's file")
    try:
        if source.startswith("https://"):
            with urllib.request.urlopen(f"{source.rstrip('/')}/{name}", timeout=_TIMEOUT_S) as answer:  # noqa: S310 - https only
                content: bytes = answer.read(most + 1)
        elif Path(source).is_absolute():
            content = (Path(source) / name).read_bytes()
        else:
            raise ConfigError(f"update.source: {source} is neither a folder's absolute path nor an https address")
    except urllib.error.URLError as error:
        raise EdgeholoError(f"{source}/{name}: {error.reason}") from error
    except OSError as error:
        raise EdgeholoError(f"{source}/{name}: {error.strerror or error}") from error
    if len(content) > most:
        raise EdgeholoError(f"{source}/{name}: more than {most >> 20} MB are no release")
    return content


def _checked(content: bytes, sha256: str, place: Path) -> Path:
    found = hashlib.sha256(content).hexdigest()
    if found != sha256.lower():
        raise EdgeholoError(f"{place.name} is not what was meant: sha256 {found} instead of {sha256 or 'nothing'}")
    place.write_bytes(content)
    return place
