"""The files in question, and how one is replaced: as a whole, with the old one beside it."""

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from edgeholo.act.location import rules_file
from edgeholo.errors import ConfigError, EdgeholoError
from edgeholo.files import write_whole
from edgeholo.settings import Settings, users_folder

SYSTEM = Path("/etc/edgeholo")
"""The configuration of a unit; systemd/edgeholo.service is given the password from there."""
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are; none of them need exist.

    Attributes:
        settings: the configuration.
        rules: the rules.
        password: the broker's password.
        authority: the certificate of the authority that signs for the broker.
        older: the broker of before the last change, with its password.
        handed_on: whether systemd hands the password to the daemon, which then needs no ``password_file``.
    """

    settings: Path
    rules: Path
    password: Path
    authority: Path
    older: Path
    handed_on: bool


def places(settings: Settings, environ: Mapping[str, str], system: Path = SYSTEM) -> Places:
    """Return where the files of a configuration are.

    Args:
        settings: as they were read.
        environ: the environment.
        system: folder of a unit's configuration.
    """
    file = settings.file or users_folder(environ) / "edgeholo.toml"
    folder = file.parent
    return Places(
        settings=file,
        rules=rules_file(settings.config.rules, settings.file, environ),
        password=folder / "mqtt_password",
        authority=folder / "broker-ca.pem",
        older=folder / "broker.before",
        handed_on=folder == system,
    )


def before(file: Path) -> Path:
    """Return where the content of a file is kept that it had before the last change."""
    return file.with_name(f"{file.name}.before")


def text_of(file: Path) -> str:
    """Return what a file holds; nothing where there is none.

    Raises:
        ConfigError: it cannot be read, or is no text.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(_LONGEST + 1)
        if len(content) > _LONGEST:
            raise ConfigError(f"{file} is longer than {_LONGEST >> 20} MB")
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file} is no text") from None


def put(file: Path, content: str | None, mode: int, *, keep: bool = False) -> None:
    """Replace a file; what is so already is left alone.

    Args:
        file: a link is followed.
        content: all of it; None removes the file.
        mode: its permissions where it is new, and always those of a secret.
        keep: whether the old content is kept beside it.

    Raises:
        EdgeholoError: it cannot be written; then it is as it was.
    """
    file = file.resolve()
    try:
        old = _bytes(file)
        if old == (None if content is None else content.encode()):
            return
        if keep and old is not None:
            write_whole(before(file), old, mode=_mode(file, mode))
        _write(file, content, mode)
    except OSError as error:
        raise EdgeholoError(f"cannot write {file}: {error.strerror}") from error


def _write(file: Path, content: str | None, mode: int) -> None:
    if content is None:
        file.unlink()
        return
    owner = _owner(file)
    write_whole(file, content.encode(), mode=_mode(file, mode))
    if owner is not None:
        with contextlib.suppress(OSError):
            os.chown(file, *owner)


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _mode(file: Path, mode: int) -> int:
    """Return the permissions that a file has; a secret's never become wider than they should be."""
    try:
        present = file.stat().st_mode & 0o777
    except OSError:
        return mode
    return mode if mode == 0o600 else present


def _owner(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_uid, status.st_gid
