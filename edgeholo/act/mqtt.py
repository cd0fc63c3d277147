"""Any topic, any payload."""

from typing import Annotated, ClassVar

from msgspec import Meta

from edgeholo.act import patterns, templates
from edgeholo.act.action import Moment, Options, Order
from edgeholo.errors import ActionError

_LONGEST_TOPIC = 65_535
"""Bytes: MQTT's own limit."""


class Mqtt(Options, frozen=True, kw_only=True):
    """Publishes a message.

    Attributes:
        mqtt: the topic; a template.
        payload: text, a number, or a table that goes out as JSON; texts are templates, sweeps follow the control.
        qos: 0, 1 or 2.
        retain: whether the broker keeps it.
    """

    TEMPLATED: ClassVar[frozenset[str]] = frozenset({"mqtt", "payload"})

    mqtt: Annotated[str, Meta(pattern=patterns.TOPIC)]
    payload: str | int | float | bool | dict[str, object] | list[object] = ""
    qos: Annotated[int, Meta(ge=0, le=2)] = 1
    retain: bool = False

    def orders(self, moment: Moment) -> tuple[Order, ...]:
        """Return the message."""
        topic = templates.rendered(self.mqtt, moment.names)
        if not 0 < len(topic.encode()) <= _LONGEST_TOPIC or any(character in topic for character in "#+\0"):
            raise ActionError(f"{topic!r} is no topic to publish to")
        if isinstance(self.payload, str):
            payload: object = templates.rendered(self.payload, moment.names)
        else:
            payload = templates.filled(self.payload, moment.names, moment.value)
        return (moment.message(topic, payload, qos=self.qos, retain=self.retain),)
