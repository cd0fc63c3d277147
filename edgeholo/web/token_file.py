"""Where the hash of the page's token is kept, and where it is found."""

import os
from collections.abc import Mapping
from pathlib import Path

from edgeholo.config import Web
from edgeholo.errors import ConfigError
from edgeholo.files import write_whole
from edgeholo.page import TOKEN
from edgeholo.provision.token import Token
from edgeholo.settings import users_folder

CREDENTIAL = "page-token"
"""systemd's ``LoadCredential=page-token:/path`` puts the file of this name into $CREDENTIALS_DIRECTORY."""


def place(options: Web, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the file that a new token is written to: root's is the service's."""
    if options.token_file:
        return Path(options.token_file)
    if os.geteuid() == 0:
        return TOKEN
    return users_folder(environ) / TOKEN.name


def find(options: Web, environ: Mapping[str, str] = os.environ) -> Token | None:
    """Return the token that opens the page, or None where it needs none.

    Raises:
        ConfigError: a token is meant, but cannot be read.
    """
    folder = environ.get("CREDENTIALS_DIRECTORY")
    credential = Path(folder) / CREDENTIAL if folder else None
    if options.token_file:
        return _read(Path(options.token_file))
    # Our own unit sets an empty one, for systemd refuses to start with none.
    if credential and credential.is_file() and credential.read_bytes().strip():
        return _read(credential)
    own = place(options, environ)
    return _read(own) if own.is_file() else None


def write(path: Path) -> str:
    """Make a new token, keep its hash, and return the text that nobody can read anywhere again.

    Raises:
        ConfigError: the file cannot be written.
    """
    token = Token.new()
    try:
        write_whole(path, f"{token.hashed}\n".encode(), mode=0o600)
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}; name another one with web.token_file") from error
    return token.text or ""


def _read(path: Path) -> Token:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigError(f"the page's token {path} cannot be read: {reason}") from error
    token = Token.stored(text)
    if token is None:
        raise ConfigError(f"{path} holds no token's hash; edgeholo web --new-token writes one")
    return token
