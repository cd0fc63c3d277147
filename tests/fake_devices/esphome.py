"""An ESPHome node with one component of each kind that rules command.

By https://esphome.io/components/mqtt (topics: ``PREFIX/COMPONENT/ID/state`` and ``/command``, retained states) and
https://esphome.io/components/light (the JSON of a light).
"""

from collections.abc import Sequence

from tests.fake_devices.device import FakeDevice, table

_BOTH_WAYS = ("switch", "fan")


class Esphome(FakeDevice):
    """The node; every component is called ``one``.

    Args:
        port: of the broker.
        prefix: of its topics.

    Attributes:
        on: of switch, fan and light, by kind.
        brightness: of the light, 0 to 255.
        color: of the light.
        transition_s: of the light's last command that had one.
        position: of the cover, per cent open.
        number: of the number.
        presses: of the button.
    """

    def __init__(self, port: int, prefix: str) -> None:
        self.prefix = prefix
        self.on = {"switch": False, "fan": False, "light": False}
        self.brightness, self.color, self.transition_s = 255, {"r": 255, "g": 255, "b": 255}, 0.0
        self.position, self.number, self.presses = 0.0, 0.0, 0
        self.will = (f"{prefix}/status", "offline")
        super().__init__(port)

    def topics(self) -> Sequence[str]:
        """Return where it takes commands."""
        return [f"{self.prefix}/+/one/command", f"{self.prefix}/cover/one/position/command"]

    def begin(self) -> None:
        """Say that it is there, and how."""
        self.say(f"{self.prefix}/status", "online", retain=True)
        self._say_all()

    def press(self) -> None:
        """Switch its switch by hand."""
        self.on["switch"] = not self.on["switch"]
        self._say_all()

    def handle(self, topic: str, payload: str) -> None:
        """Obey a command."""
        kind, _, last = topic.removeprefix(f"{self.prefix}/").partition("/one/")
        if last == "position/command":
            self.position = min(max(float(payload), 0), 100)
        elif kind == "light":
            self._light(payload)
        elif kind in _BOTH_WAYS:
            self.on[kind] = _switched(payload, self.on[kind])
        elif kind == "cover":
            self.position = {"OPEN": 100.0, "CLOSE": 0.0}.get(payload, self.position)
        elif kind == "number":
            self.number = float(payload)
        elif kind == "button" and payload == "PRESS":
            self.presses += 1
        self._say_all()

    def _light(self, payload: str) -> None:
        wanted = table(payload)
        self.on["light"] = _switched(wanted.get("state", ""), self.on["light"])
        self.brightness = wanted.get("brightness", self.brightness)
        self.color = wanted.get("color", self.color)
        self.transition_s = wanted.get("transition", self.transition_s)

    def _say_all(self) -> None:
        for kind in _BOTH_WAYS:
            self.say(f"{self.prefix}/{kind}/one/state", "ON" if self.on[kind] else "OFF", retain=True)
        light = {"color_mode": "rgb", "state": "ON" if self.on["light"] else "OFF", "brightness": self.brightness}
        self.say(f"{self.prefix}/light/one/state", {**light, "color": self.color}, retain=True)
        self.say(f"{self.prefix}/cover/one/position/state", f"{self.position:.0f}", retain=True)
        self.say(f"{self.prefix}/number/one/state", f"{self.number:g}", retain=True)


def _switched(word: str, now: bool) -> bool:
    return {"ON": True, "OFF": False, "TOGGLE": not now}.get(word.upper(), now)
