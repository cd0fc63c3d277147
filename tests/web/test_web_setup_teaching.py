"""Somebody teaches a gesture in a browser, before a real daemon that sees a hand which shows it again and again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from edgeholo.perceive.recording import Recorder
from edgeholo.publish.subscriber import Subscriber
from edgeholo.types import Sight, Verdict
from tests.page_server import PageServer
from tests.real_broker import Mosquitto, options
from tests.taught_shows import frames, held, repeated, two_middle_fingers
from tests.test_daemon import House, Process, patterned
from tests.web.looking import Visitor

_LESSON_MS = 60_000


@pytest.fixture
def teacher(tmp_path: Path, start: Callable[[str], Process]) -> Process:
    """Return a daemon before which somebody shows an unusual hand again and again."""
    recording = tmp_path / "teacher.holo"
    with Recorder(recording, engine="none", source="none") as recorder:
        for frame in frames(repeated(lambda begin_s, seed: held(two_middle_fingers(), begin_s, seed=seed))):
            verdict = Verdict("ok", "", usable=True, changed=False)
            recorder.write(Sight(frame.timestamp_ns, frame.seq, frame.size, verdict, frame))
    return start(patterned(recording))


def _teach(page: Page) -> None:
    page.get_by_role("link", name="Teach").click()
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=_LESSON_MS)
    expect(page.get_by_text("Nothing was taught here yet")).to_be_visible()


def test_a_gesture_is_taught_fires_and_is_forgotten(page: Page, broker: Mosquitto, teacher: Process) -> None:
    """The lesson tells how it goes in large words and dots; what was learned counts; forgetting asks first."""
    _teach(page)
    page.get_by_label("Name").fill("Peace out!")
    expect(page.get_by_text("It will be called peace_out")).to_be_visible()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("img", name="1 of 3 shows of Peace out")).to_be_visible(timeout=_LESSON_MS)
    expect(page.get_by_text("Learned", exact=True)).to_be_visible(timeout=_LESSON_MS)
    expect(page.get_by_role("img", name="3 of 3 shows of Peace out")).to_be_visible()
    with Subscriber(options(broker.url), ["edgeholo/hall/#"]) as subscriber:
        House(subscriber).wait_for("event/gesture", event_type="peace_out", phase="start")
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Forget Peace out").click()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Forget Peace out").click()
    page.get_by_role("button", name="Forget it").click()
    expect(page.get_by_text("Nothing was taught here yet")).to_be_visible()
    assert teacher.process.poll() is None


def test_names_are_checked_as_the_unit_checks_them(page: Page, teacher: Process) -> None:
    """A name that is none, or taken, is told before anything is sent."""
    _teach(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Give it a name")).to_be_visible()
    page.get_by_label("Name").fill("3 fingers")
    expect(page.get_by_text("A name begins with a letter")).to_be_visible()
    page.get_by_label("Name").fill("Thumb up")
    expect(page.get_by_text("Thumb up is a gesture already")).to_be_visible()
    assert teacher.process.poll() is None


def test_a_lesson_is_cancelled_and_seen_by_who_comes_later(
    server: PageServer, visit: Callable[..., Visitor], page: Page, teacher: Process
) -> None:
    """It belongs to the unit: another browser sees it, and may end it."""
    _teach(page)
    page.get_by_label("Name").fill("horns")
    page.get_by_label("How often you show it").select_option("10")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    other = visit(server.url).page
    other.get_by_role("link", name="Teach").click()
    expect(other.get_by_role("img", name="of 10 shows of Horns")).to_be_visible()
    other.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled", exact=True)).to_be_visible()
    expect(page.get_by_text("Nothing was stored")).to_be_visible()
    assert teacher.process.poll() is None
