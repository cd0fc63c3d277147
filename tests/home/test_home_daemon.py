"""The daemon itself in a real home: Home Assistant hears what a man shows, and switches it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.home.real_home import PASSWORD, USER, RealHome
from tests.real_broker import Mosquitto
from tests.test_daemon import Process, patterned


@pytest.fixture
def daemon(tmp_path: Path, broker: Mosquitto, demo_clip: Path) -> Iterator[Process]:
    """Return `edgeholo run` as hall, which sees the demo clip's people in a test picture, again and again."""
    recording = tmp_path / "demo.holo"
    subprocess.run([sys.executable, "-m", "edgeholo.cli", "record", str(demo_clip), str(recording)], check=True)
    url = broker.url.replace("mqtt://", f"mqtt://{USER}@")
    process = Process(tmp_path, url, patterned(recording, 'device.name = "Hall"'), EDGEHOLO_MQTT_PASSWORD=PASSWORD)
    yield process
    code, errors = process.end()
    assert code == 0, errors


def test_home_assistant_hears_a_gesture_and_closes_the_camera(home: RealHome, daemon: Process) -> None:
    """From the clip to the event entity, and from the switch to the camera and back."""
    home.shows("event.hall_gesture", lambda state: state["attributes"].get("event_type") in ("victory", "thumb_up"))
    home.shows("binary_sensor.hall_occupancy", "on")
    home.shows("sensor.hall_camera", "running")
    home.client.call("switch", "turn_on", entity_id="switch.hall_privacy")
    home.shows("switch.hall_privacy", "on")
    home.shows("sensor.hall_camera", "closed")
    home.shows("binary_sensor.hall_occupancy", "off")
    home.client.call("switch", "turn_off", entity_id="switch.hall_privacy")
    home.shows("switch.hall_privacy", "off")
    home.shows("sensor.hall_camera", "running")
    home.client.call("number", "set_value", entity_id="number.hall_hold_time", value=2.5)
    home.shows("number.hall_hold_time", "2.5")
