"""Networks and brokers that fail in every way: each event arrives in order within its life, or is counted as expired."""

import json
import logging
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeholo import config
from edgeholo.publish import address
from edgeholo.publish.age import now_s
from edgeholo.publish.link import Link
from edgeholo.publish.outbox import Outbox
from edgeholo.publish.publisher import Publisher
from edgeholo.publish.subscriber import Subscriber
from edgeholo.types import Message, MessageKind
from tests.real_broker import PATIENCE_S, TOPICS, Mosquitto, event, options, until
from tests.relay import Relay

EVENTS = f"{TOPICS.root}/event/#"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a running anonymous mosquitto."""
    with Mosquitto(tmp_path) as mosquitto:
        yield mosquitto


def start(url: str, publish: config.Publish | None = None, **more: object) -> Publisher:
    """Return a publisher that is connected."""
    publisher = Publisher(options(url, **more), publish or config.Publish(), TOPICS)
    publisher.start()
    until(lambda: publisher.connected)
    return publisher


def seqs(listener: Subscriber, last: int) -> list[int]:
    """Return the numbers of all events up to the one numbered ``last``."""
    seen: list[int] = []
    while not seen or seen[-1] != last:
        message = listener.next(PATIENCE_S)
        assert message, f"no more than {seen}"
        if "/event/" in message.topic:
            seen.append(json.loads(message.payload)["seq"])
    return seen


@pytest.mark.parametrize("seed", range(4))
def test_every_event_arrives_in_order_though_the_network_fails_again_and_again(broker: Mosquitto, seed: int) -> None:
    """Cut, reset, cut within a packet, silent: what arrives twice was seen before, nothing is missing."""
    chance, relay = random.Random(seed), Relay(broker.port)
    with Subscriber(options(broker.url), [EVENTS]) as listener:
        publisher = start(relay.url)
        for number in range(300):
            publisher.send(event(number))
            if number % 30 == 0:
                failure = chance.choice(["pull", "reset", "within", "answers"])
                if failure == "pull":
                    relay.pull()
                elif failure == "reset":
                    relay.reset()
                else:
                    relay.cut_after(chance.randrange(2000), to_broker=failure == "within")
            if number % 30 == 15:
                relay.plug()
        seen = seqs(listener, 299)
        until(lambda: publisher.counts()["queued"] == 0)
        publisher.stop()
    first_seen = list(dict.fromkeys(seen))
    assert first_seen == list(range(300))


def test_a_network_that_silently_carries_nothing_is_noticed_before_events_expire(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keep-alive of half a minute would notice too late; another way to the broker is found at once."""
    monkeypatch.setattr("edgeholo.publish.link.SILENT_S", 0.3)
    relay = Relay(broker.port)
    with Subscriber(options(broker.url), [EVENTS]) as listener:
        publisher = start(relay.url)
        relay.clog()
        for number in range(30):
            publisher.send(event(number))
        until(lambda: "acknowledged nothing" in publisher.trouble)
        relay.pull()
        relay.plug()
        assert list(dict.fromkeys(seqs(listener, 29))) == list(range(30))
        publisher.stop()


def test_events_pass_a_slow_network_ahead_of_the_landmarks_that_it_cannot_carry(broker: Mosquitto) -> None:
    """What the system keeps for a slow network is little: an event does not wait behind a minute of skeletons."""
    relay = Relay(broker.port, bytes_s=15_000)
    landmarks = Message(f"{TOPICS.root}/landmarks", bytes(449), MessageKind.STREAM, qos=0, retain=False)
    with Subscriber(options(broker.url), [f"{TOPICS.root}/#"]) as listener:
        publisher = start(relay.url)

        def too_many() -> bool:
            publisher.send(landmarks)
            return publisher.counts()["dropped"] > 20

        until(too_many)
        publisher.send(event(1))
        ahead = 0
        while "/event/" not in (message := listener.next(PATIENCE_S) or pytest.fail("no event")).topic:
            ahead += message.topic.endswith("landmarks")
        assert ahead < 100
        publisher.stop()


def test_a_slow_network_carries_all_events_in_order(broker: Mosquitto) -> None:
    """Slower than they come; nothing is repeated, for the connection holds."""
    relay = Relay(broker.port, bytes_s=20_000)
    with Subscriber(options(broker.url), [EVENTS]) as listener:
        publisher = start(relay.url)
        for number in range(200):
            publisher.send(event(number))
        assert seqs(listener, 199) == list(range(200))
        publisher.stop()


def test_each_event_arrives_or_is_counted_when_the_broker_dies_again_and_again(broker: Mosquitto) -> None:
    """Killed in the middle, with short-lived events: sent and expired make up the whole."""
    chosen, outbox, total = options(broker.url), Outbox(500, 0.3), 0
    link = Link(lambda: address.parse(chosen), chosen, outbox, client_id="edgeholo-kitchen")
    link.start()
    for patient in (True, False) * 2:
        broker.kill()
        for _ in range(25):
            outbox.put(event(total), now_s())
            total += 1
        if patient:
            until(lambda: outbox.counts(now_s())["queued"] == 0)
        broker.start()
        until(lambda: link.connected)
        until(lambda: outbox.counts(now_s())["queued"] == 0)
    link.stop(5.0)
    counts = outbox.counts(now_s())
    assert counts["sent"] + counts["expired"] == total
    assert counts["expired"] >= 50
    assert (counts["overflowed"], counts["refused"]) == (0, 0)


def test_a_password_that_is_changed_while_we_run_is_said_once_and_read_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The broker turns us out; when our file has the new password we are back, and the events with us."""
    passwords, secret = tmp_path / "passwords", tmp_path / "secret"

    def change(password: str) -> None:
        subprocess.run(["mosquitto_passwd", "-c", "-b", passwords, "edgeholo", password], check=True)

    change("old horse")
    secret.write_text("old horse\n", encoding="utf-8")
    with Mosquitto(tmp_path, "allow_anonymous false", f"password_file {passwords}") as guarded:
        url = f"mqtt://edgeholo@127.0.0.1:{guarded.port}"
        publisher = start(url, password_file=str(secret))
        change("new horse")
        with caplog.at_level(logging.WARNING):
            guarded.kill()
            guarded.start()
            until(lambda: "check broker.username" in publisher.trouble)
            publisher.send(event(1))
            secret.write_text("new horse\n", encoding="utf-8")
            until(lambda: publisher.connected)
        until(lambda: publisher.counts()["queued"] == 0)
        publisher.stop()
    assert caplog.text.count("check broker.username") == 1
    assert "horse" not in caplog.text


def test_a_password_file_that_is_gone_for_a_moment_is_a_trouble_and_no_end(broker: Mosquitto, tmp_path: Path) -> None:
    """Whoever writes a new one may take the old one away first."""
    secret = tmp_path / "secret"
    secret.write_text("horse", encoding="utf-8")
    publisher = start(f"mqtt://edgeholo@127.0.0.1:{broker.port}", password_file=str(secret))
    secret.unlink()
    broker.kill()
    until(lambda: str(secret) in publisher.trouble)
    broker.start()
    secret.write_text("horse", encoding="utf-8")
    until(lambda: publisher.connected)
    publisher.stop()


@pytest.mark.parametrize(
    ("setting", "window"), [("max_inflight_messages 3", 3), ("max_inflight_messages 1", 1), ("persistence false", 16)]
)
def test_no_more_is_sent_than_the_broker_wants_to_receive(tmp_path: Path, setting: str, window: int) -> None:
    """Its receive maximum, or our own limit."""
    with Mosquitto(tmp_path, "allow_anonymous true", setting) as mosquitto:
        publisher = start(mosquitto.url)
        until(lambda: publisher.counts()["sent"] == 1)
        mosquitto.freeze()
        for number in range(40):
            publisher.send(event(number))
        until(lambda: len(publisher._link._sent) == window)
        assert len(publisher._link._sent) == window
        mosquitto.thaw()
        until(lambda: publisher.counts()["sent"] == 41)
        publisher.stop()


def test_a_broker_that_takes_no_qos_2_gets_qos_1(tmp_path: Path) -> None:
    """Some in the cloud take none; sent all the same, it would end the connection, for ever."""
    with (
        Mosquitto(tmp_path, "allow_anonymous true", "max_qos 1") as poor,
        Subscriber(options(poor.url), [f"{TOPICS.root}/#"]) as listener,
    ):
        publisher = start(poor.url, config.Publish(event_qos=2))
        publisher.send(event(1))
        assert seqs(listener, 1) == [1]
        until(lambda: publisher.counts()["sent"] == 2)
        publisher.stop()
