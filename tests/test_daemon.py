"""The daemon as a process: real clips, a real broker, real signals."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from edgeholo.publish.client import Received
from edgeholo.publish.subscriber import Subscriber
from tests.real_broker import Mosquitto, options, until

_START_S = 30.0
"""A loaded machine with a cold cache."""
_ROOT = "edgeholo/hall"


@dataclass
class House:
    """A listener to everything that one daemon says."""

    subscriber: Subscriber
    heard: list[Received] = field(default_factory=list)

    def wait_for(self, path: str, **fields: object) -> dict[str, Any]:
        """Listen until a message of that topic has those fields, and return it; text comes as ``{"text": ...}``."""
        while True:
            message = self.subscriber.next(_START_S)
            assert message, f"no {path} with {fields} among {[(m.topic, m.payload[:80]) for m in self.heard]}"
            self.heard.append(message)
            payload = _payload(message)
            if message.topic == f"{_ROOT}/{path}" and all(payload.get(key) == fields[key] for key in fields):
                return payload

    def payloads(self, path: str) -> list[dict[str, Any]]:
        """Return all that was heard so far on a topic."""
        return [_payload(message) for message in self.heard if message.topic == f"{_ROOT}/{path}"]


def _payload(message: Received) -> dict[str, Any]:
    if not message.payload.startswith(b"{"):
        return {"text": message.payload.decode(errors="replace")}
    payload: dict[str, Any] = json.loads(message.payload)
    return payload


class Process:
    """``edgeholo run`` with a configuration of its own."""

    def __init__(self, folder: Path, url: str, text: str, **environ: str) -> None:
        self.file = folder / "edgeholo.toml"
        self._url = url
        self.write(text)
        folder.joinpath("runtime_dir").mkdir(exist_ok=True)
        own = {f"XDG_{kind}": str(folder / kind.lower()) for kind in ("RUNTIME_DIR", "STATE_HOME", "DATA_HOME")}
        environment = {**os.environ, **own, **environ}
        command = [sys.executable, "-m", "edgeholo.cli", "run", "--config", str(self.file)]
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)

    def write(self, text: str) -> None:
        """Write the configuration file."""
        self.file.write_text(f'device.id = "hall"\nbroker.url = "{self._url}"\n{text}\n', encoding="utf-8")

    def move(self, url: str) -> None:
        """Write another broker into the configuration file."""
        text = self.file.read_text(encoding="utf-8").replace(self._url, url)
        self._url = url
        self.file.write_text(text, encoding="utf-8")

    def next_line(self) -> str:
        """Return the next line on stderr, waiting for it."""
        assert self.process.stderr
        line = self.process.stderr.readline()
        assert line, "the daemon ended"
        return line

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; return the exit code and what was on stderr."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and what was on stderr."""
        _, errors = self.process.communicate(timeout=_START_S)
        return self.process.returncode, errors


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a running mosquitto."""
    with Mosquitto(tmp_path) as mosquitto:
        yield mosquitto


@pytest.fixture
def house(broker: Mosquitto) -> Iterator[House]:
    """Return a listener to all topics of the device."""
    with Subscriber(options(broker.url), [f"{_ROOT}/#"]) as subscriber:
        yield House(subscriber)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory, demo_clip: Path) -> Path:
    """Return a recording of the demo clip, for daemons that need no models."""
    file = tmp_path_factory.mktemp("recording") / "demo.holo"
    subprocess.run([sys.executable, "-m", "edgeholo.cli", "record", str(demo_clip), str(file)], check=True)
    return file


def patterned(recording: Path, more: str = "") -> str:
    """Return the configuration of a daemon that sees the recording in a test picture: no camera, no model."""
    return f'camera.source = "pattern"\nengine.name = "recorded"\nengine.recording = "{recording}"\n{more}'


def test_the_demo_clip_arrives_as_gestures_in_order(
    tmp_path: Path, broker: Mosquitto, house: House, demo_clip: Path
) -> None:
    """A clip at its own pace, real inference, real MQTT: what the man shows is what the house hears."""
    daemon = Process(tmp_path, broker.url, f'camera.source = "{demo_clip}"\npublish.landmarks = true')
    house.wait_for("availability", text="stopped")
    code, errors = daemon.ended()
    assert code == 0, errors
    starts = [event for event in house.payloads("event/gesture") if event["phase"] == "start"]
    assert [(event["event_type"], event["hand"]) for event in starts] == [
        ("victory", "left"),
        ("thumb_up", "left"),
        ("victory", "left"),
        ("thumb_up", "left"),
    ]
    numbers = [event["seq"] for event in house.payloads("event/gesture")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert house.payloads("availability")[0] == {"text": "online"}
    assert house.payloads("state/presence")[0]["person"] is True
    assert house.payloads("info")[0]["engine"] == "litert"
    assert len(house.payloads("landmarks")) > 10
    health = house.payloads("state/health")[-1]
    assert health["frames"] == 43
    assert health["rss_mb"] < 250
    assert not any(message.retained for message in house.heard)


def test_a_reload_keeps_the_camera_and_a_wrong_one_changes_nothing(
    tmp_path: Path, broker: Mosquitto, house: House, recording: Path
) -> None:
    """SIGHUP takes what changed; a mistake in the file is logged and the daemon goes on as it was."""
    daemon = Process(tmp_path, broker.url, patterned(recording))
    house.wait_for("state/config", landmarks=False)
    house.wait_for("state/camera", state="running")
    daemon.write(patterned(recording, "publish.landmarks = true"))
    daemon.process.send_signal(signal.SIGHUP)
    house.wait_for("state/config", landmarks=True)
    house.wait_for("landmarks")
    daemon.write(patterned(recording, "camera.widht = 3"))
    daemon.process.send_signal(signal.SIGHUP)
    house.wait_for("landmarks")
    code, errors = daemon.end()
    assert code == 0
    assert "camera.widht: unknown option" in errors
    assert [state["state"] for state in house.payloads("state/camera")] == ["opening", "running"]
    assert [each["text"] for each in house.payloads("availability")] == ["online"]


def test_a_reload_switches_the_engines_branches(
    tmp_path: Path, broker: Mosquitto, house: House, recording: Path
) -> None:
    """The info message tells at once which branches run now."""
    daemon = Process(tmp_path, broker.url, patterned(recording))
    house.wait_for("info", branches=["pose", "left_hand", "right_hand"])
    house.wait_for("state/config", pose="auto", left_hand="auto", right_hand="auto", face="off")
    daemon.write(patterned(recording, 'engine.left_hand = "off"\nengine.right_hand = "on"'))
    daemon.process.send_signal(signal.SIGHUP)
    house.wait_for("info", branches=["pose", "right_hand"])
    house.wait_for("state/config", pose="auto", left_hand="off", right_hand="on", face="off")
    assert daemon.end()[0] == 0


def test_a_killed_daemon_is_offline_and_a_stopped_one_says_so(
    tmp_path: Path, broker: Mosquitto, house: House, recording: Path
) -> None:
    """The last will speaks for the dead; SIGINT and SIGTERM are clean stops."""
    for number, word in ((signal.SIGKILL, "offline"), (signal.SIGINT, "stopped"), (signal.SIGTERM, "stopped")):
        daemon = Process(tmp_path, broker.url, patterned(recording))
        house.wait_for("state/camera", state="running")
        daemon.end(number)
        house.wait_for("availability", text=word)


def test_the_service_manager_hears_of_the_start_the_frames_and_the_stop(
    tmp_path: Path, broker: Mosquitto, recording: Path
) -> None:
    """READY after the start, WATCHDOG for frames that came out of the line, STOPPING at the end."""
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.settimeout(_START_S)
        daemon = Process(tmp_path, broker.url, patterned(recording), NOTIFY_SOCKET=address)
        heard: list[str] = []
        while heard.count("WATCHDOG=1") < 10:
            heard.append(manager.recv(1000).decode())
        assert any(text.startswith("READY=1") for text in heard)
        daemon.end()
        manager.settimeout(0)
        while heard[-1] != "STOPPING=1":
            heard.append(manager.recv(1000).decode())


def test_a_camera_that_is_not_there_is_said_and_waited_for(
    tmp_path: Path, broker: Mosquitto, house: House, recording: Path
) -> None:
    """The daemon lives on, says in words what is wrong, and tries again."""
    text = patterned(recording).replace("pattern", "v4l2:/dev/video97")
    daemon = Process(tmp_path, broker.url, text)
    assert "/dev/video97" in house.wait_for("state/camera", state="lost")["detail"]
    assert daemon.process.poll() is None
    assert daemon.end()[0] == 0


def test_a_second_daemon_of_the_same_name_does_not_start(
    tmp_path: Path, broker: Mosquitto, house: House, recording: Path
) -> None:
    """It says which process has the name, and the first goes on."""
    first = Process(tmp_path, broker.url, patterned(recording))
    house.wait_for("state/camera", state="running")
    code, errors = Process(tmp_path, broker.url, patterned(recording)).ended()
    assert code == 78
    assert f"runs already (process {first.process.pid})" in errors
    assert first.end()[0] == 0


def test_a_broker_that_comes_late_hears_the_states(tmp_path: Path, recording: Path) -> None:
    """The daemon starts without a broker, and everything that counts now is said when it appears."""
    mosquitto = Mosquitto(tmp_path)
    daemon = Process(tmp_path, mosquitto.url, patterned(recording, "broker.reconnect_max_s = 1"))
    assert daemon.process.stderr
    until(lambda: "runs as hall" in (daemon.process.stderr.readline() if daemon.process.stderr else ""), _START_S)
    with mosquitto, Subscriber(options(mosquitto.url), [f"{_ROOT}/#"]) as subscriber:
        house = House(subscriber)
        house.wait_for("availability", text="online")
        house.wait_for("state/quality", state="ok")
        house.wait_for("state/camera", state="running")
        assert daemon.end()[0] == 0


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ('camera.source = "/nothing/here.mp4"', 1, "/nothing/here.mp4"),
        ('engine.name = "recorded"', 78, "engine.recording names no file"),
        ("camera.width = 1", 78, "camera.width"),
        ('gestures.enabled = ["thumbs_up"]', 78, "there is no gesture"),
        ('broker.url = "http://broker"', 78, "mqtt"),
    ],
)
def test_a_start_that_cannot_succeed_is_one_line_and_an_exit_code(
    tmp_path: Path, text: str, code: int, words: str
) -> None:
    """The service manager does not try again what only the user can mend."""
    if "broker.url" in text:
        file = tmp_path / "edgeholo.toml"
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "edgeholo.cli", "run", "--config", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_START_S, check=False)
        ended, errors = done.returncode, done.stderr
    else:
        ended, errors = Process(tmp_path, "none", text).ended()
    lines = [line for line in errors.splitlines() if line.startswith("edgeholo: ")]
    assert ended == code, errors
    assert len(lines) == 1
    assert words in lines[0]
    assert "Traceback" not in errors
