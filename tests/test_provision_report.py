"""The first boot's word to the broker: a few bytes of MQTT by hand, read by a real broker and a real client."""

import json
import ssl
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from edgeholo import config
from edgeholo.provision import report
from edgeholo.publish.subscriber import Subscriber
from tests.real_broker import PATIENCE_S, Mosquitto, free_port, options


def _configuration(folder: Path, url: str, more: str = "") -> Path:
    file = folder / "edgeholo.toml"
    file.write_text(f'[device]\nid = "hall"\n[broker]\nurl = "{url}"\n{more}\n')
    return file


def _heard(options: config.Broker) -> dict[str, str]:
    """Return the message that whoever comes later finds."""
    with Subscriber(options, ["edgeholo/hall/state/setup"]) as subscriber:
        message = subscriber.next(PATIENCE_S)
    assert message
    assert message.retained
    heard: dict[str, str] = json.loads(message.payload)
    return heard


def test_who_comes_later_sees_how_far_it_is(tmp_path: Path) -> None:
    """Retained, as a state is; long texts too, and letters of any language."""
    with Mosquitto(tmp_path) as broker:
        report.report(_configuration(tmp_path, broker.url), tmp_path / "none", "running", "Schritt 1: ü" * 20)
        heard = _heard(options(broker.url))
    assert heard["state"] == "running"
    assert heard["text"] == "Schritt 1: ü" * 20
    assert datetime.fromisoformat(heard["time"]).tzinfo


def test_the_brokers_password_is_taken_from_its_file(tmp_path: Path) -> None:
    """A wrong one is an error that says so, and the script leaves with a code; it never shows the password."""
    password = 'br0ker: "p' + "'w"
    subprocess.run(["mosquitto_passwd", "-c", "-b", tmp_path / "known", "me", password], check=True)
    (tmp_path / "right").write_text(password + "\n")
    (tmp_path / "wrong").write_text("another\n")
    with Mosquitto(tmp_path, "allow_anonymous false", f"password_file {tmp_path / 'known'}") as broker:
        configuration = _configuration(tmp_path, broker.url.replace("//", "//me@"))
        report.report(configuration, tmp_path / "right", "done", "ready")
        command = [sys.executable, report.__file__, str(configuration), str(tmp_path / "wrong"), "failed", "?"]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        heard = _heard(options(broker.url, username="me", password_file=str(tmp_path / "right")))
    assert heard["text"] == "ready"
    assert result.returncode == 1
    assert result.stderr == "edgeholo: MQTT was not told: the broker refused: 20020005\n"


def test_tls_is_checked_against_the_homes_own_authority(tmp_path: Path) -> None:
    """A broker with a certificate of that authority is told; without the authority it is not."""
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    make += ["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "ca.pem"]
    subprocess.run(make, cwd=tmp_path, check=True, capture_output=True)
    port = free_port()
    tls = f"listener {port} localhost", f"certfile {tmp_path}/ca.pem", f"keyfile {tmp_path}/key.pem"
    with Mosquitto(tmp_path, "allow_anonymous true", *tls):
        url = f"mqtts://localhost:{port}"
        file = _configuration(tmp_path, url, f'ca_file = "{tmp_path}/ca.pem"')
        report.report(file, tmp_path / "none", "done", "ready")
        with pytest.raises(ssl.SSLCertVerificationError):
            report.report(_configuration(tmp_path, url), tmp_path / "none", "done", "ready")
        assert _heard(options(url, ca_file=f"{tmp_path}/ca.pem"))["text"] == "ready"


@pytest.mark.parametrize("url", ["ws://broker:80", "embedded", "none"])
def test_other_brokers_are_told_nothing(tmp_path: Path, url: str) -> None:
    """An error that the first boot passes over."""
    with pytest.raises(ValueError, match="no message from here"):
        report.report(_configuration(tmp_path, url), tmp_path / "none", "done", "ready")
