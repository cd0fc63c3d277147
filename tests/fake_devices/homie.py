"""A Homie device, of version 5 or 4, with one node of one property.

By https://homieiot.github.io/specification (property values are retained; ``/set`` must not be, and is answered by the new value;
an empty text is one zero byte) and https://homieiot.github.io/specification/spec-core-v4_0_0.
"""

from collections.abc import Sequence

from tests.fake_devices.device import FakeDevice


class Homie(FakeDevice):
    """The device ``stage`` with the property ``smoke/PROPERTY``.

    Args:
        port: of the broker.
        value: of the property; ``true`` or ``false`` makes it a boolean.
        version: 5 or 4.

    Attributes:
        value: as it was last set.
    """

    def __init__(self, port: int, value: str, version: int = 5) -> None:
        self.value = value
        self._boolean = value in ("true", "false")
        self.topic = "homie/5/stage/smoke/on" if version == 5 else "homie/stage/smoke/on"
        super().__init__(port)

    def topics(self) -> Sequence[str]:
        """Return where the property is set."""
        return [f"{self.topic}/set"]

    def begin(self) -> None:
        """Say the value."""
        self.say(self.topic, self.value, retain=True)

    def press(self) -> None:
        """Switch it by hand."""
        self.value = "false" if self.value == "true" else "true"
        self.begin()

    def handle(self, topic: str, payload: str) -> None:
        """Take a value that is one of the property's type."""
        if payload and (not self._boolean or payload in ("true", "false")):
            self.value = "" if payload == "\0" else payload
            self.begin()
