"""The doctor's broker and Home Assistant: real mosquittos that refuse, real certificates of another time, nobody who listens."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt import publish

from edgeholo import instance
from edgeholo.checks import broker as module
from edgeholo.checks.broker import broker
from edgeholo.checks.finding import Case
from edgeholo.checks.home import home
from edgeholo.config import Broker, Config, Device, Publish
from edgeholo.publish.subscriber import Subscriber
from tests.real_broker import Mosquitto, free_port, options

_CA = """
[ca]
default_ca = own
[own]
dir = {folder}
database = $dir/index.txt
new_certs_dir = $dir
serial = $dir/serial
default_md = sha256
policy = any
x509_extensions = server
[any]
commonName = supplied
[server]
subjectAltName = DNS:localhost
basicConstraints = CA:TRUE
"""


def _case(
    url: str, *, sure: bool = True, root: Path = Path("/nowhere"), discovery: str = "homeassistant", **more: str
) -> Case:
    config = Config(device=Device(id="hall"), broker=Broker(url=url, **more), publish=Publish(discovery=discovery))  # type: ignore[arg-type]
    return Case(config, root=root, environ={"XDG_RUNTIME_DIR": str(root)}, kernel_is_sure=lambda: sure)


def _certificate(folder: Path, name: str, begins: str, ends: str) -> Path:
    """Return a certificate for localhost that is its own authority, valid at a time of choice, made by openssl."""
    (folder / "ca.cnf").write_text(_CA.format(folder=folder))
    (folder / "index.txt").write_text("")
    (folder / "serial").write_text("01\n")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl(
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-keyout",
        f"{name}.key",
        "-out",
        "csr",
    )
    openssl(
        *(
            "ca",
            "-batch",
            "-config",
            "ca.cnf",
            "-selfsign",
            "-keyfile",
            f"{name}.key",
            "-in",
            "csr",
            "-out",
            f"{name}.pem",
        ),
        *("-startdate", begins, "-enddate", ends, "-notext"),
    )
    return folder / f"{name}.pem"


@pytest.mark.parametrize(
    ("begins", "ends", "sure", "code"),
    [
        ("20400101000000Z", "20450101000000Z", True, "broker-clock"),
        ("20400101000000Z", "20450101000000Z", False, "broker-clock"),
        ("20010101000000Z", "20020101000000Z", True, "broker-certificate"),
        ("20010101000000Z", "20020101000000Z", False, "broker-clock"),
        ("20200101000000Z", "20450101000000Z", True, ""),
    ],
)
def test_a_certificate_of_another_time_is_the_clocks_fault_or_its_own(
    tmp_path: Path, begins: str, ends: str, sure: bool, code: str
) -> None:
    """One that is not yet valid is a clock that is behind; an expired one is so only while nobody has set the clock."""
    own = _certificate(tmp_path, "own", begins, ends)
    tls = (f"cafile {own}", f"certfile {own}", f"keyfile {own.with_suffix('.key')}", "allow_anonymous true")
    with Mosquitto(tmp_path, *tls) as mosquitto:
        finding = broker(_case(f"mqtts://localhost:{mosquitto.port}", sure=sure, ca_file=str(own)))
    assert finding.code == code
    assert ("no time server has set this clock" in finding.text) is (not sure)


def test_a_certificate_of_an_unknown_authority_is_named(tmp_path: Path) -> None:
    """Self-made, and not named in broker.ca_file."""
    own = _certificate(tmp_path, "own", "20200101000000Z", "20450101000000Z")
    tls = (f"cafile {own}", f"certfile {own}", f"keyfile {own.with_suffix('.key')}", "allow_anonymous true")
    with Mosquitto(tmp_path, *tls) as mosquitto:
        finding = broker(_case(f"mqtts://localhost:{mosquitto.port}"))
    assert (finding.state, finding.code) == ("bad", "broker-certificate")


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a mosquitto that knows one user."""
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(passwords), "me", "right"], check=True)
    with Mosquitto(tmp_path, f"password_file {passwords}", "allow_anonymous false") as mosquitto:
        yield mosquitto


@pytest.mark.parametrize("protocol", ["auto", "5", "3.1.1"])
def test_a_wrong_password_is_named(guarded: Mosquitto, protocol: str) -> None:
    """By both versions of MQTT; the right one is let in."""
    wrong, right = (f"mqtt://me:{word}@127.0.0.1:{guarded.port}" for word in ("wrong", "right"))
    finding = broker(_case(wrong, protocol=protocol))
    assert (finding.state, finding.code) == ("bad", "broker-password")
    assert "wrong" not in finding.text
    assert broker(_case(right, protocol=protocol)).state == "ok"


def test_a_port_on_which_nobody_listens_is_named() -> None:
    """The broker is off, or the port is another."""
    assert broker(_case(f"mqtt://127.0.0.1:{free_port()}")).code == "broker-off"


def test_a_host_that_nobody_knows_is_named() -> None:
    """RFC 2606 keeps .invalid free for ever."""
    assert broker(_case("mqtt://broker.invalid")).code == "broker-host"


def test_a_machine_that_swallows_packets_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener with a full queue drops what comes, as a firewall does."""
    monkeypatch.setattr(module, "_PATIENCE_S", 0.3)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        waiting = []
        for _ in range(4):
            knock = socket.socket()
            knock.setblocking(False)
            knock.connect_ex(("127.0.0.1", port))
            waiting.append(knock)
        finding = broker(_case(f"mqtt://127.0.0.1:{port}"))
        for knock in waiting:
            knock.close()
    assert finding.code == "broker-unreachable"


def test_a_tls_port_that_is_taken_for_a_plain_one_is_named(tmp_path: Path) -> None:
    """And the other way round."""
    own = _certificate(tmp_path, "own", "20200101000000Z", "20450101000000Z")
    tls = (f"cafile {own}", f"certfile {own}", f"keyfile {own.with_suffix('.key')}", "allow_anonymous true")
    with Mosquitto(tmp_path, *tls) as secret, Mosquitto(tmp_path) as plain:
        assert broker(_case(f"mqtt://localhost:{secret.port}")).code == "broker-refuses"
        assert broker(_case(f"mqtts://localhost:{plain.port}")).code == "broker-refuses"


@pytest.mark.parametrize("url", ["none", "embedded"])
def test_without_a_broker_of_the_house_there_is_nothing_to_find(url: str) -> None:
    """Nothing is started for it, either."""
    assert broker(_case(url)).state == "ok"
    assert home(_case(url)).state == "unknown"


def test_a_house_in_which_nobody_listens_to_discovery_is_named(tmp_path: Path) -> None:
    """A broker alone; with Home Assistant's subscription all is well, and neither leaves a message behind."""
    with Mosquitto(tmp_path) as mosquitto:
        finding = home(_case(mosquitto.url))
        assert (finding.state, finding.code) == ("warning", "home-absent")
        with Subscriber(options(mosquitto.url), ["homeassistant/+/+/config"]) as assistant:
            assert home(_case(mosquitto.url)).state == "ok"
            message = assistant.next(5.0)
            assert message
            assert (message.payload, message.retained) == (b"", False)
        assert home(_case(mosquitto.url, discovery="")).state == "ok"
        assert home(_case(mosquitto.url, discovery="other")).code == "home-absent"


def test_a_unit_that_was_not_introduced_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its daemon runs, somebody listens, but the discovery message is missing; then it is there."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    with (
        Mosquitto(tmp_path) as mosquitto,
        Subscriber(options(mosquitto.url), ["homeassistant/#"]),
        instance.claim("hall"),
    ):
        case = _case(mosquitto.url, root=tmp_path)
        assert home(case).code == "home-unannounced"
        publish.single("homeassistant/device/hall/config", "{}", qos=1, retain=True, port=mosquitto.port)
        assert home(case).state == "ok"


def test_a_broker_that_does_not_tell_who_listens_is_not_blamed(tmp_path: Path) -> None:
    """One that speaks 3.1.1 only, one that forbids us to write there, and one that is away."""
    acl = tmp_path / "acl"
    acl.write_text("topic readwrite edgeholo/#\n")
    acl.chmod(0o700)
    with Mosquitto(tmp_path, "allow_anonymous true", f"acl_file {acl}") as mosquitto:
        assert home(_case(mosquitto.url, protocol="3.1.1")).state == "unknown"
        assert home(_case(mosquitto.url)).state == "unknown"
    assert home(_case("mqtt://127.0.0.1:1")).state == "unknown"
