"""The web server: its socket, its limits, its start and its end."""

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from edgeholo.config import Web
from edgeholo.errors import ConfigError, EdgeholoError
from edgeholo.page import reached_at
from edgeholo.web.hub import STREAMS, Hub

_CONNECTIONS = 4 * STREAMS
"""At once: a browser opens six, one of which is its stream."""
_HEAD_BYTES = 16 * 1024
"""Of a request's head: ours have 1 kB."""
_HEAD_S = 10.0
"""For a request's head: whoever takes longer holds the connection and nothing else."""
_KEEP_S = 30
"""A connection without a request is kept for so long."""
_UNHEARD_S = 30
"""A reader that acknowledges nothing for so long is gone: a phone that left the house says no goodbye."""
_GRACE_S = 1
"""Answers that are under way at a stop may take so long."""
_BACKLOG = 64
_ALIVE_S = 5
"""How often the service manager hears that the loop turns."""


class _Protocol(H11Protocol):
    """uvicorn's, with an end to connections that hold still: it has none before the first request."""

    _impatience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Refuse those that are too many, and wait for the head of the first request."""
        super().connection_made(transport)
        if len(self.connections) > _CONNECTIONS or self._greedy():
            transport.abort()
        else:
            self._look()

    def data_received(self, data: bytes) -> None:
        """Take what came, and look whether that was a whole head."""
        super().data_received(data)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        super().connection_lost(exc)
        self._calm()

    def _greedy(self) -> bool:
        """Return whether one address takes more than its half; a proxy on this machine may take all."""
        host = self.client[0] if self.client else ""
        mine = sum(1 for other in self.connections if (client := getattr(other, "client", None)) and client[0] == host)
        return mine > _CONNECTIONS // 2 and not host.startswith(("127.", "::1"))

    def _look(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._calm()
        elif self._impatience is None:
            self._impatience = self.loop.call_later(_HEAD_S, self._late)

    def _late(self) -> None:
        """Hang up, unless the connection rests between two requests, which keep-alive looks after."""
        self._impatience = None
        if self.timeout_keep_alive_task is None and (self.cycle is None or self.cycle.response_complete):
            self.transport.abort()

    def _calm(self) -> None:
        if self._impatience:
            self._impatience.cancel()
            self._impatience = None


class Server(uvicorn.Server):
    """uvicorn's, which says when it is ready, and sends the streams home before it waits for their ends.

    Args:
        app: the page.
        options: certificate and key.
        ready: called when requests are taken.
        alive: called every few seconds while the loop turns.
        stopping: called when the end begins.

    Raises:
        ConfigError: certificate and key make no sense.
    """

    def __init__(
        self,
        app: Starlette,
        options: Web,
        *,
        ready: Callable[[], None],
        alive: Callable[[], None],
        stopping: Callable[[], None],
    ) -> None:
        async def notify() -> None:
            alive()

        _check_certificate(options)
        super().__init__(
            uvicorn.Config(
                app,
                http=_Protocol,
                ws="none",
                loop="asyncio",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                # The address that a proxy on this machine names; nobody else is believed.
                forwarded_allow_ips=["127.0.0.1", "::1"],
                limit_concurrency=_CONNECTIONS + 1,
                timeout_keep_alive=_KEEP_S,
                timeout_graceful_shutdown=_GRACE_S,
                h11_max_incomplete_event_size=_HEAD_BYTES,
                backlog=_BACKLOG,
                callback_notify=notify,
                timeout_notify=_ALIVE_S,
                ssl_certfile=options.cert_file or None,
                ssl_keyfile=options.key_file or None,
            )
        )
        self._hub: Hub = app.state.hub
        self._ready, self._stopping = ready, stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say so, end the streams, and stop."""
        self._stopping()
        self._hub.stop()
        await super().shutdown(sockets)


def serve(server: Server, listener: socket.socket) -> None:
    """Answer requests until a signal."""
    # uvicorn raises a signal again when it has obeyed it; a stop that was asked for is a success.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    # It warns of every malformed request of every scanner; its errors are ours, with their trace.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    server.run(sockets=[listener])


def listening(options: Web) -> socket.socket:
    """Return the socket.

    Raises:
        ConfigError: the address makes no sense, or is not ours to take.
        EdgeholoError: it is taken, or not there yet.
    """
    where = f"{options.host} port {options.port}"
    try:
        family, _, _, _, address = socket.getaddrinfo(options.host, options.port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(
            address[:2], family=family, backlog=_BACKLOG, dualstack_ipv6=options.host == "::"
        )
    except socket.gaierror as error:
        raise ConfigError(f"web.host {options.host!r} is no address of this machine: {error.strerror}") from error
    except PermissionError as error:
        raise ConfigError(f"may not listen on {where}: choose a web.port above 1023") from error
    except OSError as error:
        raise EdgeholoError(f"cannot listen on {where}: {error.strerror}; choose another web.port or --port") from error
    # Inherited by every connection: unacknowledged data, or a reader that takes none, ends it.
    with contextlib.suppress(OSError):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNHEARD_S * 1000)
    return listener


def address_of(listener: socket.socket, options: Web) -> str:
    """Return the URL under which the page is reached from this machine."""
    host, port = listener.getsockname()[:2]
    host = reached_at(host)
    scheme = "https" if options.cert_file else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/"


def _check_certificate(options: Web) -> None:
    if not options.cert_file and not options.key_file:
        return
    if not (options.cert_file and options.key_file):
        raise ConfigError("web.cert_file and web.key_file belong together: set both, or none for plain http")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(options.cert_file, options.key_file, password="")
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ConfigError(
            f"web.cert_file {options.cert_file} and web.key_file {options.key_file} cannot be used: "
            f"{error.strerror if isinstance(error, OSError) and error.strerror else 'no PEM'}"
        ) from error
