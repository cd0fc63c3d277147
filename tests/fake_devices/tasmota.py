"""A Tasmota with a relay, a dimmable coloured light or a shutter.

By https://tasmota.github.io/docs/MQTT (command flow: ``RESULT`` first, then ``POWER``; an empty payload asks),
https://tasmota.github.io/docs/Commands (Power, Dimmer, CT, Color, Shutter...) and, for the discovery message,
https://tasmota.github.io/docs/MQTT/#tasmota-discovery as HATasmota reads it.
"""

import colorsys
import re
from collections.abc import Sequence

from tests.fake_devices.device import FakeDevice

_POWER = {"on": True, "1": True, "true": True, "off": False, "0": False, "false": False}


class Tasmota(FakeDevice):
    """One device of one channel.

    Args:
        port: of the broker.
        topic: its own.
        kind: ``relay``, ``light`` or ``shutter``.
        user: at the broker.
        password: likewise.

    Attributes:
        on: whether its relay or light is on.
        dimmer: per cent.
        color_temp: mireds.
        color: six hexadecimal digits.
        position: of the shutter, per cent open.
    """

    def __init__(self, port: int, topic: str, kind: str = "relay", user: str = "", password: str = "") -> None:
        self.topic, self.kind = topic, kind
        self.on, self.dimmer, self.color_temp, self.color, self.position = False, 100, 153, "FFFFFF", 0
        self.will = (f"tele/{topic}/LWT", "Offline")
        super().__init__(port, user, password)

    def topics(self) -> Sequence[str]:
        """Return the filter of its commands."""
        return [f"cmnd/{self.topic}/+"]

    def begin(self) -> None:
        """Say that it is there, and how."""
        self.say(f"tele/{self.topic}/LWT", "Online", retain=True)
        self._say_power()

    def press(self) -> None:
        """Switch it by its own button."""
        self.on = not self.on
        self._say_power()

    def handle(self, topic: str, payload: str) -> None:
        """Obey a command."""
        self._obey(topic.rpartition("/")[2], payload)

    def _obey(self, command: str, payload: str) -> None:
        name, index = re.fullmatch(r"(.*?)(\d*)", command.upper()).groups()  # type: ignore[union-attr]
        if name == "BACKLOG":
            for each in payload.split(";"):
                self._obey(*(each.strip().partition(" ")[::2]))
        elif name in ("NODELAY", "FADE", "SPEED"):
            return
        elif index not in ("", "1", "2") or (index == "2" and name != "COLOR"):
            self._result({"Command": "Unknown"})
        elif name == "POWER":
            self._power(payload.lower())
        elif name == "STATE":
            self.say(f"stat/{self.topic}/RESULT", self._state())
        elif name in ("DIMMER", "CT", "COLOR") and self.kind == "light":
            self._light(f"{name}{index}", payload)
        elif name.startswith("SHUTTER") and self.kind == "shutter":
            self._shutter(name.removeprefix("SHUTTER"), payload)
        else:
            self._result({"Command": "Unknown"})

    def announce(self, mac: str, name: str) -> None:
        """Send the discovery message; it is retained."""
        relays = {"relay": 1, "light": 2, "shutter": 3}[self.kind]
        options = {"4": 0, "11": 0, "13": 0, "17": 0, "20": 0, "30": 0, "68": 0, "73": 0, "82": 0, "114": 0, "117": 0}
        self.say(
            f"tasmota/discovery/{mac}/config",
            {
                "ip": "192.168.1.9", "dn": name, "fn": [name, None, None, None, None, None, None, None],
                "hn": self.topic, "mac": mac, "md": "Sonoff Basic", "ty": 0, "if": 0, "cam": 0, "ofln": "Offline",
                "onln": "Online", "state": ["OFF", "ON", "TOGGLE", "HOLD"], "sw": "14.4.1", "t": self.topic,
                "ft": "%prefix%/%topic%/", "tp": ["cmnd", "stat", "tele"], "rl": [relays, 0, 0, 0, 0, 0, 0, 0],
                "swc": [-1] * 8, "swn": [None] * 8, "btn": [0] * 8, "so": options, "lk": 0,
                "lt_st": 3 if self.kind == "light" else 0, "bat": 0, "dslp": 0, "sho": [0, 0, 0, 0], "sht": [[0, 0, 0]] * 4,
                "ver": 1,
            },
            retain=True,
        )  # fmt: skip
        self.say(f"tasmota/discovery/{mac}/sensors", {"sn": {"Time": "2026-11-23T19:00:00"}, "ver": 1}, retain=True)

    def forget(self, mac: str) -> None:
        """Take the discovery message back."""
        for last in ("config", "sensors"):
            self.say(f"tasmota/discovery/{mac}/{last}", "", retain=True)

    def _power(self, word: str) -> None:
        if word in ("toggle", "2"):
            self.on = not self.on
        elif word:
            self.on = _POWER.get(word, self.on)
        self._say_power()

    def _light(self, name: str, payload: str) -> None:
        """Set one thing of the light; that switches it on (SetOption20 is off), and a dimmer of 0 off."""
        if name == "DIMMER":
            level = int(payload)
            self.on, self.dimmer = level > 0, level or self.dimmer
        elif name == "CT" and 153 <= int(payload) <= 500:
            self.on, self.color_temp = True, int(payload)
        elif name in ("COLOR", "COLOR1", "COLOR2"):
            self._color(payload, bright=name != "COLOR2")
        self._result(self._state())

    def _color(self, payload: str, *, bright: bool) -> None:
        """Take a colour, ``#rrggbb`` or ``r,g,b``; ``Color2`` leaves the brightness as it is."""
        parts = [int(payload[at : at + 2], 16) for at in (1, 3, 5)] if payload[0] == "#" else payload.split(",")[:3]
        rgb = [int(part) for part in parts]
        self.on, self.color = True, "".join(f"{part:02X}" for part in rgb)
        self.dimmer = round(max(rgb) / 2.55) if bright else self.dimmer

    def _shutter(self, name: str, payload: str) -> None:
        target = {"OPEN": 100, "CLOSE": 0, "STOP": self.position}.get(name, int(payload or self.position))
        self.position = target
        self._result({"Shutter1": {"Position": target, "Direction": 0, "Target": target, "Tilt": 0}})

    def _state(self) -> dict[str, object]:
        power: dict[str, object] = {"POWER": "ON" if self.on else "OFF"}
        if self.kind != "light":
            return power
        red, green, blue = (int(self.color[at : at + 2], 16) / 255 for at in (0, 2, 4))
        hue, saturation, _ = colorsys.rgb_to_hsv(red, green, blue)
        hsb = f"{round(hue * 360)},{round(saturation * 100)},{self.dimmer}"
        return {**power, "Dimmer": self.dimmer, "Color": self.color, "HSBColor": hsb, "CT": self.color_temp}

    def _say_power(self) -> None:
        self._result({"POWER": "ON" if self.on else "OFF"})
        self.say(f"stat/{self.topic}/POWER", "ON" if self.on else "OFF")

    def _result(self, payload: dict[str, object]) -> None:
        self.say(f"stat/{self.topic}/RESULT", payload)
