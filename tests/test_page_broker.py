"""The broker set from the page: a real page, real brokers with passwords, and the files that come of it."""

import json
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.page_server import PageServer, Unit
from tests.real_broker import Mosquitto, free_port, until

_COMMENTED = """# the broker is in the cellar
keepalive_s = 20  # it sleeps
"""


@pytest.fixture
def open_broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a broker that asks for nothing."""
    with Mosquitto(tmp_path) as broker:
        yield broker


@pytest.fixture
def closed_broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a broker that knows one user."""
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(passwords), "me", "right"], check=True)
    with Mosquitto(tmp_path, f"password_file {passwords}", "allow_anonymous false") as broker:
        yield broker


@pytest.fixture
def page(tmp_path: Path, open_broker: Mosquitto) -> Iterator[PageServer]:
    """Return a page that may write its configuration, as on a laptop."""
    with PageServer(tmp_path, open_broker.url, settings=_COMMENTED) as page:
        yield page.connected()


@pytest.fixture(scope="module")
def steady_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """Return a page for tests that change nothing."""
    with (
        Mosquitto(tmp_path_factory.mktemp("broker")) as broker,
        PageServer(tmp_path_factory.mktemp("page"), broker.url) as page,
    ):
        yield page.connected()


def _send(page: PageServer, method: str, path: str, body: object) -> tuple[int, dict[str, object]]:
    with page.client() as client:
        reply = client.request(method, path, json=body)
    return reply.status_code, reply.json()


def test_the_broker_is_told_without_its_password(tmp_path: Path, closed_broker: Mosquitto) -> None:
    """Neither the answer nor any header has it, wherever it is kept."""
    with PageServer(tmp_path, closed_broker.url.replace("//", "//me:right@")) as page, page.client() as client:
        page.connected()
        reply = client.get("/api/broker")
    told = reply.json()
    assert (told["url"], told["username"], told["password_set"]) == (closed_broker.url, "me", True)
    assert told["editable"]
    assert told["connected"]
    assert "right" not in reply.text.replace('"why_not"', "")


def test_a_test_says_what_the_doctor_says(page: PageServer, closed_broker: Mosquitto) -> None:
    """A wrong password is named with its cure; the right one is let in; nothing is written, and the password is nowhere."""
    before = page.file.read_text()
    status, told = _send(
        page, "POST", "/api/broker/test", {"url": closed_broker.url, "username": "me", "password": "wrong"}
    )
    assert (status, told["ok"]) == (200, False)
    finding = told["findings"][0]  # type: ignore[index]
    assert "does not let us in: check the user, the password" in finding["text"]
    assert finding["mend"].startswith("Check the user and the password")
    until(lambda: _slot(page, closed_broker.url)["ok"])
    assert page.file.read_text() == before
    assert "wrong" not in page.log


def _slot(page: PageServer, url: str) -> dict[str, object]:
    """Return the first test that is not one too soon after another."""
    answers: list[dict[str, object]] = []

    def allowed() -> bool:
        wish = {"url": url, "username": "me", "password": "right"}
        status, told = _send(page, "POST", "/api/broker/test", wish)
        answers.append(told)
        return status == 200

    until(allowed)
    return answers[-1]


def test_tests_come_one_after_the_other(page: PageServer, open_broker: Mosquitto) -> None:
    """A page is no tool to search a network with."""
    assert _send(page, "POST", "/api/broker/test", {"url": open_broker.url})[0] == 200
    status, told = _send(page, "POST", "/api/broker/test", {"url": open_broker.url})
    assert (status, "pause" in str(told["error"])) == (429, True)


@pytest.mark.parametrize(
    ("wish", "status", "words"),
    [
        ({"url": "http://192.168.1.1/"}, 422, "mqtt://host:1883"),
        ({"url": "embedded"}, 422, "mqtt://host:1883"),
        ({"url": "mqtt://me:secret@host"}, 422, "its own field"),
        ({"url": "mqtt://host:99999"}, 422, "port"),
        ({"url": "mqtt://host", "ca_pem": "no certificate"}, 422, "PEM"),
        ({"url": "mqtt://host", "ca_pem": "Käse"}, 422, "PEM"),
        ({"url": "mqtt://host\nx"}, 400, "expected here"),
        ({"url": "mqtt://host", "password": "two\nlines", "username": "me"}, 400, "expected here"),
        ({"url": "mqtt://host", "insecure": True}, 400, "expected here"),
        ({}, 400, "expected here"),
    ],
)
def test_what_is_no_broker_is_refused(
    steady_page: PageServer, wish: dict[str, object], status: int, words: str
) -> None:
    """With a sentence that says what to write, and without a change; a secret is not repeated."""
    before = steady_page.file.read_text()
    code, told = _send(steady_page, "PUT", "/api/broker", wish)
    assert (code, words in str(told["error"])) == (status, True), told
    assert "secret" not in str(told)
    assert steady_page.file.read_text() == before


def test_another_broker_is_saved_and_the_page_goes_over(page: PageServer, closed_broker: Mosquitto) -> None:
    """Comments stay, the password is in a file of its own that nobody else may read, and a unit there is heard."""
    status, told = _send(page, "PUT", "/api/broker", {"url": closed_broker.url, "username": "me", "password": "right"})
    assert status == 200, told
    assert (told["url"], told["username"], told["password_set"], told["restorable"]) == (
        *(closed_broker.url, "me", True, True),
    )
    text = page.file.read_text()
    assert "# the broker is in the cellar\nkeepalive_s = 20  # it sleeps" in text
    assert "right" not in text
    secret = page.folder / "mqtt_password"
    assert (secret.read_text(), stat.S_IMODE(secret.stat().st_mode)) == ("right\n", 0o600)
    with Unit(closed_broker.url.replace("//", "//me:right@"), "cellar"):
        until(lambda: "cellar" in page.get("/api/units")["units"])  # type: ignore[operator]


def test_the_broker_of_before_comes_back(page: PageServer, open_broker: Mosquitto, closed_broker: Mosquitto) -> None:
    """With one click, its password too; what was changed by hand since then stays; another click goes forth again."""
    assert (
        _send(page, "PUT", "/api/broker", {"url": closed_broker.url, "username": "me", "password": "right"})[0] == 200
    )
    dead = f"mqtt://127.0.0.1:{free_port()}"
    assert _send(page, "PUT", "/api/broker", {"url": dead})[0] == 200
    assert not (page.folder / "mqtt_password").exists()
    until(lambda: page.get("/api/broker")["trouble"])
    page.file.write_text(page.file.read_text() + '\n[device]\nid = "hall"  # by hand\n')
    status, told = _send(page, "POST", "/api/broker/restore", {})
    assert (status, told["url"], told["username"], told["password_set"]) == (200, closed_broker.url, "me", True)
    assert 'id = "hall"  # by hand' in page.file.read_text()
    until(lambda: page.get("/api/broker")["connected"])
    assert _send(page, "POST", "/api/broker/restore", {})[1]["url"] == dead


def test_a_stored_password_stays_with_its_broker(tmp_path: Path, closed_broker: Mosquitto) -> None:
    """Kept for the same address and user; for any other it must be typed, so that nobody has it sent to a machine of theirs."""
    with PageServer(tmp_path, closed_broker.url.replace("//", "//me:right@")) as page:
        page.connected()
        stranger = {"url": f"mqtt://localhost:{closed_broker.port}", "username": "me"}
        for method, path in (("PUT", "/api/broker"), ("POST", "/api/broker/test")):
            status, told = _send(page, method, path, stranger)
            assert (status, "type the one for this broker" in str(told["error"])) == (422, True), told
        other = {"url": closed_broker.url, "username": "me", "ca_pem": ""}
        assert _send(page, "PUT", "/api/broker", other)[0] == 422
        assert _send(page, "PUT", "/api/broker", {"url": closed_broker.url, "username": "me"})[0] == 200
        page.connected()
    assert "right" not in page.file.read_text()
    assert (tmp_path / "mqtt_password").read_text() == "right\n"


def test_what_stands_above_the_file_is_not_hidden(tmp_path: Path, open_broker: Mosquitto) -> None:
    """A broker from the command line would win over what is saved, so saving is refused and said why."""
    with PageServer(tmp_path, "mqtt://elsewhere", "--broker", open_broker.url) as page:
        told = page.connected().get("/api/broker")
        status, refusal = _send(page, "PUT", "/api/broker", {"url": open_broker.url})
    assert (told["editable"], "--broker" in str(told["why_not"])) == (False, True)
    assert (status, refusal["error"]) == (403, told["why_not"])


def test_a_configuration_that_was_broken_by_hand_is_named(page: PageServer) -> None:
    """The page goes on with the last good one, and writes nothing into what it does not understand."""
    page.file.write_text(page.file.read_text() + "broken = [")
    told = page.get("/api/broker")
    assert (told["editable"], "no TOML" in str(told["why_not"])) == (False, True)
    assert json.loads(json.dumps(told))["connected"]
