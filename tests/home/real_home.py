"""A real Home Assistant beside a real broker with a password, and units that speak to both with edgeholo's own classes."""

import importlib.util
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from edgeholo import config
from edgeholo.publish import discovery
from edgeholo.publish.introduction import Introduction
from edgeholo.publish.publisher import Publisher
from edgeholo.publish.topics import Topics
from edgeholo.types import Message
from tests.real_broker import Mosquitto, free_port, until

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / ".cache" / "home"
"""Where provisioning/home.sh puts them."""
USER, PASSWORD = "edgeholo", "not the user's own"
PATIENCE_S = 60.0
"""Home Assistant takes seconds to make entities of a message, on a loaded machine tens of them."""
START_S = 120.0
"""Its start: 13 to 25 s on two cores that do nothing else."""

_SETTINGS = """
homeassistant:
  name: Home
  unit_system: metric
  time_zone: UTC
  country: GB
http:
  server_host: 127.0.0.1
  server_port: {port}
logger:
  default: warning
automation: !include automations.yaml
input_boolean:
  party: {{ name: Party }}
light:
  - platform: template
    lights:
      hall: {{ turn_on: [], turn_off: [], set_level: [] }}
"""
_COMPLAINT = re.compile(r"^\S+ \S+ (?:WARNING|ERROR|CRITICAL) .*", re.MULTILINE)
_ITS_OWN = ("[homeassistant.bootstrap]", "[aiohttp_fast_zlib]", "[homeassistant.components.camera.img_util]")
"""Who complains about the machine at every start."""


def broker_with_password(folder: Path) -> Mosquitto:
    """Return a broker that knows one user, as most homes have it; it is not started yet."""
    passwords = folder / "passwords"
    subprocess.run(["mosquitto_passwd", "-c", "-b", passwords, USER, PASSWORD], check=True)
    return Mosquitto(folder, "allow_anonymous false", f"password_file {passwords}")


def broker_options(broker: Mosquitto, folder: Path) -> config.Broker:
    """Return the options of a client that knows the password."""
    file = folder / "password"
    file.write_text(PASSWORD, encoding="utf-8")
    return config.Broker(url=broker.url, username=USER, password_file=str(file), reconnect_max_s=1.0)


def _client_class(tools: Path) -> Any:  # noqa: ANN401 - a script without types
    sys.path.insert(0, str(PROGRAMS / "client"))
    spec = importlib.util.spec_from_file_location("ha_client", tools / "real_home" / "ha_client.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.HA


class RealHome:
    """Home Assistant as a process, with an owner, and MQTT set up as a person would in its pages.

    Args:
        folder: for its configuration.
        tools: the shared tools; the client is read from there.
        broker: that it is to use.
        automations: as they stand in its file.
    """

    def __init__(self, folder: Path, tools: Path, broker: Mosquitto, automations: str) -> None:
        self._folder = folder
        self._automations: list[str] = []
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._seen = 0
        self._ran = 0
        self.client = _client_class(tools)(f"http://127.0.0.1:{self._port}")
        folder.joinpath("configuration.yaml").write_text(_SETTINGS.format(port=self._port), encoding="utf-8")
        folder.joinpath("automations.yaml").write_text(automations, encoding="utf-8")
        self._start()
        self.client.onboard()
        self._ready()
        self.client.add_mqtt(broker.port, USER, PASSWORD)

    def restart(self) -> None:
        """End it in peace, and start it again."""
        self.close()
        self._start()
        self._ready()

    def close(self) -> None:
        """End it."""
        if self.client.ws:
            self.client.ws.close()
            self.client.ws = None
        if self._process:
            self._process.terminate()
            self._process.wait(PATIENCE_S)
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def complaints(self) -> list[str]:
        """Return the warnings and errors that it has logged since the last call."""
        text = self._log.read_text(encoding="utf-8")
        found: list[str] = _COMPLAINT.findall(text[self._seen :])
        self._seen = len(text)
        return [line for line in found if not any(name in line for name in _ITS_OWN)]

    def shows(self, entity: str, state: str | Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Wait until an entity has a state, or is as the function wants it, and return it with its attributes."""
        found: dict[str, Any] = self.client.wait_state(entity, state, PATIENCE_S)
        return found

    def lacks(self, entity: str) -> None:
        """Wait until there is no such entity."""
        until(lambda: self.client.state(entity) is None, PATIENCE_S)

    def entities(self, device: str) -> dict[str, str]:
        """Return the entity ids of the device ``device.id``, by their unique ids."""
        rows = self.client.cmd("config/entity_registry/list")
        prefix = f"edgeholo_{device}."
        return {row["unique_id"]: row["entity_id"] for row in rows if row["unique_id"].startswith(prefix)}

    def device(self, device: str) -> dict[str, Any] | None:
        """Return what it knows of the device ``device.id``; None when it knows none."""
        rows = self.client.cmd("config/device_registry/list")
        wanted = ["mqtt", f"edgeholo_{device}"]
        return next((row for row in rows if wanted in row["identifiers"]), None)

    def triggers(self, device: str) -> list[dict[str, Any]]:
        """Return what the automation editor offers of a device."""
        found = self.device(device)
        if found is None:
            return []
        rows = self.client.cmd("device_automation/trigger/list", device_id=found["id"])
        return [row for row in rows if row["domain"] == "mqtt"]

    def automate(self, name: str, trigger: dict[str, Any]) -> None:
        """Save an automation as its editor does; it does nothing but run."""
        automation = {"alias": name, "mode": "queued", "triggers": [trigger], "actions": []}
        self.client.req(f"/api/config/automation/config/{name}", automation)
        self._automations.append(name)
        self.shows(f"automation.{name}", "on")

    def tidy(self) -> None:
        """Delete the automations that were saved."""
        while self._automations:
            self.client.req(f"/api/config/automation/config/{self._automations.pop()}", method="DELETE")

    def ran(self, count: int) -> list[str]:
        """Return the automations that have run since the last call, by name and in order, waiting for ``count`` of them."""

        def names() -> list[str]:
            self.client.pump(0.1)
            return [event["data"]["name"] for event in self.client.events[self._ran :]]

        until(lambda: len(names()) >= count, PATIENCE_S)
        found = names()
        self._ran += len(found)
        return found

    @property
    def _log(self) -> Path:
        return self._folder / "home-assistant.log"

    def _start(self) -> None:
        python = PROGRAMS / "venv" / "bin" / "python"
        assert python.exists(), f"no Home Assistant in {PROGRAMS}: make test-home sets it up"
        command = [str(python), "-m", "homeassistant", "-c", str(self._folder), "--skip-pip"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        self._seen = 0
        self.client.wait_http(START_S)

    def _ready(self) -> None:
        self.client.wait_running(START_S)
        self.client.cmd("subscribe_events", event_type="automation_triggered")

    def token(self) -> str:
        """Return a long-lived access token, as its page "Security" gives one."""
        token: str = self.client.cmd("auth/long_lived_access_token", client_name=f"edgeholo {time.time()}", lifespan=1)
        return token

    def picture(self, entity: str) -> bytes:
        """Return what an image entity shows."""
        path = self.client.state(entity)["attributes"]["entity_picture"]
        with urllib.request.urlopen(f"{self.client.base}{path}", timeout=PATIENCE_S) as answer:  # noqa: S310 - our own port
            body: bytes = answer.read()
        return body


class Unit:
    """A device without a camera: real topics, real publisher, real introduction; a test says what it sees.

    Args:
        options: where the broker is.
        device: its id.
    """

    def __init__(self, options: config.Broker, device: str) -> None:
        self.topics = Topics("edgeholo", device)
        self._publisher = Publisher(options, config.Publish(), self.topics)
        self._introduction = Introduction(self.topics, self._publisher, config.Publish().discovery)
        self._introduction.listen()
        self._publisher.start()
        until(lambda: self._publisher.connected)

    def introduce(self, name: str, gestures: Sequence[str], values: Sequence[str] = ("pinch", "height")) -> None:
        """Make itself known."""
        tree = config.Config(device=config.Device(id=self.topics.device_id, name=name))
        profiles = ["everyday", "all", "music"]
        message = discovery.device(
            self.topics, tree, version="1.2.3", gestures=gestures, held=gestures, values=values, profiles=profiles
        )
        self._introduction.give(message)

    def take_back(self) -> None:
        """Be forgotten."""
        self._introduction.take_back()

    def say(self, *messages: Message) -> None:
        """Publish."""
        for message in messages:
            self._publisher.send(message)

    def stop(self) -> None:
        """Stop in peace."""
        self._publisher.stop()
