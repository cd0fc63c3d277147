"""ESPHome's MQTT client: ``PREFIX/light/ID/command`` takes JSON, other components a word or a number (esphome.io/components/mqtt)."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

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
    rgb,
    switched,
    without_none,
)

_OBJECTS = ("light", "switch", "fan", "shutter", "number", "button")
_COMPONENTS = {"shutter": "cover"}
_ABLE = {
    "light": {"state", "brightness", "color", "transition_s"},
    "switch": {"state"},
    "fan": {"state"},
    "shutter": {"cover", "position"},
    "number": {"value"},
    "button": set[str](),
}
_ORDERS = ("state", "brightness", "color", "transition_s", "cover", "position", "value")


class Esphome(Options, frozen=True, kw_only=True):
    """Commands one component of a node.

    Attributes:
        esphome: the node's topic prefix: its name, unless set otherwise.
        light: the object id of a light; or ``switch``, ``fan``, ``shutter`` (a cover), ``number``, ``button`` (pressed).
        state: on, off or toggle.
        brightness: 0 to 255; 0 switches off.
        color: ``#rrggbb``.
        transition_s: seconds that a light takes to get there.
        cover: open, close or stop.
        position: 0 (closed) to 100 per cent.
        value: of a number.
    """

    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {"brightness": (0, 255), "position": (0, 100)}

    esphome: Name
    light: Name | None = None
    switch: Name | None = None
    fan: Name | None = None
    shutter: Name | None = None
    number: Name | None = None
    button: Name | None = None
    state: Power | None = None
    brightness: Amount | None = None
    color: Colour | None = None
    transition_s: Annotated[float, Meta(ge=0, le=3600)] | None = None
    cover: Cover | None = None
    position: Amount | None = None
    value: Amount | None = None

    def __post_init__(self) -> None:
        """Check that it is one component, and that it can do what is asked."""
        super().__post_init__()
        given = [kind for kind in _OBJECTS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"give it one of {', '.join(_OBJECTS)}, with the component's object id")
        asked = {option for option in _ORDERS if getattr(self, option) is not None}
        for option in sorted(asked - _ABLE[given[0]]):
            raise ValueError(f"{option}: a {given[0]} has no {option}")
        if given[0] != "button" and not asked - {"transition_s"}:
            raise ValueError(f"this does nothing yet: give it one of {', '.join(sorted(_ABLE[given[0]]))}")
        if self.cover and self.position is not None:
            raise ValueError("position: give either cover or position")

    def orders(self, moment: Moment) -> tuple[Order, ...]:
        """Return one message."""
        if self.light is not None:
            return (moment.message(self._topic("command"), self._light(moment)),)
        if self.position is not None:
            return (moment.message(self._topic("position/command"), str(round(moment.number(self.position)))),)
        if self.value is not None:
            return (moment.message(self._topic("command"), str(moment.number(self.value))),)
        word = self.cover or (self.state and self._power(moment, self.state)) or "press"
        return (moment.message(self._topic("command"), word.upper()),)

    def listens(self) -> tuple[str, ...]:
        """Return the component's state topic, for a toggle."""
        return (self._topic("state"),) if self.state == "toggle" else ()

    def _light(self, moment: Moment) -> dict[str, object]:
        level = None if self.brightness is None else round(moment.number(self.brightness))
        power = self._power(moment, self.state) if self.state else "off" if level == 0 else "on"
        return without_none(
            state=power.upper(),
            brightness=level or None,
            color=None if self.color is None else dict(zip("rgb", rgb(self.color), strict=True)),
            transition=self.transition_s,
        )

    def _power(self, moment: Moment, power: Power) -> Power:
        keys = () if self.light is None else ("state",)
        return switched(power, is_on(moment.states.get(self._topic("state")), *keys))

    def _topic(self, last: str) -> str:
        kind, name = next((kind, name) for kind in _OBJECTS if (name := getattr(self, kind)) is not None)
        return f"{self.esphome}/{_COMPONENTS.get(kind, kind)}/{name}/{last}"
