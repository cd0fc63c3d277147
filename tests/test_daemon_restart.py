"""The whole daemon, killed and started again: what the house did not hear comes first, and can be told from the new."""

import json
import signal
from itertools import groupby
from pathlib import Path
from typing import Any

from edgeholo.publish.subscriber import Subscriber
from tests.real_broker import PATIENCE_S, Mosquitto, free_port, options, until
from tests.test_daemon import Process, patterned, recording

__all__ = ["recording"]


def gestures(listener: Subscriber, runs: int) -> list[dict[str, Any]]:
    """Return all events until so many runs of the daemon have been heard."""
    heard: list[dict[str, Any]] = []
    while len({event["run"] for event in heard}) < runs:
        message = listener.next(3 * PATIENCE_S)
        assert message, f"no more than {heard}"
        heard.append(json.loads(message.payload))
    return heard


def test_a_daemon_killed_while_the_broker_was_away_tells_its_events_after_the_restart(
    tmp_path: Path, recording: Path
) -> None:
    """In order, with the run, the numbers and the times they had; then those of the new run, from 1."""
    late = Mosquitto(tmp_path, port=free_port())
    journal = tmp_path / "state_home" / "edgeholo" / "hall" / "events-hall.journal"
    text = patterned(recording, "publish.expire_s = 600")
    first = Process(tmp_path, late.url, text)
    until(lambda: journal.exists() and journal.read_bytes().count(b'"event"') >= 2, 60.0)
    kept = journal.read_bytes().count(b'"event"')
    assert first.end(signal.SIGKILL)[0] == -signal.SIGKILL
    with late, Subscriber(options(late.url), ["edgeholo/hall/event/gesture"]) as listener:
        second = Process(tmp_path, late.url, text)
        heard = gestures(listener, 2)
        assert second.end()[0] == 0
    runs = [list(group) for _run, group in groupby(heard, key=lambda event: event["run"])]
    old, new = ([event["seq"] for event in run] for run in runs)
    assert len(old) >= kept
    assert old == list(range(1, len(old) + 1))
    assert new == [1]
    assert [event["time"] for event in heard] == sorted(event["time"] for event in heard)
    assert journal.read_bytes() == b""
