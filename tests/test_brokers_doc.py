"""docs/brokers.md: every block for mosquitto runs, the access list suffices and keeps neighbours apart, buildings work."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from edgeholo import config
from edgeholo.config import Config
from edgeholo.errors import BrokerError
from edgeholo.publish import discovery
from edgeholo.publish.client import Received
from edgeholo.publish.commands import Command, Commands
from edgeholo.publish.connection import open_connection
from edgeholo.publish.publisher import Publisher
from edgeholo.publish.requester import Requester
from edgeholo.publish.subscriber import Subscriber
from edgeholo.publish.topics import TOPICS, Topics
from edgeholo.types import Message, MessageKind
from tests.real_broker import PATIENCE_S, Mosquitto, event, free_port, options, until

DOCUMENT = (Path(__file__).parents[1] / "docs" / "brokers.md").read_text(encoding="utf-8")
HALL, KITCHEN = Topics("edgeholo", "hall"), Topics("edgeholo", "kitchen")


def blocks(language: str) -> list[str]:
    """Return the document's blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)


def here(text: str, folder: Path) -> str:
    """Return a block as it is to run in a folder, as whoever runs the tests, on this machine."""
    text = text.replace("/etc/mosquitto", str(folder)).replace("/etc/edgeholo", str(folder))
    return re.sub(r"^chown.*\n", "", text.replace("broker.lan", "localhost"), flags=re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what the document's commands make, and the access list; a kitchen lives beside the hall."""
    folder = tmp_path_factory.mktemp("etc")
    for commands in blocks("sh"):
        text = here(commands.replace("for name in hall ", "for name in hall kitchen "), folder)
        subprocess.run(["bash", "-euc", text], cwd=folder, check=True, capture_output=True)
    (folder / "edgeholo.acl").write_text(blocks("acl")[0], encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def broker(folder: Path) -> Iterator[Mosquitto]:
    """Return the document's mosquitto: with passwords, and with certificates."""
    settings: list[str] = []
    for block in blocks("conf")[:2]:
        settings += re.sub(r"listener \d+", lambda _: f"listener {free_port()} 127.0.0.1", here(block, folder)).split(
            "\n"
        )
    with Mosquitto(folder, "per_listener_settings true", "allow_anonymous false", *settings) as mosquitto:
        yield mosquitto


def secured(broker: Mosquitto, folder: Path, user: str) -> config.Broker:
    """Return the options of a user with a password."""
    url = f"mqtts://{user}@localhost:{broker.ports[1]}"
    return options(url, ca_file=f"{folder}/ca.pem", password_file=f"{folder}/{user}.password")


def say_everything(publisher: Publisher, topics: Topics) -> int:
    """Send one message on every topic that a unit has, and return how many."""
    rows = [row for name, row in TOPICS.items() if name != "availability"]
    for row in rows:
        publisher.send(Message(f"{topics.root}/{row.path}", b"{}", MessageKind.EVENT, qos=1, retain=False))
    until(lambda: publisher.counts()["queued"] == 0)
    return len(rows)


def test_the_access_list_lets_a_unit_do_all_that_it_does(broker: Mosquitto, folder: Path) -> None:
    """Every topic there is, discovery and its own message back, commands, Home Assistant's birth, answers."""
    heard: list[Received] = []
    publisher = Publisher(secured(broker, folder, "hall"), config.Publish(), HALL)
    filters = [HALL.commands, "homeassistant/status", discovery.topic(HALL, "homeassistant")]
    for topic_filter in filters:
        publisher.subscribe(topic_filter, heard.append)
    publisher.start()
    said = 1 + say_everything(publisher, HALL)
    publisher.send(discovery.removal(HALL, "homeassistant"))
    publisher.send(HALL.answer("answers/me", b"1", option="hold_s", value=1, error=""))
    until(lambda: publisher.counts()["sent"] == said + 2)
    home = Publisher(secured(broker, folder, "homeassistant"), config.Publish(), Topics("edgeholo", "home"))
    home.start()
    for topic, payload in {f"{HALL.root}/set/hold_s": b"2", "homeassistant/status": b"online"}.items():
        home.send(Message(topic, payload, MessageKind.EVENT, qos=1, retain=False))
    until(lambda: {message.topic for message in heard} >= {f"{HALL.root}/set/hold_s", *filters[1:]})
    assert publisher.counts()["refused"] == 0
    for each in (publisher, home):
        each.stop()


def test_the_access_list_keeps_a_unit_out_of_its_neighbours_topics(broker: Mosquitto, folder: Path) -> None:
    """It can write none of them, command nobody, and hear nothing that is not its own."""
    with Subscriber(secured(broker, folder, "homeassistant"), ["edgeholo/kitchen/#", "homeassistant/#"]) as home:
        hall = Publisher(secured(broker, folder, "hall"), config.Publish(), HALL)
        heard: list[Received] = []
        hall.subscribe("#", heard.append)
        hall.start()
        count = say_everything(hall, KITCHEN)
        for topic in ("edgeholo/kitchen/availability", "edgeholo/kitchen/set/privacy", "homeassistant/status"):
            hall.send(Message(topic, b"online", MessageKind.EVENT, qos=1, retain=False))
        hall.send(discovery.removal(KITCHEN, "homeassistant"))
        until(lambda: hall.counts()["refused"] == count + 4)
        kitchen = Publisher(secured(broker, folder, "kitchen"), config.Publish(), KITCHEN)
        kitchen.start()
        kitchen.send(event(1))
        first = home.next(PATIENCE_S)
        assert first
        assert (first.topic, first.payload) == ("edgeholo/kitchen/availability", b"online")
        until(lambda: kitchen.counts()["queued"] == 0)
        for each in (kitchen, hall):
            each.stop()
    own = (f"{HALL.root}/", "homeassistant/status")
    assert [message.topic for message in heard if not message.topic.startswith(own)] == []


def test_the_access_list_lets_the_page_of_a_unit_command_it_and_hear_the_answer(
    broker: Mosquitto, folder: Path
) -> None:
    """The page comes as the unit; a neighbour that listens to all answers hears none of it."""
    commands = Commands()
    unit = Publisher(secured(broker, folder, "hall"), config.Publish(), HALL)
    commands.listen(HALL, unit)
    unit.start()
    heard: list[Received] = []
    neighbour = Publisher(secured(broker, folder, "kitchen"), config.Publish(), KITCHEN)
    neighbour.subscribe("answers/#", heard.append)
    neighbour.start()
    page = Requester(secured(broker, folder, "hall"), "page")
    page.start()
    listening = [page._listening, *unit._link._subscriptions, *neighbour._link._subscriptions]
    until(lambda: all(each.settled.is_set() for each in listening))
    answer = page.ask(f"{HALL.root}/set/hold_s", b"2")
    taken: list[Command] = []

    def asked() -> bool:
        taken.extend(commands.take()[0])
        return bool(taken)

    until(asked)
    unit.send(HALL.answer(taken[0].answer_to, taken[0].correlation, option="hold_s", value=2, error=""))
    assert json.loads(answer.result(PATIENCE_S))["ok"] is True
    assert heard == []
    for each in (page, neighbour, unit):
        each.stop()


def test_a_certificate_is_the_user_and_the_same_access_list_holds(broker: Mosquitto, folder: Path) -> None:
    """No password anywhere; the documented configuration, as it stands."""
    text = here(blocks("toml")[1], folder).replace("localhost:8884", f"localhost:{broker.ports[2]}")
    chosen = msgspec.toml.decode(re.sub(r"^(\w+)\.(\w+)", r"\1.\2", text, flags=re.MULTILINE), type=Config)
    with Subscriber(chosen.broker, [HALL.commands]) as listener:
        assert listener.trouble == ""
    publisher = Publisher(chosen.broker, config.Publish(), HALL)
    publisher.start()
    count = say_everything(publisher, HALL)
    say_everything(publisher, KITCHEN)
    assert publisher.counts()["refused"] == count
    publisher.stop()


def test_the_documented_unit_gets_in_with_its_password(broker: Mosquitto, folder: Path) -> None:
    """The systemd credential of the documented name, the URL without a password."""
    text = here(blocks("toml")[0], folder).replace("@localhost", f"@localhost:{broker.ports[1]}")
    chosen = msgspec.toml.decode(text, type=Config)
    guarded = msgspec.structs.replace(chosen.broker, password_file=f"{folder}/hall.password")
    with Subscriber(guarded, [HALL.commands]) as listener:
        assert listener.trouble == ""
    with pytest.raises(BrokerError, match=r"check broker\.username"), Subscriber(chosen.broker, [HALL.commands]):
        pass


def test_topics_carry_the_place_in_a_building(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base of many levels: states, events, commands, and what Home Assistant is told."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    root = "campus/north/floor2/room17/ceiling"
    with Mosquitto(tmp_path) as mosquitto:
        chosen = Config(
            device=config.Device(id="ceiling"),
            broker=options(mosquitto.url),
            publish=config.Publish(base="campus/north/floor2/room17"),
        )
        connection = open_connection(chosen)
        heard: list[Received] = []
        connection.sender.subscribe(connection.topics.commands, heard.append)
        with Subscriber(chosen.broker, ["campus/+/+/+/+/#", "homeassistant/#"]) as listener:
            connection.start()
            connection.introduction.give(
                discovery.device(
                    *(connection.topics, chosen),
                    version="1",
                    gestures=["horns"],
                    held=[],
                    values=["pinch"],
                    profiles=["all"],
                )
            )
            topics = {listener.next(PATIENCE_S).topic: None for _ in range(2)}  # type: ignore[union-attr]
            assert set(topics) == {f"{root}/availability", "homeassistant/device/ceiling/config"}
        with Subscriber(chosen.broker, ["homeassistant/device/+/config"]) as listener:
            announced = listener.next(PATIENCE_S)
            assert announced
            places = set(re.findall(r'"(campus/[^"]*)"', announced.payload.decode()))
            assert places
            assert {place.rsplit("/", 2)[0] for place in places} <= {root, root.rsplit("/", 1)[0]}
        other = Publisher(chosen.broker, config.Publish(), Topics("edgeholo", "phone"))
        other.start()
        other.send(Message(f"{root}/set/hold_s", b"2", MessageKind.EVENT, qos=1, retain=False))
        until(lambda: heard)
        other.stop()
        connection.close()


def test_shared_subscriptions_give_each_event_to_one_worker(tmp_path: Path) -> None:
    """Nothing in a topic is in their way; both work, none gets what the other has."""
    shared = "$share/workers/edgeholo/+/event/gesture"
    with (
        Mosquitto(tmp_path) as mosquitto,
        Subscriber(options(mosquitto.url), [shared]) as first,
        Subscriber(options(mosquitto.url), [shared]) as second,
    ):
        publisher = Publisher(options(mosquitto.url), config.Publish(), KITCHEN)
        publisher.start()
        for number in range(40):
            publisher.send(event(number))
        until(lambda: first._received.qsize() + second._received.qsize() == 40)
        publisher.stop()
        shares = [[json.loads(message.payload)["seq"] for message in each.messages(0.05)] for each in (first, second)]
    assert sorted(shares[0] + shares[1]) == list(range(40))
    assert all(share == sorted(share) and share for share in shares)


def test_a_bridge_carries_a_floor_to_the_building_and_commands_back(tmp_path: Path) -> None:
    """The documented lines, without the password and TLS of the line between the two."""
    (bridge,) = [block for block in blocks("conf") if block.startswith("connection")]
    with Mosquitto(tmp_path) as building:
        lines = bridge.replace("building.lan:8883", f"127.0.0.1:{building.port}").splitlines()
        lines = [line for line in lines if not line.startswith(("bridge_cafile", "remote_"))]
        with Mosquitto(tmp_path, "allow_anonymous true", *lines) as floor:
            heard: list[Received] = []
            unit = Publisher(options(floor.url), config.Publish(), HALL)
            unit.subscribe(HALL.commands, heard.append)
            with Subscriber(options(building.url), ["campus/north/floor2/#"]) as listener:
                unit.start()
                unit.send(Message(f"{HALL.root}/event/gesture", b"{}", MessageKind.EVENT, qos=1, retain=False))
                arrived: dict[str, bytes] = {}
                while len(arrived) < 2:
                    message = listener.next(PATIENCE_S)
                    assert message, arrived
                    arrived[message.topic] = message.payload
            assert arrived == {
                "campus/north/floor2/edgeholo/hall/availability": b"online",
                "campus/north/floor2/edgeholo/hall/event/gesture": b"{}",
            }
            desk = Publisher(options(building.url), config.Publish(), Topics("edgeholo", "desk"))
            desk.start()
            command = f"campus/north/floor2/{HALL.root}/set/hold_s"
            desk.send(Message(command, b"2", MessageKind.EVENT, qos=1, retain=False))
            until(lambda: heard)
            assert heard[0].topic == f"{HALL.root}/set/hold_s"
            for each in (desk, unit):
                each.stop()
