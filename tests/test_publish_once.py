"""qos 2: an event arrives once, in whatever place the connection breaks; real brokers."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeholo import config
from edgeholo.publish.client import Received
from edgeholo.publish.publisher import Publisher
from edgeholo.publish.subscriber import Subscriber
from edgeholo.publish.topics import Topics
from edgeholo.types import Message, MessageKind
from tests.real_broker import PATIENCE_S, TOPICS, Mosquitto, event, options, until
from tests.relay import Relay

EVENTS = f"{TOPICS.root}/event/#"
ONCE = config.Publish(event_qos=2)
COUNT = 6


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """Return a running anonymous mosquitto."""
    with Mosquitto(tmp_path_factory.mktemp("once")) as mosquitto:
        yield mosquitto


def start(url: str, publish: config.Publish = ONCE, **more: object) -> Publisher:
    """Return a publisher that is connected, and has said so."""
    publisher = Publisher(options(url, **more), publish, TOPICS)
    publisher.start()
    until(lambda: publisher.counts()["sent"] == 1)
    return publisher


def seqs(listener: Subscriber, last: int) -> list[int]:
    """Return the numbers of all events up to the one numbered ``last``."""
    seen: list[int] = []
    while not seen or seen[-1] != last:
        message = listener.next(PATIENCE_S)
        assert message, f"no more than {seen}"
        seen.append(json.loads(message.payload)["seq"])
    return seen


@pytest.mark.parametrize(("to_broker", "step"), [(True, 37), (False, 3)], ids=["to the broker", "to us"])
def test_an_event_arrives_once_wherever_the_connection_breaks(broker: Mosquitto, to_broker: bool, step: int) -> None:
    """In the middle of any packet, before and after any acknowledgement, until there is nothing left to cut."""
    with Subscriber(options(broker.url), [EVENTS]) as listener:
        cut, relay = 1, Relay(broker.port)
        while not relay.cutting:
            relay = Relay(broker.port)
            deliver(relay, cut, to_broker=to_broker)
            assert seqs(listener, COUNT - 1) == list(range(COUNT))
            cut += step
        assert listener.next(0.1) is None
    assert cut > 10 * step


def deliver(relay: Relay, cut: int, *, to_broker: bool) -> None:
    """Send some events, and cut the connection after so many bytes."""
    publisher = start(relay.url)
    relay.cut_after(cut, to_broker=to_broker)
    for number in range(COUNT):
        publisher.send(event(number))
    until(lambda: publisher.counts()["queued"] == 0)
    publisher.stop()


def test_with_qos_1_a_repeated_event_is_the_same_to_the_byte(broker: Mosquitto) -> None:
    """Whoever must act once can tell by run, seq and time."""
    with Subscriber(options(broker.url), [EVENTS]) as listener:
        relay = Relay(broker.port)
        publisher = start(relay.url, config.Publish())
        relay.cut_after(1, to_broker=False)
        publisher.send(event(1))
        until(lambda: publisher.counts()["queued"] == 0)
        publisher.stop()
        first, second = listener.next(PATIENCE_S), listener.next(PATIENCE_S)
        assert first
        assert first == second


def test_what_expires_during_the_break_is_counted_and_the_others_are_not_lost(broker: Mosquitto) -> None:
    """A session that is resumed would deliver the old ones, too: it is given up, and begins anew."""
    with Subscriber(options(broker.url), [EVENTS]) as listener:
        relay = Relay(broker.port)
        publisher = start(relay.url, config.Publish(event_qos=2, expire_s=0.6))
        relay.clog()
        publisher.send(event(1))
        until(lambda: len(publisher._link._sent) == 1)
        relay.pull()
        until(lambda: publisher.counts()["expired"] == 1)
        publisher.send(event(2))
        relay.plug()
        assert seqs(listener, 2)[-1] == 2
        until(lambda: publisher.counts()["queued"] == 0)
        assert publisher.counts()["expired"] == 1
        publisher.stop()


def test_a_broker_that_has_forgotten_everything_gets_all_that_it_did_not_acknowledge(tmp_path: Path) -> None:
    """Killed between the two halves of qos 2: what it had is lost with it, and comes again."""
    with Mosquitto(tmp_path) as mortal:
        relay = Relay(mortal.port)
        publisher = start(relay.url)
        mortal.freeze()
        for number in range(30):
            publisher.send(event(number))
        until(lambda: len(publisher._link._sent) == 16)
        relay.pull()
        mortal.kill()
        with Subscriber(options(mortal.start().url), [EVENTS]) as listener:
            relay.plug()
            assert seqs(listener, 29) == list(range(30))
        publisher.stop()


def test_a_command_that_comes_during_the_break_is_kept_and_a_stop_ends_the_session(broker: Mosquitto) -> None:
    """The broker remembers us while we are away, and forgets us when we say goodbye."""
    heard: list[Received] = []
    relay = Relay(broker.port)
    publisher = start(relay.url)
    publisher.subscribe(f"{TOPICS.root}/set/+", heard.append)
    until(publisher._link._subscriptions[0].settled.is_set)
    relay.clog()
    publisher.send(event(1))
    until(lambda: publisher._link._sent)
    relay.pull()
    until(lambda: not publisher.connected)
    other = Publisher(options(broker.url), config.Publish(), Topics("edgeholo", "phone"))
    other.start()

    def command(value: bytes) -> None:
        other.send(Message(f"{TOPICS.root}/set/hold_s", value, MessageKind.EVENT, qos=1, retain=False))
        until(lambda: other.counts()["queued"] == 0)

    command(b"1")
    relay.plug()
    until(lambda: heard)
    publisher.stop()
    command(b"2")
    again = start(broker.url)
    again.subscribe(f"{TOPICS.root}/set/+", heard.append)
    until(again._link._subscriptions[0].settled.is_set)
    command(b"3")
    until(lambda: heard[-1].payload == b"3")
    assert [message.payload for message in heard] == [b"1", b"3"]
    for each in (again, other):
        each.stop()


def test_mqtt_3_1_1_carries_qos_2_without_a_session(broker: Mosquitto) -> None:
    """It has no session that begins empty: after a break an event may come twice."""
    with Subscriber(options(broker.url), [EVENTS]) as listener:
        relay = Relay(broker.port)
        publisher = start(relay.url, protocol="3.1.1")
        relay.cut_after(30, to_broker=False)
        for number in range(20):
            publisher.send(event(number))
        seen = seqs(listener, 19)
        assert list(dict.fromkeys(seen)) == list(range(20))
        publisher.stop()


class _Forgetful(threading.Thread):
    """A broker that is done with an event before its last word gets through, and then knows nothing of it, as EMQX does."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"mqtt://127.0.0.1:{self._listener.getsockname()[1]}"
        self.start()

    def run(self) -> None:
        """Take one event on the first connection, and be surprised by it on the second."""
        released = b"\x62\x02\x00\x02"
        self._talk(
            [(b"MQTT", b"\x20\x03\x00\x00\x00"), (b"gesture", b"\x40\x02\x00\x01\x50\x02\x00\x02"), (released, b"")]
        )
        end = self._talk([(b"MQTT", b"\x20\x03\x01\x00\x00"), (released, b"\x70\x03\x00\x02\x92\x40\x02\x00\x03")])
        end.recv(1000)

    def _talk(self, lines: list[tuple[bytes, bytes]]) -> socket.socket:
        connection, _ = self._listener.accept()
        for question, answer in lines:
            heard = b""
            while question not in heard:
                heard += connection.recv(1000)
            connection.sendall(answer)
        return connection


def test_an_event_that_the_broker_is_done_with_and_has_forgotten_is_no_refusal() -> None:
    """Its last word was lost with the connection; on the next it knows no such message, for it was delivered."""
    publisher = Publisher(options(_Forgetful().url, protocol="5"), ONCE, TOPICS)
    publisher.start()
    publisher.send(event(1))
    until(lambda: publisher.counts()["sent"] == 3)
    assert publisher.counts()["refused"] == 0
    publisher.stop(0.1)
