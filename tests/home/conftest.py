"""One home for all tests in this folder: its start takes longer than they do."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edgeholo import config
from edgeholo.publish.subscriber import Subscriber
from tests.home.real_home import ROOT, RealHome, Unit, broker_options, broker_with_password
from tests.home.speech import GESTURES, armed, states
from tests.real_broker import Mosquitto


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """Return a mosquitto that asks for a password."""
    with broker_with_password(tmp_path_factory.mktemp("broker")) as mosquitto:
        yield mosquitto


@pytest.fixture(scope="session")
def client(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> config.Broker:
    """Return how to reach it."""
    return broker_options(broker, tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="session")
def one_home(tmp_path_factory: pytest.TempPathFactory, shared_tools: Path, broker: Mosquitto) -> Iterator[RealHome]:
    """Return a Home Assistant that runs, with MQTT and with the automations of docs/home-assistant.md."""
    page = (ROOT / "docs" / "home-assistant.md").read_text(encoding="utf-8")
    automations = "".join(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL))
    with RealHome(tmp_path_factory.mktemp("home"), shared_tools, broker, automations) as home:
        yield home


@pytest.fixture
def home(one_home: RealHome) -> Iterator[RealHome]:
    """Return it, and fail a test in which it logs a warning: a device that makes noise there is no good guest."""
    one_home.complaints()
    yield one_home
    one_home.tidy()
    assert one_home.complaints() == []


@pytest.fixture
def unit(client: config.Broker) -> Iterator[Callable[[str], Unit]]:
    """Return what makes units by their ids; they are gone after the test."""
    made: list[Unit] = []

    def make(device: str) -> Unit:
        made.append(Unit(client, device))
        return made[-1]

    yield make
    for each in made:
        each.take_back()
        each.stop()


@pytest.fixture
def hall(home: RealHome, unit: Callable[[str], Unit]) -> Unit:
    """Return a unit that Home Assistant knows, and that has said how it is."""
    made = unit("hall")
    made.introduce("Hall", GESTURES)
    made.say(made.topics.availability("online"), *states(made.topics, armed()))
    home.shows("number.hall_hold_time", "1.0")
    return made


@pytest.fixture
def listener(client: config.Broker) -> Iterator[Subscriber]:
    """Return who hears all commands and all discovery messages."""
    with Subscriber(client, ["edgeholo/+/set/+", "homeassistant/device/+/config"]) as subscriber:
        yield subscriber
