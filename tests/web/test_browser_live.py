"""Somebody opens the page while somebody else stands before the camera."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from edgeholo.publish.subscriber import Subscriber
from tests.page_server import PageServer
from tests.real_broker import Mosquitto, options, until
from tests.test_daemon import House, Process
from tests.web.looking import PATIENCE_MS, Visitor, hide, seen

_LATEST_S = 1.0
"""The promise: words stand on the page within a second of the event."""


def _pixels(page: Page) -> str:
    """Return the skeletons' canvas as a picture, as text."""
    picture: str = page.evaluate("document.getElementById('stage').toDataURL()")
    return picture


def test_the_skeleton_moves(page: Page, daemon: Process) -> None:
    """Frame after frame is drawn, in order, and the pictures differ."""
    expect(page.get_by_role("img", name="one person")).to_be_visible(timeout=PATIENCE_MS)
    pictures = {_pixels(page)}
    until(lambda: pictures.add(_pixels(page)) or len(pictures) > 10)  # type: ignore[func-returns-value]
    frames = seen(page)["frames"]
    assert len(set(frames)) > 10
    assert frames == sorted(frames)
    assert daemon.process.poll() is None


def test_the_first_skeleton_is_there_within_a_second(
    server: PageServer, visit: Callable[..., Visitor], daemon: Process, record_property: Callable[[str, object], None]
) -> None:
    """From asking for the page to the first skeleton on it, while a unit runs; the best of three, for the machine is shared."""
    with visit(server.url) as first:
        expect(first.page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    took_s = []
    for _ in range(3):
        with visit(server.url) as visitor:
            until(lambda visitor=visitor: seen(visitor.page)["skeleton"])  # type: ignore[misc]
            took_s.append(seen(visitor.page)["skeleton"] / 1000)
    record_property("first_skeleton_s", took_s)
    print("first skeleton after", *(f"{each:.2f} s" for each in took_s))  # noqa: T201 - the figure is wanted
    assert min(took_s) < 1.0
    assert daemon.process.poll() is None


def test_a_thumb_is_told_within_a_second_of_its_event(
    page: Page,
    broker: Mosquitto,
    start: Callable[[str], Process],
    demo_clip: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """The real clip, the real engine: what the man shows stands there in words as soon as a subscriber hears of it."""
    with Subscriber(options(broker.url), ["edgeholo/hall/#"]) as subscriber:
        house = House(subscriber)
        daemon = start(f'camera.source = "{demo_clip}"')
        house.wait_for("event/gesture", event_type="thumb_up", phase="start")
        heard_s = time.time()
        until(lambda: "Thumb up" in seen(page)["words"])
    told_s = seen(page)["words"]["Thumb up"]
    record_property("told_after_s", told_s - heard_s)
    print(f"told {told_s - heard_s:+.3f} s after a subscriber heard it")  # noqa: T201 - the figure is wanted
    assert told_s - heard_s < _LATEST_S
    daemon.ended()
    expect(page.locator("#trouble")).to_contain_text("hall was stopped")
    page.get_by_role("link", name="Events").click()
    expect(page.get_by_text("Thumb up began")).to_have_count(2)
    expect(page.get_by_text("Victory began")).to_have_count(2)


def test_a_hidden_tab_costs_the_unit_nothing(page: Page, broker: Mosquitto, daemon: Process) -> None:
    """Its stream is closed, the unit's lease ends, and nothing is drawn until somebody looks again."""
    with Subscriber(options(broker.url), ["edgeholo/hall/set/watch"]) as subscriber:
        until(lambda: seen(page)["frames"], 30)
        hide(page, hidden=True)
        until(lambda: b'"seconds":0' in (_next(subscriber)))
        page.evaluate("window.seen.frames = []")
        page.wait_for_timeout(500)
        assert seen(page)["frames"] == []
        hide(page, hidden=False)
        until(lambda: seen(page)["frames"])
    assert daemon.process.poll() is None


def _next(subscriber: Subscriber) -> bytes:
    message = subscriber.next(10)
    assert message, "nobody ended the lease"
    return message.payload


@pytest.mark.parametrize("mirrored", [True, False])
def test_left_is_left_as_in_a_mirror(page: Page, daemon: Process, mirrored: bool) -> None:
    """The man's left hand, orange, is on the left; the button turns that round, and the browser remembers it."""
    page.get_by_role("button", name="Mirror").wait_for()
    if not mirrored:
        page.get_by_role("button", name="Mirror").click()
        page.reload()
    expect(page.get_by_role("button", name="Mirror")).to_have_attribute("aria-pressed", str(mirrored).lower())
    until(lambda: len(seen(page)["frames"]) > 3, 30)
    left, right = page.evaluate(
        """() => {
          const canvas = document.getElementById("stage");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const count = [0, 0];
          for (let n = 0; n < data.length; n += 4) {
            if (data[n] === 230 && data[n + 1] === 159 && data[n + 2] === 0) count[(n / 4) % canvas.width < canvas.width / 2 ? 0 : 1]++;
          }
          return count;
        }"""
    )
    assert (left > right) is mirrored
    assert daemon.process.poll() is None
