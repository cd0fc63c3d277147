"""Broker URLs, passwords from wherever they are kept, and texts that never show them; the pauses between tries."""

import os
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from edgeholo import config
from edgeholo.errors import ConfigError
from edgeholo.publish import reasons
from edgeholo.publish.address import CREDENTIAL, Address, parse, shown

SECRET = "s3cret"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://localhost", Address("mqtt", "localhost", 1883)),
        ("mqtts://broker.lan", Address("mqtts", "broker.lan", 8883)),
        ("ws://broker.lan", Address("ws", "broker.lan", 80)),
        ("wss://broker.lan/home/mqtt", Address("wss", "broker.lan", 443, "/home/mqtt")),
        ("mqtt://cook@10.0.0.2:1884/", Address("mqtt", "10.0.0.2", 1884, username="cook")),
        ("mqtt://[fe80::1]:1883", Address("mqtt", "fe80::1", 1883)),
        ("mqtt://co%40ok:a%3Ab@host", Address("mqtt", "host", 1883, username="co@ok", password="a:b")),
    ],
)
def test_a_url_says_where_and_who(url: str, expected: Address) -> None:
    """Schemes with their default ports, users with escaped letters, IPv6."""
    assert parse(config.Broker(url=url), {}) == expected


@pytest.mark.parametrize(
    "url",
    [
        *("", "localhost", "localhost:1883", "http://host", "embedded", "mqtt://", f"mqtt://{'a' * 64}.lan"),
        *("mqtt://host:0", "mqtt://host:70000", "mqtt://host:x", "mqtt://[::1"),
    ],
)
def test_a_url_that_is_no_broker_is_one_clear_line(url: str) -> None:
    """The line names the option, and what could be written."""
    with pytest.raises(ConfigError, match=r"^broker\.url .*$"):
        parse(config.Broker(url=url), {})


def test_the_password_is_taken_from_the_first_place_that_has_one(tmp_path: Path) -> None:
    """File, environment, systemd credential, URL."""
    (tmp_path / "file").write_text("from file\r\n", encoding="utf-8")
    (tmp_path / "mqtt-password").write_text("from systemd\n", encoding="utf-8")
    url = "mqtt://cook:from%20url@host"
    environment = {"EDGEHOLO_MQTT_PASSWORD": "from environment", "CREDENTIALS_DIRECTORY": str(tmp_path)}
    with_file = config.Broker(url=url, password_file=str(tmp_path / "file"))
    assert parse(with_file, environment).password == "from file"
    assert parse(config.Broker(url=url), environment).password == "from environment"
    del environment["EDGEHOLO_MQTT_PASSWORD"]
    assert parse(config.Broker(url=url), environment).password == "from systemd"
    assert parse(config.Broker(url=url), {"CREDENTIALS_DIRECTORY": "/nowhere"}).password == "from url"
    assert parse(config.Broker(url=url, username="butler"), {}).username == "butler"


def test_a_password_without_a_user_is_a_mistake_where_it_was_meant() -> None:
    """One left in the environment is not."""
    with pytest.raises(ConfigError, match="a password but no user"):
        parse(config.Broker(url=f"mqtt://:{SECRET}@host"), {})
    assert parse(config.Broker(url="mqtt://host"), {"EDGEHOLO_MQTT_PASSWORD": SECRET}).password is None


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_password_file_that_is_no_use_is_named(tmp_path: Path, content: bytes | None) -> None:
    """Missing, empty, or no text."""
    path = tmp_path / "password"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=str(path)):
        parse(config.Broker(url="mqtt://cook@host", password_file=str(path)), {})


@pytest.mark.parametrize(
    "more",
    [{"ca_file": "missing.pem"}, {"ca_file": "text.pem"}, {"cert_file": "text.pem"}, {"key_file": "text.pem"}],
)
def test_a_tls_file_that_is_no_use_is_named(tmp_path: Path, more: dict[str, Any]) -> None:
    """Missing, no PEM, a key without its certificate."""
    (tmp_path / "text.pem").write_text("hello", encoding="utf-8")
    paths: dict[str, Any] = {name: str(tmp_path / path) for name, path in more.items()}
    with pytest.raises(ConfigError, match=rf"^broker\.{next(iter(more))}"):
        parse(config.Broker(url="mqtts://host", **paths), {})


def test_certificates_are_checked_unless_told_otherwise() -> None:
    """Insecure is for a first try only."""
    secure, insecure = (parse(config.Broker(url="mqtts://host", insecure=it), {}).tls for it in (False, True))
    assert secure
    assert insecure
    assert (secure.check_hostname, secure.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert (insecure.check_hostname, insecure.verify_mode) == (False, ssl.CERT_NONE)
    assert parse(config.Broker(url="mqtt://host"), {}).tls is None


@pytest.mark.parametrize(
    "url",
    [
        *(f"mqtt://cook:{SECRET}@host:99999", f"cook:{SECRET}@host", f"http://cook:{SECRET}@host"),
        *(f"mqtt://c:{SECRET}@[::1", f"mqtt://cook:a/{SECRET}@host"),
    ],
)
def test_no_text_shows_a_password(url: str) -> None:
    """Not the error, not what is shown of a URL, not the address."""
    assert SECRET not in shown(url)
    with pytest.raises(ConfigError) as error:
        parse(config.Broker(url=url), {})
    assert SECRET not in str(error.value)


def test_an_address_prints_without_its_password() -> None:
    """As a URL, and as a value."""
    address = parse(config.Broker(url=f"wss://cook:{SECRET}@[::1]:9001/mqtt"), {})
    assert str(address) == "wss://cook@[::1]:9001/mqtt"
    assert SECRET not in repr(address)
    assert shown("mqtt://host:1883") == "mqtt://host:1883"
    assert shown(f"mqtt://cook:{SECRET}@host") == "mqtt://cook@host"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ConnectionRefusedError(111, "refused"), "nobody listens at host:1883"),
        (TimeoutError(110, "timed out"), "host:1883 does not answer"),
        (socket.gaierror(-2, "Name or service not known"), "unknown host host"),
        (OSError(113, os.strerror(113)), "no way to host"),
        (OSError(101, os.strerror(101)), "no way to host"),
        (
            ConnectionResetError(104, "Connection reset by peer"),
            "no connection to host:1883 (Connection reset by peer)",
        ),
    ],
)
def test_every_failure_of_the_network_is_one_clear_line(error: OSError, text: str) -> None:
    """What the system's error means here."""
    line = reasons.failed(error, Address("mqtt", "host", 1883))
    assert line.startswith(text)
    assert "\n" not in line


@pytest.mark.parametrize(
    ("code", "hint"), [(9, "clock"), (10, "renew"), (62, "name that stands in it"), (19, "ca_file")]
)
def test_every_failure_of_a_certificate_says_how_to_mend_it(code: int, hint: str) -> None:
    """A Raspberry Pi without a clock finds certificates not yet valid."""
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_code, error.verify_message = code, "some reason"
    assert hint in reasons.failed(error, Address("mqtts", "host", 8883))


def test_our_own_units_empty_credential_is_no_password(tmp_path: Path) -> None:
    """The unit sets an empty one under the name that is looked for, for systemd refuses to start with none."""
    unit = (Path(__file__).parents[1] / "systemd" / "edgeholo.service").read_text(encoding="utf-8")
    assert f"SetCredential={CREDENTIAL}:\\n" in unit
    assert f"LoadCredential={CREDENTIAL}:/" in unit
    (tmp_path / CREDENTIAL).write_text("\n", encoding="utf-8")
    broker = config.Broker(url="mqtt://cook@broker.lan")
    assert parse(broker, {"CREDENTIALS_DIRECTORY": str(tmp_path)}).password is None


def test_a_password_from_a_windows_editor_is_the_password(tmp_path: Path) -> None:
    """Without the byte order mark in front and the line's end behind."""
    file = tmp_path / "password"
    file.write_bytes(b"\xef\xbb\xbf" + SECRET.encode() + b"\r\n")
    broker = config.Broker(url="mqtt://cook@broker.lan", password_file=str(file))
    assert parse(broker, {}).password == SECRET
