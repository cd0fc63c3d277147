"""The devices that the page offers: what real ones, and fakes that speak their protocols, retain on a real broker."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeholo.config import Broker, Config
from edgeholo.errors import BrokerError
from edgeholo.publish.client import Received
from edgeholo.web.device_kinds import LOOKS
from edgeholo.web.devices import MOST, Collection, Device, Neighbourhood
from tests.fake_devices.esphome import Esphome
from tests.fake_devices.shelly import Shelly
from tests.fake_devices.shelly1 import Shelly1
from tests.fake_devices.tasmota import Tasmota
from tests.fake_devices.wled import Wled
from tests.real_broker import Mosquitto, free_port, until


def _seen(*messages: tuple[str, object]) -> list[Device]:
    collection = Collection("homeassistant", "edgeholo")
    for topic, payload in messages:
        content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        collection.hear(Received(topic, content, retained=True))
    return collection.devices().devices


_LIGHT = {"type": "light", "features": [{"name": "state"}, {"name": "brightness"}, {"name": "color_xy"}]}
_ZIGBEE: list[dict[str, object]] = [
    {"friendly_name": "Coordinator", "type": "Coordinator", "definition": None},
    {"friendly_name": "living lamp", "definition": {"exposes": [_LIGHT, {"type": "enum", "name": "effect"}]}},
    {"friendly_name": "blind", "definition": {"exposes": [{"type": "cover", "features": [{"name": "state"}, {"name": "position"}]}]}},
    {"friendly_name": "door", "definition": {"exposes": [{"type": "binary", "name": "contact"}]}},
    {"friendly_name": "away", "disabled": True, "definition": {"exposes": [_LIGHT]}},
    {"friendly_name": "bad+name", "definition": {"exposes": [_LIGHT]}},
]  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "payload", "found"),
    [
        (
            "zigbee2mqtt/bridge/devices",
            [each for each in _ZIGBEE if each["friendly_name"] != "bad+name"],
            [
                ("zigbee2mqtt", "blind", {"cover", "position"}, {}),
                ("zigbee2mqtt", "living lamp", {"state", "brightness", "color", "transition_s"}, {}),
            ],
        ),
        ("attic/bridge/devices", [_ZIGBEE[2]], [("zigbee2mqtt", "blind", {"cover", "position"}, {"base": "attic"})]),
        (
            "tasmota/discovery/A1/config",
            {"t": "plug", "rl": [1, 1, 0], "fn": ["Lamp", "Fan"], "dn": "Plug", "ft": "%topic%/%prefix%/"},
            [
                ("tasmota", "plug", {"state"}, {"relay": 2, "full_topic": "%topic%/%prefix%/"}),
                ("tasmota", "plug", {"state"}, {"relay": 1, "full_topic": "%topic%/%prefix%/"}),
            ],
        ),
        ("tasmota/discovery/A1/config", {"t": "blind", "rl": [3, 3]}, [("tasmota", "blind", {"cover", "position"}, {})]),
        ("kitchen/status/light:0", {"output": True}, [("shelly", "kitchen", {"state", "brightness", "transition_s"}, {"component": "light", "channel": 0})]),
        (
            "homie/5/stage/$description",
            {"name": "Stage", "nodes": {"smoke": {"properties": {
                "on": {"settable": True, "datatype": "boolean", "name": "Smoke"},
                "heat": {"datatype": "float"}}}}},
            [("homie", "stage/smoke/on", {"state"}, {})],
        ),
        ("homie/stage/smoke/on/$settable", b"true", [("homie", "stage/smoke/on", {"value"}, {"version": 4})]),
        (
            "homeassistant/button/kitchen/chime/config",
            {"~": "kitchen", "cmd_t": "~/button/chime/command", "dev": {"name": "Kitchen"}, "name": "Chime"},
            [("esphome", "kitchen", {"button"}, {"button": "chime"})],
        ),
        (
            "homeassistant/switch/pump/config",
            {"command_topic": "garden/pump/set", "payload_on": "1", "payload_off": "0"},
            [("mqtt", "garden/pump/set", {"payload"}, {})],
        ),
        (
            "homeassistant/device/pump/config",
            {"dev": {"name": "Pump"}, "o": {"name": "own"}, "cmps": {"a": {"p": "switch", "cmd_t": "garden/pump/set"}}},
            [("mqtt", "garden/pump/set", {"payload"}, {})],
        ),
        ("homeassistant/device/hall/config", {"cmps": {"a": {"p": "switch", "cmd_t": "edgeholo/hall/set/privacy"}}}, []),
        ("shellyplus1-a8/online", b"false", []),
    ],
)  # fmt: skip
def test_a_device_is_found_by_what_it_says(
    topic: str, payload: object, found: list[tuple[str, str, set[str], dict[str, object]]]
) -> None:
    """With its address, what it can, and what must stand beside the address; sensors and our own units are no devices."""
    assert [(one.kind, one.address, set(one.can), one.options) for one in _seen((topic, payload))] == found


def test_names_are_those_that_people_gave() -> None:
    """Where a message has none, the address stands in."""
    plug = {"t": "plug_A1", "rl": [1], "fn": ["Reading lamp"], "dn": "Plug"}
    switch = {"cmd_t": "x/set", "name": "Pump", "dev": {"name": "Garden"}, "pl_on": "1", "pl_off": "0"}
    seen = _seen(
        ("tasmota/discovery/A1/config", plug),
        ("homeassistant/switch/pump/config", switch),
        ("wled/a1/status", b"online"),
    )
    assert [(one.name, one.payloads) for one in seen] == [("Garden Pump", ["1", "0"]), ("Reading lamp", []), ("wled/a1", [])]  # fmt: skip


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a broker."""
    with Mosquitto(tmp_path) as broker:
        yield broker


def _neighbourhood(url: str) -> Neighbourhood:
    config = Config(broker=Broker(url=url))
    return Neighbourhood(lambda: config)


def test_devices_on_a_broker_are_found_by_a_look_at_it(broker: Mosquitto) -> None:
    """Each as it introduces itself; what it retains is enough."""
    with (
        Tasmota(broker.port, "plug") as tasmota,
        Shelly(broker.port, "shellyplus1-a8032abe54dc"),
        Shelly1(broker.port, "shelly1-B929CC"),
        Wled(broker.port, "wled/shelf"),
        Esphome(broker.port, "kitchen"),
    ):
        tasmota.announce("A1B2C3", "Reading lamp")
        wanted = {("tasmota", "plug"), ("shelly", "shellyplus1-a8032abe54dc"), ("shelly", "shelly1-B929CC"), ("wled", "wled/shelf")}  # fmt: skip

        def all_there() -> bool:
            found = _neighbourhood(broker.url).devices().devices
            return wanted <= {(one.kind, one.address) for one in found}

        until(all_there)


def test_the_same_is_told_for_a_while(broker: Mosquitto) -> None:
    """A look costs the broker all that it remembers, so another one waits for a quarter of a minute."""
    now_s = [0.0]
    config = Config(broker=Broker(url=broker.url))
    neighbourhood = Neighbourhood(lambda: config, lambda: now_s[0])
    assert neighbourhood.devices().devices == []
    with Wled(broker.port, "wled/shelf"):
        assert neighbourhood.devices().devices == []
        now_s[0] = 16.0
        until(lambda: _forward(now_s) and neighbourhood.devices().devices)


def _forward(now_s: list[float]) -> bool:
    now_s[0] += 16.0
    return True


def test_a_broker_that_is_away_is_an_error() -> None:
    """Not an empty list: nobody knows what there is."""
    with pytest.raises(BrokerError, match="nobody listens"):
        _neighbourhood(f"mqtt://127.0.0.1:{free_port()}").devices()


def test_a_flood_of_devices_has_an_end() -> None:
    """Five hundred are listed; of the others it is said how many."""
    collection = Collection("homeassistant", "edgeholo")
    for number in range(MOST + 20):
        collection.hear(Received(f"wled/{number}/status", b"online", retained=True))
    assert (len(collection.devices().devices), collection.devices().more) == (MOST, 20)


_TOPICS = st.sampled_from([each.replace("+", "x").replace("DISCOVERY", "homeassistant") for each in LOOKS])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*"topdevrlfncm~", "rl", "cmps", "nodes", "friendly_name", "definition", "exposes"]), inner),
    max_leaves=12,
)  # fmt: skip


@given(_TOPICS, st.binary() | _JSON)
def test_nothing_that_anybody_sends_breaks_the_list(topic: str, payload: object) -> None:
    """Any bytes and any JSON on any of the topics."""
    _seen((topic, payload))


def test_deep_and_huge_messages_are_passed_over() -> None:
    """Brackets without end, and more than any list of devices needs."""
    for topic in LOOKS:
        place = topic.replace("+", "x").replace("DISCOVERY", "homeassistant")
        _seen((place, b"[" * 200_000))
        assert _seen((place, b" " * (5 << 20))) == []
