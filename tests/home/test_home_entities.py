"""A real Home Assistant finds a unit by itself, shows what it says, and commands it."""

from collections.abc import Callable
from typing import Any

import pytest

from edgeholo.config import Config
from edgeholo.health import Health
from edgeholo.options import changed, values
from edgeholo.publish.subscriber import Subscriber
from edgeholo.types import Side, Value
from tests.home.real_home import RealHome, Unit
from tests.home.speech import GESTURES, HINT, armed, commands, states

SHOWN = {
    "event.study_gesture": "unknown",
    "event.study_gesture_held": "unknown",
    "binary_sensor.study_occupancy": "on",
    "binary_sensor.study_armed": "on",
    "binary_sensor.study_throttled": "on",
    "binary_sensor.study_power": "on",
    "sensor.study_pinch": "unavailable",
    "sensor.study_height": "unavailable",
    "sensor.study_picture": "dark",
    "sensor.study_camera": "running",
    "sensor.study_frame_rate": "14.97",
    "sensor.study_latency": "41.54",
    "sensor.study_temperature": "58.3",
    "sensor.study_memory": "212.4",
    "sensor.study_events_waiting": "2",
    "sensor.study_slowed_down": "2",
    "sensor.study_hint": HINT,
    "sensor.study_lesson": "shown",
    "text.study_teach_a_gesture": "horns",
    "switch.study_privacy": "off",
    "switch.study_hands": "on",
    "switch.study_face": "off",
    "switch.study_landmarks": "off",
    "switch.study_wake_gesture": "on",
    "select.study_profile": "everyday",
    "number.study_hold_time": "1.0",
    "button.study_restart": "unknown",
    "button.study_snapshot": "unknown",
    "image.study_skeleton": "unknown",
    "update.study_version": "on",
}
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "event.study_gesture": {"event_types": GESTURES, "friendly_name": "Study Gesture"},
    "binary_sensor.study_occupancy": {"device_class": "occupancy", "count": 1, "since": "2026-11-23T18:30:05.250Z"},
    "binary_sensor.study_throttled": {"device_class": "problem", "bits": "0x50005"},
    "binary_sensor.study_power": {"device_class": "problem", "power": "under-voltage now"},
    "sensor.study_picture": {"hint": "too dark: turn a light on"},
    "sensor.study_camera": {"source": "v4l2:/dev/video0", "detail": ""},
    "sensor.study_temperature": {"device_class": "temperature", "unit_of_measurement": "°C"},
    "sensor.study_lesson": {"name": "horns", "shows_done": 1, "shows_wanted": 3, "hint": "again, please"},
    "update.study_version": {"installed_version": "0.1.0", "latest_version": "0.2.0", "in_progress": False},
    "select.study_profile": {"options": ["everyday", "all", "music"]},
    "number.study_hold_time": {"min": 0.0, "max": 3600.0, "step": 0.1, "unit_of_measurement": "s"},
}


def test_every_entity_is_there_and_shows_what_the_unit_says(home: RealHome, unit: Callable[[str], Unit]) -> None:
    """One message makes them all; their states and attributes are the payloads of the documented topics."""
    study = unit("study")
    study.introduce("Study", GESTURES)
    study.say(study.topics.availability("online"), *states(study.topics, armed()))
    for entity, state in SHOWN.items():
        home.shows(entity, state)
    for entity, wanted in ATTRIBUTES.items():
        attributes = home.client.state(entity)["attributes"]
        assert {**attributes, **wanted} == attributes, entity
    assert sorted(home.entities("study").values()) == sorted(SHOWN)
    device = home.device("study")
    assert device
    assert (device["name"], device["manufacturer"], device["sw_version"]) == ("Study", "edgeholo", "1.2.3")


def test_what_a_machine_cannot_tell_is_unknown(home: RealHome, hall: Unit) -> None:
    """A laptop has no throttling bits; a figure of null is no warning in Home Assistant's log."""
    blind = Health(0.0, 0, 0, 0, None, None, 0.0, 100.0, None, None, 0.0, {}, {"queued": 0})
    hall.say(hall.topics.health(blind))
    for entity in (
        "sensor.hall_latency",
        "sensor.hall_temperature",
        "binary_sensor.hall_throttled",
        "binary_sensor.hall_power",
    ):
        home.shows(entity, "unknown")
    home.shows("sensor.hall_hint", "ok")


@pytest.mark.parametrize("gone", ["offline", "stopped"])
def test_a_unit_that_is_gone_is_unavailable_until_it_is_back(home: RealHome, hall: Unit, gone: str) -> None:
    """The last will and a clean stop mean the same to the house."""
    hall.say(hall.topics.availability(gone))
    home.shows("binary_sensor.hall_occupancy", "unavailable")
    home.shows("switch.hall_privacy", "unavailable")
    hall.say(hall.topics.availability("online"))
    home.shows("binary_sensor.hall_occupancy", "on")


def test_armed_is_unavailable_while_no_wake_gesture_is_needed(home: RealHome, hall: Unit) -> None:
    """Gestures count always then, and `off` would say that they never do."""
    hall.say(hall.topics.config(values(Config())))
    home.shows("binary_sensor.hall_armed", "unavailable")


def test_a_control_shows_its_value_and_expires_when_nobody_holds_it(home: RealHome, hall: Unit) -> None:
    """Percent while the hand is there; a lamp does not follow yesterday's hand."""
    hall.say(hall.topics.value(Value("pinch", 0.4254, "change", Side.RIGHT, 1, 0)))
    shown = home.shows("sensor.hall_pinch", "42.5")
    assert (shown["attributes"]["hand"], shown["attributes"]["phase"]) == ("right", "change")
    home.shows("sensor.hall_pinch", "unavailable")


def test_everything_that_can_be_set_arrives_as_a_command(home: RealHome, hall: Unit, listener: Subscriber) -> None:
    """As options know it, and not retained; a switch waits for what the unit answers."""
    call = home.client.call
    call("switch", "turn_on", entity_id="switch.hall_privacy")
    call("switch", "turn_off", entity_id="switch.hall_hands")
    call("switch", "turn_on", entity_id="switch.hall_face")
    call("switch", "turn_on", entity_id="switch.hall_landmarks")
    call("switch", "turn_off", entity_id="switch.hall_wake_gesture")
    call("select", "select_option", entity_id="select.hall_profile", option="music")
    call("number", "set_value", entity_id="number.hall_hold_time", value=2.5)
    call("text", "set_value", entity_id="text.hall_teach_a_gesture", value="horns")
    call("button", "press", entity_id="button.hall_snapshot")
    call("button", "press", entity_id="button.hall_restart")
    call("update", "install", entity_id="update.hall_version")
    assert commands(listener, 11) == [
        ("hall/set/privacy", "on"),
        ("hall/set/hands", "off"),
        ("hall/set/face", "auto"),
        ("hall/set/landmarks", "on"),
        ("hall/set/arming", "off"),
        ("hall/set/profile", "music"),
        ("hall/set/hold_s", "2.5"),
        ("hall/set/learn", "horns"),
        ("hall/set/snapshot", "PRESS"),
        ("hall/set/restart", "PRESS"),
        ("hall/set/update", "latest"),
    ]
    assert home.client.state("switch.hall_privacy")["state"] == "off"
    hall.say(hall.topics.config(values(changed(armed(), "privacy", value=True))))
    home.shows("switch.hall_privacy", "on")


def test_the_skeleton_is_shown(home: RealHome, hall: Unit) -> None:
    """A picture of points, byte for byte as it was sent."""
    hall.say(hall.topics.skeleton(b"\x89PNG points"))
    home.shows("image.hall_skeleton", lambda state: state["state"] != "unknown")
    assert home.picture("image.hall_skeleton") == b"\x89PNG points"
