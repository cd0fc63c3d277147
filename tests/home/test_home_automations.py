"""A real Home Assistant's automations run on gestures: those of its editor, and those of docs/home-assistant.md."""

from dataclasses import replace

from edgeholo.types import Phase, Side, Value
from tests.home.real_home import RealHome, Unit
from tests.home.speech import GESTURES, gesture

LAMP = "light.hall"
THUMB = "A left thumb up switches the lamp"


def test_a_device_trigger_runs_once_a_gesture(home: RealHome, hall: Unit) -> None:
    """The editor offers every gesture; start, hold and end are one thumb."""
    offered = home.triggers("hall")
    assert sorted((row["type"], row["subtype"]) for row in offered) == sorted(("gesture", name) for name in GESTURES)
    for name in ("thumb_up", "swipe_left"):
        chosen = next(row for row in offered if row["subtype"] == name)
        home.automate(
            name, {**{key: chosen[key] for key in ("domain", "device_id", "type", "subtype")}, "trigger": "device"}
        )
    for seq, phase in enumerate((Phase.START, Phase.HOLD, Phase.REPEAT, Phase.END), 1):
        hall.say(gesture(hall.topics, "thumb_up", phase, seq))
    hall.say(gesture(hall.topics, "swipe_left", Phase.ONCE, 5))
    runs = home.ran(3)
    assert sorted(runs) == [THUMB, "swipe_left", "thumb_up"]
    assert runs[-1] == "swipe_left"


def test_an_event_entity_has_a_gesture_once_and_the_other_what_is_held(home: RealHome, hall: Unit) -> None:
    """With all that the event says as attributes."""
    for seq, phase in enumerate((Phase.START, Phase.HOLD, Phase.END), 11):
        hall.say(gesture(hall.topics, "thumb_up", phase, seq))
    held = home.shows("event.hall_gesture_held", lambda state: state["attributes"].get("seq") == 12)["attributes"]
    shown = home.shows("event.hall_gesture", lambda state: state["attributes"].get("seq") == 11)["attributes"]
    assert (shown["event_type"], shown["phase"], shown["hand"]) == ("thumb_up", "start", "left")
    assert shown["time"] == "2026-11-23T18:30:05.250Z"
    assert (held["event_type"], held["phase"]) == ("thumb_up", "hold")
    assert home.ran(1) == [THUMB]


def test_the_documented_lamp_obeys_a_thumb_a_pinch_and_a_held_thumb(home: RealHome, hall: Unit) -> None:
    """Copied from the page as they stand."""
    home.client.call("light", "turn_off", entity_id=LAMP)
    hall.say(gesture(hall.topics, "thumb_up", Phase.START))
    home.shows(LAMP, "on")
    taken = Value("pinch", 0.38, "begin", Side.RIGHT, 1, 0)
    hall.say(hall.topics.value(taken), hall.topics.value(replace(taken, value=0.4, phase="change")))
    home.shows(LAMP, lambda state: state["attributes"]["brightness"] == 102)
    hall.say(gesture(hall.topics, "thumb_down", Phase.START, 2), gesture(hall.topics, "thumb_down", Phase.HOLD, 3))
    home.shows(LAMP, "off")
    assert home.ran(3) == [THUMB, "Pinch dims the lamp", "A held thumb down switches everything off"]


def test_no_documented_automation_runs_when_a_unit_comes_back(home: RealHome, hall: Unit) -> None:
    """The last gesture is shown again then, and was obeyed long ago."""
    hall.say(gesture(hall.topics, "thumb_up", Phase.START, 21))
    home.shows("event.hall_gesture", lambda state: state["attributes"].get("seq") == 21)
    for said, wanted in {"offline": "unavailable", "online": "on"}.items():
        hall.say(hall.topics.availability(said))
        home.shows("binary_sensor.hall_occupancy", wanted)
    home.shows("event.hall_gesture", lambda state: state["attributes"].get("seq") == 21)
    hall.say(gesture(hall.topics, "thumb_down", Phase.HOLD, 22))
    assert home.ran(2) == [THUMB, "A held thumb down switches everything off"]


def test_every_documented_automation_is_loaded(home: RealHome, hall: Unit) -> None:
    """Also those that wait for ten minutes or the night."""
    found = {state["entity_id"]: state["state"] for state in home.client.req("/api/states")}
    automations = {name: state for name, state in found.items() if name.startswith("automation.")}
    assert len(automations) == 6
    assert set(automations.values()) == {"on"}
