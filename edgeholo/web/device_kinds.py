"""How devices of each kind introduce themselves on the broker; a new kind is a function, and a line in ``LOOKS``.

The messages are anybody's: what is not as expected is passed over.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

_LONGEST = 200
"""Letters of a name or an address."""
_LIGHT = frozenset({"state", "brightness", "color", "transition_s"})
_COVER = frozenset({"cover", "position"})
_STATE = frozenset({"state"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A device, or a part of one, as far as one message tells.

    Attributes:
        kind: of the action that commands it.
        address: what stands behind the kind.
        name: as people call it; empty where the message does not say.
        can: options that it takes.
        options: what must stand beside the address.
        payloads: of kind ``mqtt``, what it takes.
    """

    kind: str
    address: str
    name: str = ""
    can: frozenset[str] = frozenset()
    options: dict[str, str | int] = field(default_factory=dict)
    payloads: list[str] = field(default_factory=list)

    def with_more(self, other: "Seen") -> "Seen":
        """Return what both tell of the same device."""
        return replace(self, name=self.name or other.name, can=self.can | other.can)


Reader = Callable[[list[str], bytes], Iterator[Seen]]
"""From the levels of a topic and its payload; raises ``STRANGE`` where it is something else."""
STRANGE = (ValueError, TypeError, AttributeError, LookupError, RecursionError, msgspec.DecodeError)


def _zigbee2mqtt(levels: list[str], payload: bytes) -> Iterator[Seen]:
    """``BASE/bridge/devices``: a list with what each exposes (zigbee2mqtt.io, MQTT topics and messages)."""
    for device in msgspec.json.decode(payload, type=list[dict[str, Any]]):
        definition = device.get("definition")
        if not isinstance(definition, dict) or device.get("disabled"):
            continue
        can = frozenset(option for expose in definition.get("exposes") or () for option in _exposed(expose))
        yield Seen("zigbee2mqtt", _text(device["friendly_name"]), "", can, _base(levels[0]))


def _zigbee_groups(levels: list[str], payload: bytes) -> Iterator[Seen]:
    """``BASE/bridge/groups``: names; what their members can is not told."""
    for group in msgspec.json.decode(payload, type=list[dict[str, Any]]):
        can = _LIGHT | {"color_temp"} if group.get("members") else frozenset()
        yield Seen("zigbee2mqtt", _text(group["friendly_name"]), "", frozenset(can), _base(levels[0]))


def _base(base: str) -> dict[str, str | int]:
    return {} if base == "zigbee2mqtt" else {"base": _text(base)}


def _exposed(expose: Any) -> Iterator[str]:  # noqa: ANN401 - whatever the message holds
    if not isinstance(expose, dict) or expose.get("type") not in ("light", "switch", "cover"):
        return
    names = {each.get("name") for each in expose.get("features") or () if isinstance(each, dict)}
    if expose["type"] == "cover":
        yield from ({"state": "cover", "position": "position"}[name] for name in ("state", "position") if name in names)
        return
    yield from (name for name in ("state", "brightness", "color_temp") if name in names)
    if names & {"color_xy", "color_hs"}:
        yield "color"
    if expose["type"] == "light":
        yield "transition_s"


def _tasmota(_levels: list[str], payload: bytes) -> Iterator[Seen]:
    """``tasmota/discovery/MAC/config``: topic, names, and which relay is what (tasmota.github.io/docs/MQTT, discovery)."""
    told = msgspec.json.decode(payload, type=dict[str, Any])
    topic, parts = _text(told["t"]), [part for part in told["rl"] if part]
    full = {} if told.get("ft") in (None, "%prefix%/%topic%/") else {"full_topic": _text(told["ft"])}
    labels, shutters = told.get("fn") or [], 0
    for number, part in enumerate(parts, 1):
        name = _name(*labels[number - 1 : number], told.get("dn"))
        one = {} if len(parts) == 1 else {"relay": number}
        if part == 1:
            yield Seen("tasmota", topic, name, _STATE, {**one, **full})
        elif part == 2:
            subtype = told.get("lt_st", 0)
            more = {"color_temp"} if subtype in (2, 5) else set()
            more |= {"color"} if subtype in (3, 4, 5) else set()
            yield Seen("tasmota", topic, name, frozenset({"state", "brightness", *more}), {**one, **full})
        elif part == 3:
            shutters += 1
            # A shutter has two relays, one for each direction.
            if shutters % 2:
                alone = {} if parts.count(3) <= 2 else {"relay": shutters // 2 + 1}
                yield Seen("tasmota", topic, name, _COVER, {**alone, **full})


def _shelly(levels: list[str], payload: bytes) -> Iterator[Seen]:
    """``PREFIX/online``: of the second generation, where the prefix was left as it comes."""
    if levels[0].startswith("shelly") and payload == b"true":
        can = _LIGHT - {"color"} if re.search("dimmer|bulb|rgb|vintage", levels[0]) else _STATE
        yield Seen("shelly", _text(levels[0]), "", can | (_COVER if "2pm" in levels[0] else frozenset()))


def _shelly_part(levels: list[str], payload: bytes) -> Iterator[Seen]:
    """``PREFIX/status/switch:0``: of the second generation, where it tells its state."""
    match = re.fullmatch(r"(switch|light|cover):([0-9]{1,2})", levels[2])
    if match and isinstance(msgspec.json.decode(payload), dict):
        part = {"switch": _STATE, "light": _LIGHT - {"color"}, "cover": _COVER}[match[1]]
        yield Seen("shelly", _text(levels[0]), "", part, {"component": match[1], "channel": int(match[2])})


def _shelly_1(levels: list[str], payload: bytes) -> Iterator[Seen]:
    """``shellies/ID/online``: of the first generation."""
    if payload == b"true":
        yield Seen("shelly", _text(levels[1]), "", _STATE, {"gen": 1})


def _shelly_1_part(levels: list[str], _payload: bytes) -> Iterator[Seen]:
    """``shellies/ID/relay/0``: of the first generation, what its parts say."""
    parts = {"relay": ("switch", _STATE), "light": ("light", _LIGHT - {"color"}), "roller": ("cover", _COVER)}
    component, can = parts.get(levels[2], ("", _STATE))
    if component and levels[3].isdecimal():
        yield Seen(
            "shelly", _text(levels[1]), "", can, {"gen": 1, "component": component, "channel": int(levels[3][:2])}
        )


def _wled(levels: list[str], payload: bytes) -> Iterator[Seen]:
    """``wled/ID/status``."""
    if payload == b"online":
        yield Seen("wled", _text("/".join(levels[:2])), "", _LIGHT | {"preset"})


def _esphome(levels: list[str], _payload: bytes) -> Iterator[Seen]:
    """``PREFIX/COMPONENT/ID/state``, retained unless it was told otherwise (esphome.io/components/mqtt)."""
    yield from _esphome_part(levels[0], levels[1], levels[2], "")


def _esphome_part(prefix: str, component: str, name: str, label: str) -> Iterator[Seen]:
    cans = {
        "light": _LIGHT,
        "switch": _STATE,
        "fan": _STATE,
        "cover": _COVER,
        "number": frozenset({"value"}),
        "button": frozenset({"button"}),
    }
    if component in cans:
        option = "shutter" if component == "cover" else component
        yield Seen("esphome", _text(prefix), label or f"{prefix} {name}", cans[component], {option: _text(name)})


def _homie(levels: list[str], payload: bytes) -> Iterator[Seen]:
    """``homie/5/DEVICE/$description``: nodes and properties (homieiot.github.io/specification)."""
    told = msgspec.json.decode(payload, type=dict[str, Any])
    for node, about in told["nodes"].items():
        for name, each in about["properties"].items():
            if each.get("settable"):
                can = {"state"} if each.get("datatype") == "boolean" else {"value"}
                label = " ".join(filter(None, (_name(told.get("name")), _name(each.get("name"), name))))
                yield Seen("homie", _text(f"{levels[2]}/{node}/{name}"), label, frozenset(can))


def _homie_4(levels: list[str], payload: bytes) -> Iterator[Seen]:
    """``homie/DEVICE/NODE/PROPERTY/$settable``: of Homie 4."""
    if payload == b"true":
        yield Seen("homie", _text("/".join(levels[1:4])), "", frozenset({"value"}), {"version": 4})


def _announced(levels: list[str], payload: bytes) -> Iterator[Seen]:
    """``DISCOVERY/COMPONENT/.../config``: what anything told Home Assistant of itself."""
    told = msgspec.json.decode(payload, type=dict[str, Any])
    yield from _announced_part(levels[1], told, told)


def _announced_device(_levels: list[str], payload: bytes) -> Iterator[Seen]:
    """``DISCOVERY/device/ID/config``: likewise, all parts at once."""
    told = msgspec.json.decode(payload, type=dict[str, Any])
    for part in (told.get("components") or told["cmps"]).values():
        yield from _announced_part(part.get("platform") or part["p"], {**told, **part}, told)


def _announced_part(component: str, told: dict[str, Any], whole: dict[str, Any]) -> Iterator[Seen]:
    topic = _text((told.get("command_topic") or told["cmd_t"]).replace("~", str(told.get("~", ""))))
    device = whole.get("device") or whole.get("dev") or {}
    label = " ".join(filter(None, (_name(device.get("name")), _name(told.get("name")))))
    origin = whole.get("origin") or whole.get("o") or {}
    esphome = re.fullmatch("(?P<prefix>[^/]+)/(?P<part>[a-z]+)/(?P<name>[^/]+)/command", topic)
    if esphome and esphome["part"] == component:
        yield from _esphome_part(esphome["prefix"], component, esphome["name"], label)
    elif component in ("switch", "button") and str(origin.get("name")) != "Zigbee2MQTT":
        yield Seen("mqtt", topic, label, frozenset({"payload"}), {}, _payloads(component, told))


def _payloads(component: str, told: dict[str, Any]) -> list[str]:
    if component == "button":
        return [_text(told.get("payload_press") or told.get("pl_prs") or "PRESS")]
    on, off = (
        told.get("payload_on") or told.get("pl_on") or "ON",
        told.get("payload_off") or told.get("pl_off") or "OFF",
    )
    return [_text(on), _text(off)]


def _text(value: Any) -> str:  # noqa: ANN401 - whatever the message holds
    """Return a text that may stand in a rule.

    Raises:
        ValueError: it may not.
    """
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or not value.isprintable() or {*"+#"} & {*value}:
        raise ValueError("no address")
    return value


def _name(*candidates: Any) -> str:  # noqa: ANN401 - whatever the message holds
    """Return the first that is a name for people."""
    texts = (each for each in candidates if isinstance(each, str) and each.isprintable())
    return next(texts, "")[:_LONGEST]


LOOKS: dict[str, Reader] = {
    "+/bridge/devices": _zigbee2mqtt,
    "+/bridge/groups": _zigbee_groups,
    "tasmota/discovery/+/config": _tasmota,
    "+/online": _shelly,
    "+/status/+": _shelly_part,
    "shellies/+/online": _shelly_1,
    "shellies/+/+/+": _shelly_1_part,
    "wled/+/status": _wled,
    "+/light/+/state": _esphome,
    "+/switch/+/state": _esphome,
    "+/fan/+/state": _esphome,
    "+/cover/+/state": _esphome,
    "+/number/+/state": _esphome,
    "homie/5/+/$description": _homie,
    "homie/+/+/+/$settable": _homie_4,
    "DISCOVERY/+/+/config": _announced,
    "DISCOVERY/+/+/+/config": _announced,
    "DISCOVERY/device/+/config": _announced_device,
}
"""Topic filters, with the discovery prefix to be filled in, and who reads what comes there."""
