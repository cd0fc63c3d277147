"""The broker as the page shows it, and the test of another one."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from edgeholo.amend.broker import check, parts, stored_password
from edgeholo.amend.wish import BrokerWish
from edgeholo.checks.broker import broker as check_broker
from edgeholo.checks.finding import Case, State
from edgeholo.checks.home import home as check_home
from edgeholo.config import Config
from edgeholo.errors import ConfigError
from edgeholo.publish.address import PASSWORD_VARIABLE, parse, shown
from edgeholo.publish.embedded import EMBEDDED
from edgeholo.publish.publisher import NO_BROKER

_ON_THE_PAGE = {
    "broker.url": "the address",
    "broker.username": "the user",
    "broker.password_file": "the password",
    "broker.ca_file": "the own certificate authority",
}
"""What the doctor calls by its option has a field on the page."""
_LOGIN = (PASSWORD_VARIABLE, "CREDENTIALS_DIRECTORY")


class BrokerSettings(msgspec.Struct, frozen=True):
    """The broker as it is set; a password goes in, but never out.

    Attributes:
        url: without user and password.
        username: empty for none.
        password_set: whether there is a password.
        ca_set: whether an authority of the house's own is named.
        ca_file: its certificate; empty for those that the system knows.
        file: the configuration that is changed.
        editable: whether it can be saved from the page.
        why_not: one sentence; empty where it can.
        restorable: whether the broker of before the last change is kept.
        connected: whether the page is connected to it now.
        trouble: why not, one line.
    """

    url: str
    username: str
    password_set: bool
    ca_set: bool
    ca_file: str
    file: str
    editable: bool
    why_not: str
    restorable: bool
    connected: bool
    trouble: str


class BrokerFinding(msgspec.Struct, frozen=True):
    """What a check found, as `edgeholo doctor` says it.

    Attributes:
        check: its name: ``broker``, ``home``.
        state: ``ok``, ``warning``, ``bad`` or ``unknown``.
        text: what is so.
        mend: what to do about it; empty when nothing.
    """

    check: str
    state: State
    text: str
    mend: str


class BrokerTest(msgspec.Struct, frozen=True):
    """What came of a test.

    Attributes:
        ok: whether the unit could work with this broker.
        findings: one a check.
    """

    ok: bool
    findings: list[BrokerFinding]


def login(config: Config, environ: Mapping[str, str]) -> tuple[str, str, bool]:
    """Return URL and user of the broker, and whether there is a password."""
    options = config.broker
    if options.url in (NO_BROKER, EMBEDDED):
        return options.url, "", False
    try:
        where = parse(options, environ)
    except ConfigError:
        return shown(options.url), options.username, False
    head, _, host = options.url.rpartition("@")
    url = f"{head.partition('://')[0]}://{host}" if head else options.url
    return url, where.username or "", where.password is not None


def tried(wish: BrokerWish, config: Config, environ: Mapping[str, str]) -> BrokerTest:
    """Return how it would go with another broker; takes some seconds where there is none.

    Raises:
        ConfigError: it makes no sense, or asks for the stored password for another broker than its own.
    """
    check(wish)
    url, username = parts(wish)
    password = stored_password(wish, config.broker, environ) if wish.password is None else wish.password
    # Of the stored login nothing else may come in: neither its file nor what systemd handed on.
    clean = {key: value for key, value in environ.items() if key not in _LOGIN}
    with tempfile.TemporaryDirectory(prefix="edgeholo-broker-") as folder:
        options = msgspec.structs.replace(
            config.broker,
            url=url,
            username=username,
            password_file="",
            ca_file=config.broker.ca_file if wish.ca_pem is None else _written(Path(folder) / "ca.pem", wish.ca_pem),
        )
        case = Case(
            msgspec.structs.replace(config, broker=options),
            environ={**clean, PASSWORD_VARIABLE: password} if password else clean,
        )
        parse(options, case.environ)
        findings = [check_broker(case)]
        if findings[0].state == "ok":
            findings.append(check_home(case))
    told = [BrokerFinding(one.check, one.state, _in_words(one.text), _in_words(one.mend)) for one in findings]
    return BrokerTest(findings[0].state == "ok", told)


def _in_words(text: str) -> str:
    for option, words in _ON_THE_PAGE.items():
        text = text.replace(option, words)
    return text


def _written(file: Path, content: str) -> str:
    """Write a file and return its name; nothing where there is nothing to write."""
    if not content:
        return ""
    file.write_text(content, encoding="utf-8")
    return str(file)
