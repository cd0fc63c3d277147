"""The page for a thumb, a desk, a keyboard, a screen reader, and tired eyes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.page_server import PageServer
from tests.real_broker import until
from tests.test_daemon import Process
from tests.web.looking import DESK, PHONE, Visitor, overflow, poor_contrast, seen

LIVE = ("now", "events")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("phone", PHONE), ("desk", DESK)])
def test_the_live_views_fit_and_can_be_read(
    server: PageServer,
    visit: Callable[..., Visitor],
    daemon: Process,
    screenshots: Path,
    name: str,
    size: dict[str, object],
    scheme: str,
) -> None:
    """Nothing is wider than the window, every text stands out by 4.5 to 1; pictures are kept to be looked at."""
    page = visit(server.url, **size, color_scheme=scheme).page
    until(lambda: {"Victory", "Thumb up"} & seen(page)["words"].keys(), 30)
    for view in LIVE:
        page.get_by_role("navigation").get_by_role("link", name=view).click()
        expect(page).to_have_title(re.compile(view, re.IGNORECASE))
        page.wait_for_timeout(1000)
        page.screenshot(path=screenshots / f"{view}-{name}-{scheme}.png")
        assert overflow(page) <= 0
        assert poor_contrast(page) == []
    assert daemon.process.poll() is None


def test_what_is_seen_fills_the_screen(page: Page, daemon: Process, screenshots: Path) -> None:
    """For two metres: the words are large, nothing else can be reached, and Escape leaves."""
    until(lambda: {"Victory", "Thumb up"} & seen(page)["words"].keys(), 30)
    size = "parseFloat(getComputedStyle(document.querySelector('.headline')).fontSize)"
    small = page.evaluate(size)
    page.get_by_role("button", name="Large").click()
    expect(page.get_by_role("button", name="Small")).to_be_visible()
    until(lambda: page.locator(".headline").inner_text() in ("Victory", "Thumb up"))
    assert page.evaluate(size) > 1.2 * small
    page.wait_for_timeout(300)
    page.screenshot(path=screenshots / "large-phone.png")
    assert overflow(page) <= 0
    assert poor_contrast(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Large")).to_be_focused()
    assert daemon.process.poll() is None


def test_the_keyboard_reaches_everything_in_order(page: Page) -> None:
    """From the skip link over the views to the buttons; where the focus is can be seen."""
    expect(page.get_by_role("button", name="Large")).to_be_visible()
    names = []
    for _ in range(10):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "[document.activeElement.textContent.trim(), parseFloat(getComputedStyle(document.activeElement).outlineWidth)]"
        )
        names.append(name)
        assert outline >= 2, name
    views = ["Now", "Events", "Picture", "Teach", "Gestures", "Rules", "Setup"]
    assert names == ["Skip to the content", *views, "Mirror", "Large"]
    page.get_by_role("link", name="Events").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    expect(page.get_by_role("main")).to_be_focused()
    expect(page.get_by_role("link", name="Events")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Now").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Large").press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Large")).to_be_focused()


def test_a_screen_reader_finds_its_way(page: Page, daemon: Process) -> None:
    """Landmarks and headings have names, the canvas says in words what it shows, and gestures are spoken."""
    expect(page.get_by_role("img", name="one person with body")).to_be_visible(timeout=30_000)
    tree = page.locator("body").aria_snapshot()
    for piece in (
        "banner",
        'navigation "Views"',
        "main",
        "contentinfo",
        'heading "Now" [level=1]',
        'heading "What I see now" [level=2]',
    ):
        assert piece in tree, tree
    spoken = page.locator("[aria-live=polite]")
    until(lambda: re.fullmatch(r"(Victory|Thumb up), left hand(, held)?", spoken.inner_text()), 30)
    page.get_by_role("link", name="Events").click()
    expect(
        page.get_by_role("img", name=re.compile("Gestures of the last minute: (Victory|Thumb up), left hand"))
    ).to_be_visible()
    assert daemon.process.poll() is None


def test_whoever_wants_calm_gets_it(server: PageServer, visit: Callable[..., Visitor], daemon: Process) -> None:
    """With prefers-reduced-motion nothing glides; the skeleton still follows, for that is what one came to see."""
    page = visit(server.url, reduced_motion="reduce").page
    until(lambda: len(seen(page)["frames"]) > 3, 30)
    durations = page.evaluate(
        "[...document.querySelectorAll('*')].map((each) => parseFloat(getComputedStyle(each).transitionDuration))"
    )
    assert max(durations) == 0
    assert daemon.process.poll() is None
