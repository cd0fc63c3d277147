"""Somebody writes a rule in a browser; a real daemon carries it out, and a real subscriber hears it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from edgeholo.publish.client import Received
from edgeholo.publish.subscriber import Subscriber
from edgeholo.types import Message, MessageKind
from tests.page_server import PageServer, Unit
from tests.real_broker import Mosquitto, options, until
from tests.test_daemon import Process, patterned
from tests.web.looking import PATIENCE_MS, Visitor

_RULES = """# Written by hand.
[[rule]]
name = "Log"
when = { gesture = "rock" }
then = { mqtt = "house/log", payload = "rock" }
"""
_LAMP = {
    "friendly_name": "living_lamp",
    "definition": {"exposes": [{"type": "light", "features": [{"name": "state"}, {"name": "brightness"}]}]},
}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Return the file of rules that page and daemon share."""
    file = tmp_path / "rules.toml"
    file.write_text(_RULES, encoding="utf-8")
    return file


@pytest.fixture
def own(tmp_path: Path, broker: Mosquitto, rules: Path) -> Iterator[PageServer]:
    """Return the page on the unit's own machine."""
    folder = tmp_path / "own"
    folder.mkdir()
    with PageServer(folder, broker.url, settings=f'[device]\nid = "hall"\n[rules]\nfile = "{rules}"\n') as server:
        yield server.connected()


@pytest.fixture
def lamp(broker: Mosquitto) -> Iterator[Subscriber]:
    """Return who hears what a lamp is told; the lamp introduces itself on the broker."""
    with Unit(broker.url, "other") as voice, Subscriber(options(broker.url), ["zigbee2mqtt/living_lamp/set"]) as lamp:
        devices = json.dumps([_LAMP]).encode()
        voice.send(Message("zigbee2mqtt/bridge/devices", devices, MessageKind.EVENT, qos=1, retain=True))
        yield lamp


@pytest.fixture
def page(
    own: PageServer, visit: Callable[..., Visitor], rules: Path, recording: Path, start: Callable[[str], Process]
) -> Page:
    """Return the page at its view of rules; the unit sees victory, thumb up, victory, thumb up."""
    start(patterned(recording, f'rules.file = "{rules}"'))
    visitor = visit(own.url)
    visitor.expected = ["409", "422"]
    visitor.page.get_by_role("link", name="Rules").click()
    expect(visitor.page.get_by_role("region", name="Log")).to_be_visible(timeout=PATIENCE_MS)
    expect(visitor.page.get_by_text("Live", exact=True)).to_be_visible(timeout=30_000)
    return visitor.page


def _write(page: Page, name: str, gesture: str) -> None:
    page.get_by_role("button", name="Write a rule").click()
    page.get_by_label("Name", exact=True).first.fill(name)
    page.get_by_label("Gesture", exact=True).select_option(gesture)


def _heard(lamp: Subscriber) -> Received:
    message = lamp.next(30.0)
    assert message, "the lamp was told nothing"
    return message


def test_a_rule_from_drop_downs_is_tried_saved_and_fires(page: Page, lamp: Subscriber, rules: Path) -> None:
    """The device seen on the broker is among the choices; the trial tells what would have been sent, and sends nothing."""
    with_events = page.get_by_role("link", name="Events")
    with_events.click()
    expect(page.get_by_text("Thumb up").first).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Rules").click()
    _write(page, "Thumb: lamp", "thumb_up")
    page.get_by_label("Device").select_option(label="living_lamp")
    page.get_by_label("State").select_option("on")
    page.get_by_role("spinbutton", name="Brightness", exact=True).fill("200")
    expect(page.get_by_label("The rule as it is written")).to_contain_text('zigbee2mqtt = "living_lamp"')
    page.get_by_role("button", name="Try on the last minute").click()
    expect(page.get_by_text("It would have fired").first).to_be_visible()
    expect(page.get_by_text("zigbee2mqtt/living_lamp/set").first).to_contain_text('"brightness":200')
    assert lamp.next(0) is None
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Thumb: lamp")).to_be_visible()
    assert json.loads(_heard(lamp).payload) == {"state": "ON", "brightness": 200}
    assert rules.read_text(encoding="utf-8").startswith("# Written by hand.")


def test_a_rule_is_changed_switched_off_and_deleted(page: Page, rules: Path) -> None:
    """The form shows what the file says; all else in the file stays as it was."""
    page.get_by_role("button", name="Change Log").click()
    expect(page.get_by_label("Gesture", exact=True)).to_have_value("rock")
    expect(page.get_by_label("Topic")).to_have_value("house/log")
    page.get_by_label("Moment").select_option("held")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("held for 2 s")).to_be_visible()
    assert "hold_s = 2" in rules.read_text(encoding="utf-8")
    page.get_by_role("button", name="Switch Log off").click()
    expect(page.get_by_text("Off", exact=True)).to_be_visible()
    assert "enabled = false" in rules.read_text(encoding="utf-8")
    page.get_by_role("button", name="Delete Log").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("There is no rule yet")).to_be_visible()
    assert "[[rule]]" not in rules.read_text(encoding="utf-8")


def test_mistakes_stand_where_they_belong(page: Page, lamp: Subscriber, rules: Path) -> None:
    """At the field of the form; in the text with the line, which is a way there. Nothing wrong is saved."""
    _write(page, "Log", "rock")
    page.get_by_label("Device").select_option(label="living_lamp")
    page.get_by_role("spinbutton", name="Brightness", exact=True).fill("400")
    expect(page.get_by_role("spinbutton", name="Brightness", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("expected 0 to 254, got 400")).to_be_visible()
    expect(page.get_by_text("another rule has the name 'Log'")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="A new rule")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Edit as text").click()
    page.get_by_label("Rules, TOML").fill(_RULES.replace('"rock"', '"rok"', 1))
    expect(page.get_by_text("did you mean rock?")).to_be_visible()
    page.get_by_role("button", name="Line 4").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Rules, TOML")).to_be_visible()
    assert rules.read_text(encoding="utf-8") == _RULES
    assert lamp.next(0) is None


def test_the_text_is_saved_unless_somebody_else_has_changed_it(page: Page, rules: Path) -> None:
    """Whoever edited the file meanwhile loses nothing."""
    page.get_by_role("button", name="Edit as text").click()
    page.get_by_label("Rules, TOML").fill(_RULES.replace("house/log", "house/diary"))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("mqtt house/diary")).to_be_visible()
    rules.write_text(_RULES, encoding="utf-8")
    page.get_by_role("button", name="Delete Log").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("changed meanwhile")).to_be_visible()
    expect(page.get_by_text("mqtt house/log")).to_be_visible()
    until(lambda: rules.read_text(encoding="utf-8") == _RULES)


def test_a_control_moves_a_lamp(page: Page, lamp: Subscriber, rules: Path) -> None:
    """Where a control sets the rule off, a number follows the hand from one end to the other."""
    page.get_by_role("button", name="Write a rule").click()
    page.get_by_label("When").select_option("value")
    page.get_by_label("Device").select_option(label="living_lamp")
    expect(page.get_by_label("Brightness follows the hand")).to_be_checked()
    page.get_by_label("Brightness at the upper end").fill("200")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("height moves")).to_be_visible()
    assert "brightness = { to = [0, 200] }" in rules.read_text(encoding="utf-8")
    page.get_by_role("button", name="Change rule 2").click()
    expect(page.get_by_label("Brightness at the upper end")).to_have_value("200")
    assert lamp.next(0) is None


def test_what_was_begun_is_there_when_they_come_back(page: Page, lamp: Subscriber) -> None:
    """Whoever goes to see whether their hand is seen finds the rule as they left it; who cancels does not."""
    _write(page, "Half a rule", "thumb_up")
    page.get_by_label("Device").select_option(label="living_lamp")
    page.get_by_role("link", name="Now").click()
    expect(page.get_by_role("heading", name="Rules")).to_have_count(0)
    page.get_by_role("link", name="Rules").click()
    expect(page.get_by_label("Name", exact=True).first).to_have_value("Half a rule")
    expect(page.get_by_label("Gesture", exact=True)).to_have_value("thumb_up")
    expect(page.get_by_label("The rule as it is written")).to_contain_text('state = "toggle"')
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("link", name="Now").click()
    page.get_by_role("link", name="Rules").click()
    expect(page.get_by_role("button", name="Write a rule")).to_be_visible()
    assert lamp.next(0) is None
