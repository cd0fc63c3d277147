"""What the user wants of a unit: who it is, how it is reached, which broker it talks to."""

import re
from dataclasses import dataclass, field

from edgeholo.errors import ConfigError
from edgeholo.provision.wifi import Wifi

_HOSTNAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
"""One label of a name (RFC 1123)."""
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
"""What Debian's adduser takes."""
_TAKEN = frozenset({"root", "daemon", "bin", "sys", "nobody", "edgeholo", "www-data", "mail", "backup"})
_KEY = re.compile(r"(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9@.-]+) [A-Za-z0-9+/]+={0,3}( .*)?")
_TIMEZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")
_KEYBOARD = re.compile(r"[a-z]{2,8}")


@dataclass(frozen=True, slots=True)
class Answers:
    """One unit.

    Attributes:
        hostname: its name in the network; its slug is the device's id.
        room: what people call it; the host name where it is empty.
        wifi: the home's network; None for a cable, or where the card knows it already.
        broker: its URL, without a password.
        broker_password: None where the broker asks for none.
        user: the account for ssh.
        keys: ssh keys that may log in.
        password_hash: of the account; None where only keys may log in.
        timezone: as in ``Europe/Berlin``; empty: the image's.
        keyboard: its layout, as in ``de``; empty: the image's.
    """

    hostname: str
    room: str
    wifi: Wifi | None
    broker: str
    broker_password: str | None = field(repr=False)
    user: str
    keys: tuple[str, ...]
    password_hash: str | None = field(repr=False)
    timezone: str = ""
    keyboard: str = ""

    def __post_init__(self) -> None:
        """Check each answer.

        Raises:
            ConfigError: one of them cannot be; the text says which, and how it should look.
        """
        check_hostname(self.hostname)
        if not _USER.fullmatch(self.user) or self.user in _TAKEN:
            raise ConfigError(
                f"--user {self.user!r}: write small letters, digits, - and _, and no name of the system's own"
            )
        if not self.keys and self.password_hash is None:
            raise ConfigError("nobody could log in: give --ssh-key FILE, or a password for the account")
        if self.timezone and not _TIMEZONE.fullmatch(self.timezone):
            raise ConfigError(f"--timezone {self.timezone!r}: write it as in Europe/Berlin")
        if self.keyboard and not _KEYBOARD.fullmatch(self.keyboard):
            raise ConfigError(f"--keyboard {self.keyboard!r}: write the layout as in de, gb or us")


def check_hostname(name: str) -> None:
    """Check the name of a host.

    Raises:
        ConfigError: it is none.
    """
    if not _HOSTNAME.fullmatch(name) or name.isdigit():
        near = re.sub(r"[^A-Za-z0-9-]+", "-", name.lower().removesuffix(".local")).strip("-")[:63].strip("-")
        hint = f"; did you mean {near}?" if _HOSTNAME.fullmatch(near) and not near.isdigit() else ""
        raise ConfigError(
            f"--hostname {name!r}: write up to 63 letters, digits and -, not - at an end, and not digits alone{hint}"
        )


def keys_in(text: str, origin: str) -> tuple[str, ...]:
    """Return the public keys in the text of a ``.pub`` file.

    Raises:
        ConfigError: there is none, or a line is something else: a private key above all.
    """
    if "PRIVATE KEY" in text:
        raise ConfigError(f"{origin} is a private key, which never leaves this machine: name the .pub file beside it")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines or not all(_KEY.fullmatch(line) for line in lines):
        raise ConfigError(f"{origin} is no public ssh key: its line begins with ssh-ed25519, ssh-rsa or ecdsa-sha2-...")
    return tuple(lines)
