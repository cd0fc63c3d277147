"""What Home Assistant is told of this device: one message, said again when it is born, and cleared of what is gone."""

import json
import re
import typing
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from edgeholo.config import Config, Device, Publish
from edgeholo.interpret.taught.lessons import State
from edgeholo.options import OPTIONS
from edgeholo.publish import discovery, entities, introduction
from edgeholo.publish.client import Received
from edgeholo.publish.introduction import Introduction
from edgeholo.publish.topics import TOPICS, Topics
from edgeholo.types import CameraState, Message, MessageKind, QualityState

HALL = Topics("edgeholo", "hall")
ACTIONS = {"learn", "restart", "snapshot", "update"}


def device(
    topics: Topics = HALL,
    name: str = "",
    gestures: Iterable[str] = ("thumb_up", "swipe_left"),
    prefix: str = "homeassistant",
) -> Message:
    """Return the discovery message of a device."""
    config = Config(device=Device(id=topics.device_id, name=name), publish=Publish(discovery=prefix))
    return discovery.device(
        topics,
        config,
        version="1.2.3",
        gestures=list(gestures),
        held=["thumb_up"],
        values=["pinch", "height"],
        profiles=["everyday", "all", "music"],
    )


def said(message: Message) -> dict[str, Any]:
    """Return the payload."""
    payload: dict[str, Any] = json.loads(message.payload)
    return payload


def parts(message: Message) -> dict[str, dict[str, Any]]:
    """Return the components."""
    found: dict[str, dict[str, Any]] = said(message)["components"]
    return found


class Wire:
    """A sender that remembers what went out and who listens; it is as good as a broker that answers when told to."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.listeners: dict[str, Callable[[Received], None]] = {}

    connected = True
    trouble = ""

    def start(self) -> None:
        """Do nothing."""

    def send(self, message: Message) -> None:
        """Remember a message."""
        self.sent.append(message)

    def subscribe(self, topic_filter: str, callback: Callable[[Received], None]) -> None:
        """Remember who listens."""
        self.listeners[topic_filter] = callback

    def counts(self) -> dict[str, int]:
        """Return nothing."""
        return {}

    def stop(self, timeout_s: float = 0.0) -> None:
        """Do nothing."""

    def bring(self, topic: str, payload: bytes, *, retained: bool = False) -> None:
        """Deliver a message to who listens there."""
        self.listeners[topic](Received(topic, payload, retained=retained))


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Return a wire; births on it are answered at once."""
    monkeypatch.setattr(introduction, "SPREAD_S", 0.0)
    return Wire()


@pytest.fixture
def given(wire: Wire) -> Introduction:
    """Return an introduction that listens and has introduced the device."""
    made = Introduction(HALL, wire, "homeassistant")
    made.listen()
    made.give(device())
    return made


OWN = "homeassistant/device/hall/config"
STATUS = "homeassistant/status"


def test_the_message_is_a_retained_state_where_home_assistant_listens() -> None:
    """Home Assistant may start later than we; a broker that restarts is told again by the outbox."""
    message = device()
    assert (message.topic, message.retain, message.qos, message.kind) == (OWN, True, 1, MessageKind.STATE)
    assert device(prefix="ha/test").topic == "ha/test/device/hall/config"


def test_the_device_is_called_by_its_name_and_known_by_its_id() -> None:
    """A new name makes no new device; without a name the id is one."""
    named = said(device(name="Hall, upstairs"))["device"]
    assert (named["name"], named["identifiers"]) == ("Hall, upstairs", ["edgeholo_hall"])
    assert said(device())["device"] == {**named, "name": "hall"}
    assert (named["sw_version"], said(device())["origin"]["sw_version"]) == ("1.2.3", "1.2.3")


def test_a_new_name_changes_no_unique_id() -> None:
    """The history of an entity hangs on its unique id."""
    assert parts(device(name="Old")) == parts(device(name="New"))


def test_no_two_components_of_any_two_devices_share_a_unique_id() -> None:
    """Not even where one id is the beginning of the other, as `hall` and `hall-camera`."""
    ids = ["hall", "hall-camera", "hall_camera", "hall_value"]
    found = [
        each["unique_id"]
        for name in ids
        for each in parts(device(Topics("edgeholo", name))).values()
        if "unique_id" in each
    ]
    assert len(found) == len(set(found)) > 4 * 20


def test_every_entity_has_a_unique_id_and_a_name() -> None:
    """Without the first Home Assistant refuses the whole message, without the second all are called alike."""
    entity_parts = [each for each in parts(device()).values() if each["p"] != "device_automation"]
    assert all(each["unique_id"] and each["name"] for each in entity_parts)
    names = [each["name"] for each in entity_parts]
    assert len(names) == len(set(names))


def test_every_gesture_is_an_event_type_and_a_trigger() -> None:
    """Taught ones too; what is over at once cannot be held."""
    found = parts(device(gestures=["thumb_up", "swipe_left", "horns"]))
    assert found["gesture"]["event_types"] == ["thumb_up", "swipe_left", "horns"]
    assert found["gesture_held"]["event_types"] == ["thumb_up"]
    triggers = {key: each for key, each in found.items() if each["p"] == "device_automation"}
    assert [each["subtype"] for each in triggers.values()] == ["thumb_up", "swipe_left", "horns"]
    assert triggers["trigger_horns"]["payload"] == "horns"


def test_a_gesture_named_like_an_option_replaces_no_other_component() -> None:
    """The people of the house choose names: `held`, `face`, `restart`."""
    names = [*parts(device()), "held", "trigger_held"]
    found = parts(device(gestures=names))
    assert len(found) == len(parts(device(gestures=[]))) + len(names)


def test_every_topic_is_one_that_this_device_has() -> None:
    """What is shown comes from a documented topic, what is set goes to an option or an action that exists."""
    known = {f"{HALL.root}/{row.path}" for row in TOPICS.values()} | {
        f"{HALL.root}/state/{name}" for name in ("pinch", "height")
    }
    settable = {f"{HALL.root}/set/{name}" for name in {*OPTIONS, *ACTIONS}}
    for component in parts(device()).values():
        topics = {key: value for key, value in component.items() if key.endswith("topic") or key == "topic"}
        assert topics
        for key, value in topics.items():
            assert value in (settable if key == "command_topic" else known), (key, value)


def test_the_states_to_choose_from_are_those_that_can_come() -> None:
    """Home Assistant drops a state that was not declared."""
    assert typing.get_args(QualityState) == entities.QUALITIES
    assert typing.get_args(CameraState.__annotations__["state"]) == entities.CAMERA_STATES
    assert set(State) <= set(entities.LESSON_STATES)


def test_what_weighs_on_the_board_is_shown_as_a_diagnosis() -> None:
    """A weak supply is a problem, heat a number of steps, and what to do about both stands in words."""
    found = parts(device())
    assert found["power"]["device_class"] == "problem"
    assert "value_json.power is none" in found["power"]["value_template"]
    assert {found[key]["entity_category"] for key in ("power", "slowed", "hint")} == {"diagnostic"}


def test_no_template_has_an_if_without_an_else() -> None:
    """Home Assistant would log a warning at every message."""
    templates = [value for each in parts(device()).values() for key, value in each.items() if key.endswith("template")]
    assert templates
    assert all(len(re.findall(r"\bif\b", text)) == len(re.findall(r"\belse\b", text)) for text in templates)


def test_the_removal_is_an_empty_message_on_the_same_topic() -> None:
    """That is how Home Assistant forgets a device."""
    message = discovery.removal(HALL, "homeassistant")
    assert (message.topic, message.payload, message.retain) == (OWN, b"", True)


def test_what_a_later_message_lacks_is_removed_by_its_platform_alone() -> None:
    """Home Assistant keeps what is merely left out."""
    before, after = device(gestures=["thumb_up", "horns"]), device(gestures=["thumb_up"])
    cleared = discovery.clearing(after, discovery.announced(before.payload))
    assert parts(cleared)["trigger_horns"] == {"p": "device_automation"}
    assert {**parts(cleared), "trigger_horns": None} == {**parts(after), "trigger_horns": None}


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"{", b'{"components": 3}', b'{"components": {"a": {}}}', b"\xff", b"[" * 9999]
)
def test_what_is_no_discovery_message_announces_nothing(payload: bytes) -> None:
    """Anybody may write to that topic."""
    assert discovery.announced(payload) == {}


def test_a_gesture_that_is_switched_off_is_removed_and_one_that_comes_back_is_there_again(
    wire: Wire, given: Introduction
) -> None:
    """A change of profile, and back."""
    given.give(device(gestures=["thumb_up"]))
    assert parts(wire.sent[-1])["trigger_swipe_left"] == {"p": "device_automation"}
    given.give(device())
    assert wire.sent[-1] == wire.sent[0]


def test_a_gesture_that_was_forgotten_while_the_daemon_was_off_is_removed(wire: Wire) -> None:
    """The broker still has the message of the last run: before we speak, or, where it is slow, after."""
    old = device(gestures=["thumb_up", "swipe_left", "horns"]).payload
    early, late = Introduction(HALL, wire, "homeassistant"), Introduction(HALL, wire, "homeassistant")
    early.listen()
    wire.bring(OWN, old, retained=True)
    early.give(device())
    assert parts(wire.sent[-1])["trigger_horns"] == {"p": "device_automation"}
    late.listen()
    late.give(device())
    assert "trigger_horns" not in parts(wire.sent[-1])
    wire.bring(OWN, old, retained=True)
    assert parts(wire.sent[-1])["trigger_horns"] == {"p": "device_automation"}


def test_our_own_message_coming_back_is_not_answered(wire: Wire, given: Introduction) -> None:
    """Nor is an empty one, with which somebody deletes the device in Home Assistant."""
    wire.bring(OWN, wire.sent[-1].payload)
    wire.bring(OWN, b"")
    assert len(wire.sent) == 1


def test_a_birth_is_answered_with_the_newest_message(wire: Wire, given: Introduction) -> None:
    """Home Assistant has started: whatever it missed is said again."""
    given.give(device(name="New"))
    wire.bring(STATUS, b"online")
    assert given._again is not None
    given._again.join()
    assert [said(message)["device"]["name"] for message in wire.sent] == ["hall", "New", "New"]


@pytest.mark.parametrize(("payload", "retained"), [(b"offline", False), (b"online", True), (b"\x00", False)])
def test_what_is_no_birth_is_not_answered(wire: Wire, given: Introduction, payload: bytes, retained: bool) -> None:
    """Its death, and a birth of last month that the broker kept."""
    wire.bring(STATUS, payload, retained=retained)
    assert given._again is None
    assert len(wire.sent) == 1


def test_a_device_that_takes_itself_back_is_not_brought_back_by_a_birth(wire: Wire, given: Introduction) -> None:
    """It goes on under another id, which introduces itself."""
    given.take_back()
    wire.bring(STATUS, b"online")
    assert given._again is not None
    given._again.join()
    assert [message.payload for message in wire.sent[1:]] == [b""]


def test_what_was_said_is_not_said_again(wire: Wire, given: Introduction) -> None:
    """A slider in Home Assistant changes options ten times a second, and the device not once."""
    given.give(device())
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    ("device_id", "prefix", "removed"),
    [("hall", "homeassistant", False), ("den", "homeassistant", True), ("hall", "other", True), ("hall", "", True)],
)
def test_a_device_makes_way_where_its_successor_is_another(
    wire: Wire, given: Introduction, device_id: str, prefix: str, removed: bool
) -> None:
    """Another id or prefix leaves nothing behind; another broker setting alone takes nothing away."""
    given.make_way(Introduction(Topics("edgeholo", device_id), wire, prefix))
    assert [message.payload for message in wire.sent[1:]] == ([b""] if removed else [])


def test_a_device_without_a_prefix_keeps_to_itself(wire: Wire) -> None:
    """`publish.discovery` is empty: a house without Home Assistant."""
    quiet = Introduction(HALL, wire, "")
    quiet.listen()
    quiet.give(device())
    quiet.take_back()
    assert (wire.sent, wire.listeners) == ([], {})
