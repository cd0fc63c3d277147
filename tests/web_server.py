"""A web server of this machine that answers as a test wants it, and remembers what it was asked."""

import contextlib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Server:
    """What it was asked, and how it answers.

    Attributes:
        url: where it is.
        asked: every request, in order.
        answers: status codes of the next answers; 204 when there are none left.
        headers: sent with every answer.
        open: while it is cleared, nobody gets an answer.
    """

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    open: threading.Event = field(default_factory=threading.Event)

    def bodies(self) -> list[str]:
        """Return what it was told."""
        return [each.body for each in self.asked]


@contextlib.contextmanager
def serving(certificate: Path | None = None, key: Path | None = None) -> Iterator[Server]:
    """Serve on a free port of loopback; https where there is a certificate."""
    state = Server()
    state.open.set()
    web = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    web.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        web.socket = context.wrap_socket(web.socket, server_side=True)
    state.url = f"http{'s' if certificate else ''}://127.0.0.1:{web.server_port}"
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.open.set()
        web.shutdown()
        web.server_close()


def _handler(state: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                super().handle_one_request()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            state.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            status = state.answers.pop(0) if state.answers else 204
            state.open.wait()
            self.send_response(status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()

        do_GET = _answer  # noqa: N815 - http.server's names
        do_POST = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
