"""Web requests as a server sees them: headers, tokens, https, and answers that are none."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeholo.act import web
from edgeholo.act.action import Request
from edgeholo.act.web import NotNowError
from edgeholo.errors import ActionError
from tests.real_broker import free_port
from tests.web_server import Server, serving

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0.abc-_"


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a web server that answers 204."""
    with serving() as state:
        yield state


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    """Return a file with a token, as an editor leaves it."""
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    return file


def post(url: str, timeout_s: float = 2.0, token_file: object = "", **headers: str) -> Request:
    """Return a request with a body."""
    return Request("POST", url, headers, b'{"a":1}', timeout_s, 0, str(token_file))


def test_a_request_arrives_as_it_was_made(server: Server) -> None:
    """Method, path with query, headers and body."""
    web.send(
        Request("POST", f"{server.url}/a/b?c=d%20e", {"X-Room": "hall", "Content-Type": "text/plain"}, b"on", 2, 0)
    )
    web.send(Request("GET", server.url, {}, b"", 2, 0))
    told, got = server.asked
    assert (told.method, told.path, told.body) == ("POST", "/a/b?c=d%20e", "on")
    assert (told.headers["X-Room"], told.headers["Content-Type"]) == ("hall", "text/plain")
    assert told.headers["User-Agent"] == "edgeholo"
    assert (got.method, got.path, got.body) == ("GET", "/", "")
    assert "Authorization" not in told.headers


def test_the_token_is_read_when_it_is_needed(server: Server, token_file: Path) -> None:
    """A new one counts at once."""
    web.send(post(server.url, token_file=token_file))
    token_file.write_text("another")
    web.send(post(server.url, token_file=token_file))
    assert [asked.headers["Authorization"] for asked in server.asked] == [f"Bearer {TOKEN}", "Bearer another"]


@pytest.mark.parametrize("content", ["", "two\nlines", "tück", "a b", "\0"])
def test_a_file_without_a_token_is_one_clear_line(content: str, server: Server, tmp_path: Path) -> None:
    """Nothing is sent, and what it holds is not repeated."""
    file = tmp_path / "token"
    file.write_text(content)
    with pytest.raises(ActionError, match=r"expected nothing but a token, on one line$"):
        web.send(post(server.url, token_file=file))
    with pytest.raises(ActionError, match=r"token_file /nothing/here: No such file or directory$"):
        web.send(post(server.url, token_file="/nothing/here"))
    assert server.asked == []


def test_a_redirect_is_not_followed(server: Server, token_file: Path) -> None:
    """The token is for this host, and the other may be anybody's."""
    with serving() as other:
        server.answers, server.headers = [307], {"Location": f"{other.url}/elsewhere?key=1"}
        with pytest.raises(ActionError) as caught:
            web.send(post(server.url, token_file=token_file))
        assert str(caught.value).endswith(f"it answers 307, which points to {other.url}/...: write that address")
        assert other.asked == []
    assert not isinstance(caught.value, NotNowError)


@pytest.mark.parametrize(
    ("status", "later"), [(500, True), (503, True), (429, True), (408, True), (400, False), (404, False), (405, False)]
)
def test_a_refusal_says_whether_to_try_again(status: int, later: bool, server: Server) -> None:
    """A server that is busy is asked again; one that says no means it."""
    server.answers = [status]
    with pytest.raises(ActionError, match=f"it answers {status}") as caught:
        web.send(post(server.url))
    assert isinstance(caught.value, NotNowError) is later


def test_a_wrong_token_is_named_as_such(server: Server, token_file: Path) -> None:
    """And never repeated."""
    server.answers = [401]
    with pytest.raises(ActionError, match="the token is missing or wrong") as caught:
        web.send(post(server.url, token_file=token_file))
    assert TOKEN not in str(caught.value)


def test_user_and_password_of_an_address_are_sent_and_not_repeated(server: Server) -> None:
    """As every browser does."""
    url = server.url.replace("//", "//ann:s%40cret@")
    server.answers = [204, 500]
    web.send(post(url))
    assert server.asked[0].headers["Authorization"] == "Basic YW5uOnNAY3JldA=="
    with pytest.raises(ActionError) as caught:
        web.send(post(url))
    assert str(caught.value) == f"{server.url}: it answers 500 Internal Server Error"


def test_nobody_at_home_may_be_tried_again(server: Server) -> None:
    """Refused, silent, unknown, or no web server at all."""
    server.open.clear()
    cases = {
        f"http://127.0.0.1:{free_port()}": "Connection refused",
        server.url: "no answer within 0.2 s",
        "http://nobody.invalid": "not known|resolution",
    }
    for url, words in cases.items():
        with pytest.raises(NotNowError, match=words):
            web.send(post(url, timeout_s=0.2))


@pytest.mark.parametrize("url", ["http://127.0.0.1:x/", "http://127.0.0.1/a\x7fb", "http://127.0.0.1/ü"])
def test_an_address_that_is_none_is_one_line(url: str) -> None:
    """Whatever the library thinks of it."""
    with pytest.raises(ActionError, match="none that HTTP can carry"):
        web.send(post(url))


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, token_file: Path) -> None:
    """The token does not leave."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    with serving(certificate, key) as server:
        with pytest.raises(ActionError, match="its certificate is not trusted: self-signed") as caught:
            web.send(post(server.url, token_file=token_file))
        assert not isinstance(caught.value, NotNowError)
        assert server.asked == []
