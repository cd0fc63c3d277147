"""WLED: ``TOPIC/api`` takes its JSON, ``TOPIC/col`` a colour, ``TOPIC/g`` has the brightness (kno.wled.ge/interfaces/mqtt)."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from edgeholo.act import templates
from edgeholo.act.action import Amount, Colour, Moment, Name, Options, Order, Power, is_on, switched, without_none

_DECISECONDS = 10
"""WLED counts transitions in tenths of a second."""


class Wled(Options, frozen=True, kw_only=True):
    """Commands a strip.

    Attributes:
        wled: its device or group topic, ``wled/a1b2c3``.
        state: on, off or toggle.
        brightness: 0 to 255; 0 switches off.
        color: ``#rrggbb``.
        preset: the number of a stored preset.
        transition_s: seconds that it takes to get there.
        set: anything else of WLED's JSON state; texts are templates.
    """

    TEMPLATED: ClassVar[frozenset[str]] = frozenset({"set"})
    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {"brightness": (0, 255)}
    ONE_OF: ClassVar[tuple[str, ...]] = ("state", "brightness", "color", "preset", "set")

    wled: Name
    state: Power | None = None
    brightness: Amount | None = None
    color: Colour | None = None
    preset: Annotated[int, Meta(ge=1, le=250)] | None = None
    transition_s: Annotated[float, Meta(ge=0, le=6553)] | None = None
    set: dict[str, object] = msgspec.field(default_factory=dict)

    def orders(self, moment: Moment) -> tuple[Order, ...]:
        """Return a message with the state, and one with the colour."""
        level = None if self.brightness is None else round(moment.number(self.brightness))
        state = without_none(
            on=self._on(moment, level),
            bri=level or None,
            ps=self.preset,
            # `transition` would stay for all that follows; `tt` is for this command alone.
            tt=None if self.transition_s is None else round(self.transition_s * _DECISECONDS),
        )
        more = templates.filled_table(self.set, moment.names, moment.value)
        state |= more
        messages = [moment.message(f"{self.wled}/api", state)] if state else []
        if self.color:
            messages.append(moment.message(f"{self.wled}/col", self.color))
        return tuple(messages)

    def listens(self) -> tuple[str, ...]:
        """Return the brightness's topic, for a toggle."""
        return (f"{self.wled}/g",) if self.state == "toggle" else ()

    def _on(self, moment: Moment, level: int | None) -> bool | str | None:
        """Return what ``on`` is to be; ``"t"`` has WLED toggle."""
        if self.state is None:
            return None if level is None else level > 0
        wanted = switched(self.state, is_on(moment.states.get(f"{self.wled}/g")))
        return "t" if wanted == "toggle" else wanted == "on"
