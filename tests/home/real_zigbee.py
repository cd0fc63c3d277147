"""A real Zigbee2MQTT, of which only the radio is replaced: one lamp, and a log of what reaches it."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Self

from edgeholo import config
from edgeholo.publish.subscriber import Subscriber
from tests.home.real_home import PASSWORD, PROGRAMS, USER
from tests.real_broker import Mosquitto, until

START_S = 120.0
"""Its start: 7 s on two cores that do nothing else."""
LAMP = "zigbee2mqtt/living_lamp"
_RADIO = re.compile(r"^RADIO \S+ \S+ (?P<command>\S+) (?P<payload>\{.*\})$", re.MULTILINE)


class Zigbee2Mqtt:
    """Zigbee2MQTT as a process; a context manager.

    Args:
        folder: for its data.
        tools: the shared tools, with its configuration and its network of one lamp.
        broker: that it is to use.
    """

    def __init__(self, folder: Path, tools: Path, broker: Mosquitto) -> None:
        given = tools / "real_home"
        text = (given / "zigbee2mqtt.yaml").read_text(encoding="utf-8")
        own = f"server: '{broker.url}', user: {USER}, password: \"{PASSWORD}\""
        text, count = re.subn(r"server: '[^']*', user: \w+, password: \w+", own, text)
        assert count == 1, "the shared configuration has another form"
        folder.mkdir(exist_ok=True)
        (folder / "configuration.yaml").write_text(text, encoding="utf-8")
        shutil.copyfile(given / "zigbee2mqtt.database.db", folder / "database.db")
        self._folder, self._log = folder, folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, client: config.Broker) -> Self:
        """Start, and return when it says that it is online.

        Args:
            client: how to reach the broker.
        """
        programs = PROGRAMS / "zigbee2mqtt"
        node = programs / "node_modules" / "node" / "bin" / "node"
        assert node.exists(), f"no Zigbee2MQTT in {programs}: make test-home sets it up"
        # Below a git repository it takes that for its own source, finds another commit and wants to build itself anew.
        own = {
            "ZIGBEE2MQTT_DATA": str(self._folder),
            "Z2M_ONBOARD_NO_SERVER": "1",
            "GIT_CEILING_DIRECTORIES": str(PROGRAMS),
        }
        environment = {**os.environ, **own}
        radio = ("-r", "./fake_radio.js", "-r", str(Path(__file__).with_name("answering_radio.js")))
        command = [str(node), *radio, "node_modules/zigbee2mqtt/index.js"]
        with Subscriber(client, ["zigbee2mqtt/bridge/state"]) as bridge, self._log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=programs, env=environment, stdout=log, stderr=log)
            until(lambda: (said := bridge.next(1)) is not None and b"online" in said.payload, START_S)
        return self

    def close(self) -> None:
        """End it in peace."""
        if self._process:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def radio(self) -> list[tuple[str, str]]:
        """Return what reached the lamp by radio: command and payload, reads left out."""
        found = [(match["command"], match["payload"]) for match in _RADIO.finditer(self._log.read_text("utf-8"))]
        return [each for each in found if not each[0].endswith(".read")]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
