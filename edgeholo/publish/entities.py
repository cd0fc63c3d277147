"""What Home Assistant shows of this device: one function a group of components, read from the topics as they are.

Templates are Home Assistant's own (Jinja2); an ``if`` without ``else`` would log a warning there at every message.
"""

from collections.abc import Iterable, Mapping, Sequence

from edgeholo.publish.topics import PNG, TOPICS, Topics

Component = dict[str, object]
"""A component of a device-discovery message; ``p`` is its platform."""

EXPIRE_S = 5
"""A control that is held sends several values a second: five seconds without one are no pause, somebody let go."""
_HOLD_MAX_S = 3600
"""That of ``config.Seconds``: Home Assistant shows no number that lies outside its range."""

_SHOWN = "value_json.phase in ('start', 'once')"
_HELD = "value_json.phase in ('hold', 'repeat')"

QUALITIES = ("ok", "dark", "bright", "blurred", "covered", "frozen")
CAMERA_STATES = ("opening", "running", "lost", "closed", "ended")
LESSON_STATES = (
    "idle",
    "waiting",
    "recording",
    "shown",
    "learned",
    "rejected",
    "timeout",
    "cancelled",
    "failed",
)

_SWITCHES: dict[str, tuple[str, str, str]] = {
    "privacy": ("Privacy", "mdi:eye-off", "value_json.privacy"),
    "hands": ("Hands", "mdi:hand-front-right", "value_json.left_hand != 'off' or value_json.right_hand != 'off'"),
    "face": ("Face", "mdi:face-recognition", "value_json.face != 'off'"),
    "landmarks": ("Landmarks", "mdi:vector-polyline", "value_json.landmarks"),
    "arming": ("Wake gesture", "mdi:hand-okay", "value_json.arming"),
}
"""Option: name, icon, when it is on."""
_BRANCHES = ("hands", "face")
"""Switched on they are looked at when the engine finds it worth its cost, which is what costs little."""


def components(
    topics: Topics, *, gestures: Sequence[str], held: Iterable[str], values: Iterable[str], profiles: Sequence[str]
) -> dict[str, Component]:
    """Return every component by its key.

    Args:
        topics: of this device.
        gestures: names that can come now.
        held: those of them that last, and so can be held.
        values: continuous controls that can come now.
        profiles: sets of gestures to choose from.
    """
    parts = (
        _gestures(topics, gestures, held),
        _presence(topics),
        _values(topics, values),
        _switches(topics),
        _settings(topics, profiles),
        _pictures(topics),
        _lessons(topics),
        _health(topics),
        _triggers(topics, gestures),
    )
    return {key: component for part in parts for key, component in part.items()}


def availability(topics: Topics) -> list[Component]:
    """Return where Home Assistant learns whether we are there; ``stopped`` means the same to it as ``offline``."""
    template = "{{ 'online' if value == 'online' else 'offline' }}"
    return [{"topic": _topic(topics, "availability"), "value_template": template}]


def _gestures(topics: Topics, gestures: Sequence[str], held: Iterable[str]) -> dict[str, Component]:
    """Return two event entities: an automation on the first runs once a gesture, whatever phases follow."""
    event = {"p": "event", "state_topic": _topic(topics, "gesture"), "qos": 1}
    return {
        "gesture": {
            **event,
            "name": "Gesture",
            "icon": "mdi:hand-wave",
            "event_types": list(gestures),
            "value_template": f"{{{{ value if {_SHOWN} else '' }}}}",
        },
        "gesture_held": {
            **event,
            "name": "Gesture held",
            "icon": "mdi:hand-clap",
            "event_types": list(held),
            "value_template": f"{{{{ value if {_HELD} else '' }}}}",
        },
    }


def _triggers(topics: Topics, gestures: Iterable[str]) -> dict[str, Component]:
    """Return what the automation editor offers: ``"thumb_up" gesture``."""
    trigger = {
        "p": "device_automation",
        "automation_type": "trigger",
        "type": "gesture",
        "topic": _topic(topics, "gesture"),
        "qos": 1,
        "value_template": f"{{{{ value_json.event_type if {_SHOWN} else '' }}}}",
    }
    return {f"trigger_{name}": {**trigger, "subtype": name, "payload": name} for name in gestures}


def _presence(topics: Topics) -> dict[str, Component]:
    armed = _state("binary_sensor", "Armed", _topic(topics, "armed"), _on_off("value_json.armed"))
    wanted = "{{ 'online' if value_json.arming else 'offline' }}"
    return {
        "occupancy": {
            **_state("binary_sensor", "Occupancy", _topic(topics, "presence"), _on_off("value_json.person")),
            **_attributes(topics, "presence", "count", "since"),
            "device_class": "occupancy",
        },
        "armed": {
            **armed,
            "icon": "mdi:hand-okay",
            "availability": [*availability(topics), {"topic": _topic(topics, "config"), "value_template": wanted}],
            "availability_mode": "all",
        },
    }


def _values(topics: Topics, values: Iterable[str]) -> dict[str, Component]:
    found = {}
    for name in values:
        path = TOPICS["value"].path.replace("VALUE", name)
        template = "{{ (value_json.value * 100) | round(1) }}"
        found[f"value_{name}"] = {
            **_state("sensor", name.replace("_", " ").capitalize(), f"{topics.root}/{path}", template),
            "json_attributes_topic": f"{topics.root}/{path}",
            "json_attributes_template": _picked("phase", "hand", "person"),
            "unit_of_measurement": "%",
            "suggested_display_precision": 0,
            "expire_after": EXPIRE_S,
            "icon": "mdi:tune-variant",
        }
    return found


def _switches(topics: Topics) -> dict[str, Component]:
    """Return switches that show what the device says, not what was asked of it."""
    found: dict[str, Component] = {}
    for option, (name, icon, condition) in _SWITCHES.items():
        found[option] = {
            **_state("switch", name, _topic(topics, "config"), _on_off(condition)),
            "command_topic": _command(topics, option),
            "payload_on": "auto" if option in _BRANCHES else "on",
            "payload_off": "off",
            "state_on": "ON",
            "state_off": "OFF",
            "icon": icon,
        }
        if option != "privacy":
            found[option]["entity_category"] = "config"
    return found


def _settings(topics: Topics, profiles: Sequence[str]) -> dict[str, Component]:
    config = _topic(topics, "config")
    return {
        "profile": {
            **_state("select", "Profile", config, "{{ value_json.profile }}"),
            "command_topic": _command(topics, "profile"),
            "options": list(profiles),
            "icon": "mdi:playlist-star",
        },
        "hold_s": {
            **_state("number", "Hold time", config, "{{ value_json.hold_s }}"),
            "command_topic": _command(topics, "hold_s"),
            "min": 0,
            "max": _HOLD_MAX_S,
            "step": 0.1,
            "mode": "box",
            "device_class": "duration",
            "unit_of_measurement": "s",
            "entity_category": "config",
        },
        "restart": {
            "p": "button",
            "name": "Restart",
            "command_topic": _command(topics, "restart"),
            "device_class": "restart",
            "entity_category": "config",
        },
    }


def _pictures(topics: Topics) -> dict[str, Component]:
    return {
        "snapshot": {
            "p": "button",
            "name": "Snapshot",
            "command_topic": _command(topics, "snapshot"),
            "icon": "mdi:human-greeting",
            "entity_category": "diagnostic",
        },
        "skeleton": {
            "p": "image",
            "name": "Skeleton",
            "image_topic": _topic(topics, "skeleton"),
            "content_type": PNG,
            "entity_category": "diagnostic",
        },
    }


def _lessons(topics: Topics) -> dict[str, Component]:
    learn = _topic(topics, "learn")
    return {
        "learn": {
            **_state("text", "Teach a gesture", learn, "{{ value_json.name }}"),
            "command_topic": _command(topics, "learn"),
            "pattern": "^([a-z][a-z0-9_]{0,31})?$",
            "icon": "mdi:school",
            "entity_category": "config",
        },
        "lesson": {
            **_one_of("Lesson", learn, LESSON_STATES),
            **_attributes(topics, "learn", "name", "shows_done", "shows_wanted", "hint"),
            "icon": "mdi:school",
        },
    }


def _health(topics: Topics) -> dict[str, Component]:
    health = _topic(topics, "health")
    throttled = "value_json.throttled | int(0, 16) % 16"  # the four low bits are now, others since boot
    return {
        "update": {
            "p": "update",
            "name": "Version",
            "state_topic": _topic(topics, "update"),
            "value_template": _picked("installed_version", "latest_version", "in_progress"),
            "command_topic": _command(topics, "update"),
            "payload_install": "latest",
            "device_class": "firmware",
            "entity_category": "config",
        },
        "quality": {
            **_one_of("Picture", _topic(topics, "quality"), QUALITIES),
            **_attributes(topics, "quality", "hint"),
            "icon": "mdi:image-check",
        },
        "camera": {
            **_one_of("Camera", _topic(topics, "camera"), CAMERA_STATES),
            **_attributes(topics, "camera", "source", "detail"),
            "icon": "mdi:cctv",
        },
        "fps": _figure("Frame rate", health, "fps", "fps", precision=1),
        "latency_ms": _figure("Latency", health, "latency_ms", "ms", device_class="duration"),
        "temp_c": _figure("Temperature", health, "temp_c", "°C", device_class="temperature"),
        "rss_mb": _figure("Memory", health, "rss_mb", "MB", device_class="data_size"),
        "queued": _figure("Events waiting", health, "outbox.queued", "events"),
        **_strain(health),
        "throttled": {
            **_state("binary_sensor", "Throttled", health, _on_off(throttled, known="value_json.throttled")),
            "device_class": "problem",
            "entity_category": "diagnostic",
            "json_attributes_topic": health,
            "json_attributes_template": "{{ {'bits': value_json.throttled} | tojson }}",
        },
    }


def _strain(health: str) -> dict[str, Component]:
    """Return what weighs on the board: heat, supply, and both in words."""
    return {
        "slowed": {**_figure("Slowed down", health, "slowed", "steps"), "icon": "mdi:speedometer-slow"},
        "power": {
            **_state("binary_sensor", "Power", health, _on_off("value_json.power != 'ok'", known="value_json.power")),
            "device_class": "problem",
            "entity_category": "diagnostic",
            "json_attributes_topic": health,
            "json_attributes_template": _picked("power"),
        },
        "hint": {
            **_state("sensor", "Hint", health, "{{ value_json.hint[:255] or 'ok' }}"),
            "icon": "mdi:lightbulb-on-outline",
            "entity_category": "diagnostic",
        },
    }


def _figure(
    name: str, topic: str, field: str, unit: str, *, device_class: str | None = None, precision: int = 0
) -> Component:
    """Return a sensor of a number that is kept for a graph; null is unknown."""
    figure: Component = {
        **_state("sensor", name, topic, f"{{{{ value_json.{field} }}}}"),
        "unit_of_measurement": unit,
        "state_class": "measurement",
        "suggested_display_precision": precision,
        "entity_category": "diagnostic",
    }
    return figure if device_class is None else {**figure, "device_class": device_class}


def _one_of(name: str, topic: str, states: Iterable[str]) -> Component:
    return {
        **_state("sensor", name, topic, "{{ value_json.state }}"),
        "device_class": "enum",
        "options": list(states),
        "entity_category": "diagnostic",
    }


def _state(platform: str, name: str, topic: str, template: str) -> Component:
    return {"p": platform, "name": name, "state_topic": topic, "value_template": template}


def _attributes(topics: Topics, name: str, *fields: str) -> Mapping[str, object]:
    return {"json_attributes_topic": _topic(topics, name), "json_attributes_template": _picked(*fields)}


def _picked(*fields: str) -> str:
    """Return a template for these fields of a payload, as an object."""
    pairs = ", ".join(f"'{field}': value_json.{field}" for field in fields)
    return f"{{{{ {{{pairs}}} | tojson }}}}"


def _on_off(condition: str, *, known: str = "") -> str:
    """Return a template for a binary sensor; unknown (Home Assistant's ``None``) while the field ``known`` is null."""
    state = f"'ON' if {condition} else 'OFF'"
    return f"{{{{ 'None' if {known} is none else ({state}) }}}}" if known else f"{{{{ {state} }}}}"


def _topic(topics: Topics, name: str) -> str:
    return f"{topics.root}/{TOPICS[name].path}"


def _command(topics: Topics, option: str) -> str:
    return topics.commands.replace("+", option)
