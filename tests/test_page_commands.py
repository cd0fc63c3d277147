"""What a unit is told from the page, and how its answer comes back."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.page_bench import broker, page
from tests.page_server import PageServer, Unit
from tests.real_broker import Mosquitto, until

__all__ = ["broker", "page"]


@pytest.fixture
def unit(broker: Mosquitto, page: PageServer) -> Iterator[Unit]:
    """Return a unit that the page knows to be online."""
    with Unit(broker.url) as unit:
        online(page)
        yield unit


def online(page: PageServer, name: str = "hall") -> None:
    """Wait until the page knows that a unit is there."""
    until(lambda: page.get("/api/units")["units"].get(name, {}).get("availability") == "online")  # type: ignore[attr-defined]


def put(page: PageServer, option: str, value: object, unit: str = "hall") -> httpx.Response:
    """Set an option."""
    with page.client() as client:
        return client.post(f"/api/units/{unit}/set/{option}", json={"value": value})


@pytest.mark.parametrize("value", [2.5, True, "music", [0.1, 0, 0.5, 1], {"thumb_up": {"hold_s": 2}}, None])
def test_an_option_is_set_and_the_answer_comes_back(page: PageServer, unit: Unit, value: object) -> None:
    """Any JSON arrives at the unit as it is."""
    answer = put(page, "hold_s", value)
    assert answer.status_code == 200
    assert answer.json() == {"option": "hold_s", "value": value, "ok": True, "error": None}


def test_a_refusal_is_a_conflict_with_the_units_own_words(page: PageServer, unit: Unit) -> None:
    """The unit knows what is wrong."""
    unit.refuses = "gestures.hold_s: expected `float`, got `str`"
    answer = put(page, "hold_s", "soon")
    assert answer.status_code == 409
    assert answer.json() == {"error": unit.refuses}


def test_ten_at_once_get_each_their_own_answer(page: PageServer, unit: Unit) -> None:
    """A slider sends many; none takes the answer of another."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(10) as pool:
        values = list(pool.map(lambda number: put(page, "hold_s", number).json()["value"], range(10)))
    assert values == list(range(10))


def test_a_unit_that_does_not_answer_is_said_to(page: PageServer, unit: Unit) -> None:
    """After some seconds, in a sentence."""
    unit.silent = True
    answer = put(page, "hold_s", 1)
    assert answer.status_code == 504
    assert "hall did not answer" in answer.json()["error"]


def test_a_unit_that_is_not_online_is_not_asked(page: PageServer, unit: Unit) -> None:
    """What it cannot hear now it is not told later."""
    unit.say("availability", b"offline", retain=True)
    until(lambda: page.get("/api/units")["units"]["hall"]["availability"] == "offline")  # type: ignore[index]
    answer = put(page, "hold_s", 1)
    assert answer.status_code == 504
    assert "not online" in answer.json()["error"]
    assert ("hold_s", b"1") not in unit.told


@pytest.mark.parametrize(
    ("unit_name", "option"),
    [("nobody", "hold_s"), ("hall", "Hold"), ("hall", "a%2Fb"), ("hall", "%23"), ("+", "hold_s")],
)
def test_what_is_no_unit_or_no_option_is_not_found(page: PageServer, unit: Unit, unit_name: str, option: str) -> None:
    """No part of an address becomes a level or a wildcard of a topic."""
    assert put(page, option, 1, unit_name).status_code == 404
    assert unit.told == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"value":' + b"[" * 3000 + b"}", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"value":1}', "text/plain", 415),
        (b'{"value":1}', "application/x-www-form-urlencoded", 415),
        (b'{"value":"' + b"x" * 70_000 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_is_none_is_refused_in_a_sentence(
    page: PageServer, unit: Unit, body: bytes, kind: str, status: int
) -> None:
    """Broken, too long, or what a form of another page could send."""
    with page.client() as client:
        answer = client.post("/api/units/hall/set/hold_s", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")
    assert unit.told == []


def test_a_body_without_an_end_is_cut_off(page: PageServer, unit: Unit) -> None:
    """Nobody has to say beforehand how long it will be."""
    with page.client() as client:
        answer = client.post(
            "/api/units/hall/set/hold_s",
            content=(b"x" * 1000 for _ in range(1000)),
            headers={"Content-Type": "application/json"},
        )
    assert answer.status_code == 413


@pytest.mark.parametrize("refuses", ["", "no"])
def test_before_mqtt_5_the_unit_is_overheard(tmp_path: Path, broker: Mosquitto, refuses: str) -> None:
    """There are no answers then; the unit says to everybody what became of it."""
    settings = 'protocol = "3.1.1"\n'
    with PageServer(tmp_path, broker.url, settings=settings) as page, Unit(broker.url, "porch", "3.1.1") as unit:
        online(page.connected(), "porch")
        unit.refuses = refuses
        answer = put(page, "hold_s", 2, "porch")
    assert answer.status_code == (409 if refuses else 200)
    assert answer.json() == (
        {"error": "no"} if refuses else {"option": "hold_s", "value": 2, "ok": True, "error": None}
    )


def test_with_the_broker_away_nothing_can_be_set(tmp_path: Path) -> None:
    """The page says so, and goes on by itself when the broker is back."""
    broker = Mosquitto(tmp_path)
    with broker, PageServer(tmp_path, broker.url) as page, Unit(broker.url) as unit:
        online(page)
        broker.kill()
        until(lambda: not page.get("/api/units")["broker"]["connected"])  # type: ignore[index]
        answer = put(page, "hold_s", 1)
        assert answer.status_code == 503
        assert "broker is away" in answer.json()["error"]
        until(lambda: page.get("/api/units")["broker"]["trouble"])  # type: ignore[index]
        broker.start()
        until(lambda: page.get("/api/units")["broker"]["connected"])  # type: ignore[index]
        until(lambda: put(page, "hold_s", 1).status_code == 200)
        assert page.get("/api/units")["broker"]["trouble"] == ""  # type: ignore[index]
    assert unit.told[-1] == ("hold_s", b"1")
