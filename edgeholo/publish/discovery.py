"""The one message that makes Home Assistant show this device with all it has (MQTT device discovery).

https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload says what may stand in it. Home Assistant keeps a
component that a later message leaves out; one that says nothing but its platform is removed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import msgspec

from edgeholo.config import Config
from edgeholo.publish import entities
from edgeholo.publish.topics import JSON, Topics
from edgeholo.types import Message, MessageKind

NAME = "edgeholo"


class _Component(msgspec.Struct, frozen=True):
    """What is of interest of a component that somebody announced."""

    p: str


class _Device(msgspec.Struct, frozen=True):
    """The same of a discovery message."""

    components: dict[str, _Component] = {}


def device(
    topics: Topics,
    config: Config,
    *,
    version: str,
    gestures: Sequence[str],
    held: Iterable[str],
    values: Iterable[str],
    profiles: Sequence[str],
) -> Message:
    """Return the message that makes this device known, or tells how it has changed.

    Everything in Home Assistant hangs on ``device.id``: with another ``device.name`` it is the same device under a new name.

    Args:
        topics: of this device.
        config: names it, and says where Home Assistant listens.
        version: of edgeholo.
        gestures: names that can come now, taught ones among them.
        held: those of them that last, and so can be held.
        values: continuous controls that can come now.
        profiles: sets of gestures to choose from.
    """
    parts = entities.components(topics, gestures=gestures, held=held, values=values, profiles=profiles)
    payload = {
        "device": {
            "identifiers": [f"{NAME}_{topics.device_id}"],
            "name": config.device.name or config.device.id,
            "manufacturer": NAME,
            "model": "Gesture sensor",
            "sw_version": version,
        },
        "origin": {"name": NAME, "sw_version": version},
        "availability": entities.availability(topics),
        "components": {key: _identified(topics, key, component) for key, component in parts.items()},
    }
    return _message(topic(topics, config.publish.discovery), msgspec.json.encode(payload))


def removal(topics: Topics, prefix: str) -> Message:
    """Return the message that makes Home Assistant forget this device."""
    return _message(topic(topics, prefix), b"")


def topic(topics: Topics, prefix: str) -> str:
    """Return where Home Assistant listens for this device; ``prefix`` is ``publish.discovery``."""
    return f"{prefix}/device/{topics.device_id}/config"


def announced(payload: bytes) -> dict[str, str]:
    """Return the platform of every component of a discovery message by its key; nothing of what is none."""
    try:
        return {key: each.p for key, each in msgspec.json.decode(payload, type=_Device).components.items()}
    except (msgspec.DecodeError, RecursionError):
        return {}


def clearing(message: Message, known: Mapping[str, str]) -> Message:
    """Return a discovery message that also removes what is known, and not in it.

    Args:
        message: of ``device``.
        known: platforms by key, of ``announced``.
    """
    payload = msgspec.json.decode(message.payload)
    gone = {key: {"p": platform} for key, platform in known.items() if key not in payload["components"]}
    payload["components"] |= gone
    return replace(message, payload=msgspec.json.encode(payload))


def _identified(topics: Topics, key: str, component: entities.Component) -> entities.Component:
    """Return a component with the id that its history hangs on; triggers have none.

    No id of a device has a full stop, so no two devices and keys make the same.
    """
    if component["p"] == "device_automation":
        return component
    return {**component, "unique_id": f"{NAME}_{topics.device_id}.{key}"}


def _message(where: str, payload: bytes) -> Message:
    return Message(where, payload, MessageKind.STATE, qos=1, retain=True, content_type=JSON)
