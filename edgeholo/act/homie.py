"""Homie 5 and 4: a property is set on ``.../set``, not retained, QoS 1 (homieiot.github.io/specification)."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from edgeholo.act import patterns, templates
from edgeholo.act.action import Moment, Name, Options, Order, Power, is_on, switched
from edgeholo.act.curves import Sweep


class Homie(Options, frozen=True, kw_only=True):
    """Sets a property.

    Attributes:
        homie: ``device/node/property``.
        state: of a boolean property: on, off or toggle.
        value: of any other: text (a template), a number, or a sweep.
        version: 5, or 4 for devices of before 2024.
        base: the first level of its topics.
    """

    TEMPLATED: ClassVar[frozenset[str]] = frozenset({"value"})

    homie: Annotated[str, Meta(pattern=patterns.PROPERTY)]
    state: Power | None = None
    value: str | float | bool | Sweep | None = None
    version: Literal[4, 5] = 5
    base: Name = "homie"

    def __post_init__(self) -> None:
        """Check that there is one thing to do."""
        super().__post_init__()
        if (self.state is None) == (self.value is None):
            raise ValueError("value: give either state or value")

    def orders(self, moment: Moment) -> tuple[Order, ...]:
        """Return the message; a toggle of unknown state switches on, for the convention has no toggle."""
        return (moment.message(f"{self._topic}/set", self._payload(moment)),)

    def listens(self) -> tuple[str, ...]:
        """Return the property's own topic, for a toggle."""
        return (self._topic,) if self.state == "toggle" else ()

    def _payload(self, moment: Moment) -> str:
        if self.state:
            return "false" if switched(self.state, is_on(moment.states.get(self._topic))) == "off" else "true"
        if isinstance(self.value, bool):
            return str(self.value).lower()
        if isinstance(self.value, str) or self.value is None:
            # An empty payload would delete the topic: the convention writes the empty text as one zero byte.
            return templates.rendered(self.value or "", moment.names) or "\0"
        return str(moment.number(self.value))

    @property
    def _topic(self) -> str:
        return f"{self.base}/5/{self.homie}" if self.version == 5 else f"{self.base}/{self.homie}"
