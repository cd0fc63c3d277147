"""The page's frame: the token, the broker that goes and comes, units that are away, and several of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.page_server import PageServer, Unit
from tests.real_broker import Mosquitto, until
from tests.test_daemon import Process
from tests.web.looking import Visitor, seen


@pytest.fixture
def locked(tmp_path: Path, broker: Mosquitto) -> Iterator[tuple[PageServer, str]]:
    """Return `edgeholo web` that asks for a token, and the token."""
    folder = tmp_path / "locked"
    folder.mkdir()
    server = PageServer(folder, broker.url, settings=f'[web]\ntoken_file = "{folder / "token"}"\n')
    token = server.run("--new-token").stdout.split()[-1]
    with server:
        yield server, token


def _sign_in(page: Page, token: str) -> None:
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Sign in", exact=True).last.click()


def test_a_wrong_token_sees_nothing(
    locked: tuple[PageServer, str], visit: Callable[..., Visitor], daemon: Process
) -> None:
    """No name, no skeleton, no word; too many wrong ones wait; the right one opens, and signing out closes again."""
    server, token = locked
    visitor = visit(server.url)
    visitor.expected = ["401", "429"]
    page = visitor.page
    expect(page.get_by_role("dialog", name="Sign in")).to_be_visible()
    _sign_in(page, "not-the-token")
    expect(page.get_by_role("alert")).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(page.locator("#trouble")).to_contain_text("Sign in to see the room")
    assert "hall" not in page.content()
    assert seen(page)["frames"] == []
    page.get_by_role("button", name="Sign in", exact=True).first.click()
    _sign_in(page, token)
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=30_000)
    until(lambda: seen(page)["frames"])
    page.reload()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("dialog", name="Sign in")).to_be_visible()
    assert "hall" not in page.content()
    assert daemon.process.poll() is None


def test_too_many_wrong_tokens_are_told_to_wait(locked: tuple[PageServer, str], visit: Callable[..., Visitor]) -> None:
    """Somebody who guesses is told so, in the dialog."""
    visitor = visit(locked[0].url)
    visitor.expected = ["401", "429"]
    said = set()
    for attempt in range(12):
        _sign_in(visitor.page, f"guess-{attempt}")
        expect(visitor.page.get_by_role("button", name="Sign in", exact=True).last).to_be_enabled()
        said.add(visitor.page.get_by_role("alert").inner_text())
    assert len(said) > 1, said


def test_a_broker_that_comes_back_brings_the_skeletons_back(page: Page, broker: Mosquitto, daemon: Process) -> None:
    """Meanwhile the page says what is wrong; nobody touches anything."""
    until(lambda: seen(page)["frames"], 30)
    broker.kill()
    expect(page.locator("#trouble")).to_contain_text("The MQTT broker cannot be reached")
    expect(page.get_by_role("button", name="Open setup")).to_be_visible()
    page.evaluate("window.seen.frames = []")
    broker.start()
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=30_000)
    until(lambda: seen(page)["frames"], 30)
    expect(page.locator("#trouble")).to_be_empty()
    assert daemon.process.poll() is None


def test_a_server_that_comes_back_is_found_again(
    broker: Mosquitto, server: PageServer, visit: Callable[..., Visitor]
) -> None:
    """The page says so, tries again, and is back by itself when the server is."""
    visitor = visit(server.url)
    visitor.expected = ["net::ERR_"]  # what the browser's log says of a server that is away
    trouble = visitor.page.locator("#trouble")
    expect(trouble).to_contain_text("No unit has been heard yet")
    server.terminate()
    expect(trouble).to_contain_text("The connection to the page's server is lost")
    with PageServer(server.folder, broker.url, "--port", str(server.port)):
        expect(trouble).to_contain_text("No unit has been heard yet", timeout=30_000)


def test_units_are_chosen_and_their_absence_is_told(page: Page, broker: Mosquitto) -> None:
    """One is a name, two are a choice that the browser remembers; what is offline or stopped says what to do."""
    with Unit(broker.url, "attic") as attic:
        expect(page.locator("#unit")).to_have_text("attic")
        with Unit(broker.url, "cellar") as cellar:
            page.get_by_label("Unit", exact=True).select_option("cellar")
            cellar.say("state/camera", {"state": "closed", "source": "picamera:0", "detail": ""}, retain=True)
            expect(page.get_by_text("The camera is closed")).to_be_visible()
            page.reload()
            expect(page.get_by_label("Unit", exact=True)).to_have_value("cellar")
            page.get_by_role("button", name="Open the camera").click()
            until(lambda: ("privacy", b"false") in cellar.told)
            cellar.say("state/camera", {"state": "running", "source": "picamera:0", "detail": ""}, retain=True)
            cellar.say("state/quality", {"state": "dark", "hint": "too dark: turn a light on"}, retain=True)
            expect(page.get_by_text("Too dark", exact=True)).to_be_visible()
            expect(page.get_by_text("Turn a light on.")).to_be_visible()
            cellar.say("state/quality", {"state": "ok", "hint": ""}, retain=True)
            expect(page.get_by_text("Nobody in sight")).to_be_visible()
            cellar.say("availability", b"offline", retain=True)
            expect(page.locator("#trouble")).to_contain_text("cellar is not there")
        expect(page.locator("#trouble")).to_contain_text("cellar was stopped")
        page.get_by_label("Unit", exact=True).select_option("attic")
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        attic.say("availability", b"offline", retain=True)
        expect(page.locator("#trouble")).to_contain_text("attic is not there")
