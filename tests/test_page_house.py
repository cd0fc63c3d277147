"""How the page keeps up with brokers that go, come back without a memory, refuse, or are changed for others."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from edgeholo import config
from edgeholo.web.house import House
from edgeholo.web.unit import News
from tests.page_server import Unit
from tests.real_broker import PATIENCE_S, Mosquitto, options

Scenario = Callable[[House], Awaitable[None]]


def played(broker: config.Broker, scenario: Scenario) -> list[tuple[str, str]]:
    """Play a scenario with a house that listens, and return what it told: unit and name of the event."""
    told: list[tuple[str, str]] = []

    def hear(unit: str, news: News) -> None:
        told.append((unit, news.name))

    async def play() -> None:
        house = House(broker, "edgeholo")
        house.listen(hear)
        await house.start()
        try:
            await scenario(house)
        finally:
            await house.stop()

    asyncio.run(play())
    return told


async def reached(condition: Callable[[], object]) -> None:
    """Wait until something has happened, and let it happen meanwhile."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline_s, "this did not happen in time"
        await asyncio.sleep(0.02)


def test_a_unit_that_the_broker_has_forgotten_is_away(tmp_path: Path) -> None:
    """A broker that comes back without its memory knows no unit that has gone meanwhile; what was known of it stays to be seen."""
    broker = Mosquitto(tmp_path)

    async def scenario(house: House) -> None:
        await reached(lambda: house.ids == ["hall"])
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(unit.__exit__, None, None, None)
        await asyncio.to_thread(broker.start)
        await reached(lambda: house.units["hall"].availability == "offline")
        assert house.ids == ["hall"]

    with broker:
        unit = Unit(broker.url).__enter__()
        told = played(options(broker.url), scenario)
    assert ("hall", "availability") in told


def test_a_unit_that_comes_back_with_the_broker_is_online(tmp_path: Path) -> None:
    """It says so itself, however late."""
    broker = Mosquitto(tmp_path)

    async def scenario(house: House) -> None:
        await reached(lambda: house.first() == "hall")
        await asyncio.to_thread(broker.kill)
        await reached(lambda: not house.broker().connected)
        await asyncio.to_thread(broker.start)
        await reached(lambda: house.broker().connected)
        await asyncio.sleep(4)  # until after the broker had its time to tell of all
        await reached(lambda: house.first() == "hall" and house.units["hall"].availability == "online")

    with broker, Unit(broker.url):
        played(options(broker.url), scenario)


def test_another_broker_has_other_units(tmp_path: Path) -> None:
    """Those of the old one are away, those of the new one are there, and it is told that the connection has changed."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with Mosquitto(tmp_path / "one") as one, Mosquitto(tmp_path / "two") as two:

        async def scenario(house: House) -> None:
            await reached(lambda: house.first() == "hall")
            await house.move(options(two.url))
            await reached(lambda: house.broker().connected and house.broker().url == two.url)
            await reached(lambda: house.first() == "porch")
            await reached(lambda: house.units["hall"].availability == "offline")

        with Unit(one.url), Unit(two.url, "porch"):
            told = played(options(one.url), scenario)
    assert ("", "broker") in told
    assert ("hall", "availability") in told
