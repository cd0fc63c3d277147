"""Events that outlive the daemon: stopped, killed, and without power; real brokers."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from edgeholo import config, timesync
from edgeholo.publish import age
from edgeholo.publish.publisher import Publisher
from edgeholo.publish.subscriber import Subscriber
from tests.real_broker import PATIENCE_S, TOPICS, Mosquitto, event, free_port, options, until

EVENTS = f"{TOPICS.root}/event/#"


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a broker that is not started."""
    mosquitto = Mosquitto(tmp_path, port=free_port())
    yield mosquitto
    mosquitto.kill()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the journal is; what waits is written soon."""
    monkeypatch.setattr("edgeholo.publish.keeper.LATE_S", 0.02)
    monkeypatch.setattr("edgeholo.publish.keeper._PAUSE_S", 0.02)
    return tmp_path / "state" / "events.journal"


def start(url: str, file: Path, **publish: object) -> Publisher:
    """Return a publisher with a journal that is started."""
    publisher = Publisher(options(url), config.Publish(**publish), TOPICS, file)  # type: ignore[arg-type]
    publisher.start()
    return publisher


def seqs(listener: Subscriber, count: int) -> list[int]:
    """Return the numbers of the next events."""
    seen: list[int] = []
    while len(seen) < count:
        message = listener.next(PATIENCE_S)
        assert message, f"no more than {seen}"
        seen.append(json.loads(message.payload)["seq"])
    return seen


def test_events_that_waited_at_a_stop_are_the_first_after_it_in_order(away: Mosquitto, file: Path) -> None:
    """And they are written at the stop, though they waited only for a moment."""
    first = start(away.url, file)
    for number in range(30):
        first.send(event(number))
    first.stop(0.1)
    with away, Subscriber(options(away.url), [EVENTS]) as listener:
        second = start(away.url, file)
        second.send(event(30))
        assert seqs(listener, 31) == list(range(31))
        until(lambda: second.counts()["queued"] == 0)
        second.stop()
        assert file.read_bytes() == b""
        third = start(away.url, file)
        until(lambda: third.connected)
        third.stop()
        assert listener.next(0.2) is None


def test_events_in_flight_outlive_a_power_cut(away: Mosquitto, file: Path) -> None:
    """A broker that hangs has some of them, or has not: they are sent again. What lies on the disk is all that is left."""
    with away:
        first = start(away.url, file)
        until(lambda: first.counts()["sent"] == 1)
        away.freeze()
        for number in range(25):
            first.send(event(number))
        until(lambda: file.exists() and file.read_bytes().count(b'"event"') == 25)
        after_the_cut = file.with_name("copy.journal")
        after_the_cut.write_bytes(file.read_bytes())
        away.kill()
        first.stop(0.1)
        with Subscriber(options(away.start().url), [EVENTS]) as listener:
            second = start(away.url, after_the_cut)
            assert seqs(listener, 25) == list(range(25))
            second.stop()


def test_a_daemon_that_is_killed_loses_nothing_that_waited_for_a_second(
    away: Mosquitto, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """Another process, at its own pace, ended by force."""
    file = tmp_path / "events.journal"
    code = (
        "import sys, time, pathlib; from edgeholo import config; from edgeholo.publish.publisher import Publisher; "
        "from tests.real_broker import TOPICS, event; "
        "p = Publisher(config.Broker(url=sys.argv[1]), config.Publish(), TOPICS, pathlib.Path(sys.argv[2])); p.start(); "
        "[p.send(event(n)) for n in range(5)]; time.sleep(60)"
    )
    daemon = subprocess.Popen([sys.executable, "-c", code, away.url, str(file)], cwd=pytestconfig.rootpath)
    until(lambda: file.exists() and file.read_bytes().count(b'"event"') == 5, 60.0)
    os.kill(daemon.pid, signal.SIGKILL)
    daemon.wait()
    with away, Subscriber(options(away.url), [EVENTS]) as listener:
        publisher = start(away.url, file)
        assert seqs(listener, 5) == list(range(5))
        publisher.stop()


def test_nothing_is_written_while_the_broker_acknowledges(away: Mosquitto, tmp_path: Path) -> None:
    """A memory card is not worn out by a house where all is well; not even the folder is made."""
    file = tmp_path / "state" / "events.journal"
    with away:
        publisher = start(away.url, file)
        until(lambda: publisher.connected)
        keeper = publisher._keeper
        assert keeper
        looks, keep = list[bool](), keeper._keep
        keeper._keep = lambda late_s, **more: looks.append(keep(late_s, **more)) or looks[-1]  # type: ignore[method-assign,func-returns-value]
        for number in count():
            publisher.send(event(number))
            until(lambda: publisher.counts()["queued"] == 0)
            if len(looks) == 2:
                break
        publisher.stop()
    assert not file.parent.exists()


def test_what_was_delivered_late_is_taken_out_of_the_journal(away: Mosquitto, file: Path) -> None:
    """A restart after the broker's return repeats nothing."""
    publisher = start(away.url, file)
    for number in range(3):
        publisher.send(event(number))
    until(lambda: file.exists() and file.stat().st_size)
    with away:
        until(lambda: publisher.counts()["queued"] == 0)
        until(lambda: not file.stat().st_size)
        publisher.stop()


def test_events_expire_while_nobody_runs_and_are_counted(away: Mosquitto, file: Path) -> None:
    """By the next run; those that are younger still arrive, with what is left of their life."""
    first = start(away.url, file, expire_s=5.0)
    first._outbox.put(event(1), age.now_s() - 4.9)
    first._outbox.put(event(2), age.now_s())
    first.stop(0.1)
    until(lambda: age.now_s() - first._outbox._events[0].put_s > 5)
    with away, Subscriber(options(away.url), [EVENTS]) as listener:
        second = start(away.url, file, expire_s=5.0)
        assert seqs(listener, 1) == [2]
        assert second.counts()["expired"] == 1
        second.stop()


def test_events_of_an_unknown_age_are_counted_as_expired_and_forgotten(
    away: Mosquitto, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut, before the clock is right: an event of last night looks like one of just now."""
    monkeypatch.setattr(age, "boot", lambda: "yesterday")
    first = start(away.url, file)
    first.send(event(1))
    first.stop(0.1)
    monkeypatch.setattr(age, "boot", lambda: "today")
    monkeypatch.setattr(timesync, "clock_is_right", lambda: False)
    second = start(away.url, file)
    assert (second.counts()["queued"], second.counts()["expired"]) == (0, 1)
    until(lambda: not file.stat().st_size)
    second.stop(0.1)


def test_a_disk_that_takes_nothing_costs_a_warning_and_no_event(
    away: Mosquitto, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """They wait in memory, as they would without a journal."""
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    with caplog.at_level(logging.WARNING):
        publisher = start(away.url, blocked / "events.journal")
        for number in range(5):
            publisher.send(event(number))
        until(lambda: "would not outlive a restart" in caplog.text)
        with away, Subscriber(options(away.url), [EVENTS]) as listener:
            assert set(seqs(listener, 1)) <= set(range(5))
            until(lambda: publisher.counts()["queued"] == 0)
            publisher.stop()
    assert caplog.text.count("would not outlive a restart") == 1


def test_a_journal_full_of_events_does_not_push_out_those_of_today(away: Mosquitto, file: Path) -> None:
    """The oldest make room, as ever."""
    first = start(away.url, file)
    for number in range(10):
        first.send(event(number))
    first.stop(0.1)
    with away, Subscriber(options(away.url), [EVENTS]) as listener:
        second = Publisher(options(away.url), config.Publish(outbox_size=4), TOPICS, file)
        second.send(event(10))
        second.start()
        assert seqs(listener, 4) == [7, 8, 9, 10]
        assert second.counts()["overflowed"] == 7
        second.stop()
