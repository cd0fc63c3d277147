"""A Shelly of the first generation: a relay, a dimmer and a roller.

By https://shelly-api-docs.shelly.cloud/gen1/#mqtt-support and its chapters on Shelly1, Shelly2.5 (roller) and ShellyDimmer.
"""

from collections.abc import Sequence

from tests.fake_devices.device import FakeDevice, table


class Shelly1(FakeDevice):
    """A device with one of each, which no shop sells.

    Args:
        port: of the broker.
        name: its id, ``shelly1-B929CC``.

    Attributes:
        relay: whether it is on.
        light: whether it is on.
        brightness: per cent.
        transition_ms: of the last command that had one.
        position: of the roller, per cent open.
        stops: how often the roller was told to stop.
    """

    def __init__(self, port: int, name: str) -> None:
        self.root = f"shellies/{name}"
        self.relay, self.light, self.brightness, self.position, self.stops = False, False, 50, 0, 0
        self.transition_ms: int | None = None
        self.will = (f"{self.root}/online", "false")
        super().__init__(port)

    def topics(self) -> Sequence[str]:
        """Return where it takes commands."""
        parts = ("relay/0/command", "light/0/command", "light/0/set", "roller/0/command", "roller/0/command/pos")
        return [f"{self.root}/{part}" for part in parts]

    def begin(self) -> None:
        """Say that it is there, and how."""
        self.say(f"{self.root}/online", "true", retain=True)
        self._say_all()

    def press(self) -> None:
        """Switch it by its own button."""
        self.relay = not self.relay
        self._say_all()

    def handle(self, topic: str, payload: str) -> None:
        """Obey a command."""
        part = topic.removeprefix(f"{self.root}/")
        if part == "relay/0/command":
            self.relay = _switched(payload, self.relay)
        elif part == "light/0/command":
            self.light = _switched(payload, self.light)
        elif part == "light/0/set":
            self._set_light(payload)
        elif part == "roller/0/command/pos":
            self.position = min(max(int(payload), 0), 100)
        elif payload in ("open", "close"):
            self.position = 100 if payload == "open" else 0
        elif payload == "stop":
            self.stops += 1
        self._say_all()

    def _set_light(self, payload: str) -> None:
        wanted = table(payload)
        self.light = _switched(wanted.get("turn", ""), self.light)
        self.brightness = wanted.get("brightness", self.brightness)
        self.transition_ms = wanted.get("transition", self.transition_ms)

    def _say_all(self) -> None:
        self.say(f"{self.root}/relay/0", "on" if self.relay else "off")
        self.say(f"{self.root}/light/0", "on" if self.light else "off")
        self.say(f"{self.root}/light/0/status", {"ison": self.light, "mode": "white", "brightness": self.brightness})
        self.say(f"{self.root}/roller/0/pos", str(self.position))


def _switched(word: str, now: bool) -> bool:
    return {"on": True, "off": False, "toggle": not now}.get(word, now)
