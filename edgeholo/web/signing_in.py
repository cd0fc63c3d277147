"""``/api/session``: in with the token, out again."""

import logging

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from edgeholo.web.answers import answer, nothing, read_json
from edgeholo.web.endpoint import Endpoint
from edgeholo.web.guard import SIGN_IN, guard_of

_LOGGER = logging.getLogger(__name__)


class Session(msgspec.Struct, frozen=True):
    """How it stands between a browser and the page.

    Attributes:
        token_needed: whether the page asks for a token at all.
        signed_in: whether this browser may see everything.
    """

    token_needed: bool
    signed_in: bool


class SignIn(msgspec.Struct, frozen=True):
    """What signs in.

    Attributes:
        token: that was told when the page was set up.
    """

    token: str


async def look(request: Request) -> Response:
    """Return whether a token is needed, and whether it was given."""
    guard = guard_of(request)
    return answer(Session(guard.token_needed, guard.signed_in(request)))


async def begin(request: Request) -> Response:
    """Sign in.

    Raises:
        Problem: the token is wrong (401), or there were too many wrong ones (429).
    """
    guard = guard_of(request)
    guard.admit(request, (await read_json(request, SignIn)).token)
    _LOGGER.info("signed in from %s", request.client.host if request.client else "somewhere")
    response = nothing()
    response.set_cookie(
        guard.cookie(request),
        guard.sessions.begin(),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


async def end(request: Request) -> Response:
    """Sign out."""
    guard = guard_of(request)
    name = guard.cookie(request)
    guard.sessions.end(request.cookies.get(name, ""))
    response = nothing()
    response.delete_cookie(name, path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict")
    return response


ROUTES = [
    Endpoint(SIGN_IN, look, methods=["GET"], gives=Session, errors=(401, 429)),
    Endpoint(SIGN_IN, begin, methods=["POST"], takes=SignIn, errors=(401, 429)),
    Endpoint(SIGN_IN, end, methods=["DELETE"]),
]
