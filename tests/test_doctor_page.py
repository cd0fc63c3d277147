"""The doctor's look at the page: it asks the real one, and names what keeps it from coming up."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edgeholo.checks.finding import Case
from edgeholo.checks.page import web
from edgeholo.config import Config, Web
from edgeholo.page import EVERYWHERE, address, told
from tests.real_broker import free_port


def _case(root: Path, **options: object) -> Case:
    return Case(Config(web=Web(**options)), root=root)  # type: ignore[arg-type]


def _systemd_says(folder: Path, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    """Put a systemctl before all others on the path that knows the page's unit so."""
    program = folder / "bin" / "systemctl"
    program.parent.mkdir(parents=True, exist_ok=True)
    load, active = (state, "inactive") if state in ("masked", "not-found") else ("loaded", state)
    program.write_text(f"#!/bin/sh\necho LoadState={load}\necho ActiveState={active}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


@contextmanager
def _running(*command: str, says: str) -> Iterator[str]:
    """Run a program until it says something; yield the line."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        try:
            yield next(line for line in process.stdout if says in line)
        finally:
            process.terminate()


@contextmanager
def _page(*more: str) -> Iterator[int]:
    """Run the real page; yield its port."""
    command = (sys.executable, "-m", "edgeholo.cli", "web", "--port", "0", "--broker", "mqtt://127.0.0.1:1", *more)
    with _running(*command, says="the page is at") as line:
        yield int(re.findall(r":(\d+)/", line)[0])


def test_a_page_that_answers_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever started it; and it says where it is."""
    _systemd_says(tmp_path, monkeypatch, "not-found")
    with _page() as port:
        finding = web(_case(tmp_path, port=port))
        assert (finding.state, finding.text) == ("ok", f"http://localhost:{port} on this machine alone")


def test_a_page_in_the_house_without_a_token_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that answers all the same, and one that does not start because of that."""
    _systemd_says(tmp_path, monkeypatch, "failed")
    with _page() as port:
        assert web(_case(tmp_path, port=port, host=EVERYWHERE)).code == "page-open"
    assert web(_case(tmp_path, port=free_port(), host=EVERYWHERE)).code == "page-open"
    (tmp_path / "etc/edgeholo").mkdir(parents=True)
    (tmp_path / "etc/edgeholo/page_token").write_text("sha256:0\n")
    assert web(_case(tmp_path, port=free_port(), host=EVERYWHERE)).code == "page-down"


def test_a_page_that_is_down_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what systemd says of it."""
    _systemd_says(tmp_path, monkeypatch, "failed")
    finding = web(_case(tmp_path, port=free_port()))
    assert (finding.state, finding.code) == ("bad", "page-down")
    assert "edgeholo-web.service is failed" in finding.text


@pytest.mark.parametrize(
    ("state", "words"),
    [("not-found", "is not installed"), ("inactive", "is switched off"), ("masked", "is switched off")],
)
def test_a_page_that_nobody_wants_is_not_ill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str, words: str
) -> None:
    """A laptop has none, and some people stop it."""
    _systemd_says(tmp_path, monkeypatch, state)
    finding = web(_case(tmp_path, port=free_port()))
    assert (finding.state, finding.code) == ("unknown", "")
    assert words in finding.text


_WEB_SERVER = """import http.server
server = http.server.HTTPServer(("127.0.0.1", {port}), http.server.SimpleHTTPRequestHandler)
print("here", flush=True)
server.serve_forever()"""
_NO_WEB_SERVER = """import socket, time
server = socket.create_server(("127.0.0.1", {port}))
print("here", flush=True)
server.accept()[0].sendall(b"SSH-2.0-" + bytes(9))
time.sleep(60)"""


@pytest.mark.parametrize("program", [_WEB_SERVER, _NO_WEB_SERVER], ids=["another web server", "no web server"])
def test_a_port_that_another_program_has_is_named_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """The unit has failed because of that, or waits for the port."""
    _systemd_says(tmp_path, monkeypatch, "failed")
    port = free_port()
    with _running(sys.executable, "-c", program.format(port=port), says="here"):
        finding = web(_case(Path("/"), port=port))
    assert (finding.state, finding.code) == ("bad", "page-port")
    assert re.search(rf"port {port} is taken: \S+ \(process \d+\) (answers there|listens there and)", finding.text)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, "http://localhost:8380"),
        ({"host": "localhost"}, "http://localhost:8380"),
        ({"host": "::1", "cert_file": "a"}, "https://localhost:8380"),
        ({"host": EVERYWHERE}, "http://hall.local:8380"),
        ({"host": "::", "port": 80}, "http://hall.local:80"),
        ({"host": "hall.lan"}, "http://hall.local:8380"),
    ],
)
def test_the_address_is_what_is_typed_into_a_browser(options: dict[str, str], shown: str) -> None:
    """The unit's name where the house may come in, this machine's own name for itself where not."""
    assert address(Web(**options), "Hall.lan") == shown  # type: ignore[arg-type]
    assert (" on this machine alone; for the house: sudo edgeholo web --new-token" in told(Web(**options))) is (  # type: ignore[arg-type]
        "localhost" in shown
    )
