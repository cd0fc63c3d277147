"""How the page starts and stops: refused where it would be open to strangers, with one line where something is in its way."""

import signal
import socket
import ssl
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from edgeholo.provision.token import Token
from tests.page_server import PageServer, Stream, Unit, streams
from tests.real_broker import Mosquitto, until

NOBODY = "mqtt://127.0.0.1:1"
"""A broker that is not there."""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a broker."""
    (tmp_path / "broker").mkdir()
    with Mosquitto(tmp_path / "broker") as broker:
        yield broker


def refused(page: PageServer, *arguments: str) -> tuple[int, str]:
    """Run the command that is to fail, and return exit code and the one line."""
    result = page.run(*arguments)
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    return result.returncode, result.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "hall.local"])  # noqa: S104 - refused is what it is to be
def test_the_network_sees_no_page_without_a_token(tmp_path: Path, host: str) -> None:
    """The line says how to make one."""
    code, line = refused(PageServer(tmp_path, NOBODY), "--host", host)
    assert code == 78
    assert "edgeholo web --new-token" in line


def test_a_new_token_is_shown_once_and_opens_the_page(tmp_path: Path) -> None:
    """What is kept is its hash, in a file that nobody else reads; then the network may see the page."""
    page = PageServer(tmp_path, NOBODY, settings=f'[web]\ntoken_file = "{tmp_path}/secret/token"\n')
    made = page.run("--new-token")
    assert made.returncode == 0
    text, file = made.stdout.strip(), tmp_path / "secret" / "token"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert text not in file.read_text()
    assert text not in made.stderr
    assert str(file) in made.stderr
    stored = Token.stored(file.read_text())
    assert stored is not None
    assert stored.matches(text)
    page.command += ["--host", "0.0.0.0"]  # noqa: S104 - that is what is tried
    with page:
        assert httpx.get(page.url + "/api/units").status_code == 401
        assert httpx.get(page.url + "/api/units", headers={"Authorization": f"Bearer {text}"}).status_code == 200


def test_systemd_brings_the_token_as_a_credential(tmp_path: Path) -> None:
    """An empty one is none, as the unit sets it where there is no file."""
    page = PageServer(tmp_path, NOBODY)
    page.environment["CREDENTIALS_DIRECTORY"] = str(tmp_path)
    (tmp_path / "page-token").write_text("\n")
    assert refused(page, "--host", "0.0.0.0")[0] == 78  # noqa: S104 - refused is what it is to be
    (tmp_path / "page-token").write_text(Token.new().hashed)
    with page:
        assert page.get("/api/session")["token_needed"] is True


@pytest.mark.parametrize("content", ["", "hunter2", "sha256:", "sha256:abc", "md5:" + "0" * 64])
def test_a_token_file_that_holds_none_is_an_error(tmp_path: Path, content: str) -> None:
    """It never means a page that is open to all; nothing of it is shown."""
    (tmp_path / "token").write_text(content)
    code, line = refused(PageServer(tmp_path, NOBODY, settings=f'[web]\ntoken_file = "{tmp_path}/token"\n'))
    assert code == 78
    assert "--new-token" in line
    assert not content or content not in line


def test_a_token_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    """Whoever names one means it."""
    code, line = refused(PageServer(tmp_path, NOBODY, settings='[web]\ntoken_file = "/nowhere/token"\n'))
    assert code == 78
    assert "/nowhere/token cannot be read" in line


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    """And no configuration error: it may be free the next time."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        code, line = refused(PageServer(tmp_path, NOBODY), "--port", str(other.getsockname()[1]))
    assert code == 1
    assert "Address already in use" in line


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--broker", "http://x"], 78, "broker.url"),
        (["--broker", "none"], 78, "say with --broker"),
        (["--port", "70000"], 78, "web.port"),
        (["--host", "no such host"], 78, "--new-token"),
        (["--port", "soon"], 2, "--port"),
    ],
)
def test_what_cannot_be_is_one_line(tmp_path: Path, arguments: list[str], code: int, says: str) -> None:
    """With the exit code of the contract."""
    assert refused(PageServer(tmp_path, NOBODY), *arguments)[0] == code
    assert says in refused(PageServer(tmp_path, NOBODY), *arguments)[1]


def test_an_address_that_is_not_ours_is_one_line(tmp_path: Path) -> None:
    """It may come with the network, so it is worth another try."""
    (tmp_path / "token").write_text(Token.new().hashed)
    page = PageServer(tmp_path, NOBODY, settings=f'[web]\ntoken_file = "{tmp_path}/token"\n')
    code, line = refused(page, "--host", "192.0.2.1")
    assert code == 1
    assert "cannot listen on 192.0.2.1" in line


def test_the_page_is_there_without_a_broker(tmp_path: Path) -> None:
    """It says why nothing is seen."""
    with PageServer(tmp_path, NOBODY) as page:
        until(lambda: "127.0.0.1:1" in page.get("/api/units")["broker"]["trouble"])  # type: ignore[index]
        assert page.get("/api/units")["units"] == {}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_two_seconds_though_pages_are_open(
    tmp_path: Path, broker: Mosquitto, number: signal.Signals
) -> None:
    """Streams end, the lease ends, and the exit code is that of success; no trace of it in the log but what is meant."""
    with Unit(broker.url) as unit, PageServer(tmp_path, broker.url) as page, page.client() as client:
        page.connected()
        with streams(client, 5) as opened:
            until(lambda: unit.watched() and unit.watched()[-1]["seconds"] == 10)
            began_s = time.monotonic()
            page.process.send_signal(number)
            assert page.process.wait(10) == 0
            assert time.monotonic() - began_s < 2
            assert all(stream.ended.wait(5) for stream in opened)
        until(lambda: unit.watched()[-1]["seconds"] == 0)
        assert "Traceback" not in page.log
        assert "ERROR" not in page.log


def test_systemd_hears_when_it_is_ready_and_when_it_stops(tmp_path: Path) -> None:
    """And that the loop turns."""
    said: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))

        def listen() -> None:
            said.extend(manager.recv(4096).decode() for _ in range(3))

        threading.Thread(target=listen, daemon=True).start()
        page = PageServer(tmp_path, NOBODY)
        page.environment["NOTIFY_SOCKET"] = str(tmp_path / "notify")
        with page:
            until(lambda: len(said) == 2)
            assert page.terminate() == 0
            until(lambda: len(said) == 3)
    assert said[0].startswith("READY=1\nSTATUS=the page is at http://127.0.0.1:")
    assert said[1:] == ["WATCHDOG=1", "STOPPING=1"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate for localhost, signed by itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    files = folder / "cert.pem", folder / "key.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    request += ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(files[0]), "-keyout", str(files[1])]
    subprocess.run(request, check=True, capture_output=True)
    return files


def test_with_a_certificate_the_page_is_https_alone(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    """And its cookie goes nowhere else."""
    token = Token.new()
    (tmp_path / "token").write_text(token.hashed)
    settings = (
        f'[web]\ntoken_file = "{tmp_path}/token"\ncert_file = "{certificate[0]}"\nkey_file = "{certificate[1]}"\n'
    )
    with PageServer(tmp_path, NOBODY, settings=settings) as page:
        assert page.url.startswith("https://")
        trusted = ssl.create_default_context(cafile=str(certificate[0]))
        with page.client(verify=trusted) as client:
            cookie = client.post("/api/session", json={"token": token.text}).headers["set-cookie"]
            assert cookie.startswith("__Host-edgeholo=")
            assert "secure" in cookie.lower()
            assert client.get("/api/units").status_code == 200
        with pytest.raises(httpx.HTTPError):
            httpx.get(page.url.replace("https", "http") + "/")


@pytest.mark.parametrize("which", ["cert_file", "key_file"])
def test_half_a_certificate_is_an_error(tmp_path: Path, certificate: tuple[Path, Path], which: str) -> None:
    """And so is a file that is none."""
    code, line = refused(PageServer(tmp_path, NOBODY, settings=f'[web]\n{which} = "{certificate[0]}"\n'))
    assert (code, "belong together" in line) == (78, True)
    settings = f'[web]\ncert_file = "{certificate[0]}"\nkey_file = "{tmp_path}/edgeholo.toml"\n'
    code, line = refused(PageServer(tmp_path, NOBODY, settings=settings))
    assert (code, "cannot be used" in line) == (78, True)


def test_ipv6_is_as_good(tmp_path: Path) -> None:
    """On its own loopback."""
    page = PageServer(tmp_path, NOBODY, "--host", "::1")
    with page:
        assert page.url.startswith("http://[::1]:")
        assert page.get("/api/session") == {"token_needed": False, "signed_in": True}


def test_two_pages_live_beside_each_other(tmp_path: Path, broker: Mosquitto) -> None:
    """Neither takes the other's connection or lease."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with (
        Unit(broker.url) as unit,
        PageServer(tmp_path / "one", broker.url) as one,
        PageServer(tmp_path / "two", broker.url) as two,
        one.connected().client() as first,
        two.connected().client() as second,
    ):
        streams_of = [Stream(first, "/api/stream?unit=hall"), Stream(second, "/api/stream?unit=hall")]
        for stream in streams_of:
            stream.wait("snapshot")
        until(lambda: len({lease["name"] for lease in unit.watched()}) == 2)
        for stream in streams_of:
            stream.close()
