"""Who may see and change what: the token, sessions, other pages, other names, and the headers of every answer."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.routing import Mount, Route

from edgeholo.provision.token import Token
from edgeholo.web.app import ROUTES
from edgeholo.web.headers import SECURITY
from tests.page_bench import broker
from tests.page_server import PageServer, Stream
from tests.real_broker import Mosquitto, until

__all__ = ["broker"]

TOKEN = Token.new()
KEY = TOKEN.text or ""
OPEN = {"/", "/api/session"}
"""All that a stranger gets to see, with the files below /static."""


@pytest.fixture(scope="module")
def open_page(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """Return a page without a token, as on a laptop."""
    settings = '[web]\nnames = ["Page.Example"]\n'
    with PageServer(tmp_path_factory.mktemp("open"), broker.url, settings=settings) as page:
        yield page.connected()


@pytest.fixture
def page(broker: Mosquitto, tmp_path: Path) -> Iterator[PageServer]:
    """Return a page that asks for the token."""
    with shut(tmp_path, broker) as page:
        yield page


def shut(folder: Path, broker: Mosquitto, *arguments: str, settings: str = "") -> PageServer:
    """Return a page that asks for the token."""
    (folder / "token").write_text(f"{TOKEN.hashed}\n")
    return PageServer(folder, broker.url, *arguments, settings=f'[web]\ntoken_file = "{folder}/token"\n{settings}')


def sign_in(client: httpx.Client, token: str = KEY) -> httpx.Response:
    """Sign in."""
    return client.post("/api/session", json={"token": token})


def _addresses() -> list[tuple[str, str]]:
    """Return method and path of every route, with something in place of its parameters."""
    found = []
    for route in ROUTES:
        assert isinstance(route, Route | Mount)
        if isinstance(route, Route):
            path = re.sub(r"\{[^}]+\}", "hall", route.path)
            found += [(method, path) for method in sorted(route.methods or ()) if path not in OPEN]
    return found


def test_every_route_but_the_sign_in_is_guarded(page: PageServer) -> None:
    """With no token, a wrong one and a made-up session: nothing, whatever the method."""
    assert len(_addresses()) > 4
    for method, path in _addresses():
        for headers in ({}, {"Cookie": "edgeholo=guess"}, {"Authorization": "Basic Og=="}):
            answer = httpx.request(method, page.url + path, headers=headers)
            assert answer.status_code == 401, (method, path)
            assert method == "HEAD" or answer.json() == {"error": "Sign in with the page's token first."}


def test_no_path_leads_around_the_guard(page: PageServer) -> None:
    """Nor do its other spellings."""
    for path in (
        "/api/units/",
        "//api/units",
        "/API/units",
        "/static/../api/units",
        "/static/..%2fapi/units",
        "/api/session/../units",
        "/x",
    ):
        answer = httpx.get(page.url + path)
        assert "units" not in answer.text
        assert answer.status_code in {401, 404}, path


def test_static_files_are_those_of_the_page_alone(page: PageServer) -> None:
    """No file beside the folder."""
    for path in (
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/static/",
        "/static",
    ):
        assert httpx.get(page.url + path).status_code in {401, 404}, path


def test_the_page_itself_is_there_without_a_token(page: PageServer) -> None:
    """It holds no secret, and asks."""
    assert httpx.get(page.url + "/").status_code == 200
    assert httpx.get(page.url + "/static/app.js").status_code == 200
    assert page.get("/api/session") == {"token_needed": True, "signed_in": False}


def test_the_token_opens_the_page_until_somebody_signs_out(page: PageServer) -> None:
    """With a cookie that no script reads and no other page sends."""
    with page.client() as client:
        answer = sign_in(client)
        assert answer.status_code == 204
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "secure" not in cookie
        assert client.get("/api/units").status_code == 200
        assert client.get("/api/session").json() == {"token_needed": True, "signed_in": True}
        kept = dict(client.cookies)
        assert client.delete("/api/session").status_code == 204
        assert client.get("/api/units").status_code == 401
        assert httpx.get(page.url + "/api/units", cookies=kept).status_code == 401


def test_a_phones_keyboard_may_capitalise_the_token(page: PageServer) -> None:
    """And add a space."""
    with page.client() as client:
        assert sign_in(client, f" {KEY.upper()} ").status_code == 204


def test_a_program_brings_the_token_itself(page: PageServer) -> None:
    """Without a cookie, and from wherever."""
    headers = {"Authorization": f"Bearer {KEY}", "Origin": "http://elsewhere.example"}
    assert httpx.get(page.url + "/api/units", headers=headers).status_code == 200
    answer = httpx.post(page.url + "/api/units/hall/set/hold_s", headers=headers, json={"value": 1})
    assert answer.status_code == 404


def test_signing_out_ends_the_streams_too(page: PageServer) -> None:
    """Whoever takes the tablet away sees nothing more."""
    with page.client() as client:
        sign_in(client)
        stream = Stream(client)
        stream.wait("snapshot")
        client.delete("/api/session")
        until(stream.ended.is_set, patience_s=25)


def test_guessing_is_slowed_down(page: PageServer) -> None:
    """After five wrong ones even the right one has to wait, in a header and in words; sign-in and programs count together."""
    with page.client() as client:
        codes = [sign_in(client, f"guess{number}").status_code for number in range(3)]
        for number in range(2):
            headers = {"Authorization": f"Bearer guess{number}"}
            codes.append(httpx.get(page.url + "/api/units", headers=headers).status_code)
        assert codes == [401] * 5
        answer = sign_in(client)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= 15
        assert "try again in" in answer.json()["error"]
    assert httpx.get(page.url + "/api/units", headers={"Authorization": f"Bearer {KEY}"}).status_code == 429
    assert KEY not in page.log
    assert "a wrong token from 127.0.0.1" in page.log


@pytest.mark.parametrize("body", [{}, {"token": 1}, {"token": None}, [], "text"])
def test_a_sign_in_that_is_none_is_no_guess(page: PageServer, body: object) -> None:
    """A broken program is told what is wrong."""
    with page.client() as client:
        for _ in range(6):
            assert client.post("/api/session", json=body).status_code == 400
        assert sign_in(client).status_code == 204


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_page_can_change_nothing(open_page: PageServer, headers: dict[str, str]) -> None:
    """Neither with a session nor on a laptop, where there is none."""
    with open_page.client(headers=headers) as client:
        for method, path in (
            ("POST", "/api/units/hall/set/hold_s"),
            ("POST", "/api/session"),
            ("DELETE", "/api/session"),
        ):
            answer = client.request(method, path, json={"value": 1})
            assert answer.status_code == 403, path
            assert answer.json()["error"] == "This request comes from another page."


def test_another_page_opens_no_stream(open_page: PageServer) -> None:
    """It could not read it, but the unit would be watched."""
    answer = httpx.get(open_page.url + "/api/stream", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_our_own_page_may(open_page: PageServer) -> None:
    """As browsers say it, behind a proxy that ends TLS too."""
    host = open_page.url.removeprefix("http://")
    for origin in (f"http://{host}", f"https://{host}"):
        headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
        answer = httpx.post(open_page.url + "/api/units/hall/set/hold_s", headers=headers, json={"value": 1})
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost:8380", True),
        ("127.0.0.1", True),
        ("192.168.1.20:8380", True),
        ("[::1]:8380", True),
        ("[fe80::1]", True),
        ("page.example", True),
        ("PAGE.example.:80", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("page.example.evil", False),
        ("", False),
    ],
)
def test_the_page_answers_to_its_own_names_alone(open_page: PageServer, host: str, *, known: bool) -> None:
    """A name of the internet that points here (DNS rebinding) sees nothing, not even the empty page."""
    for path in ("/", "/api/units", "/static/app.js"):
        answer = httpx.get(open_page.url + path, headers={"Host": host})
        assert answer.status_code == (200 if known else 403), path
        assert known or "web.names" in answer.text


def test_a_page_without_a_token_is_not_let_out_by_a_proxy(open_page: PageServer) -> None:
    """Loopback is no protection when something on this machine passes the internet on."""
    for headers in ({"X-Forwarded-For": "8.8.8.8"}, {"Forwarded": "for=8.8.8.8"}):
        answer = httpx.get(open_page.url + "/api/units", headers=headers)
        assert answer.status_code == 403
        assert "--new-token" in answer.json()["error"]


def test_behind_a_proxy_each_guesser_is_counted_apart(page: PageServer) -> None:
    """The proxy on this machine says who it is; who guessed too often locks out nobody else."""
    with page.client() as client:
        for number in range(6):
            client.post("/api/session", json={"token": str(number)}, headers={"X-Forwarded-For": "192.168.1.66"})
        blocked = client.post("/api/session", json={"token": KEY}, headers={"X-Forwarded-For": "192.168.1.66"})
        assert blocked.status_code == 429
        answer = client.post(
            "/api/session",
            json={"token": KEY},
            headers={"X-Forwarded-For": "192.168.1.7", "X-Forwarded-Proto": "https"},
        )
        assert answer.status_code == 204
        assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/static/app.js", 200),
        ("GET", "/static/nothing.js", 404),
        ("GET", "/api/units", 200),
        ("GET", "/api/nothing", 404),
        ("PATCH", "/api/session", 405),
        ("OPTIONS", "/api/units", 405),
        ("TRACE", "/", 405),
        ("POST", "/api/session", 415),
        ("HEAD", "/api/stream", 200),
    ],
)
def test_every_answer_has_the_security_headers(open_page: PageServer, method: str, path: str, status: int) -> None:
    """Good ones, errors and files; nothing of the API is kept by anybody; the server does not say what it is."""
    answer = httpx.request(method, open_page.url + path)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
    assert answer.headers["cache-control"] == ("no-store" if path.startswith("/api/") else "no-cache")
    assert "server" not in answer.headers
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    if status >= 400 and method != "HEAD":
        assert answer.json()["error"].endswith(".")


def test_an_address_that_takes_other_methods_names_them_all(open_page: PageServer) -> None:
    """Though several routes share it."""
    answer = httpx.patch(open_page.url + "/api/session")
    assert answer.headers["allow"] == "DELETE, GET, HEAD, POST"


def test_no_secret_is_in_any_answer_or_log(tmp_path: Path, broker: Mosquitto) -> None:
    """The broker's URL is shown without its password, the token not even as its hash."""
    url = broker.url.replace("//", "//somebody:broker-secret@")
    with PageServer(tmp_path, url) as page:
        texts = [page.log]
        with page.client() as client:
            stream = Stream(client)
            texts.append(str(stream.wait("snapshot")))
            stream.close()
            texts += [
                client.get(path).text
                for method, path in [("GET", "/"), *_addresses()]
                if method == "GET" and "stream" not in path
            ]
    with shut(tmp_path, broker) as page, page.client() as client:
        sign_in(client)
        texts += [client.get("/api/units").text, client.get("/").text, page.log]
    secrets = ("broker-secret", KEY, TOKEN.hashed.removeprefix("sha256:"))
    assert [secret for secret in secrets for text in texts if secret in text and secret not in str(tmp_path)] == []
