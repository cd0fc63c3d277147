"""The home's Wi-Fi: its name, and its key as the hash that radios use, so that the password itself is never on the card."""

import hashlib
import re
from dataclasses import dataclass, field

from edgeholo.errors import ConfigError

_KEY = re.compile(r"[0-9A-Fa-f]{64}")
_LONGEST_NAME = 32
"""Bytes of a network's name (IEEE 802.11)."""
_PASSWORD = range(8, 64)
"""Bytes of a WPA password (IEEE 802.11, annex J.4)."""


@dataclass(frozen=True, slots=True)
class Wifi:
    """A network.

    Attributes:
        name: its SSID.
        key: 64 hexadecimal digits; None where the network is open.
        country: two letters (ISO 3166-1), which decide on the channels that are allowed.
        hidden: True if it does not say its name.
    """

    name: str
    key: str | None = field(repr=False)
    country: str
    hidden: bool = False

    def __post_init__(self) -> None:
        """Check what can be checked from here.

        Raises:
            ConfigError: the name or the country is none.
        """
        check_name(self.name)
        if not re.fullmatch("[A-Z]{2}", self.country):
            raise ConfigError(f"--country {self.country!r} is no country: write its two letters, as in DE, GB or US")


def check_name(name: str) -> None:
    """Check the name of a network.

    Raises:
        ConfigError: it is none.
    """
    try:
        length = len(name.encode())
    except UnicodeEncodeError as error:
        raise ConfigError("--wifi: the network's name is no UTF-8 text") from error
    if not 1 <= length <= _LONGEST_NAME or "\0" in name:
        raise ConfigError(f"--wifi: a network's name has 1 to {_LONGEST_NAME} bytes, this one has {length}")


def hashed(name: str, password: str) -> str:
    """Return the key of a network: PBKDF2 of the password, 4096 rounds, the name as salt (IEEE 802.11, annex J.4).

    A password of 64 hexadecimal digits is such a key already.

    Raises:
        ConfigError: it cannot be a Wi-Fi password.
    """
    if _KEY.fullmatch(password):
        return password.lower()
    length = len(password.encode(errors="replace"))
    if length not in _PASSWORD or "\n" in password:
        raise ConfigError(
            f"the Wi-Fi password has {length} bytes, and must have {_PASSWORD.start} to {_PASSWORD.stop - 1}, or be a key "
            "of 64 hexadecimal digits; write --wifi-open for a network without one"
        )
    return hashlib.pbkdf2_hmac("sha1", password.encode(), name.encode(), 4096, 32).hex()
