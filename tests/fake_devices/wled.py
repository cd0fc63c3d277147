"""A WLED strip, as far as brightness, colour, presets and toggles go.

By https://kno.wled.ge/interfaces/mqtt (topics; brightness and colour are said again after every change) and
https://kno.wled.ge/interfaces/json-api (the state object, ``"on": "t"``).
"""

import re
from collections.abc import Sequence
from typing import Any

from tests.fake_devices.device import FakeDevice, table


class Wled(FakeDevice):
    """The strip.

    Args:
        port: of the broker.
        topic: its own, ``wled/a1b2c3``.
        group: that of several.

    Attributes:
        level: brightness, 0 where it is off.
        color: ``#RRGGBB``.
        preset: the last that was loaded.
        transition: of all changes, tenths of a second.
        over: of the last command that had one of its own, likewise.
    """

    def __init__(self, port: int, topic: str, group: str = "wled/all") -> None:
        self.topic, self.group = topic, group
        self.level, self._last, self.color, self.preset, self.transition = 0, 128, "#FFAA00", -1, 7
        self.over: int | None = None
        self.will = (f"{topic}/status", "offline")
        super().__init__(port)

    def topics(self) -> Sequence[str]:
        """Return its own topics and those of its group."""
        return [f"{root}{last}" for root in (self.topic, self.group) for last in ("", "/col", "/api")]

    def begin(self) -> None:
        """Say that it is there, and how."""
        self._say()

    def press(self) -> None:
        """Switch it by its own button."""
        self._toggle()
        self._say()

    def handle(self, topic: str, payload: str) -> None:
        """Obey a message."""
        last = topic.removeprefix(self.topic).removeprefix(self.group)
        if last == "/col":
            assert re.fullmatch("#[0-9a-fA-F]{6}", payload), payload
            self.color = payload.upper()
        elif last == "/api":
            self.obey(payload)
        else:
            self._brightness(payload)
        self._say()

    def json_state(self) -> dict[str, Any]:
        """Return what ``/json/state`` would have."""
        red, green, blue = (int(self.color[at : at + 2], 16) for at in (1, 3, 5))
        segment = {"id": 0, "start": 0, "stop": 30, "len": 30, "on": True, "bri": 255, "col": [[red, green, blue]]}
        return {
            "on": self.level > 0, "bri": self._last, "transition": self.transition, "ps": self.preset, "pl": -1,
            "nl": {"on": False, "dur": 60, "mode": 1, "tbri": 0, "rem": -1},
            "udpn": {"send": False, "recv": True}, "lor": 0, "mainseg": 0,
            "seg": [{**segment, "fx": 0, "sx": 128, "ix": 128, "pal": 0, "sel": True, "rev": False, "mi": False}],
        }  # fmt: skip

    def obey(self, payload: str) -> None:
        """Take what its JSON interface takes."""
        wanted = table(payload)
        self.transition = wanted.get("transition", self.transition)
        self.over = wanted.get("tt", self.over)
        self.preset = wanted.get("ps", self.preset)
        if wanted.get("bri"):
            self._last = wanted["bri"]
            self.level = self._last if self.level or "on" not in wanted else self.level
        on = wanted.get("on")
        if on == "t":
            self._toggle()
        elif isinstance(on, bool):
            self.level = self._last if on else 0

    def _brightness(self, payload: str) -> None:
        if payload.lower() in ("on", "true"):
            self.level = self._last
        elif payload.lower() == "t":
            self._toggle()
        else:
            self._last, self.level = self.level or self._last, int(payload)

    def _toggle(self) -> None:
        self.level = 0 if self.level else self._last

    def _say(self) -> None:
        self.say(f"{self.topic}/g", str(self.level))
        self.say(f"{self.topic}/c", self.color)
        self.say(f"{self.topic}/status", "online", retain=True)
