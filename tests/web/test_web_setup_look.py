"""The views that set something up, as people see and hear them: on a phone and on a desk, in light and in dark."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.page_server import PageServer
from tests.test_daemon import Process
from tests.web.looking import DESK, PHONE, Visitor, overflow, poor_contrast

_VIEWS = {
    "Picture": "You can also drop",
    "Teach": "Taught here",
    "Gestures": "A hand held in a shape",
    "Rules": "Write a rule",
    "Setup": "Forget all that was set",
}
"""With words that stand there when all of it has come."""
_NAMELESS = """() => [...document.querySelectorAll("main :is(input, select, textarea, button, canvas, summary, a)")]
  .filter((each) => each.checkVisibility() && each.type !== "file")
  .filter((each) => !(each.labels?.length || each.ariaLabel || each.innerText?.trim()))
  .map((each) => each.outerHTML.slice(0, 120))"""
"""Controls that a screen reader has no name for."""
_SMALL = """() => [...document.querySelectorAll("main :is(button, select, summary, input:not([type=checkbox]))")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 36)
  .map((each) => each.outerHTML.slice(0, 120))"""
"""Controls that a thumb does not hit."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "name"), [(PHONE, "phone"), (DESK, "desk")])
def test_every_view_fits_can_be_read_and_has_names_for_its_controls(
    server: PageServer,
    visit: Callable[..., Visitor],
    daemon: Process,
    screenshots: Path,
    size: dict[str, Any],
    name: str,
    scheme: str,
) -> None:
    """Nothing is cut off, nothing is too faint, everything can be reached by thumb and by ear; the pictures are there to be looked at."""
    page = visit(server.url, **size, color_scheme=scheme).page
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=30_000)
    for view, words in _VIEWS.items():
        page.get_by_role("link", name=view).click()
        expect(page.get_by_text(words).first).to_be_visible()
        for group in page.locator("main details.group > summary").all()[:1]:
            group.click()
        page.screenshot(path=screenshots / f"{view.lower()}-{name}-{scheme}.png", full_page=True)
        assert overflow(page) <= 0, view
        assert poor_contrast(page) == [], view
        assert page.evaluate(_NAMELESS) == [], view
        assert page.evaluate(_SMALL) == [], view
    assert daemon.process.poll() is None


def test_all_of_gestures_can_be_done_with_the_keyboard(
    server: PageServer, visit: Callable[..., Visitor], daemon: Process
) -> None:
    """Tab reaches the profile, the groups, the sliders and the zone, and always shows where it is."""
    page = visit(server.url, **DESK).page
    page.get_by_role("link", name="Gestures").click()
    expect(page.get_by_role("slider", name="Hold")).to_be_enabled(timeout=30_000)
    page.locator("main").focus()
    reached = set()
    while "Draw a zone" not in reached:
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", name
        reached.add(name)
    assert {"Profile", "Start", "Hold", "Wake gesture first"} <= {str(each).split("\n")[0] for each in reached}
    assert daemon.process.poll() is None
