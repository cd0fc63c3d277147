"""Rules in the daemon: a real broker hears what they say, a real server and real programs what they want."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edgeholo.publish.subscriber import Subscriber
from tests.commanding import Phone, Speaker
from tests.real_broker import Mosquitto, options, until
from tests.test_daemon import House, Process, broker, house, patterned, recording
from tests.web_server import Server, serving

__all__ = ["broker", "house", "recording"]

LAMP = """
[[rule]]
name = "lamp"
when = { gesture = "thumb_up" }
then = { zigbee2mqtt = "lamp", state = "toggle" }
"""

Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path, broker: Mosquitto, recording: Path) -> Iterator[Start]:
    """Return what starts the daemon with rules; it is gone after the test."""
    started: list[Process] = []

    def begin(rules: str, more: str = "") -> Process:
        (tmp_path / "rules.toml").write_text(rules, encoding="utf-8")
        started.append(Process(tmp_path, broker.url, patterned(recording, more)))
        return started[-1]

    yield begin
    for process in started:
        process.process.kill()
        process.process.communicate()


@pytest.fixture
def lamp(broker: Mosquitto) -> Iterator[Subscriber]:
    """Return who hears what the lamp is told and asked."""
    with Subscriber(options(broker.url), ["zigbee2mqtt/lamp/#", "house/#"]) as subscriber:
        yield subscriber


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a web server."""
    with serving() as state:
        yield state


def said(subscriber: Subscriber, count: int = 1) -> list[tuple[str, str]]:
    """Return topic and payload of the next messages."""
    messages = [subscriber.next(30) for _ in range(count)]
    assert all(messages), messages
    return [(message.topic, message.payload.decode()) for message in messages if message]


def test_a_lamp_is_toggled_from_what_it_says_of_itself(start: Start, lamp: Subscriber, broker: Mosquitto) -> None:
    """It is asked at the start, told the opposite of what it said, and told the same again where it did not obey."""
    start(LAMP)
    with Speaker(broker.port) as speaker:
        assert said(lamp) == [("zigbee2mqtt/lamp/get", '{"state":""}')]
        speaker.say("zigbee2mqtt/lamp", '{"state":"ON"}')
        told = [each for each in said(lamp, 3) if each[0].endswith("/set")]
        assert told == [("zigbee2mqtt/lamp/set", '{"state":"OFF"}')] * 2
        speaker.say("zigbee2mqtt/lamp", '{"state":"OFF"}')
        until(lambda: ("zigbee2mqtt/lamp/set", '{"state":"ON"}') in said(lamp), 30)


def test_what_a_rule_did_is_told_with_the_event_that_set_it_off(start: Start, house: House) -> None:
    """On event/action, and counted in health."""
    daemon = start(LAMP, "publish.health_s = 1")
    action = house.wait_for("event/action")
    events = [event for event in house.payloads("event/gesture") if event["seq"] == action["seq"]]
    assert [(event["event_type"], event["phase"], event["run"]) for event in events] == [
        ("thumb_up", "start", action["run"])
    ]
    assert (action["rule"], action["trigger"], action["phase"], action["hand"]) == ("lamp", "thumb_up", "start", "left")
    assert action["actions"] == ["zigbee2mqtt lamp, state toggle"]
    assert (action["ok"], action["error"]) == (True, None)
    health = house.wait_for("state/health")
    while not health["rules"]["fired"]:
        health = house.wait_for("state/health")
    assert (health["rules"]["failed"], health["rules"]["waiting"]) == (0, 0)
    assert daemon.end()[0] == 0


def test_a_webhook_and_a_program_are_carried_out_and_a_failure_is_told(
    start: Start, house: House, server: Server, tmp_path: Path
) -> None:
    """The line goes on meanwhile; the action is told when both are over."""
    server.answers = [404]
    out = tmp_path / "out"
    daemon = start(
        f"""
        [[rule]]
        name = "both"
        when = {{ gesture = "victory" }}
        then = [
          {{ webhook = "{server.url}/secret", payload = {{ hand = "{{{{ hand }}}}" }} }},
          {{ command = ["/usr/bin/touch", "{out}"] }},
        ]
        """,
        "rules.commands = true",
    )
    action = house.wait_for("event/action")
    assert (action["ok"], action["error"]) == (False, f"{server.url}/...: it answers 404 Not Found")
    assert action["actions"] == [f"webhook {server.url}/...", "command /usr/bin/touch"]
    assert out.exists()
    assert server.bodies()[0] == '{"hand":"left"}'
    code, errors = daemon.end()
    assert code == 0
    assert errors.count("rule both: ") <= 2
    assert "secret" not in errors


def test_a_server_that_hangs_keeps_neither_the_line_nor_the_stop(start: Start, house: House, server: Server) -> None:
    """Gestures are told as ever, and the daemon ends within seconds."""
    server.open.clear()
    daemon = start(f'[[rule]]\nwhen = {{ gesture = "victory" }}\nthen = {{ webhook = "{server.url}", timeout_s = 60 }}')
    until(lambda: server.asked, 30)
    for _ in range(4):
        house.wait_for("event/gesture")
    began_s = time.monotonic()
    assert daemon.end()[0] == 0
    assert time.monotonic() - began_s < 20


def test_wrong_rules_end_the_start_with_a_line_for_each_mistake(start: Start, tmp_path: Path) -> None:
    """Exit code 78: systemd does not try again, a person mends the file."""
    daemon = start(LAMP.replace("thumb_up", "thum_up").replace("state =", "stat ="))
    code, errors = daemon.ended()
    assert code == 78
    file = tmp_path / "rules.toml"
    assert f"{file}:4:20: there is no gesture 'thum_up'; did you mean thumb_up?" in errors
    assert f"{file}:5:32: unknown option 'stat'; did you mean state?" in errors
    assert len(errors.splitlines()) == 2


def test_rules_that_the_configuration_names_must_be_there(start: Start) -> None:
    """A file that nobody named may be missing."""
    code, errors = start("", 'rules.file = "missing.toml"').ended()
    assert code == 78
    assert errors.strip().endswith("missing.toml does not exist")


def test_rules_are_taken_anew_and_wrong_ones_change_nothing(
    start: Start, house: House, lamp: Subscriber, tmp_path: Path
) -> None:
    """By SIGHUP, and without it when the file has changed; state/error says what is wrong with it."""
    rule = '[[rule]]\nname = "{0}"\nwhen = {{ gesture = "victory" }}\nthen = {{ mqtt = "house/{0}" }}\n'
    daemon, file = start(rule.format("one")), tmp_path / "rules.toml"
    assert said(lamp) == [("house/one", "")]
    file.write_text(rule.format("two").replace("victory", "victori"), encoding="utf-8")
    daemon.process.send_signal(signal.SIGHUP)
    error = house.wait_for("state/error", option="rules")
    assert error["value"] == str(file)
    assert "there is no gesture 'victori'; did you mean victory?" in error["error"]
    assert house.wait_for("event/action")["rule"] == "one"
    file.write_text(rule.format("three"), encoding="utf-8")
    house.wait_for("event/action", rule="three")
    file.unlink()
    until(lambda: "rules: none" in daemon.next_line(), 30)
    house.wait_for("event/gesture", event_type="victory", phase="start")
    assert daemon.end()[0] == 0


def test_closing_the_camera_is_nobodys_going(
    start: Start, house: House, lamp: Subscriber, broker: Mosquitto, recording: Path
) -> None:
    """Who wants privacy does not want the light off; a gesture in the other profile fires nothing."""
    daemon = start(
        """
        [[rule]]
        when = { presence = true }
        then = { mqtt = "house/come" }
        [[rule]]
        when = { presence = false }
        then = { mqtt = "house/gone" }
        [[rule]]
        when = { gesture = "victory", profile = "music" }
        then = { mqtt = "house/music" }
        """,
        '[gestures.profiles]\nmusic = ["victory"]',
    )
    assert said(lamp) == [("house/come", "")]
    phone = Phone(broker.port)
    phone.set("privacy", "on")
    house.wait_for("state/camera", state="closed")
    phone.set("profile", "music")
    phone.set("privacy", "off")
    assert said(lamp, 2) == [("house/come", ""), ("house/music", "")]
    phone.close()
    assert daemon.end()[0] == 0


def test_rules_follow_to_another_broker(
    start: Start, tmp_path: Path, broker: Mosquitto, house: House, lamp: Subscriber
) -> None:
    """There, too, they hear what they need and say what they want."""
    daemon = start(LAMP)
    house.wait_for("event/action")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with Mosquitto(elsewhere) as other, Subscriber(options(other.url), ["zigbee2mqtt/#"]) as there:
        with Speaker(other.port) as speaker:
            speaker.say("zigbee2mqtt/lamp", '{"state":"ON"}', retain=True)
        assert said(there) == [("zigbee2mqtt/lamp", '{"state":"ON"}')]
        daemon.move(other.url)
        daemon.process.send_signal(signal.SIGHUP)
        assert said(there, 2) == [("zigbee2mqtt/lamp/get", '{"state":""}'), ("zigbee2mqtt/lamp/set", '{"state":"OFF"}')]
        assert daemon.end()[0] == 0


def test_a_lamp_is_told_again_what_the_broker_missed(
    start: Start, house: House, lamp: Subscriber, broker: Mosquitto
) -> None:
    """A broker that was restarted hears the question for the state once more."""
    start(LAMP)
    assert said(lamp) == [("zigbee2mqtt/lamp/get", '{"state":""}')]
    broker.kill()
    broker.start()
    topics = {topic for topic, _ in said(lamp, 3)}
    assert "zigbee2mqtt/lamp/get" in topics
