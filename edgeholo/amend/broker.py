"""Another broker: four lines of ``[broker]``, the password and the authority's certificate beside it; and the way back."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import msgspec

from edgeholo.amend.places import Places, put, text_of
from edgeholo.amend.wish import BrokerWish
from edgeholo.config import Broker
from edgeholo.errors import ConfigError
from edgeholo.publish.address import PASSWORD_VARIABLE, Address, parse
from edgeholo.settings import of_text
from edgeholo.toml.editing import with_values

SCHEMES = ("mqtt", "mqtts", "ws", "wss")
_TABLE = "broker"
_KEYS = ("url", "username", "password_file", "ca_file")
"""What is changed from the page, and put back."""
_MODE, _SECRET = 0o644, 0o600


class _Older(msgspec.Struct, frozen=True):
    """The broker as it was before a change.

    Attributes:
        change: by which it was replaced.
        values: of the configuration.
        password: of the file; empty for none.
        certificate: likewise.
    """

    change: str
    values: dict[str, str]
    password: str
    certificate: str


def check(wish: BrokerWish) -> None:
    """See that a wish makes sense, whatever is stored.

    Raises:
        ConfigError: it does not.
    """
    parts(wish)
    _check_certificate(wish.ca_pem or "")


def write(wish: BrokerWish, places: Places, change: str) -> None:
    """Write another broker into the configuration.

    Args:
        wish: what it is to be.
        places: of the files.
        change: by which this one is known; one that was broken off may be made again.

    Raises:
        EdgeholoError: it makes no sense, or cannot be written; the text never holds a password.
    """
    check(wish)
    stored = of_text(text_of(places.settings), places.settings.name).broker
    url, username = parts(wish)
    password = _password(wish, stored, places) if username else ""
    certificate = text_of(places.authority) if wish.ca_pem is None else wish.ca_pem
    ca_file = stored.ca_file
    if wish.ca_pem is not None:
        ca_file = str(places.authority) if wish.ca_pem else ""
    password_file = str(places.password) if password and not places.handed_on else ""
    values = {"url": url, "username": username, "password_file": password_file, "ca_file": ca_file}
    _put(places, _Older(change, values, password, certificate))


def restore(places: Places, change: str) -> None:
    """Put back the broker of before the last change; what else has changed in the file since then stays.

    Raises:
        EdgeholoError: there is none, or it cannot be written.
    """
    older = _older(places)
    if older is None:
        raise ConfigError("no older broker is kept")
    if older.change != change:
        _put(places, msgspec.structs.replace(older, change=change))


def parts(wish: BrokerWish) -> tuple[str, str]:
    """Return the URL without a user, and the user.

    Raises:
        ConfigError: it is no broker that can be set from the page.
    """
    try:
        url = urlsplit(wish.url)
        secret = url.password
    except ValueError as error:
        raise ConfigError(f"this is no address of a broker: {error}") from None
    if secret is not None:
        raise ConfigError("write the password into its own field, not into the address")
    if url.scheme not in SCHEMES or url.query or url.fragment:
        raise ConfigError("write the address as mqtt://host:1883, mqtts://host, ws://host/path or wss://host/path")
    where = parse(Broker(url=wish.url), {})
    username = wish.username or where.username or ""
    return urlunsplit(url._replace(netloc=url.netloc.rpartition("@")[2])), username


def belongs(stored: Address, asked: Address) -> bool:
    """Return whether a password may go where somebody asks: to the broker, and by the way, that it was stored for.

    Else whoever can use the page could have the password sent to a machine of their own.
    """
    same = (stored.scheme, stored.host, stored.port, stored.path, stored.username)
    return same == (asked.scheme, asked.host, asked.port, asked.path, asked.username)


def stored_password(wish: BrokerWish, stored: Broker, environ: Mapping[str, str]) -> str | None:
    """Return the password that is kept, where the wish may have it.

    Raises:
        ConfigError: it was given for another broker.
    """
    address = parse(stored, environ)
    url, username = parts(wish)
    # The certificate of an authority decides who is believed to be the broker.
    if wish.ca_pem is None and belongs(address, parse(Broker(url=url, username=username), {})):
        return address.password
    if address.password is None:
        return None
    raise ConfigError(f"the stored password is for {address}: type the one for this broker")


def _password(wish: BrokerWish, stored: Broker, places: Places) -> str:
    if wish.password is not None:
        return wish.password
    handed_on = _line(places.password) if places.handed_on else ""
    # What systemd hands on to the daemon stands above what the URL says; see ``address.parse``.
    return stored_password(wish, stored, {PASSWORD_VARIABLE: handed_on} if handed_on else {}) or ""


def _check_certificate(pem: str) -> None:
    try:
        if pem:
            ssl.create_default_context(cadata=pem)
    except (ssl.SSLError, ValueError, TypeError):  # the last: letters that no PEM has
        raise ConfigError("the certificate is no PEM: it begins with -----BEGIN CERTIFICATE-----") from None


def _put(places: Places, new: _Older) -> None:
    """Write all of it, the configuration last: until it is there the old address has its old user."""
    text = text_of(places.settings)
    stored = of_text(text, places.settings.name).broker
    edited = with_values(text, _TABLE, new.values)
    # The whole is read before it is believed; the files that it names may not be there yet.
    options = of_text(edited, places.settings.name).broker
    parse(Broker(url=options.url, username=options.username), {})
    kept = _older(places)
    if kept is None or kept.change != new.change:
        values = {key: str(getattr(stored, key)) for key in _KEYS}
        old = _Older(new.change, values, _line(places.password), text_of(places.authority))
        put(places.older, msgspec.json.encode(old).decode(), _SECRET)
    put(places.password, f"{new.password}\n" if new.password else "" if places.handed_on else None, _SECRET)
    put(places.authority, new.certificate or None, _MODE)
    put(places.settings, edited, _MODE)


def _older(places: Places) -> _Older | None:
    try:
        return msgspec.json.decode(text_of(places.older), type=_Older)
    except (msgspec.DecodeError, ConfigError):
        return None


def _line(file: Path) -> str:
    return text_of(file).rstrip("\r\n")
