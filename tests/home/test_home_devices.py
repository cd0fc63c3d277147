"""What rules say to devices, judged by Home Assistant's own integrations and libraries for them."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fake_devices.tasmota import Tasmota
from tests.fake_devices.wled import Wled
from tests.home.real_home import PASSWORD, PROGRAMS, ROOT, USER, RealHome
from tests.real_broker import Mosquitto, until
from tests.rule_cases import orders_of

MAC = "A4CF12A1B2C3"


def judged(script: str, question: object) -> Any:  # noqa: ANN401 - JSON
    """Return what a script says that Home Assistant's Python runs."""
    python = PROGRAMS / "venv" / "bin" / "python"
    result = subprocess.run(
        [python, Path(__file__).with_name(script)],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def bulb(home: RealHome, broker: Mosquitto) -> Iterator[Tasmota]:
    """Return a Tasmota bulb that Home Assistant's integration has found."""
    if not any(entry["domain"] == "tasmota" for entry in home.client.req("/api/config/config_entries/entry")):
        flow = home.client.req("/api/config/config_entries/flow", {"handler": "tasmota"})
        made = home.client.req(f"/api/config/config_entries/flow/{flow['flow_id']}", {})
        assert made["type"] == "create_entry", made
    with Tasmota(broker.port, "bulb", "light", USER, PASSWORD) as device:
        device.announce(MAC, "Bulb")
        home.shows("light.bulb", "off")
        yield device
        device.forget(MAC)
        home.lacks("light.bulb")


def test_home_assistant_and_rules_command_a_tasmota_alike(home: RealHome, bulb: Tasmota) -> None:
    """Its integration (HATasmota) understands the fake as it would the device, and sees what a rule did to it."""
    home.client.call("light", "turn_on", entity_id="light.bulb", brightness_pct=40)
    until(lambda: (bulb.on, bulb.dimmer) == (True, 40))
    home.shows("light.bulb", lambda state: state["attributes"].get("brightness") == 102)
    then = '{ tasmota = "bulb", brightness = 80, color = "#ff8000" }'
    for topic, payload in orders_of(then):
        bulb.say(topic, payload)
    shown = home.shows("light.bulb", lambda state: state["attributes"].get("brightness") == 204)
    home.shows("light.bulb", lambda state: state["attributes"].get("rgb_color") == [255, 128, 0])
    assert shown["state"] == "on"
    for topic, payload in orders_of('{ tasmota = "bulb", state = "toggle" }', {"stat/bulb/POWER": "ON"}):
        bulb.say(topic, payload)
    home.shows("light.bulb", "off")
    theirs = {topic for topic, _ in bulb.heard}
    assert {"cmnd/bulb/Dimmer", "cmnd/bulb/Color2", "cmnd/bulb/POWER"} <= theirs


def test_a_tasmotas_button_is_seen_by_both(home: RealHome, bulb: Tasmota) -> None:
    """The fake says it on RESULT, where the integration listens, and on POWER, where rules do."""
    bulb.press()
    home.shows("light.bulb", "on")
    bulb.press()
    home.shows("light.bulb", "off")


def test_the_library_for_wled_says_the_same_as_rules_and_reads_the_fake() -> None:
    """Brightness, power, preset and a transition for this command alone."""
    strip = Wled(0, "wled/shelf")
    states = [strip.json_state()]
    for then in ('{ wled = "w", state = "on", brightness = 200, transition_s = 2 }', '{ wled = "w", preset = 3 }'):
        for _, payload in orders_of(then):
            strip.obey(payload)
        states.append(strip.json_state())
    found = judged("library_wled.py", states)
    assert [(state["on"], state["brightness"], state["preset"]) for state in found["states"]] == [
        (False, 128, None),
        (True, 200, None),
        (True, 200, 3),
    ]
    assert found["states"][0]["color"] == [255, 170, 0]
    ours = [
        json.loads(payload)
        for then in (
            '{ wled = "w", state = "on", brightness = 200, transition_s = 2 }',
            '{ wled = "w", state = "off" }',
            '{ wled = "w", preset = 3 }',
        )
        for _, payload in orders_of(then)
    ]
    assert found["requests"] == ours


def test_the_library_for_shelly_makes_the_calls_of_rules_at_the_fake() -> None:
    """Each is understood, and the status is one that the library reads."""
    thens = (
        '{ shelly = "s", state = "on" }',
        '{ shelly = "s", state = "toggle", component = "light" }',
        '{ shelly = "s", brightness = 70, transition_s = 2 }',
        '{ shelly = "s", cover = "open" }',
        '{ shelly = "s", position = 30 }',
    )
    calls = [json.loads(payload) for then in thens for _, payload in orders_of(then)]
    status = judged("library_shelly.py", [(call["method"], call["params"]) for call in calls])
    assert status["switch:0"]["output"] is True
    assert (status["light:0"]["output"], status["light:0"]["brightness"]) == (True, 70)
    assert status["cover:0"]["current_pos"] == 30
