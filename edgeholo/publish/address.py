"""Where the broker is and who we are to it: the URL, the password from wherever it is kept, the TLS context."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from edgeholo import config
from edgeholo.errors import ConfigError

PASSWORD_VARIABLE = "EDGEHOLO_MQTT_PASSWORD"  # noqa: S105 - the name of the variable, not a password
CREDENTIAL = "mqtt-password"
"""systemd's ``LoadCredential=mqtt-password:/path`` puts the file of this name into $CREDENTIALS_DIRECTORY."""

# Scheme: transport, TLS, default port.
_SCHEMES: dict[str, tuple[Literal["tcp", "websockets"], bool, int]] = {
    "mqtt": ("tcp", False, 1883),
    "mqtts": ("tcp", True, 8883),
    "ws": ("websockets", False, 80),
    "wss": ("websockets", True, 443),
}


@dataclass(frozen=True, slots=True)
class Address:
    """Everything a connection needs; it prints without the password.

    Attributes:
        scheme: mqtt, mqtts, ws or wss.
        host: name or IP address.
        port: TCP port.
        path: of a WebSocket.
        username: None for an anonymous client.
        password: None where the broker asks for none.
        tls: the context for mqtts and wss, else None.
    """

    scheme: str
    host: str
    port: int
    path: str = "/mqtt"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False, compare=False)

    @property
    def transport(self) -> Literal["tcp", "websockets"]:
        """What carries MQTT."""
        return _SCHEMES[self.scheme][0]

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        user = f"{self.username}@" if self.username else ""
        return f"{self.scheme}://{user}{host}:{self.port}{self.path if self.transport == 'websockets' else ''}"


def parse(options: config.Broker, environment: Mapping[str, str] = os.environ) -> Address:
    """Return the address that the options mean.

    The password is taken from the first of: ``password_file``, $EDGEHOLO_MQTT_PASSWORD, the systemd credential, the URL.

    Raises:
        ConfigError: the URL, a file it needs, or the combination makes no sense; the text never holds a password.
    """
    url = _split(options.url)
    _transport, tls, default_port = _SCHEMES[url.scheme]
    username = options.username or unquote(url.username or "") or None
    if not username and (options.password_file or url.password):
        raise ConfigError(
            "broker: a password but no user: set broker.username, or write mqtt://user@host into broker.url"
        )
    return Address(
        scheme=url.scheme,
        host=url.hostname or "",
        port=_port(url) or default_port,
        path=url.path if url.path not in ("", "/") else "/mqtt",
        username=username,
        password=_password(options, url, environment) if username else None,
        tls=_context(options) if tls else None,
    )


def shown(url: str) -> str:
    """Return a broker URL fit for a screen or a log: without the password."""
    head, at, host = url.rpartition("@")
    scheme, slashes, credentials = head.rpartition("://")
    return f"{scheme}{slashes}{credentials.partition(':')[0]}{at}{host}"


def _split(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
    except ValueError as error:
        raise ConfigError(f"broker.url {shown(text)!r}: {error}") from error
    if url.scheme not in _SCHEMES or not url.hostname:
        raise ConfigError(
            f"broker.url {shown(text)!r} is no broker: write mqtt://host:1883, mqtts://, ws://, wss://, embedded or none"
        )
    if len(max(url.hostname.split("."), key=len)) > 63:  # the longest label DNS knows
        raise ConfigError(f"broker.url {shown(text)!r}: a part of the host name is longer than 63 letters")
    return url


def _port(url: SplitResult) -> int | None:
    try:
        port = url.port
    except ValueError:
        port = 0
    if port == 0:
        raise ConfigError(f"broker.url {shown(url.geturl())!r}: the port must be a number from 1 to 65535")
    return port


def _password(options: config.Broker, url: SplitResult, environment: Mapping[str, str]) -> str | None:
    if options.password_file:
        return _read_password(Path(options.password_file), "broker.password_file")
    if environment.get(PASSWORD_VARIABLE):
        return environment[PASSWORD_VARIABLE]
    folder = environment.get("CREDENTIALS_DIRECTORY")
    if folder and (Path(folder) / CREDENTIAL).is_file():
        # Our own unit sets an empty one, for systemd refuses to start with none.
        return _read(Path(folder) / CREDENTIAL, "systemd credential") or None
    return None if url.password is None else unquote(url.password)


def _read_password(path: Path, meaning: str) -> str:
    password = _read(path, meaning)
    if not password:
        raise ConfigError(f"{meaning} {path} is empty: write the password into its first line")
    return password


def _read(path: Path, meaning: str) -> str:
    """Return what a file holds, without a line's end and without the byte order mark of Windows' editors."""
    try:
        return path.read_text(encoding="utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigError(f"{meaning} {path} cannot be read: {reason}") from error


def _context(options: config.Broker) -> ssl.SSLContext:
    files = {"ca_file": options.ca_file, "cert_file": options.cert_file, "key_file": options.key_file}
    for name, path in files.items():
        if path and not os.access(path, os.R_OK):
            raise ConfigError(f"broker.{name} {path} cannot be read: is it there, and may this user read it?")
    if options.key_file and not options.cert_file:
        raise ConfigError("broker.key_file needs broker.cert_file, the certificate it belongs to")
    try:
        context = ssl.create_default_context(cafile=options.ca_file or None)
        if options.ca_file:
            # Python 3.13 began to refuse certificates without key identifiers, which is what most homes' own openssl lines make.
            context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if options.cert_file:
            context.load_cert_chain(options.cert_file, options.key_file or None, password="")
    except (ssl.SSLError, ValueError) as error:
        names = ", ".join(f"broker.{name}" for name, path in files.items() if path)
        raise ConfigError(f"{names}: no PEM file, encrypted, or key and certificate do not belong together") from error
    if options.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
