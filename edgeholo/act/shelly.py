"""Shelly of the second generation and later: JSON-RPC on ``PREFIX/rpc`` (shelly-api-docs.shelly.cloud, Gen2+, MQTT and RPC channels).

The state comes on ``PREFIX/status/COMPONENT:N`` where "Generic status update over MQTT" is on; without it the device toggles itself.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from edgeholo.act import shelly1
from edgeholo.act.action import Amount, Cover, Moment, Name, Options, Order, Power, is_on, switched, without_none

_SHORTEST_S = 0.5
"""A transition of less is refused (Light.Set)."""
_SOURCE = "edgeholo"
"""``src`` of our requests: a device answers on ``edgeholo/rpc``."""


class Shelly(Options, frozen=True, kw_only=True):
    """Commands a relay, a dimmer or a cover.

    Attributes:
        shelly: the device's MQTT prefix, ``shellyplus1-a8032abe54dc``; for the first generation its id, ``shelly1-B929CC``.
        gen: 1, or 2 for the second generation and all later ones.
        component: what of it; by default a cover where ``cover`` or ``position`` is given, a light where ``brightness`` is.
        channel: its number, from 0.
        state: on, off or toggle.
        brightness: 0 to 100 per cent; 0 switches off.
        cover: open, close or stop.
        position: 0 (closed) to 100 per cent.
        transition_s: seconds that a light takes to get there.
    """

    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {"brightness": (0, 100), "position": (0, 100)}
    ONE_OF: ClassVar[tuple[str, ...]] = ("state", "brightness", "cover", "position")

    shelly: Name
    gen: Annotated[int, Meta(ge=1, le=9)] = 2
    component: Literal["switch", "light", "cover"] | None = None
    channel: Annotated[int, Meta(ge=0, le=15)] = 0
    state: Power | None = None
    brightness: Amount | None = None
    cover: Cover | None = None
    position: Amount | None = None
    transition_s: Annotated[float, Meta(ge=0, le=3600)] | None = None

    def __post_init__(self) -> None:
        """Refuse what the component cannot do."""
        super().__post_init__()
        asked = {option for option in self.ONE_OF if getattr(self, option) is not None}
        able = {"switch": {"state"}, "light": {"state", "brightness"}, "cover": {"cover", "position"}}[self.kind]
        for option in sorted(asked - able):
            raise ValueError(f"{option}: a {self.kind} has no {option}; give it an action of its own")

    @property
    def kind(self) -> Literal["switch", "light", "cover"]:
        """Which component is commanded."""
        if self.component:
            return self.component
        if self.cover or self.position is not None:
            return "cover"
        return "switch" if self.brightness is None else "light"

    def orders(self, moment: Moment) -> tuple[Order, ...]:
        """Return one message."""
        level = None if self.brightness is None else round(moment.number(self.brightness))
        place = None if self.position is None else round(moment.number(self.position))
        power = self._power(moment, level)
        if self.gen == 1:
            topic, payload = shelly1.command(
                self.kind,
                self.channel,
                power=power,
                level=level,
                cover=self.cover,
                place=place,
                over_s=self.transition_s,
            )
            return (moment.message(f"{shelly1.BASE}/{self.shelly}/{topic}", payload),)
        method, parameters = self._call(power, level, place)
        call = {"id": 1, "src": _SOURCE, "method": f"{self.kind.title()}.{method}", "params": parameters}
        return (moment.message(f"{self.shelly}/rpc", call),)

    def listens(self) -> tuple[str, ...]:
        """Return the component's state topic, for a toggle."""
        return (self._state_topic,) if self.state == "toggle" else ()

    def _power(self, moment: Moment, level: int | None) -> Power | None:
        if self.state is None:
            return None if level is None else "on" if level else "off"
        keys = () if self.gen == 1 else ("output",)
        return switched(self.state, is_on(moment.states.get(self._state_topic), *keys))

    def _call(self, power: Power | None, level: int | None, place: int | None) -> tuple[str, dict[str, object]]:
        """Return method and parameters."""
        channel: dict[str, object] = {"id": self.channel}
        if self.cover:
            return self.cover.title(), channel
        if place is not None:
            return "GoToPosition", {**channel, "pos": place}
        if power == "toggle":
            return "Toggle", channel
        slow = self.kind == "light" and self.transition_s is not None
        over_s = max(self.transition_s or 0.0, _SHORTEST_S) if slow else None
        on = power == "on"
        return "Set", channel | without_none(on=on, brightness=level or None, transition_duration=over_s)

    @property
    def _state_topic(self) -> str:
        if self.gen == 1:
            return f"{shelly1.BASE}/{self.shelly}/{shelly1.state_topic(self.kind, self.channel)}"
        return f"{self.shelly}/status/{self.kind}:{self.channel}"
