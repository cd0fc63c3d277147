"""Devices that speak their published protocol obey what rules say, over a real broker."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fake_devices.device import FakeDevice
from tests.fake_devices.esphome import Esphome
from tests.fake_devices.homie import Homie
from tests.fake_devices.shelly import Shelly
from tests.fake_devices.shelly1 import Shelly1
from tests.fake_devices.tasmota import Tasmota
from tests.fake_devices.wled import Wled
from tests.real_broker import Mosquitto, until
from tests.rule_keeper import RuleKeeper

Make = Callable[[int], Any]
Is = Callable[[Any], object]

MAKE: dict[str, Make] = {
    "relay": lambda port: Tasmota(port, "plug"),
    "bulb": lambda port: Tasmota(port, "bulb", "light"),
    "blind": lambda port: Tasmota(port, "blind", "shutter"),
    "shelly": lambda port: Shelly(port, "shellyplus1-a8032abe54dc"),
    "silent shelly": lambda port: Shelly(port, "shellyplus1-a8032abe54dc", status_ntf=False),
    "shelly1": lambda port: Shelly1(port, "shelly1-B929CC"),
    "wled": lambda port: Wled(port, "wled/shelf"),
    "esphome": lambda port: Esphome(port, "kitchen"),
    "homie": lambda port: Homie(port, "false"),
    "homie 4": lambda port: Homie(port, "false", version=4),
    "homie text": lambda port: Homie(port, "red"),
}

TOGGLES: dict[str, tuple[str, Is]] = {
    "relay": ('{ tasmota = "plug", state = "toggle" }', lambda plug: plug.on),
    "bulb": ('{ tasmota = "bulb", state = "toggle", relay = 1 }', lambda bulb: bulb.on),
    "shelly": (
        '{ shelly = "shellyplus1-a8032abe54dc", state = "toggle" }',
        lambda shelly: shelly.components.status["switch:0"]["output"],
    ),
    "silent shelly": (
        '{ shelly = "shellyplus1-a8032abe54dc", state = "toggle" }',
        lambda shelly: shelly.components.status["switch:0"]["output"],
    ),
    "shelly1": ('{ shelly = "shelly1-B929CC", gen = 1, state = "toggle" }', lambda shelly: shelly.relay),
    "wled": ('{ wled = "wled/shelf", state = "toggle" }', lambda strip: strip.level > 0),
    "esphome": ('{ esphome = "kitchen", switch = "one", state = "toggle" }', lambda node: node.on["switch"]),
    "homie": ('{ homie = "stage/smoke/on", state = "toggle" }', lambda device: device.value == "true"),
    "homie 4": ('{ homie = "stage/smoke/on", version = 4, state = "toggle" }', lambda device: device.value == "true"),
}
"""By device: the action, and whether it is on."""

SETTINGS: list[tuple[str, str, Is, object]] = [
    ("relay", '{ tasmota = "plug", state = "on" }', lambda plug: plug.on, True),
    ("bulb", '{ tasmota = "bulb", brightness = 40 }', lambda bulb: (bulb.on, bulb.dimmer), (True, 40)),
    ("bulb", '{ tasmota = "bulb", color_temp = 400 }', lambda bulb: (bulb.on, bulb.color_temp), (True, 400)),
    ("bulb", '{ tasmota = "bulb", color = "#ff8000" }', lambda bulb: (bulb.on, bulb.color), (True, "FF8000")),
    (
        "bulb",
        '{ tasmota = "bulb", brightness = 40, color = "#ff8000" }',
        lambda bulb: (bulb.dimmer, bulb.color),
        (40, "FF8000"),
    ),
    ("blind", '{ tasmota = "blind", cover = "open" }', lambda blind: blind.position, 100),
    ("blind", '{ tasmota = "blind", position = 30 }', lambda blind: blind.position, 30),
    (
        "shelly",
        '{ shelly = "shellyplus1-a8032abe54dc", brightness = 70, transition_s = 2 }',
        lambda shelly: [shelly.components.status["light:0"].get(key) for key in ("output", "brightness", "transition")],
        [True, 70, {"duration": 2.0}],
    ),
    (
        "shelly",
        '{ shelly = "shellyplus1-a8032abe54dc", position = 30 }',
        lambda shelly: shelly.components.status["cover:0"]["current_pos"],
        30,
    ),
    (
        "shelly",
        '{ shelly = "shellyplus1-a8032abe54dc", cover = "open" }',
        lambda shelly: shelly.components.status["cover:0"]["state"],
        "open",
    ),
    (
        "shelly1",
        '{ shelly = "shelly1-B929CC", gen = 1, brightness = 70, transition_s = 2 }',
        lambda shelly: (shelly.light, shelly.brightness, shelly.transition_ms),
        (True, 70, 2000),
    ),
    ("shelly1", '{ shelly = "shelly1-B929CC", gen = 1, position = 30 }', lambda shelly: shelly.position, 30),
    ("shelly1", '{ shelly = "shelly1-B929CC", gen = 1, cover = "stop" }', lambda shelly: shelly.stops, 1),
    (
        "wled",
        '{ wled = "wled/shelf", preset = 3, brightness = 200, transition_s = 2, color = "#00ff80" }',
        lambda strip: (strip.preset, strip.level, strip.transition, strip.over, strip.color),
        (3, 200, 7, 20, "#00FF80"),
    ),
    ("wled", '{ wled = "wled/all", state = "toggle" }', lambda strip: strip.level, 128),
    (
        "esphome",
        '{ esphome = "kitchen", light = "one", color = "#ff8000", brightness = 128, transition_s = 2 }',
        lambda node: (node.on["light"], node.brightness, node.color, node.transition_s),
        (True, 128, {"r": 255, "g": 128, "b": 0}, 2.0),
    ),
    ("esphome", '{ esphome = "kitchen", fan = "one", state = "on" }', lambda node: node.on["fan"], True),
    ("esphome", '{ esphome = "kitchen", shutter = "one", cover = "open" }', lambda node: node.position, 100),
    ("esphome", '{ esphome = "kitchen", shutter = "one", position = 30 }', lambda node: node.position, 30),
    ("esphome", '{ esphome = "kitchen", number = "one", value = 2.5 }', lambda node: node.number, 2.5),
    ("esphome", '{ esphome = "kitchen", button = "one" }', lambda node: node.presses, 1),
    ("homie", '{ homie = "stage/smoke/on", value = true }', lambda device: device.value, "true"),
    ("homie text", '{ homie = "stage/smoke/on", value = "{{ gesture }}" }', lambda device: device.value, "thumb_up"),
    ("homie text", '{ homie = "stage/smoke/on", value = "" }', lambda device: device.value, ""),
]
"""Device, action, what is looked at, and what it is then."""

DIMMERS: dict[str, tuple[str, Is, float]] = {
    "bulb": ('{ tasmota = "bulb", brightness = { to = [0, 100] } }', lambda bulb: bulb.dimmer, 75),
    "shelly": (
        '{ shelly = "shellyplus1-a8032abe54dc", brightness = { to = [0, 100] } }',
        lambda shelly: shelly.components.status["light:0"]["brightness"],
        75,
    ),
    "shelly1": (
        '{ shelly = "shelly1-B929CC", gen = 1, brightness = { to = [0, 100] } }',
        lambda shelly: shelly.brightness,
        75,
    ),
    "wled": ('{ wled = "wled/shelf", brightness = { to = [0, 255] } }', lambda strip: strip.level, 191),
    "esphome": (
        '{ esphome = "kitchen", light = "one", brightness = { to = [0, 255] } }',
        lambda node: node.brightness,
        191,
    ),
}
"""By device: the action, its brightness, and that of three quarters."""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a running mosquitto."""
    with Mosquitto(tmp_path) as mosquitto:
        yield mosquitto


def commands(device: FakeDevice) -> int:
    """Return how often it was told something, questions aside."""
    return sum(bool(payload) for _, payload in device.heard)


@pytest.mark.parametrize("name", TOGGLES)
def test_a_device_is_toggled_each_time_once(name: str, tmp_path: Path, broker: Mosquitto) -> None:
    """Also after it was switched by hand, and whether it tells its state or not."""
    then, is_on = TOGGLES[name]
    with MAKE[name](broker.port) as device, RuleKeeper(tmp_path, broker.url, then) as rules:
        for wanted in (True, False, True):
            rules.thumb_up()
            until(lambda wanted=wanted: is_on(device) == wanted)  # type: ignore[misc]
            rules.hear_out(device)
        device.press()
        rules.hear_out(device)
        rules.thumb_up()
        until(lambda: is_on(device))
        rules.hear_out(device)
        assert is_on(device)
        assert commands(device) == 4


@pytest.mark.parametrize("name", sorted(TOGGLES.keys() - {"silent shelly"}))
def test_a_toggle_that_arrives_twice_switches_once(name: str, tmp_path: Path, broker: Mosquitto) -> None:
    """QoS 1 allows it; the device had told its state, so it was told what to be and not to change."""
    then, is_on = TOGGLES[name]
    with MAKE[name](broker.port) as device, RuleKeeper(tmp_path, broker.url, then) as rules:
        rules.hear_out(device)
        device.press()
        rules.hear_out(device)
        rules.thumb_up()
        until(lambda: not is_on(device))
        topic, payload = device.heard[-1]
        device.say(topic, payload)
        until(lambda: device.heard[-2:] == [(topic, payload)] * 2)
        assert not is_on(device)


@pytest.mark.parametrize(
    ("name", "then", "looked", "wanted"), SETTINGS, ids=[f"{each[0]}: {each[1]}" for each in SETTINGS]
)
def test_a_device_does_as_it_is_told(
    name: str, then: str, looked: Is, wanted: object, tmp_path: Path, broker: Mosquitto
) -> None:
    """It understands every option that rules have for it."""
    with MAKE[name](broker.port) as device, RuleKeeper(tmp_path, broker.url, then) as rules:
        rules.hear_out(device)
        rules.thumb_up()
        until(lambda: looked(device) == wanted)
        assert getattr(device, "refused", []) == []


@pytest.mark.parametrize("name", DIMMERS)
def test_a_hand_dims_a_device_and_leaves_it_there(name: str, tmp_path: Path, broker: Mosquitto) -> None:
    """Down to nothing and up again: the last place is where the hand was let go."""
    height, looked, wanted = DIMMERS[name]
    with MAKE[name](broker.port) as device, RuleKeeper(tmp_path, broker.url, '{ mqtt = "x" }', height) as rules:
        rules.hear_out(device)
        rules.hand(0.2, 0.0, 0.4, 1.0, 0.75)
        until(lambda: looked(device) == pytest.approx(wanted, abs=1))
        rules.hear_out(device)
        assert looked(device) == pytest.approx(wanted, abs=1)
        assert getattr(device, "refused", []) == []
