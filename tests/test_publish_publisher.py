"""The publisher and the subscriber against a real mosquitto that comes, goes, hangs and dies."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from edgeholo import config
from edgeholo.publish.client import Received
from edgeholo.publish.outbox import IN_FLIGHT
from edgeholo.publish.publisher import NoPublisher, Publisher, open_publisher
from edgeholo.publish.subscriber import Subscriber
from edgeholo.publish.topics import Topics
from edgeholo.types import Gesture, Message, MessageKind, Phase, Quality, Side
from tests.real_broker import PATIENCE_S, TOPICS, Mosquitto, event, free_port, options, until
from tests.relay import Relay

EVERYTHING = f"{TOPICS.root}/#"
LANDMARKS = Message(f"{TOPICS.root}/landmarks", b"points", MessageKind.STREAM, qos=0, retain=False)
DARK = TOPICS.quality(Quality("dark", "turn a light on", 0))
CLEAR = TOPICS.quality(Quality("ok", "", 0))


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a running anonymous mosquitto."""
    with Mosquitto(tmp_path) as mosquitto:
        yield mosquitto


@pytest.fixture
def sender(broker: Mosquitto) -> Iterator[Publisher]:
    """Return a publisher that is connected to it."""
    publisher = start(broker.url)
    until(lambda: publisher.connected)
    yield publisher
    publisher.stop(0.2)


def start(url: str, publish: config.Publish | None = None, **more: object) -> Publisher:
    """Return a publisher that is started."""
    publisher = Publisher(options(url, **more), publish or config.Publish(), TOPICS)
    publisher.start()
    return publisher


def collect(listener: Subscriber, count: int) -> list[tuple[str, bytes, bool]]:
    """Return the next messages, and fail when fewer come."""
    received: list[tuple[str, bytes, bool]] = []
    for _ in range(count):
        message = listener.next(PATIENCE_S)
        assert message, f"no more than {received}"
        received.append((message.topic.removeprefix(TOPICS.root + "/"), message.payload, message.retained))
    return received


def numbers(listener: Subscriber, count: int) -> list[int]:
    """Return the sequence numbers of the next events, passing over other messages."""
    seen: list[int] = []
    while len(seen) < count:
        message = listener.next(PATIENCE_S)
        assert message, f"no more than {seen}"
        if "/event/" in message.topic:
            seen.append(json.loads(message.payload)["seq"])
    return seen


def test_a_start_says_online_and_a_stop_says_stopped_after_the_last_event(broker: Mosquitto) -> None:
    """Availability follows the life of the daemon, and an event sent just before the stop still arrives."""
    with Subscriber(options(broker.url), [EVERYTHING]) as listener:
        publisher = start(broker.url)
        publisher.send(event(1))
        publisher.stop()
        assert collect(listener, 3) == [
            ("availability", b"online", False),
            ("event/gesture", b'{"seq":1}', False),
            ("availability", b"stopped", False),
        ]
        assert listener.next(0.2) is None
    assert not publisher.connected


def test_a_daemon_that_is_killed_is_called_offline_by_the_broker(
    broker: Mosquitto, pytestconfig: pytest.Config
) -> None:
    """The last will is published, and retained for whoever asks later."""
    code = (
        "import sys, time; from edgeholo import config; from edgeholo.publish.publisher import Publisher; "
        "from edgeholo.publish.topics import Topics; "
        "Publisher(config.Broker(url=sys.argv[1]), config.Publish(), Topics('edgeholo', 'kitchen')).start(); time.sleep(60)"
    )
    with Subscriber(options(broker.url), [EVERYTHING]) as listener:
        daemon = subprocess.Popen([sys.executable, "-c", code, broker.url], cwd=pytestconfig.rootpath)
        assert collect(listener, 1) == [("availability", b"online", False)]
        daemon.kill()
        daemon.wait()
        assert collect(listener, 1) == [("availability", b"offline", False)]
    with Subscriber(options(broker.url), [EVERYTHING]) as listener:
        assert collect(listener, 1) == [("availability", b"offline", True)]


def test_states_are_retained_and_events_and_landmarks_are_not(broker: Mosquitto, sender: Publisher) -> None:
    """A client that comes later learns how things are, not what once happened."""
    with Subscriber(options(broker.url), [EVERYTHING]) as listener:
        collect(listener, 1)
        for message in (DARK, event(1), LANDMARKS):
            sender.send(message)
        live = {topic for topic, _payload, _retained in collect(listener, 3)}
        assert live == {"state/quality", "event/gesture", "landmarks"}
    with Subscriber(options(broker.url), [EVERYTHING]) as late:
        assert {topic for topic, _payload, retained in collect(late, 2) if retained} == {
            "availability",
            "state/quality",
        }
        assert late.next(0.3) is None


def test_events_wait_for_a_broker_that_comes_late(tmp_path: Path) -> None:
    """A daemon that boots before its broker loses nothing, and says what it waits for."""
    late = Mosquitto(tmp_path, port=free_port())
    publisher = start(late.url)
    for number in range(5):
        publisher.send(event(number))
    until(lambda: publisher.trouble)
    assert "nobody listens at 127.0.0.1" in publisher.trouble
    assert publisher.counts()["queued"] == 5
    with late, Subscriber(options(late.url), [EVERYTHING]):
        until(lambda: publisher.counts()["queued"] == 0)
        assert publisher.trouble == ""
        publisher.stop()


def test_events_sent_while_the_broker_is_dead_arrive_in_order_with_their_own_time(broker: Mosquitto) -> None:
    """The broker is killed in the middle; its successor knows nothing, and gets everything, states first."""
    relay = Relay(broker.port)
    publisher = start(relay.url)
    publisher.send(DARK)
    until(lambda: publisher.counts()["sent"] == 2)
    broker.kill()
    relay.pull()
    until(lambda: not publisher.connected)
    gesture = Gesture("victory", Phase.START, Side.LEFT, 0.9, 0.0, 0, 0)
    messages = [
        TOPICS.gesture(gesture, seq=n, run="1", time=datetime(2025, 1, 1, 0, 0, n, tzinfo=UTC)) for n in range(40)
    ]
    for message in (*messages, LANDMARKS):
        publisher.send(message)
    with Subscriber(options(broker.start().url), [EVERYTHING]) as listener:
        relay.plug()
        assert [payload for _topic, payload, _retained in collect(listener, 42)] == [
            b"online",
            DARK.payload,
            *(message.payload for message in messages),
        ]
    until(lambda: publisher.counts()["queued"] == 0)
    counts = publisher.counts()
    assert (counts["dropped"], counts["expired"], counts["overflowed"]) == (1, 0, 0)
    publisher.stop()


def test_events_that_are_too_old_when_the_broker_returns_are_counted_not_sent(tmp_path: Path) -> None:
    """Nobody wants last night's thumb."""
    late = Mosquitto(tmp_path, port=free_port())
    publisher = start(late.url, config.Publish(expire_s=0.3))
    publisher.send(event(1))
    until(lambda: publisher.counts()["expired"] == 1)
    with late, Subscriber(options(late.url), [EVERYTHING]) as listener:
        until(lambda: publisher.connected)
        publisher.send(event(2))
        assert numbers(listener, 1) == [2]
        publisher.stop()
    assert publisher.counts()["expired"] == 1


def test_events_a_dying_broker_never_acknowledged_are_sent_again(broker: Mosquitto) -> None:
    """A message that left, to a broker that hung and then died, is not lost."""
    relay = Relay(broker.port)
    publisher = start(relay.url)
    until(lambda: publisher.counts()["sent"] == 1)
    broker.freeze()
    for number in range(30):
        publisher.send(event(number))
    until(lambda: len(publisher._outbox._in_flight) == IN_FLIGHT)
    relay.pull()
    broker.kill()
    with Subscriber(options(broker.start().url), [EVERYTHING]) as listener:
        relay.plug()
        assert numbers(listener, 30) == list(range(30))
    publisher.stop()


def test_a_broker_that_hangs_for_a_moment_gets_every_event_once_and_in_order(
    broker: Mosquitto, sender: Publisher
) -> None:
    """Sending goes on while nobody acknowledges; nothing is repeated on a connection that held."""
    with Subscriber(options(broker.url), [EVERYTHING]) as listener:
        broker.freeze()
        for number in range(50):
            sender.send(event(number))
        assert sender.counts()["queued"] == 50
        broker.thaw()
        assert numbers(listener, 50) == list(range(50))


def test_a_broker_that_hangs_for_good_is_noticed_by_the_keep_alive(broker: Mosquitto) -> None:
    """A connection that is open and dead counts as no connection."""
    publisher = start(broker.url, keepalive_s=1)
    until(lambda: publisher.connected)
    broker.freeze()
    until(lambda: not publisher.connected)
    until(lambda: publisher.trouble)
    broker.thaw()
    until(lambda: publisher.connected)
    publisher.stop()


def test_only_the_newest_state_is_said_when_the_broker_returns(broker: Mosquitto, sender: Publisher) -> None:
    """Ten changes nobody heard are one fact."""
    until(lambda: sender.counts()["sent"] == 1)
    broker.kill()
    until(lambda: not sender.connected)
    for message in (DARK, CLEAR, DARK, CLEAR):
        sender.send(message)
    broker.start()
    until(lambda: sender.counts()["sent"] == 3)
    with Subscriber(options(broker.url), [EVERYTHING]) as listener:
        assert {topic: payload for topic, payload, _ in collect(listener, 2)}["state/quality"] == CLEAR.payload


def test_a_publisher_can_listen_too_and_still_does_after_a_reconnect(broker: Mosquitto, sender: Publisher) -> None:
    """Subscriptions are asked for again on every connection."""
    heard: list[Received] = []
    sender.subscribe(f"{TOPICS.root}/set/+", heard.append)
    broker.kill()
    until(lambda: not sender.connected)
    broker.start()
    until(sender._link._subscriptions[0].settled.is_set)
    other = Publisher(options(broker.url), config.Publish(), Topics("edgeholo", "phone"))
    other.start()
    other.send(Message(f"{TOPICS.root}/set/hold_s", b"2.5", MessageKind.EVENT, qos=1, retain=False))
    until(lambda: heard)
    other.stop()
    assert heard == [Received(f"{TOPICS.root}/set/hold_s", b"2.5", retained=False)]


def test_a_stop_without_a_broker_comes_to_an_end(tmp_path: Path) -> None:
    """Nobody waits for a broker that is not there."""
    publisher = start(f"mqtt://127.0.0.1:{free_port()}")
    until(lambda: publisher.trouble)
    publisher.send(event(1))
    publisher.stop(60.0)
    assert not publisher._link._thread.is_alive()


def test_mqtt_5_tells_the_broker_when_an_event_expires_and_what_it_is(broker: Mosquitto, sender: Publisher) -> None:
    """A broker that queues for a sleeping client drops the event in time, too; a state does not expire."""
    seen: dict[str, Any] = {}
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.on_message = lambda _client, _data, message: seen.update({message.topic: message.properties})
    client.on_connect = lambda client, *_: client.subscribe(EVERYTHING, qos=1)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    until(lambda: len(seen) == 1)
    for message in (event(1), DARK):
        sender.send(message)
    until(lambda: len(seen) == 3)
    client.disconnect()
    client.loop_stop()
    gesture, quality = seen[f"{TOPICS.root}/event/gesture"], seen[DARK.topic]
    assert (gesture.ContentType, quality.ContentType) == ("application/json", "application/json")
    assert gesture.MessageExpiryInterval in (59, 60)
    assert not hasattr(quality, "MessageExpiryInterval")


def test_a_message_too_large_for_the_broker_is_counted_and_does_not_cost_the_connection(tmp_path: Path) -> None:
    """Sent all the same, it would be repeated after every disconnection, for ever."""
    with Mosquitto(tmp_path, "allow_anonymous true", "max_packet_size 2000") as mosquitto:
        publisher = start(mosquitto.url)
        for payload in (bytes(3000), b"small"):
            publisher.send(Message(f"{TOPICS.root}/info", payload, MessageKind.EVENT, qos=1, retain=False))
        until(lambda: publisher.counts()["sent"] == 2)
        assert publisher.counts()["refused"] == 1
        assert publisher.connected
        publisher.stop()


def test_the_url_none_is_a_publisher_that_only_counts() -> None:
    """The daemon runs without a broker, and health says that nobody listens."""
    publisher = open_publisher(config.Broker(url="none"), config.Publish(), TOPICS)
    assert isinstance(publisher, NoPublisher)
    publisher.start()
    publisher.subscribe(EVERYTHING, lambda _: None)
    publisher.send(event(1))
    publisher.stop()
    assert publisher.counts()["dropped"] == 1
    assert not publisher.connected
    assert set(publisher.counts()) == set(Publisher(config.Broker(), config.Publish(), TOPICS).counts())
