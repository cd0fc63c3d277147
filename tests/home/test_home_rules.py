"""Rules that call a real Home Assistant's actions, with a token of its own."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edgeholo import config
from edgeholo.publish.subscriber import Subscriber
from tests.home.real_home import PASSWORD, USER, RealHome
from tests.real_broker import Mosquitto
from tests.test_daemon import Process, patterned

RULES = """
[homeassistant]
url = "{url}"
token_file = "{token}"

[[rule]]
name = "party"
when = {{ gesture = "victory" }}
then = {{ homeassistant = "input_boolean.toggle", entity = "input_boolean.party" }}

[[rule]]
name = "scene"
when = {{ gesture = "thumb_up" }}
then = {{ homeassistant = "scene.nothing_of_the_kind", entity = "scene.none" }}
"""


@pytest.fixture
def start(tmp_path: Path, broker: Mosquitto, home: RealHome, demo_clip: Path) -> Iterator[Callable[[str], Process]]:
    """Return what starts `edgeholo run` with a token: it sees the demo clip's people again and again."""
    recording, token = tmp_path / "demo.holo", tmp_path / "token"
    subprocess.run([sys.executable, "-m", "edgeholo.cli", "record", str(demo_clip), str(recording)], check=True)
    (tmp_path / "rules.toml").write_text(RULES.format(url=home.client.base, token=token), encoding="utf-8")
    started: list[Process] = []

    def begin(secret: str) -> Process:
        token.write_text(f"{secret}\n", encoding="utf-8")
        url = broker.url.replace("//", f"//{USER}@")
        text = patterned(recording, 'publish.discovery = ""')
        started.append(Process(tmp_path, url, text, EDGEHOLO_MQTT_PASSWORD=PASSWORD))
        return started[-1]

    yield begin
    for process in started:
        process.process.kill()
        process.process.communicate()


@pytest.fixture
def actions(client: config.Broker) -> Iterator[Subscriber]:
    """Return who hears what rules have done."""
    with Subscriber(client, ["edgeholo/hall/event/action"]) as subscriber:
        yield subscriber


def ended(actions: Subscriber, rule: str) -> dict[str, object]:
    """Return how the next firing of a rule ended."""
    while message := actions.next(60):
        payload: dict[str, object] = json.loads(message.payload)
        if payload["rule"] == rule:
            return payload
    raise AssertionError(f"{rule} never fired")


def test_a_rule_calls_an_action_of_home_assistant(
    home: RealHome, start: Callable[[str], Process], actions: Subscriber
) -> None:
    """Its own toggle, once for each victory; an action that does not exist is told as a failure and stops nobody."""
    home.client.call("input_boolean", "turn_off", entity_id="input_boolean.party")
    daemon = start(home.token())
    for state in ("on", "off"):
        assert ended(actions, "party")["ok"] is True
        home.shows("input_boolean.party", state)
    failed = ended(actions, "scene")
    assert failed["ok"] is False
    assert str(failed["error"]).endswith("it answers 400 Bad Request")
    code, errors = daemon.end()
    assert code == 0
    assert errors.count("rule scene: ") == 1


def test_a_wrong_token_is_named_and_never_repeated(
    home: RealHome, start: Callable[[str], Process], actions: Subscriber
) -> None:
    """On event/action and, once, in the log."""
    home.client.call("input_boolean", "turn_off", entity_id="input_boolean.party")
    daemon = start("made-up")
    for _ in range(2):
        assert str(ended(actions, "party")["error"]).endswith("it answers 401: the token is missing or wrong")
    code, errors = daemon.end()
    assert code == 0
    assert errors.count("the token is missing or wrong") == 2, "one line a rule"
    assert "made-up" not in errors
    home.shows("input_boolean.party", "off")
    warned = home.complaints()
    assert warned
    assert all("http.ban" in line for line in warned), "Home Assistant itself warns of a wrong token"
