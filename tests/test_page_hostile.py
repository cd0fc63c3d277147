"""Whatever is published, and however slowly somebody reads: the page goes on, and does not grow."""

import random
import socket
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeholo.types import Message, MessageKind
from edgeholo.web.house import UNITS
from tests.page_server import PageServer, Stream, Unit
from tests.real_broker import Mosquitto, until

GROWTH_MB = 80
"""What may be added by the worst: 64 units full of the longest messages are 46 MB."""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a broker."""
    (tmp_path / "broker").mkdir()
    with Mosquitto(tmp_path / "broker") as broker:
        yield broker


@pytest.fixture
def page(broker: Mosquitto, tmp_path: Path) -> Iterator[PageServer]:
    """Return a page."""
    with PageServer(tmp_path, broker.url) as page:
        yield page.connected()


def _units(page: PageServer) -> dict[str, dict[str, object]]:
    units: dict[str, dict[str, object]] = page.get("/api/units")["units"]  # type: ignore[assignment]
    return units


def _marked(page: PageServer, unit: Unit, mark: str) -> None:
    """Have a unit say something, and wait until the page knows: then it has looked at all before."""
    unit.say("state/quality", {"state": mark}, retain=True)
    until(lambda: _units(page)[unit.topics.device_id]["quality"] == {"state": mark}, patience_s=60)


def test_payloads_that_are_none_change_nothing(page: PageServer, broker: Mosquitto) -> None:
    """Not JSON, not an object, too deep, too long, no UTF-8; on topics of ours and of nobody."""
    payloads = [
        b"",
        b"{",
        b"null",
        b"[1]",
        b"NaN",
        b'{"a":NaN}',
        b"\xff\xfe\x00",
        b"[" * 20_000,
        b'{"a":' * 5000,
        b"x" * 900_000,
    ]
    paths = [
        "info",
        "event/gesture",
        "event/action",
        "state/presence",
        "state/pinch",
        "state/error",
        "insight",
        "x",
        "a/b/c",
    ]
    with Unit(broker.url) as unit:
        _marked(page, unit, "before")
        state = _units(page)["hall"]
        for path in paths:
            for payload in payloads:
                unit.say(path, payload)
        for payload in payloads[1:]:
            unit.say("availability", payload)
        unit.say("state/quality", {"state": "after"}, retain=True)
        until(lambda: _units(page)["hall"]["quality"] == {"state": "after"}, patience_s=60)
        assert {**_units(page)["hall"], "quality": {"state": "before"}} == state


def test_ids_that_are_none_are_no_units(page: PageServer, broker: Mosquitto) -> None:
    """A topic may have any letters; a unit's id has few."""
    with Unit(broker.url) as unit:
        for name in ("Hall", "a b", "<script>", "ä", "x" * 65, "__proto__!", "$SYS"):
            unit.send(Message(f"edgeholo/{name}/availability", b"online", MessageKind.EVENT, qos=1, retain=False))
        _marked(page, unit, "after")
    assert list(_units(page)) == ["hall"]


def test_ten_thousand_units_are_too_many(page: PageServer, broker: Mosquitto) -> None:
    """So many are kept and no more; the one that was there first stays."""
    with Unit(broker.url) as unit:
        _marked(page, unit, "before")
        for number in range(10_000):
            topic = f"edgeholo/unit{number}/{'availability' if number % 2 else 'info'}"
            unit.send(Message(topic, b"online" if number % 2 else b"{}", MessageKind.EVENT, qos=1, retain=False))
            if not number % 400:
                _marked(page, unit, f"so far {number}")
        _marked(page, unit, "after")
    units = _units(page)
    assert len(units) == UNITS
    assert "hall" in units


def test_the_longest_messages_of_everybody_are_bounded(page: PageServer, broker: Mosquitto) -> None:
    """Random text, which nothing packs: as long as is taken, and longer."""
    letters = random.Random(1)
    with Unit(broker.url) as unit:
        _marked(page, unit, "before")
        before_mb = page.rss_mb()
        for number in range(200):
            name = f"edgeholo/unit{number % 70}"
            for path, size in (
                ("info", 30_000),
                ("config", 60_000),
                ("event/gesture", 3900),
                (f"state/v{number}", 900),
            ):
                text = "".join(letters.choices(string.ascii_letters, k=size))
                payload = b'{"value":1,"text":"%s"}' % text.encode()
                unit.send(Message(f"{name}/availability", b"online", MessageKind.EVENT, qos=1, retain=False))
                unit.send(Message(f"{name}/{path}", payload, MessageKind.EVENT, qos=1, retain=False))
            _marked(page, unit, f"so far {number}")
        assert page.rss_mb() - before_mb < GROWTH_MB
    assert len(_units(page)) == UNITS


def test_a_reader_that_does_not_read_loses_landmarks_and_holds_up_nobody(page: PageServer, broker: Mosquitto) -> None:
    """Its own queue is bounded; another one gets every event meanwhile."""
    with Unit(broker.url) as unit, page.client() as client, socket.socket() as slow:
        _marked(page, unit, "before")
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        slow.connect(("127.0.0.1", page.port))
        slow.sendall(b"GET /api/stream?unit=hall HTTP/1.1\r\nHost: localhost\r\n\r\n")
        quick = Stream(client, "/api/stream?unit=hall")
        quick.wait("snapshot")
        before_mb = page.rss_mb()
        for number in range(3000):
            unit.send(
                Message("edgeholo/hall/landmarks", b"%5d" % number * 200, MessageKind.STREAM, qos=0, retain=False)
            )
            if not number % 10:
                unit.say("event/gesture", {"seq": number})
            if not number % 100:
                quick.wait("gesture", lambda event, number=number: event["seq"] == number)  # type: ignore[misc]
        quick.wait("gesture", lambda event: event["seq"] == 2990)  # type: ignore[index]
        assert [event["seq"] for event in quick.of("gesture")] == list(range(0, 3000, 10))  # type: ignore[index]
        assert page.rss_mb() - before_mb < 20
        quick.close()


def test_connections_that_hold_still_are_ended(page: PageServer) -> None:
    """Half a request, and nothing at all: after ten seconds the place is free again."""
    with (
        socket.create_connection(("127.0.0.1", page.port)) as silent,
        socket.create_connection(("127.0.0.1", page.port)) as slow,
    ):
        slow.sendall(b"GET /api/units HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        for each in (silent, slow):
            each.settimeout(30)
            assert _read(each) == b""


def test_more_connections_than_there_are_places_cost_nothing(page: PageServer) -> None:
    """They are hung up on at once; those that are open go on."""
    opened = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(300)]
    try:
        assert page.process.poll() is None
    finally:
        for each in opened:
            each.close()
    until(lambda: page.get("/api/units"))


@pytest.mark.parametrize(
    "request_text",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n",
        b"POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x00" * 1000,
    ],
)
def test_what_is_no_request_is_no_trouble(page: PageServer, request_text: bytes) -> None:
    """The connection ends, the page does not, and the log is not filled by it."""
    with socket.create_connection(("127.0.0.1", page.port)) as connection:
        connection.sendall(request_text)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(30)
        answer = _read(connection)
    assert b" 200 " not in answer
    assert page.get("/api/units")
    assert "Traceback" not in page.log


def _read(connection: socket.socket) -> bytes:
    answer = b""
    while part := connection.recv(4096):
        answer += part
    return answer
