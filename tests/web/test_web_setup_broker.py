"""Somebody sets the broker in a browser: tests it first, and goes over to it."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.page_server import PageServer, Unit
from tests.real_broker import Mosquitto, free_port
from tests.web.looking import PATIENCE_MS, Visitor

_TEST_MS = 40_000
"""A test waits for an answer that may never come."""


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return another broker, which knows one user."""
    folder = tmp_path / "guarded"
    folder.mkdir()
    passwords = folder / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(passwords), "me", "right"], check=True)
    with Mosquitto(folder, f"password_file {passwords}", "allow_anonymous false") as broker:
        yield broker


@pytest.fixture
def setup(server: PageServer, visit: Callable[..., Visitor]) -> Page:
    """Return the page at its view of setup."""
    visitor = visit(server.url)
    visitor.expected = ["422"]
    visitor.page.get_by_role("link", name="Setup").click()
    expect(visitor.page.get_by_label("Address")).not_to_have_value("", timeout=PATIENCE_MS)
    return visitor.page


def _fill(page: Page, url: str, user: str, password: str) -> None:
    page.get_by_label("Address").fill(url)
    page.get_by_label("User").fill(user)
    page.get_by_label("Password", exact=True).fill(password)


def test_a_wrong_password_is_told_by_the_test(setup: Page, server: PageServer, guarded: Mosquitto) -> None:
    """In plain words, with what would mend it, and nothing is written; with the right one all is well."""
    before = server.file.read_text(encoding="utf-8")
    _fill(setup, guarded.url, "me", "wrong")
    setup.get_by_role("button", name="Test").click()
    expect(setup.locator(".finding.bad")).to_contain_text("password", timeout=_TEST_MS)
    setup.get_by_label("Password", exact=True).fill("right")
    expect(setup.locator(".finding")).to_have_count(0)
    setup.wait_for_timeout(2000)  # the server wants a pause between two tests
    setup.get_by_role("button", name="Test").click()
    expect(setup.locator(".finding.ok").first).to_be_visible(timeout=_TEST_MS)
    assert server.file.read_text(encoding="utf-8") == before


def test_another_broker_is_saved_and_the_page_goes_over(
    setup: Page, server: PageServer, broker: Mosquitto, guarded: Mosquitto
) -> None:
    """It is tested first; the password is in no page and not in the configuration; there is a way back."""
    _fill(setup, guarded.url.removeprefix("mqtt://"), "me", "right")
    setup.get_by_role("button", name="Save").click()
    expect(setup.get_by_text(f"This page is connected to mqtt://127.0.0.1:{guarded.port}")).to_be_visible(
        timeout=_TEST_MS
    )
    assert "right" not in server.file.read_text(encoding="utf-8")
    setup.reload()
    expect(setup.get_by_label("Address")).to_have_value(guarded.url, timeout=PATIENCE_MS)
    expect(setup.get_by_text("Empty: the one that is stored stays.")).to_be_visible()
    assert "right" not in setup.content()
    with Unit(broker.url) as unit:
        unit.say("availability", b"online", retain=True)
        setup.get_by_role("button", name="Back to the broker before").click()
        setup.get_by_role("button", name="Go back").click()
        expect(setup.get_by_text("The unit is heard on this broker")).to_be_visible(timeout=_TEST_MS)
    expect(setup.get_by_label("Address")).to_have_value(broker.url)


def test_a_broker_that_does_not_answer_is_asked_about_before_it_is_saved(setup: Page, server: PageServer) -> None:
    """Whoever mistypes an address is not cut off by it."""
    before = server.file.read_text(encoding="utf-8")
    _fill(setup, f"mqtt://127.0.0.1:{free_port()}", "", "")
    setup.get_by_role("button", name="Save").click()
    expect(setup.get_by_role("dialog")).to_contain_text("Save it all the same?", timeout=_TEST_MS)
    setup.get_by_role("button", name="Do not save").click()
    expect(setup.locator(".finding.bad")).to_be_visible()
    assert server.file.read_text(encoding="utf-8") == before


def test_what_is_no_address_is_said_beside_it(setup: Page) -> None:
    """The server's sentence, or the form's."""
    _fill(setup, "", "", "")
    setup.get_by_role("button", name="Test").click()
    expect(setup.get_by_text("Write where the broker is")).to_be_visible()
    _fill(setup, "mqtt://host:port", "", "")
    setup.get_by_role("button", name="Test").click()
    expect(setup.locator(".outcome[data-tone=bad]")).not_to_be_empty()
