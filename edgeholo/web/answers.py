"""What goes in and out of an endpoint: JSON by msgspec, bodies with an end, and errors that are a sentence."""

import asyncio
import http
import math
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Route

T = TypeVar("T")

JSON = "application/json"
LONGEST = 64 * 1024
"""Bytes of a JSON body: the largest is the rules, of which people write a few hundred lines."""
_BODY_S = 15.0
"""A small body that takes longer is somebody who holds the connection."""
_SPARE = 1 << 20


class Failure(msgspec.Struct, frozen=True):
    """Why something was not done.

    Attributes:
        error: what is wrong and how to mend it, one sentence.
    """

    error: str


class Problem(HTTPException):
    """An endpoint that cannot answer as asked.

    Args:
        status: HTTP status code.
        error: what is wrong and how to mend it, one sentence.
        headers: of the answer.
        more: further fields of the answer.
    """

    def __init__(
        self, status: int, error: str, headers: Mapping[str, str] | None = None, **more: msgspec.Raw | str
    ) -> None:
        super().__init__(status, error, headers)
        self.more = more


def answer(value: object, status: int = 200) -> Response:
    """Return a value as JSON."""
    return Response(msgspec.json.encode(value), status, media_type=JSON)


def nothing() -> Response:
    """Return that it is done, and that there is no more to say."""
    return Response(status_code=204)


async def read(request: Request, limit: int = LONGEST, patience_s: float = _BODY_S, spare: int = _SPARE) -> bytes:
    """Return the body.

    Args:
        request: whose body.
        limit: bytes at most.
        patience_s: seconds it may take.
        spare: bytes beyond the limit that are read and forgotten: who is hung up on while it sends hears no reason.

    Raises:
        Problem: it is longer (413), takes longer (408), or is not all there (400).
    """
    length = request.headers.get("content-length", "")
    # Who asks before it sends (RFC 9110, 10.1.1) has sent nothing yet, and hears the answer.
    asks = "expect" in request.headers
    if length.isdecimal() and int(length) > limit + (0 if asks else spare):
        raise _too_long(limit)
    body, size = bytearray(), 0
    try:
        async with asyncio.timeout(patience_s):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= limit:
                    body += chunk
                elif size > limit + spare:
                    break
    except TimeoutError:
        raise Problem(408, f"The request took longer than {patience_s:.0f} seconds to arrive.", _CLOSE) from None
    except ClientDisconnect:
        raise Problem(400, "The request broke off.", _CLOSE) from None
    if size > limit:
        raise _too_long(limit)
    return bytes(body)


async def read_json(request: Request, kind: type[T]) -> T:
    """Return the JSON body as ``kind``.

    Raises:
        Problem: it is no JSON (415), too long (413), or of another shape (400).
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise Problem(415, f"Send JSON, with Content-Type: {JSON}.")
    body = await read(request)
    try:
        return _decoded(body, kind)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Problem(400, f"This is not what is expected here: {error}.") from error


def _decoded(body: bytes, kind: type[T]) -> T:
    """Return JSON as ``kind``; a whole number may be written 3.0, as JSON Schema has it."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError:
        return msgspec.json.decode(msgspec.json.encode(_WHOLE.decode(body)), type=kind)


def _whole(text: str) -> float | str:
    number = float(text)
    if abs(number) < _EXACT and number.is_integer():
        return int(number)
    return number if math.isfinite(number) else text


_EXACT = 2**53
_WHOLE: msgspec.json.Decoder[object] = msgspec.json.Decoder(float_hook=_whole)


async def on_problem(request: Request, error: Exception) -> Response:
    """Answer with a sentence where an endpoint, or the table of routes, had a problem."""
    if not isinstance(error, HTTPException):
        raise error
    if isinstance(error, Problem):
        text, more = error.detail, error.more
    else:
        text, more = _SENTENCES.get(error.status_code, http.HTTPStatus(error.status_code).phrase), {}
    content = {"error": text, **more}
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    return Response(msgspec.json.encode(content), error.status_code, headers, media_type=JSON)


def _methods(request: Request) -> set[str]:
    """Return what the address of a request does take: several routes may share it."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    shared = [route.methods or set() for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return set().union(*shared)


_CLOSE = {"Connection": "close"}
_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
}
"""What the table of routes says by itself, in words."""


def _too_long(limit: int) -> Problem:
    # The rest is not read: the connection ends here.
    return Problem(413, f"The request is longer than {limit // 1024} kB, the most that is taken here.", _CLOSE)
