"""Connections that work and connections that are refused: real brokers, real certificates, one clear line each."""

import logging
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edgeholo.errors import BrokerError
from edgeholo.publish import address
from edgeholo.publish.age import now_s
from edgeholo.publish.embedded import EmbeddedBroker
from edgeholo.publish.link import Link
from edgeholo.publish.outbox import Outbox
from edgeholo.publish.subscriber import Subscriber
from tests.real_broker import TOPICS, Mosquitto, event, free_port, options, until

PASSWORD = "correct horse"


def connect(url: str, environment: dict[str, str] | None = None, **more: object) -> Link:
    """Return a link that is started, and either connected or in trouble."""
    chosen = options(url, **more)
    link = Link(
        lambda: address.parse(chosen, environment or {}), chosen, Outbox(10, 60.0), client_id="edgeholo-kitchen"
    )
    link.start()
    until(lambda: link.connected or link.trouble)
    return link


def outcome(url: str, environment: dict[str, str] | None = None, **more: object) -> str:
    """Return ``connected`` or the trouble, and leave."""
    link = connect(url, environment, **more)
    text = "connected" if link.connected else link.trouble
    link.stop(5.0)
    return text


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """Return a mosquitto that asks for a password, and lets nobody write or read what is secret."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "acl").write_text("user edgeholo\ntopic readwrite edgeholo/#\n", encoding="utf-8")
    subprocess.run(["mosquitto_passwd", "-c", "-b", folder / "passwords", "edgeholo", PASSWORD], check=True)
    with Mosquitto(folder, f"password_file {folder}/passwords", f"acl_file {folder}/acl") as mosquitto:
        yield mosquitto


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an own authority, a certificate for localhost and one for a client, made by openssl."""
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    for name in ("ca", "stranger"):
        openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN=Home {name}"),
            *("-keyout", f"{name}.key", "-out", f"{name}.pem", "-addext", "keyUsage=critical,keyCertSign"),
        )
    for name in ("localhost", "client"):
        (folder / f"{name}.cnf").write_text(f"subjectAltName=DNS:{name}", encoding="utf-8")
        openssl(
            *("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}"),
            *("-keyout", f"{name}.key", "-out", f"{name}.csr"),
        )
        openssl(
            *(
                "x509",
                "-req",
                "-in",
                f"{name}.csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "2",
            ),
            *("-extfile", f"{name}.cnf", "-out", f"{name}.pem"),
        )
    return folder


@pytest.fixture(scope="module")
def secure(certificates: Path) -> Iterator[Mosquitto]:
    """Return a mosquitto on TLS, with a second listener that wants a client certificate, and WebSockets on TLS."""
    tls = [
        f"cafile {certificates}/ca.pem",
        f"certfile {certificates}/localhost.pem",
        f"keyfile {certificates}/localhost.key",
    ]
    with Mosquitto(
        certificates,
        *("allow_anonymous true", *tls),
        *(f"listener {free_port()} 127.0.0.1", *tls, "require_certificate true"),
        *(f"listener {free_port()} 127.0.0.1", "protocol websockets", *tls),
    ) as mosquitto:
        yield mosquitto


def test_a_user_with_the_right_password_gets_in(guarded: Mosquitto, tmp_path: Path) -> None:
    """The password comes from a file, the environment, systemd or the URL."""
    (tmp_path / "secret").write_text(PASSWORD + "\n", encoding="utf-8")
    (tmp_path / "mqtt-password").write_text(PASSWORD, encoding="utf-8")
    user = f"mqtt://edgeholo@127.0.0.1:{guarded.port}"
    assert outcome(user, password_file=str(tmp_path / "secret")) == "connected"
    assert outcome(user, environment={"EDGEHOLO_MQTT_PASSWORD": PASSWORD}) == "connected"
    assert outcome(user, environment={"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "connected"
    assert outcome(f"mqtt://edgeholo:correct%20horse@127.0.0.1:{guarded.port}") == "connected"


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_a_wrong_password_and_no_user_are_refused_in_one_line(guarded: Mosquitto, protocol: str) -> None:
    """The line says what to check, and never the password."""
    for user in ("edgeholo:battery-staple@", ""):
        text = outcome(f"mqtt://{user}127.0.0.1:{guarded.port}", protocol=protocol)
        assert "check broker.username" in text
        assert "staple" not in text


def test_a_trouble_is_logged_once_not_at_every_try(guarded: Mosquitto, caplog: pytest.LogCaptureFixture) -> None:
    """A night without a broker does not fill the journal."""
    caplog.set_level(logging.INFO)
    chosen = options(f"mqtt://edgeholo:wrong@127.0.0.1:{guarded.port}")
    link = Link(lambda: address.parse(chosen, {}), chosen, Outbox(10, 60.0), client_id="edgeholo-kitchen")
    tries = threading.Semaphore(0)
    greeted = link._greeted

    def counted() -> object:
        tries.release()
        return greeted()

    link._greeted = counted  # type: ignore[method-assign,assignment]
    link.start()
    for _ in range(4):
        assert tries.acquire(timeout=10)
    link.stop(5.0)
    assert len(caplog.records) == 1
    assert "wrong" not in caplog.text


def test_a_message_the_broker_does_not_allow_is_counted_not_repeated(guarded: Mosquitto) -> None:
    """MQTT 5 says so in its acknowledgement; the events behind it still arrive."""
    secret = event(1).__class__("secret/topic", b"", event(1).kind, qos=1, retain=False)
    link = connect(f"mqtt://edgeholo:correct%20horse@127.0.0.1:{guarded.port}")
    for message in (secret, event(2)):
        link._outbox.put(message, now_s())
    link.wake()
    until(lambda: link._outbox.waiting() == 0)
    link.stop(5.0)
    counts = link._outbox.counts(now_s())
    assert counts == {"queued": 0, "sent": 1, "expired": 0, "overflowed": 0, "dropped": 0, "refused": 1}


def test_a_listener_that_is_refused_says_why(guarded: Mosquitto) -> None:
    """`edgeholo watch` ends with one line when it is not let in."""
    with pytest.raises(BrokerError, match=r"check broker\.username"), Subscriber(options(guarded.url), ["#"]):
        pass


def test_tls_works_with_an_own_authority_and_a_client_certificate(secure: Mosquitto, certificates: Path) -> None:
    """TLS with the home's own CA, mutual TLS, and WebSockets over TLS."""
    ca: dict[str, Any] = {"ca_file": f"{certificates}/ca.pem"}
    mine: dict[str, Any] = {"cert_file": f"{certificates}/client.pem", "key_file": f"{certificates}/client.key"}
    assert outcome(f"mqtts://localhost:{secure.port}", **ca) == "connected"
    assert outcome(f"mqtts://localhost:{secure.ports[1]}", **ca, **mine) == "connected"
    assert outcome(f"wss://localhost:{secure.ports[2]}", **ca) == "connected"
    assert outcome(f"mqtts://127.0.0.1:{secure.port}", insecure=True) == "connected"


def test_every_failure_of_tls_says_what_to_mend(secure: Mosquitto, certificates: Path) -> None:
    """Unknown authority, wrong name, no client certificate, TLS on one side only."""
    ca: dict[str, Any] = {"ca_file": f"{certificates}/ca.pem"}
    assert "broker.ca_file" in outcome(f"mqtts://localhost:{secure.port}")
    assert "broker.ca_file" in outcome(f"mqtts://localhost:{secure.port}", ca_file=f"{certificates}/stranger.pem")
    assert "the name that stands in it" in outcome(f"mqtts://127.0.0.1:{secure.port}", **ca)
    assert "broker.cert_file" in outcome(f"mqtts://localhost:{secure.ports[1]}", **ca)
    assert "mqtts://" in outcome(f"mqtt://localhost:{secure.port}")


def test_tls_to_a_plain_port_and_websockets_to_the_wrong_one_say_so(guarded: Mosquitto) -> None:
    """The usual mistakes with ports."""
    assert f"no TLS at 127.0.0.1:{guarded.port}" in outcome(f"mqtts://127.0.0.1:{guarded.port}", insecure=True)
    assert f"no WebSocket at 127.0.0.1:{guarded.port}/mqtt" in outcome(f"ws://127.0.0.1:{guarded.port}")


def test_websockets_carry_events_in_both_versions(tmp_path: Path) -> None:
    """Debian's mosquitto speaks them, and may put several packets into one frame."""
    port = free_port()
    with Mosquitto(tmp_path, "allow_anonymous true", f"listener {port} 127.0.0.1", "protocol websockets"):
        for protocol in ("5", "3.1.1"):
            with Subscriber(options(f"ws://127.0.0.1:{port}"), [f"{TOPICS.root}/#"]) as listener:
                link = connect(f"ws://127.0.0.1:{port}", protocol=protocol)
                for number in range(10):
                    link._outbox.put(event(number), now_s())
                link.wake()
                for number in range(10):
                    message = listener.next(10.0)
                    assert message
                    assert message.payload == event(number).payload
                link.stop(5.0)


def test_mqtt_5_falls_back_to_3_1_1_with_a_broker_that_hangs_up_on_it() -> None:
    """The wheel, iotcore, closes the connection on an MQTT 5 greeting; the next reconnect begins with what worked."""
    with EmbeddedBroker("iotcore") as broker:
        link = connect(broker.url)
        assert link.version == "3.1.1"
        assert link._versions == ["3.1.1", "5"]
        link.stop(5.0)
        assert "closed the connection" in outcome(broker.url, protocol="5")


def test_mqtt_5_is_what_a_broker_that_knows_it_gets(guarded: Mosquitto) -> None:
    """The default means 5 first; 3.1.1 only where it is asked for."""
    url = f"mqtt://edgeholo:correct%20horse@127.0.0.1:{guarded.port}"
    for protocol, version in (("auto", "5"), ("3.1.1", "3.1.1")):
        link = connect(url, protocol=protocol)
        assert link.version == version
        link.stop(5.0)


class _Server(threading.Thread):
    """A TCP server that answers every connection with the same bytes; it notes the protocol levels it was greeted with."""

    def __init__(self, answer: bytes | None) -> None:
        super().__init__(daemon=True)
        self._answer = answer
        self.levels: list[int] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"mqtt://127.0.0.1:{self._listener.getsockname()[1]}"
        self._kept: list[socket.socket] = []
        self.start()

    def run(self) -> None:
        """Answer, or keep silent and the connection open."""
        while True:
            connection, _ = self._listener.accept()
            self.levels.append(connection.recv(1000)[8])
            if self._answer is None:
                self._kept.append(connection)
            else:
                connection.sendall(self._answer)
                connection.close()


@pytest.mark.parametrize("answer", [b"\x20\x02\x00\x01", b"\x20\x03\x00\x84\x00"])
def test_a_broker_that_refuses_the_version_by_its_code_is_asked_in_the_older_one(answer: bytes) -> None:
    """Return code 1 of a 3.1.1 broker, reason 0x84 of one that knows MQTT 5: no broker at hand says either."""
    server = _Server(answer)
    link = connect(server.url)
    assert server.levels[:2] == [5, 4]
    link.stop(5.0)


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that takes the connection and is silent ends in a line, not in waiting for ever."""
    monkeypatch.setattr("edgeholo.publish.link.GREETING_S", 0.2)
    assert "does not answer: does it speak MQTT?" in outcome(_Server(None).url)


def test_something_else_at_the_port_is_recognised() -> None:
    """A web server where the broker should be."""
    assert "does it speak MQTT here" in outcome(_Server(b"HTTP/1.1 400 Bad Request\r\n\r\n").url)


def test_hosts_that_are_not_there_are_named() -> None:
    """Refused, and unknown."""
    port = free_port()
    assert outcome(f"mqtt://127.0.0.1:{port}").startswith(f"nobody listens at 127.0.0.1:{port}")
    assert outcome("mqtt://no-such-host.invalid").startswith("unknown host no-such-host.invalid")


def test_two_devices_of_the_same_name_are_told_so(guarded: Mosquitto) -> None:
    """Two Raspberry Pis with the host name they came with; the broker cuts one off for the other, in turn."""
    url = f"mqtt://edgeholo:correct%20horse@127.0.0.1:{guarded.port}"
    first = connect(url)
    chosen = options(url)
    second = Link(lambda: address.parse(chosen, {}), chosen, Outbox(10, 60.0), client_id="edgeholo-kitchen")
    second.start()
    until(lambda: "device.id" in first.trouble or "device.id" in second.trouble)
    first.stop(5.0)
    second.stop(5.0)
