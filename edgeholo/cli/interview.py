"""What `edgeholo provision` must know: from the arguments, else asked."""

import argparse
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from edgeholo import config
from edgeholo.cli.questions import ask, ask_password, password_in, text_in
from edgeholo.errors import ConfigError
from edgeholo.provision.answers import Answers, check_hostname, keys_in
from edgeholo.provision.card import Card
from edgeholo.provision.login import new_salt, salt_in, sha512_crypt
from edgeholo.provision.wifi import Wifi, check_name, hashed
from edgeholo.publish.address import parse

_ZONES = "zoneinfo/"


def interview(args: argparse.Namespace, card: Card) -> Answers:
    """Return the answers.

    Raises:
        ConfigError: one of them cannot be, or nobody is there to ask.
    """
    hostname = args.hostname or ask("Name of the unit in the network, as in hall", "--hostname", check_hostname)
    check_hostname(hostname)
    wifi = _wifi(args)
    broker = args.broker or ask("Broker, as in mqtt://user@192.168.1.5", "--broker", check_broker)
    check_broker(broker)
    keys = _keys(args)
    return Answers(
        hostname=hostname,
        room=args.room or "",
        wifi=wifi,
        broker=broker,
        broker_password=_broker_password(args, broker),
        user=args.user,
        keys=keys,
        password_hash=_password_hash(args, card, keys),
        timezone=args.timezone or own_timezone(),
        keyboard=args.keyboard or "",
    )


def check_broker(url: str) -> None:
    """Check a broker's URL, in which there is no password.

    Raises:
        ConfigError: it is none, or there is one.
    """
    try:
        secret = urlsplit(url).password is not None
    except ValueError:
        secret = False
    if secret:
        raise ConfigError(
            "--broker: leave the password out of the URL, it is asked for or taken from --broker-password-file"
        )
    parse(config.Broker(url=url), {})


def _wifi(args: argparse.Namespace) -> Wifi | None:
    if args.no_wifi:
        return None
    name = args.wifi
    if name is None:
        name = ask(
            "Wi-Fi (empty: a cable, or what Imager has set)",
            "--wifi or --no-wifi",
            _check_wifi,
        )
    if not name:
        return None
    check_name(name)
    country = args.country or ask("Country of the Wi-Fi, two letters", "--country", _check_country, _own_country())
    key = None if args.wifi_open else hashed(name, _wifi_password(args, name))
    return Wifi(name, key, country.upper(), args.wifi_hidden)


def _check_wifi(name: str) -> None:
    if name:
        check_name(name)


def _check_country(text: str) -> None:
    Wifi("check", None, text.upper())


def _wifi_password(args: argparse.Namespace, name: str) -> str:
    if args.wifi_password_file:
        return password_in(args.wifi_password_file, "--wifi-password-file")
    return ask_password(f"Password of the Wi-Fi {name}", "--wifi-password-file", lambda text: hashed(name, text))


def _broker_password(args: argparse.Namespace, url: str) -> str | None:
    user = urlsplit(url).username
    if args.broker_password_file:
        if not user:
            raise ConfigError("--broker-password-file: a password but no user; write mqtt://user@host")
        return password_in(args.broker_password_file, "--broker-password-file")
    if not user:
        return None
    return ask_password(f"Password of {user} at the broker", "--broker-password-file", _check_some)


def _check_some(text: str) -> None:
    if not text:
        raise ConfigError("an empty password is none; leave the user out of --broker if it asks for none")


def _keys(args: argparse.Namespace) -> tuple[str, ...]:
    if args.ssh_key:
        return keys_in(text_in(args.ssh_key, "--ssh-key"), str(args.ssh_key))
    if args.login_password_file:
        return ()
    own = next(iter(sorted((Path.home() / ".ssh").glob("id_*.pub"))), None)
    file = ask("Public ssh key that may log in (- for none)", "--ssh-key", _check_keys, str(own or "-"))
    return () if file == "-" else keys_in(text_in(Path(file), "--ssh-key"), file)


def _check_keys(file: str) -> None:
    if file == "-":
        return
    if not Path(file).is_file():
        raise ConfigError(f"there is no {file}")
    keys_in(text_in(Path(file), "--ssh-key"), file)


def _password_hash(args: argparse.Namespace, card: Card, keys: tuple[str, ...]) -> str | None:
    """Return the hash of the account's password, with the salt that the card has already."""
    if args.login_password_file:
        password = password_in(args.login_password_file, "--login-password-file")
    elif keys:
        return None
    else:
        password = ask_password(f"Password of {args.user} on the unit", "--login-password-file", _check_some)
    before = (card.read("user-data") or "") + (card.read("firstrun.sh") or "")
    return sha512_crypt(password, salt_in(before) or new_salt())


def own_timezone(link: Path = Path("/etc/localtime")) -> str:
    """Return this machine's time zone; empty where it does not say."""
    try:
        return str(link.readlink()).partition(_ZONES)[2]
    except OSError:
        return ""


def _own_country() -> str:
    match = re.match(r"[a-z]{2}_([A-Z]{2})\b", os.environ.get("LC_ALL") or os.environ.get("LANG") or "")
    return match[1] if match else ""
