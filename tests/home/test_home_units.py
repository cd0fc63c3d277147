"""A real Home Assistant and units that change: gestures go, names change, ids change, several are alike, it starts again."""

import json
from collections.abc import Callable

from edgeholo.publish.subscriber import Subscriber
from tests.home.real_home import PATIENCE_S, RealHome, Unit
from tests.home.speech import GESTURES, armed, commands, states
from tests.real_broker import until

Units = Callable[[str], Unit]


def test_a_gesture_and_a_control_that_are_gone_disappear(home: RealHome, unit: Units) -> None:
    """Another profile, a forgotten gesture: the editor offers no dead triggers, and the page no dead sensors."""
    made = unit("den")
    made.introduce("Den", GESTURES)
    home.shows("event.den_gesture", lambda state: state["attributes"]["event_types"] == GESTURES)
    until(lambda: len(home.triggers("den")) == len(GESTURES), PATIENCE_S)
    made.introduce("Den", ["thumb_up"], values=["pinch"])
    home.shows("event.den_gesture", lambda state: state["attributes"]["event_types"] == ["thumb_up"])
    until(lambda: [row["subtype"] for row in home.triggers("den")] == ["thumb_up"], PATIENCE_S)
    home.lacks("sensor.den_height")
    assert "sensor.den_pinch" in home.entities("den").values()


def test_a_gesture_that_was_forgotten_while_the_daemon_was_off_disappears(home: RealHome, unit: Units) -> None:
    """The next run knows nothing of it, but the broker does."""
    first = unit("attic")
    first.introduce("Attic", ["thumb_up", "horns"])
    until(lambda: len(home.triggers("attic")) == 2, PATIENCE_S)
    first.stop()
    unit("attic").introduce("Attic", ["thumb_up"])
    until(lambda: [row["subtype"] for row in home.triggers("attic")] == ["thumb_up"], PATIENCE_S)


def test_two_units_of_one_name_do_not_collide(home: RealHome, unit: Units, listener: Subscriber) -> None:
    """Each has all its entities, and obeys its own switch alone."""
    first, second = unit("stairs"), unit("stairs-2")
    for each in (first, second):
        each.introduce("Stairs", GESTURES)
        each.say(each.topics.availability("online"), *states(each.topics, armed()))
    until(lambda: len(home.entities("stairs")) == len(home.entities("stairs-2")) > 20, PATIENCE_S)
    switch = home.entities("stairs-2")["edgeholo_stairs-2.privacy"]
    assert switch != home.entities("stairs")["edgeholo_stairs.privacy"]
    home.shows(switch, "off")
    home.client.call("switch", "turn_on", entity_id=switch)
    assert commands(listener, 1) == [("stairs-2/set/privacy", "on")]


def test_a_renamed_unit_keeps_its_entities(home: RealHome, unit: Units) -> None:
    """The name on the page changes, entity ids and so history and automations stay."""
    made = unit("loft")
    made.introduce("Loft", ["thumb_up"])
    home.shows("event.loft_gesture", lambda state: state["attributes"]["friendly_name"] == "Loft Gesture")
    until(lambda: len(home.entities("loft")) > 20, PATIENCE_S)
    before = home.entities("loft")
    made.introduce("Studio", ["thumb_up"])
    home.shows("event.loft_gesture", lambda state: state["attributes"]["friendly_name"] == "Studio Gesture")
    assert home.entities("loft") == before
    device = home.device("loft")
    assert device
    assert device["name"] == "Studio"


def test_a_unit_that_takes_another_id_leaves_nothing_behind(home: RealHome, unit: Units) -> None:
    """The old device goes, the new one comes."""
    old = unit("shed")
    old.introduce("Shed", ["thumb_up"])
    until(lambda: home.device("shed"), PATIENCE_S)
    old.take_back()
    unit("barn").introduce("Barn", ["thumb_up"])
    until(lambda: home.device("barn"), PATIENCE_S)
    until(lambda: home.device("shed") is None and not home.entities("shed"), PATIENCE_S)


def test_a_home_assistant_that_starts_again_is_told_again(home: RealHome, hall: Unit, listener: Subscriber) -> None:
    """Its birth message is answered with the discovery message, and everything is there as before."""
    home.restart()
    for entity, state in {
        "binary_sensor.hall_occupancy": "on",
        "sensor.hall_picture": "dark",
        "switch.hall_hands": "on",
    }.items():
        home.shows(entity, state)
    until(lambda: len(home.triggers("hall")) == len(GESTURES), PATIENCE_S)
    while True:
        message = listener.next(PATIENCE_S)
        assert message, "not told again"
        if message.topic == "homeassistant/device/hall/config" and not message.retained:
            break
    assert "gesture" in json.loads(message.payload)["components"]
