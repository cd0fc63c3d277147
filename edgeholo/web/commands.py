"""What a unit is told from the page, and what it answered."""

import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from edgeholo.web.answers import Problem, answer, read_json
from edgeholo.web.endpoint import Endpoint
from edgeholo.web.house import House, house_of
from edgeholo.web.overheard import Answer, overheard

_PATIENCE_S = 8.0
"""A unit obeys between two frames; one that opens its camera anew, or loads a model, takes seconds."""
_OPTION = re.compile(r"[a-z0-9_]{1,64}")


class Wish(msgspec.Struct, frozen=True):
    """What an option is to be.

    Attributes:
        value: as docs/topics.md has it under ``set/OPTION``.
    """

    value: msgspec.Raw


async def put(request: Request) -> Response:
    """Set an option of a unit, or have it do something.

    Raises:
        Problem: there is no such unit (404), it refuses (409), the broker is away (503), nobody answers (504).
    """
    house = house_of(request)
    unit, option = request.path_params["unit"], request.path_params["option"]
    if unit not in house.ids:
        raise Problem(404, f"There is no unit {unit[:64]!r}; known are {', '.join(house.ids) or 'none'}.")
    if not _OPTION.fullmatch(option):
        raise Problem(404, "An option's name has lower-case letters, digits and _ only.")
    wish = await read_json(request, Wish)
    reply = await _asked(house, unit, option, wish.value)
    if not reply.ok:
        raise Problem(409, reply.error or "The unit refused, and did not say why.")
    return answer(reply)


async def _asked(house: House, unit: str, option: str, value: msgspec.Raw) -> Answer:
    broker = house.broker()
    if not broker.connected:
        raise Problem(503, f"The broker is away: {broker.trouble or 'not connected yet'}.")
    if house.units[unit].availability != "online":
        raise Problem(504, f"{unit} is not online: it answers when it is back.")
    try:
        if not house.mqtt.answers:
            return await overheard(house, unit, option, value, _PATIENCE_S)
        return msgspec.json.decode(await house.ask(unit, option, value, _PATIENCE_S), type=Answer)
    except TimeoutError:
        raise Problem(504, f"{unit} did not answer within {_PATIENCE_S:.0f} seconds.") from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Problem(504, f"{unit} answered something else: {error}.") from error


ROUTES = [
    Endpoint(
        "/api/units/{unit}/set/{option}",
        put,
        methods=["POST"],
        takes=Wish,
        gives=Answer,
        errors=(404, 409, 503, 504),
    )
]
