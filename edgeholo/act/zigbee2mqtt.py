"""Zigbee2MQTT: ``zigbee2mqtt/NAME/set`` takes JSON, ``zigbee2mqtt/NAME`` has the state (zigbee2mqtt.io, MQTT topics and messages)."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from edgeholo.act import templates
from edgeholo.act.action import (
    Amount,
    Colour,
    Cover,
    Moment,
    Name,
    Options,
    Order,
    Power,
    is_on,
    switched,
    without_none,
)


class Zigbee2Mqtt(Options, frozen=True, kw_only=True):
    """Commands a device or a group.

    Attributes:
        zigbee2mqtt: its friendly name.
        state: on, off or toggle.
        brightness: 0 to 254; 0 switches off.
        color_temp: mireds.
        color: ``#rrggbb``.
        cover: open, close or stop.
        position: 0 (closed) to 100 per cent.
        transition_s: seconds that it takes to get there.
        set: anything else that the device takes; texts are templates.
        base: Zigbee2MQTT's base topic.
    """

    TEMPLATED: ClassVar[frozenset[str]] = frozenset({"set"})
    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {
        "brightness": (0, 254),
        "color_temp": (50, 1000),
        "position": (0, 100),
    }
    ONE_OF: ClassVar[tuple[str, ...]] = ("state", "brightness", "color_temp", "color", "cover", "position", "set")

    zigbee2mqtt: Name
    state: Power | None = None
    brightness: Amount | None = None
    color_temp: Amount | None = None
    color: Colour | None = None
    cover: Cover | None = None
    position: Amount | None = None
    transition_s: Annotated[float, Meta(ge=0, le=3600)] | None = None
    set: dict[str, object] = msgspec.field(default_factory=dict)
    base: Name = "zigbee2mqtt"

    def __post_init__(self) -> None:
        """Refuse two states at once."""
        super().__post_init__()
        if self.state and self.cover:
            raise ValueError("cover: state and cover are the same thing here: give one of them")

    def orders(self, moment: Moment) -> tuple[Order, ...]:
        """Return one message with everything in it."""
        payload = without_none(
            state=self._state(moment),
            brightness=None if self.brightness is None else round(moment.number(self.brightness)),
            color_temp=None if self.color_temp is None else round(moment.number(self.color_temp)),
            color=None if self.color is None else {"hex": self.color},
            position=None if self.position is None else round(moment.number(self.position)),
            transition=self.transition_s,
        )
        more = templates.filled_table(self.set, moment.names, moment.value)
        return (moment.message(f"{self.base}/{self.zigbee2mqtt}/set", payload | more),)

    def listens(self) -> tuple[str, ...]:
        """Return the device's state topic, for a toggle."""
        return (f"{self.base}/{self.zigbee2mqtt}",) if self.state == "toggle" else ()

    def asks(self) -> tuple[tuple[str, str], ...]:
        """Return the question for the state, for a toggle: it is retained only where Zigbee2MQTT is told so."""
        return ((f"{self.base}/{self.zigbee2mqtt}/get", '{"state":""}'),) if self.state == "toggle" else ()

    def _state(self, moment: Moment) -> str | None:
        """Return the state to ask for; Zigbee2MQTT does nothing on TOGGLE as long as it does not know the state either."""
        if self.cover:
            return self.cover.upper()
        if self.state is None:
            return None
        wanted = switched(self.state, is_on(moment.states.get(f"{self.base}/{self.zigbee2mqtt}"), "state"))
        return "OFF" if wanted == "off" else "ON"
