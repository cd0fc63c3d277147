"""Tasmota: ``cmnd/TOPIC/COMMAND`` takes a value, ``stat/TOPIC/POWER`` has the state (tasmota.github.io/docs/Commands)."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from edgeholo.act import patterns, templates
from edgeholo.act.action import Amount, Colour, Cover, Moment, Name, Options, Order, Power, is_on, switched

_NUMBERS = {"brightness": "Dimmer", "color_temp": "CT", "position": "ShutterPosition"}


class Tasmota(Options, frozen=True, kw_only=True):
    """Commands a device.

    Attributes:
        tasmota: its topic.
        relay: which of its relays or shutters; left out for a device that has one.
        state: on, off or toggle.
        brightness: 0 to 100 per cent; 0 switches off.
        color_temp: 153 (cold) to 500 (warm) mireds.
        color: ``#rrggbb``.
        cover: open, close or stop.
        position: 0 (closed) to 100 per cent.
        set: other commands and their values, ``{ Fade = 1 }``; texts are templates.
        full_topic: as set on the device.
    """

    TEMPLATED: ClassVar[frozenset[str]] = frozenset({"set"})
    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {
        "brightness": (0, 100),
        "color_temp": (153, 500),
        "position": (0, 100),
    }
    ONE_OF: ClassVar[tuple[str, ...]] = ("state", "brightness", "color_temp", "color", "cover", "position", "set")

    tasmota: Name
    relay: Annotated[int, Meta(ge=1, le=32)] | None = None
    state: Power | None = None
    brightness: Amount | None = None
    color_temp: Amount | None = None
    color: Colour | None = None
    cover: Cover | None = None
    position: Amount | None = None
    set: dict[str, object] = msgspec.field(default_factory=dict)
    full_topic: Annotated[str, Meta(pattern=patterns.FULL_TOPIC)] = "%prefix%/%topic%/"

    def orders(self, moment: Moment) -> tuple[Order, ...]:
        """Return a message for every command."""
        return tuple(
            moment.message(self._topic("cmnd", command), payload) for command, payload in self._commands(moment)
        )

    def listens(self) -> tuple[str, ...]:
        """Return where the relay's state may be, for a toggle: a device of one relay leaves its number out, one of several does not."""
        if self.state != "toggle":
            return ()
        names = ("POWER", "POWER1") if self.relay in (None, 1) else (f"POWER{self.relay}",)
        return tuple(self._topic("stat", name) for name in names)

    def asks(self) -> tuple[tuple[str, str], ...]:
        """Return the command without a value, for a toggle: the device then tells its state, which it does not retain."""
        power = "POWER" if self.relay is None else f"POWER{self.relay}"
        return ((self._topic("cmnd", power), ""),) if self.state == "toggle" else ()

    def _commands(self, moment: Moment) -> Iterator[tuple[str, str]]:
        relay = "" if self.relay is None else str(self.relay)
        if self.state:
            yield f"POWER{relay}", switched(self.state, self._on(moment)).upper()
        if self.cover:
            yield f"Shutter{self.cover.title()}{relay or 1}", ""
        for option, command in _NUMBERS.items():
            amount: Amount | None = getattr(self, option)
            if amount is not None:
                number = relay or "1" if option == "position" else ""
                yield f"{command}{number}", str(round(moment.number(amount)))
        if self.color:
            # `Color` alone would make the lamp as bright as the colour's numbers are.
            yield "Color2", self.color
        for command, value in self.set.items():
            filled = templates.filled(value, moment.names, moment.value)
            yield command, str(int(filled) if isinstance(filled, bool) else filled)

    def _on(self, moment: Moment) -> bool | None:
        told = (is_on(moment.states.get(topic)) for topic in self.listens())
        return next((state for state in told if state is not None), None)

    def _topic(self, prefix: str, command: str) -> str:
        whole = self.full_topic.replace("%prefix%", prefix).replace("%topic%", self.tasmota)
        return f"{whole.rstrip('/')}/{command}"
