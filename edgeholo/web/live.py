"""What is, and what happens: ``/api/units`` and the stream ``/api/stream``."""

import asyncio
import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from edgeholo.web.answers import Problem, answer
from edgeholo.web.endpoint import Endpoint, Query
from edgeholo.web.guard import guard_of
from edgeholo.web.house import BrokerState, house_of
from edgeholo.web.hub import STREAMS, Hub, Stream
from edgeholo.web.unit import UnitState

_SILENCE_S = 10.0
"""A comment so often keeps proxies from ending a quiet stream, and tells us of a reader who is gone."""
_RETRY_MS = 2000
"""After a broken stream browsers try again so soon."""
_IDENTITY = re.compile(r"[a-z0-9_-]{1,64}")


class Units(msgspec.Struct, frozen=True):
    """Everything that the page knows.

    Attributes:
        units: by id.
        broker: how the connection to it is.
    """

    units: dict[str, UnitState]
    broker: BrokerState


async def units(request: Request) -> Response:
    """Return every unit as it is."""
    house = house_of(request)
    return answer(Units({name: house.state(name) for name in house.ids}, house.broker()))


async def stream(request: Request) -> Response:
    """Return a unit as it is, and then what happens, as server-sent events.

    Raises:
        Problem: there are too many streams (503), or the id is none (400).
    """
    hub: Hub = request.app.state.hub
    unit = request.query_params.get("unit")
    if unit and not _IDENTITY.fullmatch(unit):
        raise Problem(400, "A unit's id has lower-case letters, digits, _ and - only.")
    if hub.full:
        raise Problem(503, f"{STREAMS} pages are open already: close one of them, then load this again.", _LATER)
    if request.method == "HEAD":
        return Response(headers=_HEADERS)
    return EventStream(request, hub, unit or None)


class EventStream(Response):
    """Sends a stream until the reader goes, is signed out, or is too slow to keep up.

    Args:
        request: whose session must last.
        hub: that has the events.
        unit: that is watched, None for the first there is.
    """

    def __init__(self, request: Request, hub: Hub, unit: str | None) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._request, self._hub, self._unit = request, hub, unit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the request has it
        """Send, and whatever ends this: give the place in the hub back."""
        stream = self._hub.open(self._unit)
        gone = asyncio.create_task(_leave(receive, stream))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await self._send(stream, send)
        finally:
            gone.cancel()
            self._hub.close(stream)

    async def _send(self, stream: Stream, send: Send) -> None:
        guard, events = guard_of(self._request), b"retry: %d\n\n" % _RETRY_MS
        # Whoever signs out, or whose session ends, sees no more.
        while not stream.ended and guard.lasts(self._request):
            await send({"type": "http.response.body", "body": events, "more_body": True})
            events = await stream.next(_SILENCE_S) or b": still here\n\n"
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _leave(receive: Receive, stream: Stream) -> None:
    """End a stream when its reader has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


_LATER = {"Retry-After": "10"}
_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
"""The second has nginx pass on what comes at once."""

ROUTES = [
    Endpoint("/api/units", units, methods=["GET"], gives=Units),
    Endpoint(
        "/api/stream",
        stream,
        methods=["GET"],
        gives={"text/event-stream": None},
        errors=(400, 503),
        query=[Query("unit", "^[a-z0-9_-]{1,64}$", "Which unit; by default the first that is online.")],
    ),
]
