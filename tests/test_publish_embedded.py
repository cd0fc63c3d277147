"""The brokers that edgeholo brings along: they serve, on loopback only, and end with us however we end."""

import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from edgeholo import config
from edgeholo.errors import BrokerError
from edgeholo.publish.embedded import PROGRAMS, EmbeddedBroker, started
from edgeholo.publish.publisher import Publisher
from edgeholo.publish.subscriber import Subscriber
from edgeholo.types import Message, MessageKind
from tests.real_broker import PATIENCE_S, TOPICS, event, options, until


def _listens(host: str, port: int) -> bool:
    with socket.socket() as knock:
        knock.settimeout(1)
        return knock.connect_ex((host, port)) == 0


def _own_addresses() -> list[str]:
    """Return this machine's addresses other than loopback."""
    output = subprocess.run(["hostname", "-I"], check=True, capture_output=True, text=True).stdout
    return [address for address in output.split() if ":" not in address]


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_embedded_broker_carries_events_and_large_messages(program: str) -> None:
    """The whole way, retained states included; a message of 100 kB is no problem."""
    large = Message(f"{TOPICS.root}/large", bytes(100_000), MessageKind.STATE, qos=1, retain=True)
    with EmbeddedBroker(program) as broker:
        assert broker.program == program
        publisher = Publisher(options(broker.url), config.Publish(), TOPICS)
        publisher.start()
        publisher.send(large)
        until(lambda: publisher.counts()["sent"] == 2)
        with Subscriber(options(broker.url), [f"{TOPICS.root}/#"]) as listener:
            retained = [listener.next(PATIENCE_S) for _ in range(2)]
            assert {len(message.payload) for message in retained if message} == {6, 100_000}
            for number in range(100):
                publisher.send(event(number))
            received = [listener.next(PATIENCE_S) for _ in range(100)]
            assert [message.payload for message in received if message] == [event(n).payload for n in range(100)]
        publisher.stop()


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_embedded_broker_listens_on_loopback_only_and_leaves_nothing_behind(program: str) -> None:
    """Anonymous as it is, nobody else in the network may reach it."""
    before = set(Path(tempfile.gettempdir()).glob("edgeholo-broker-*"))
    with EmbeddedBroker(program) as broker:
        port = int(broker.url.rsplit(":", 1)[1])
        assert _listens("127.0.0.1", port)
        assert not [address for address in _own_addresses() if _listens(address, port)]
    assert not _listens("127.0.0.1", port)
    until(lambda: set(Path(tempfile.gettempdir()).glob("edgeholo-broker-*")) <= before)


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_embedded_broker_ends_with_a_process_that_is_killed(program: str, pytestconfig: pytest.Config) -> None:
    """No orphan, no port taken, no folder left."""
    code = (
        "import sys, time; from edgeholo.publish.embedded import EmbeddedBroker as B; "
        "b = B(sys.argv[1]); b.start(); print(b.url, b._folder, flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", code, program], cwd=pytestconfig.rootpath, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout
    url, folder = owner.stdout.readline().split()
    port = int(url.rsplit(":", 1)[1])
    assert _listens("127.0.0.1", port)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    until(lambda: not _listens("127.0.0.1", port) and not Path(folder).exists())


def test_mosquitto_is_found_outside_the_path_and_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian puts it where a user's PATH does not look."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    with EmbeddedBroker() as broker:
        assert broker.program == "mosquitto"


def test_the_wheel_is_taken_where_mosquitto_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any machine with pip can run the demo."""
    monkeypatch.setitem(PROGRAMS, "mosquitto", lambda _port, _folder: None)
    with EmbeddedBroker() as broker:
        assert broker.program == "iotcore"


def test_no_broker_at_all_is_one_line_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves no folder behind."""
    for program in list(PROGRAMS):
        monkeypatch.setitem(PROGRAMS, program, lambda _port, _folder: None)
    with pytest.raises(BrokerError, match="apt install mosquitto"), EmbeddedBroker():
        pass


def test_a_broker_that_does_not_start_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that ends at once, or that does not exist."""
    monkeypatch.setitem(PROGRAMS, "mosquitto", lambda _port, _folder: ["false"])
    with pytest.raises(BrokerError, match="does not start"), EmbeddedBroker("mosquitto"):
        pass
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with pytest.raises(BrokerError, match="cannot be started: No such file"), EmbeddedBroker():
        pass


def test_the_url_embedded_starts_one_and_any_other_url_stays() -> None:
    """The rest of the options stays as it is; a password for another broker does not go to this one."""
    asked = config.Broker(url="embedded", username="cook", password_file="/nowhere", keepalive_s=7)
    with started(asked) as given:
        assert given.url.startswith("mqtt://127.0.0.1:")
        assert (given.username, given.password_file, given.keepalive_s) == ("", "", 7)
    with started(config.Broker(url="mqtt://broker.lan")) as given:
        assert given.url == "mqtt://broker.lan"
