"""What became of a command, where the broker passes no answers on (MQTT 3.1.1): the unit says it to everybody, too."""

import asyncio

import msgspec
from msgspec import Raw

from edgeholo.web.house import House
from edgeholo.web.unit import News

_OBEYED = ("config", "learn", "info", "update", "availability")
"""What a unit says when it has done what it was told, whatever that was."""


class Answer(msgspec.Struct, frozen=True):
    """What became of a command.

    Attributes:
        option: which one.
        value: that it has now.
        ok: whether it was obeyed.
        error: why not; else null.
    """

    option: str
    value: Raw
    ok: bool
    error: str | None


class _Refusal(msgspec.Struct):
    option: str
    error: str


async def overheard(house: House, unit: str, option: str, value: Raw, patience_s: float) -> Answer:
    """Send a command and return what the unit then says to everybody.

    Raises:
        TimeoutError: it says nothing of the kind.
        msgspec.DecodeError: it says something that is none of ours.
    """
    said: asyncio.Future[News] = asyncio.get_running_loop().create_future()

    def hear(name: str, news: News) -> None:
        if name == unit and not said.done() and news.name in (*_OBEYED, "error"):
            said.set_result(news)

    off = house.listen(hear)
    try:
        house.tell(unit, option, value, qos=1)
        async with asyncio.timeout(patience_s):
            news = await said
    finally:
        off()
    if news.name == "error":
        refusal = msgspec.json.decode(news.data, type=_Refusal)
        return Answer(option, value, ok=False, error=refusal.error)
    config = msgspec.json.decode(news.data, type=dict[str, Raw]) if news.name == "config" else {}
    return Answer(option, config.get(option, value), ok=True, error=None)
