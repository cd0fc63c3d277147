"""Who may see and change what: everything but the empty page and the sign-in needs a session or the token."""

import logging
import time
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from edgeholo.provision.token import Token
from edgeholo.web import callers
from edgeholo.web.answers import Problem, on_problem
from edgeholo.web.sessions import Sessions
from edgeholo.web.throttle import Throttle

_LOGGER = logging.getLogger(__name__)

SIGN_IN = "/api/session"
_OPEN = ("/", SIGN_IN)
"""Paths that everybody may ask for; with all below ``/static/``."""
_STATIC = "/static/"
_COOKIE = "edgeholo"
_COOKIE_TLS = "__Host-edgeholo"
"""With TLS, browsers take a cookie of such a name from this very host only."""


class Guard:
    """Decides; one for the whole page.

    Args:
        token: that opens the page; None where it is open to all who reach it.
        names: by which browsers may call the page.
        clock: seconds that only grow.
    """

    def __init__(self, token: Token | None, names: frozenset[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._token, self._names = token, names
        self.sessions, self.throttle = Sessions(clock), Throttle(clock)

    @property
    def token_needed(self) -> bool:
        """Whether the page asks for a token."""
        return self._token is not None

    def check(self, request: Request) -> None:
        """Let a request pass.

        Raises:
            Problem: it may not.
        """
        self._check_caller(request)
        path = request.scope["path"]
        if path in _OPEN or path.startswith(_STATIC) or self._token is None:
            return
        if not self.signed_in(request):
            raise Problem(401, "Sign in with the page's token first.")

    def signed_in(self, request: HTTPConnection) -> bool:
        """Return whether a request brings a session that lasts, or the token.

        Raises:
            Problem: this address has guessed too often (429), or guessed wrong (401).
        """
        if self._token is None:
            return True
        if bearer := _bearer(request):
            self.admit(request, bearer)
            return True
        return self._has_session(request)

    def lasts(self, request: Request) -> bool:
        """Return whether one who was let in may still see what goes on."""
        return self._token is None or bool(_bearer(request)) or self._has_session(request)

    def admit(self, request: HTTPConnection, text: str) -> None:
        """Take a token.

        Raises:
            Problem: it is wrong (401), or there were too many wrong ones (429).
        """
        address = request.client.host if request.client else ""
        if wait_s := self.throttle.wait_s(address):
            raise Problem(429, f"Too many wrong tokens: try again in {wait_s} seconds.", {"Retry-After": str(wait_s)})
        if self._token and not self._token.matches(text):
            self.throttle.wrong(address)
            _LOGGER.warning("a wrong token from %s", address)
            raise Problem(401, "This is not the page's token.")

    def cookie(self, request: HTTPConnection) -> str:
        """Return the name of the cookie that holds the session."""
        return _COOKIE_TLS if request.url.scheme == "https" else _COOKIE

    def _has_session(self, request: HTTPConnection) -> bool:
        number = request.cookies.get(self.cookie(request))
        return bool(number) and self.sessions.use(number or "")

    def _check_caller(self, request: Request) -> None:
        headers = request.headers
        host = callers.host_of(headers.get("host", ""))
        if not callers.known(host, self._names):
            raise Problem(403, f"This page is not called {host[:100]!r}: add that to web.names, or use its IP address.")
        if self._token is None and ("forwarded" in headers or "x-forwarded-for" in headers):
            raise Problem(
                403, "This page came through a proxy and has no token: make one with edgeholo web --new-token."
            )
        own_page = _bearer(request) or not request.scope["path"].startswith("/api/")
        if not own_page and callers.foreign(request.method, dict(headers)):
            raise Problem(403, "This request comes from another page.")


class Guarded:
    """Middleware: asks the guard before anything else sees a request.

    Args:
        app: what is guarded.
        guard: who decides.
    """

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self._app, self._guard = app, guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] == "http":
            request = Request(scope)
            try:
                self._guard.check(request)
            except Problem as problem:
                await (await on_problem(request, problem))(scope, receive, send)
                return
        await self._app(scope, receive, send)


def guard_of(request: Request) -> Guard:
    """Return the guard of the page."""
    guard: Guard = request.app.state.guard
    return guard


def _bearer(request: HTTPConnection) -> str:
    scheme, _, text = Headers(scope=request.scope).get("authorization", "").partition(" ")
    return text if scheme.lower() == "bearer" else ""
