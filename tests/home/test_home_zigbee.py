"""Rules at a real Zigbee2MQTT: a thumb in a real clip switches the lamp, a hand that rises dims it."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from edgeholo import config
from edgeholo.perceive.recording import Recorder
from edgeholo.publish.subscriber import Subscriber
from edgeholo.types import Side, Sight, Verdict
from tests.commanding import Speaker
from tests.control_shapes import Held, frames
from tests.hand_shapes import shape
from tests.home.real_home import PASSWORD, USER
from tests.home.real_zigbee import LAMP, Zigbee2Mqtt
from tests.real_broker import Mosquitto
from tests.test_daemon import Process, patterned

_SEEN_S = 60.0
"""A clip of four seconds, with inference on a loaded machine."""
_UP_S, _RISEN_S, _FIST_S, _OVER_S = 1.0, 3.0, 4.0, 6.0
"""The hand is shown and rests, rises, rests, makes a fist."""


@pytest.fixture(scope="module")
def zigbee(
    tmp_path_factory: pytest.TempPathFactory, shared_tools: Path, broker: Mosquitto, client: config.Broker
) -> Iterator[Zigbee2Mqtt]:
    """Return a Zigbee2MQTT that runs."""
    with Zigbee2Mqtt(tmp_path_factory.mktemp("zigbee2mqtt"), shared_tools, broker) as program:
        yield program.start(client)


@pytest.fixture
def lamp(client: config.Broker) -> Iterator[Subscriber]:
    """Return who hears what the lamp says of itself."""
    with Subscriber(client, [LAMP]) as subscriber:
        yield subscriber


def states(lamp: Subscriber) -> Iterator[dict[str, object]]:
    """Yield what the lamp says of itself, as it comes."""
    while message := lamp.next(_SEEN_S):
        yield json.loads(message.payload)


def daemon(folder: Path, broker: Mosquitto, rules: str, text: str) -> Process:
    """Start `edgeholo run` with rules."""
    (folder / "rules.toml").write_text(rules, encoding="utf-8")
    return Process(folder, broker.url.replace("//", f"//{USER}@"), text, EDGEHOLO_MQTT_PASSWORD=PASSWORD)


def test_a_thumb_in_a_real_clip_switches_the_lamp_on_and_the_next_one_off(
    tmp_path: Path, broker: Mosquitto, zigbee: Zigbee2Mqtt, lamp: Subscriber, demo_clip: Path
) -> None:
    """Real inference, and a toggle made of the state that the lamp was asked for at the start."""
    before = len(zigbee.radio())
    rules = '[[rule]]\nwhen = { gesture = "thumb_up" }\nthen = { zigbee2mqtt = "living_lamp", state = "toggle" }'
    process = daemon(tmp_path, broker, rules, f'camera.source = "{demo_clip}"')
    said = [state["state"] for state in itertools.islice(states(lamp), 3)]
    code, errors = process.ended()
    assert code == 0, errors
    assert said == ["OFF", "ON", "OFF"]
    assert [command for command, _ in zigbee.radio()[before:]] == ["genOnOff.on", "genOnOff.off"]


def test_a_lamp_that_is_on_is_toggled_off_first(
    tmp_path: Path, broker: Mosquitto, zigbee: Zigbee2Mqtt, lamp: Subscriber, demo_clip: Path
) -> None:
    """Somebody switched it on at the wall while nobody of us was listening."""
    with Speaker(broker.port, USER, PASSWORD) as speaker:
        speaker.say(f"{LAMP}/set", '{"state":"ON"}')
    assert next(states(lamp))["state"] == "ON"
    before = len(zigbee.radio())
    rules = '[[rule]]\nwhen = { gesture = "thumb_up" }\nthen = { zigbee2mqtt = "living_lamp", state = "toggle" }'
    process = daemon(tmp_path, broker, rules, f'camera.source = "{demo_clip}"')
    code, errors = process.ended()
    assert code == 0, errors
    assert [command for command, _ in zigbee.radio()[before:]] == ["genOnOff.off", "genOnOff.on"]


def risen(file: Path) -> None:
    """Record somebody who shows an open hand, raises it by a third of the body's height, and makes a fist."""

    def plan(t_s: float) -> dict[Side, Held | None]:
        share = float(np.clip((t_s - _UP_S) / (_RISEN_S - _UP_S), 0, 1))
        points = shape("open_palm") if t_s < _FIST_S else shape("closed_fist")
        return {Side.RIGHT: Held(points, (215.0, 300 - 110 * share)) if t_s < _OVER_S - 1 else None}

    good = Verdict("ok", "", usable=True, changed=False)
    with Recorder(file, engine="test", source="drawn") as recorder:
        for people in frames(plan, _OVER_S):
            recorder.write(Sight(people.timestamp_ns, people.seq, people.size, good, people))


def test_a_hand_that_rises_dims_the_lamp_and_leaves_it_there(
    tmp_path: Path, broker: Mosquitto, client: config.Broker, zigbee: Zigbee2Mqtt
) -> None:
    """At most five steps a second, none down, and the last one is where the hand let go: at the broker, the lamp and the radio."""
    file = tmp_path / "hand.holo"
    risen(file)
    before = len(zigbee.radio())
    rules = """
    [[rule]]
    when = { value = "height", hand = "right" }
    then = { zigbee2mqtt = "living_lamp", brightness = { from = [0.2, 0.9], to = [1, 254] } }
    """
    with Subscriber(client, [f"{LAMP}/set", "edgeholo/hall/state/height"]) as house:
        process = daemon(tmp_path, broker, rules, patterned(file))
        told, heights = dimmed(house)
        code, errors = process.end()
    assert code == 0, errors
    assert len(told) >= 5
    assert len(told) <= 5 * (_FIST_S + 0.5) + 2
    assert told == sorted(told)
    # What the house is told is rounded to four places.
    assert told[-1] == pytest.approx(1 + 253 * min(max((heights[-1] - 0.2) / 0.7, 0), 1), abs=1)
    assert told[-1] - told[0] > 60
    levels = [json.loads(payload)["level"] for command, payload in zigbee.radio()[before:] if "moveToLevel" in command]
    assert levels == told
    with Subscriber(client, [LAMP]) as lamp, Speaker(broker.port, USER, PASSWORD) as speaker:
        speaker.say(f"{LAMP}/get", '{"brightness":""}')
        assert next(states(lamp))["brightness"] == told[-1]


def dimmed(house: Subscriber) -> tuple[list[int], list[float]]:
    """Return the brightnesses that the lamp was told until the hand let go, and the heights that the house was told."""
    told: list[int] = []
    heights: list[float] = []
    over = False
    while not over or not told:
        message = house.next(_SEEN_S)
        assert message, f"no more than {heights} and {told}"
        payload = json.loads(message.payload)
        if message.topic.endswith("/set"):
            told.append(payload["brightness"])
        else:
            heights.append(payload["value"])
            over = payload["phase"] == "end"
    while message := house.next(1):
        told.append(json.loads(message.payload)["brightness"])
    return told, heights
