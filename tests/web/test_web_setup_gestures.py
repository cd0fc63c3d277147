"""Somebody sets gestures up in a browser: what they switch, draw and move is what the real daemon does from then on."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.commanding import Phone
from tests.page_server import PageServer
from tests.real_broker import until
from tests.test_control import phone
from tests.test_daemon import Process
from tests.web.looking import DESK, Visitor

__all__ = ["phone"]

WHOLE = [0.0, 0.0, 1.0, 1.0]


@pytest.fixture
def gestures(page: Page, daemon: Process) -> Page:
    """Return the page at its view of gestures, with a unit that is online."""
    assert daemon.process.poll() is None
    page.get_by_role("link", name="Gestures").click()
    expect(page.get_by_role("slider", name="Hold")).to_be_enabled(timeout=30_000)
    return page


def _config(server: PageServer) -> dict[str, Any]:
    units: Any = server.get("/api/units")["units"]
    config: dict[str, Any] = units["hall"]["config"]
    return config


def _counting(server: PageServer) -> list[str]:
    units: Any = server.get("/api/units")["units"]
    names: list[str] = units["hall"]["info"]["gestures"]
    return names


def _over(page: Page) -> Locator:
    page.get_by_role("button", name="Draw a zone").click()
    return page.get_by_role("application", name="Zone in which gestures count")


def _drag(page: Page, canvas: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=5)
    page.mouse.up()


def test_switches_reach_the_unit_and_none_is_lost(gestures: Page, server: PageServer) -> None:
    """Two switched quickly one after the other are both off; the profile brings them back."""
    gestures.get_by_text("A hand held in a shape").click()
    for name in ("Victory", "Rock"):
        gestures.get_by_role("switch", name=name).click()
    until(lambda: not {"victory", "rock"} & set(_counting(server)))
    assert "thumb_up" in _config(server)["gestures"]
    expect(gestures.get_by_role("switch", name="Victory")).not_to_be_checked()
    expect(gestures.get_by_text("Your own choice of 27 gestures counts")).to_be_visible()
    gestures.get_by_role("button", name="Back to Everyday").click()
    until(lambda: {"victory", "rock"} <= set(_counting(server)))
    expect(gestures.get_by_role("switch", name="Victory")).to_be_checked()


def test_another_profile_takes_the_place_of_the_own_choice(gestures: Page, server: PageServer) -> None:
    """Whoever chooses a profile means all of it."""
    gestures.get_by_text("A hand held in a shape").click()
    gestures.get_by_role("switch", name="Victory").click()
    until(lambda: "victory" not in _counting(server))
    gestures.get_by_label("Profile").select_option("all")
    until(lambda: "clap" in _counting(server) and "victory" in _counting(server))
    assert _config(server)["gestures"] == []


def test_a_slider_is_sent_when_it_is_let_go_and_shown_as_kept(gestures: Page, server: PageServer) -> None:
    """The number beside it does the same, and says what it does not take."""
    hold = gestures.get_by_role("slider", name="Hold")
    hold.focus()
    hold.press("ArrowRight")
    until(lambda: _config(server)["hold_s"] == pytest.approx(1.1))
    expect(gestures.get_by_text("Kept")).to_be_visible()
    start = gestures.get_by_label("Start, s")
    start.fill("0.4")
    start.press("Tab")
    until(lambda: _config(server)["onset_s"] == pytest.approx(0.4))
    start.fill("99999")
    start.press("Tab")
    expect(gestures.get_by_text("Write a number from 0 to 3600")).to_be_visible()
    assert _config(server)["onset_s"] == pytest.approx(0.4)


def test_what_somebody_else_changes_is_shown(gestures: Page, phone: Phone) -> None:
    """Controls follow the unit, whoever has told it."""
    phone.set("hold_s", "2.5")
    expect(gestures.get_by_label("Hold, s")).to_have_value("2.5")
    phone.set("arming", "on")
    expect(gestures.get_by_role("switch", name="Wake gesture first")).to_be_checked()


def test_one_gesture_has_times_of_its_own(gestures: Page, server: PageServer, phone: Phone) -> None:
    """And those of another one, which came from elsewhere, stay."""
    phone.set("each", '{"rock": {"hold_s": 3.0}}')
    gestures.get_by_text("A hand held in a shape").click()
    row = gestures.locator(".gesture", has=gestures.get_by_role("switch", name="Victory"))
    row.get_by_text("Times of its own").click()
    hold = row.get_by_label("Hold, s")
    hold.fill("2")
    hold.press("Tab")
    until(lambda: _config(server)["each"].get("victory") == {"hold_s": 2.0})
    assert _config(server)["each"]["rock"] == {"hold_s": 3.0}
    row.get_by_role("button", name="As all the others").click()
    until(lambda: list(_config(server)["each"]) == ["rock"])


def test_a_zone_is_drawn_moved_and_given_up(gestures: Page, server: PageServer) -> None:
    """It is seen as in a mirror, so what is drawn at the left is at the picture's right; arrow keys move it on."""
    canvas = _over(gestures)
    _drag(gestures, canvas, (0.1, 0.2), (0.5, 0.8))
    until(lambda: _config(server)["zone"] != WHOLE)
    assert _config(server)["zone"] == pytest.approx([0.5, 0.2, 0.4, 0.6], abs=0.02)
    left = _config(server)["zone"][0]
    canvas.press("ArrowRight")
    until(lambda: _config(server)["zone"][0] == pytest.approx(left - 0.02))
    width = _config(server)["zone"][2]
    canvas.press("Shift+ArrowRight")
    until(lambda: _config(server)["zone"][2] == pytest.approx(width + 0.02))
    gestures.get_by_role("button", name="Whole picture").click()
    until(lambda: _config(server)["zone"] == WHOLE)


def test_a_zone_is_drawn_with_a_finger(gestures: Page, server: PageServer) -> None:
    """A finger draws where it goes, and the page does not scroll away under it."""
    canvas = _over(gestures)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    session = gestures.context.new_cdp_session(gestures)
    path = [(0.2, 0.2), (0.4, 0.4), (0.6, 0.6), (0.8, 0.8)]
    for number, (x, y) in enumerate(path):
        point = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
        session.send(
            "Input.dispatchTouchEvent", {"type": "touchMove" if number else "touchStart", "touchPoints": [point]}
        )
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    until(lambda: _config(server)["zone"] != WHOLE)
    assert _config(server)["zone"] == pytest.approx([0.2, 0.2, 0.6, 0.6], abs=0.02)


def test_a_finger_that_scrolls_past_draws_nothing(gestures: Page, server: PageServer) -> None:
    """Only who asked to draw does."""
    canvas = gestures.locator(".over")
    _drag(gestures, canvas, (0.2, 0.2), (0.8, 0.8))
    expect(gestures.get_by_text("The whole picture counts")).to_be_visible()
    assert _config(server)["zone"] == WHOLE


def test_what_the_unit_refuses_is_said_beside_the_control_and_put_back(
    server: PageServer, visit: Callable[..., Visitor], daemon: Process
) -> None:
    """The last gesture cannot be switched off; the unit's own refusals are shown as it says them."""
    visitor = visit(server.url, **DESK)
    visitor.expected = ["409"]
    page = visitor.page
    page.get_by_role("link", name="Setup").click()
    look = page.get_by_role("button", name="Look for a new version")
    expect(look).to_be_enabled(timeout=30_000)
    look.click()
    expect(page.get_by_text("only a unit installed by provisioning/install.sh")).to_be_visible()
    page.get_by_role("switch", name="Camera closed").click()
    until(lambda: _config(server)["privacy"] is True)
    expect(page.get_by_text("It is closed")).to_be_visible()
    page.get_by_role("link", name="Teach").click()
    page.get_by_label("Name").fill("horns")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("the camera is closed for privacy")).to_be_visible()
    assert daemon.process.poll() is None
