"""What the page tells: units as they are, and what happens as it happens."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeholo.publish.topics import TOPICS
from edgeholo.types import Message, MessageKind
from edgeholo.web.hub import STREAMS
from tests.page_bench import broker, page
from tests.page_server import PageServer, Stream, Unit, streams
from tests.real_broker import Mosquitto, until

__all__ = ["broker", "page"]


@pytest.fixture
def unit(broker: Mosquitto, page: PageServer, request: pytest.FixtureRequest) -> Iterator[Unit]:
    """Return a unit of its own for each test, online as the page knows it, and gone afterwards."""
    name = request.node.name.removeprefix("test_")[:60].rstrip("_")
    with Unit(broker.url, name) as unit:
        until(lambda: _unit(page, name)["availability"] == "online")
        yield unit
        unit.say("availability", b"", retain=True)
        until(lambda: name not in _units(page))


def _units(page: PageServer) -> dict[str, dict[str, object]]:
    units: dict[str, dict[str, object]] = page.get("/api/units")["units"]  # type: ignore[assignment]
    return units


def _unit(page: PageServer, name: str) -> dict[str, object]:
    return _units(page).get(name, {"availability": None})


def test_every_state_is_kept_as_it_was_said(page: PageServer, unit: Unit) -> None:
    """The newest payload of each, and null where nothing was heard."""
    names = ("info", "presence", "armed", "quality", "camera", "health", "config", "learn")
    for name in names:
        unit.say(TOPICS[name].path, {"what": name, "old": True}, retain=True)
        unit.say(TOPICS[name].path, {"what": name}, retain=True)
    until(lambda: _unit(page, unit.topics.device_id)["learn"] == {"what": "learn"})
    state = _unit(page, unit.topics.device_id)
    assert {name: state[name] for name in names} == {name: {"what": name} for name in names}
    assert state["update"] is None


def test_a_stream_begins_with_all_that_is_known(page: PageServer, unit: Unit) -> None:
    """So a page that opens late shows the same as one that was open all the time."""
    unit.say("state/presence", {"person": True, "count": 1, "since": ""}, retain=True)
    unit.say("event/gesture", {"event_type": "victory", "seq": 1, "run": "a"})
    name = unit.topics.device_id
    until(lambda: _unit(page, name)["events"])
    with page.client() as client:
        stream = Stream(client, f"/api/stream?unit={name}")
        snapshot = stream.wait("snapshot")
        stream.close()
    assert isinstance(snapshot, dict)
    assert snapshot["unit"] == name
    assert name in snapshot["units"]
    assert snapshot["broker"]["connected"] is True
    assert snapshot["state"] == _unit(page, name)
    assert snapshot["state"]["events"] == [{"kind": "gesture", "event_type": "victory", "seq": 1, "run": "a"}]


def test_what_happens_arrives_as_it_was_said(page: PageServer, unit: Unit) -> None:
    """Every topic has its event, with the payload that is on the broker; line ends in a payload break nothing."""
    said = {
        "event/gesture": "gesture",
        "event/action": "action",
        "state/error": "error",
        "state/quality": "quality",
        "insight": "insight",
    }
    with page.client() as client:
        stream = Stream(client, f"/api/stream?unit={unit.topics.device_id}")
        stream.wait("snapshot")
        for path in said:
            unit.say(path, json.dumps({"path": path, "text": "a\nb"}, indent=1).encode())
        unit.say("landmarks", b"\x97\x01\x00\n")
        unit.say("state/pinch", {"value": 0.5, "phase": "begin", "hand": "left", "person": 0})
        for path, name in said.items():
            assert stream.wait(name) == {"path": path, "text": "a\nb"}
        assert stream.wait("value") == {"name": "pinch", "value": 0.5, "phase": "begin", "hand": "left", "person": 0}
        assert base64.b64decode(str(stream.wait("landmarks"))) == b"\x97\x01\x00\n"
        stream.close()


def test_the_last_hundred_events_are_kept(page: PageServer, unit: Unit) -> None:
    """An event that arrives twice counts once, and one that somebody retained not at all."""
    unit.say("event/action", {"rule": "stale"}, retain=True)
    for number in range(120):
        unit.say("event/gesture", {"seq": number})
        unit.say("event/gesture", {"seq": number})
    name = unit.topics.device_id
    until(lambda: {"kind": "gesture", "seq": 119} in _unit(page, name)["events"])  # type: ignore[operator]
    events: list[dict[str, object]] = _unit(page, name)["events"]  # type: ignore[assignment]
    assert [event["seq"] for event in events] == list(range(20, 120))
    unit.say("event/action", b"", retain=True)


def test_a_unit_is_watched_while_somebody_looks(page: PageServer, unit: Unit) -> None:
    """One lease, however many look; it is renewed, and ended with the last stream."""
    with page.client() as client:
        first = Stream(client, f"/api/stream?unit={unit.topics.device_id}")
        second = Stream(client, f"/api/stream?unit={unit.topics.device_id}")
        until(lambda: len(unit.watched()) >= 2)
        first.close()
        until(lambda: len(unit.watched()) >= 3)
        assert all(lease["seconds"] == 10 and lease["hz"] == 15 for lease in unit.watched())
        second.close()
        until(lambda: unit.watched()[-1]["seconds"] == 0)
    assert len({lease["name"] for lease in unit.watched()}) == 1


def test_a_unit_that_nobody_looks_at_is_told_nothing(page: PageServer, unit: Unit) -> None:
    """The list of units, and a stream of another one, cost it nothing."""
    with page.client() as client:
        stream = Stream(client, "/api/stream?unit=another")
        stream.wait("snapshot")
        unit.say("state/quality", {"state": "ok"}, retain=True)
        until(lambda: _unit(page, unit.topics.device_id)["quality"])
        stream.close()
    assert unit.told == []


def test_units_that_come_and_go_are_said(page: PageServer, broker: Mosquitto, unit: Unit) -> None:
    """A stream knows who there is; who is wiped off the broker is no unit any more."""
    with page.client() as client:
        stream = Stream(client, f"/api/stream?unit={unit.topics.device_id}")
        stream.wait("snapshot")
        with Unit(broker.url, "attic") as attic:
            stream.wait("units", lambda units: "attic" in units)  # type: ignore[operator]
            unit.send(Message("edgeholo/attic/availability", b"", MessageKind.STATE, qos=1, retain=True))
            until(lambda: "attic" not in stream.of("units")[-1])  # type: ignore[operator]
            attic.say("availability", b"", retain=True)
        unit.say("availability", b"offline", retain=True)
        assert stream.wait("availability") == {"availability": "offline"}
        stream.close()


def test_a_quiet_stream_says_that_it_lives(page: PageServer, unit: Unit) -> None:
    """A comment every ten seconds: proxies keep it, and readers who are gone are noticed."""
    with page.client() as client:
        stream = Stream(client, f"/api/stream?unit={unit.topics.device_id}")
        until(lambda: ": still here" in stream.comments, patience_s=20)
        stream.close()


def test_there_are_so_many_streams_and_no_more(page: PageServer) -> None:
    """Who comes too late is told so in a sentence, and gets a place when one is free."""
    from httpx import Limits

    with page.client(limits=Limits(max_connections=100)) as client:
        with streams(client, STREAMS):
            refused = client.get("/api/stream")
            assert refused.status_code == 503
            assert "close one of them" in refused.json()["error"]
            assert refused.headers["retry-after"]
            assert client.get("/api/units").status_code == 200
        until(lambda: client.head("/api/stream").status_code == 200)


def test_an_id_that_is_none_is_refused(page: PageServer) -> None:
    """Nothing of a request becomes part of a topic unseen."""
    with page.client() as client:
        for name in ("a/b", "#", "+", "A", "x" * 65, "ä"):
            assert client.get("/api/stream", params={"unit": name}).status_code == 400


def test_a_page_that_is_opened_first_gets_the_unit_that_comes(tmp_path: Path) -> None:
    """No unit was there when the stream began: the first that comes is shown, with a snapshot of its own."""
    (tmp_path / "broker").mkdir()
    with Mosquitto(tmp_path / "broker") as broker, PageServer(tmp_path, broker.url) as page, page.client() as client:
        page.connected()
        stream = Stream(client)
        assert stream.wait("snapshot")["unit"] is None  # type: ignore[index]
        with Unit(broker.url, "porch") as unit:
            stream.wait("snapshot", lambda snapshot: snapshot["unit"] == "porch")  # type: ignore[index]
            until(unit.watched)
        stream.close()
