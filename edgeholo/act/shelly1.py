"""Shelly of the first generation: ``shellies/ID/relay/N/command`` (shelly-api-docs.shelly.cloud, Gen1, MQTT)."""

from typing import Literal

from edgeholo.act.action import Cover, Power, without_none

BASE = "shellies"
_LONGEST_MS = 5000
"""Of a transition (ShellyDimmer, light/0)."""
_PARTS = {"switch": "relay", "light": "light", "cover": "roller"}

Kind = Literal["switch", "light", "cover"]


def command(
    kind: Kind,
    channel: int,
    *,
    power: Power | None,
    level: int | None,
    cover: Cover | None,
    place: int | None,
    over_s: float | None,
) -> tuple[str, object]:
    """Return topic (below the device's own) and payload.

    Args:
        kind: of the component.
        channel: its number, from 0.
        power: on, off or toggle.
        level: brightness, per cent.
        cover: open, close or stop.
        place: position, per cent.
        over_s: seconds of the transition.
    """
    part = f"{_PARTS[kind]}/{channel}"
    if cover:
        return f"{part}/command", cover
    if place is not None:
        return f"{part}/command/pos", str(place)
    if kind == "switch" or power == "toggle":
        return f"{part}/command", str(power)
    over_ms = None if over_s is None else min(round(over_s * 1000), _LONGEST_MS)
    return f"{part}/set", without_none(turn=power, brightness=level or None, transition=over_ms)


def state_topic(kind: Kind, channel: int) -> str:
    """Return the topic (below the device's own) that says ``on`` or ``off``."""
    return f"{_PARTS[kind]}/{channel}"
