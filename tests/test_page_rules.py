"""Rules on the page: read, put together, tried on what just happened, saved; a real page, a real broker, the daemon's own responder."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeholo.amend.rules import fingerprint
from edgeholo.interpret.vocabulary import VOCABULARY
from tests.fake_devices.wled import Wled
from tests.page_bench import broker
from tests.page_server import PageServer, Unit
from tests.real_broker import Mosquitto, until

__all__ = ["broker"]

_FILE = """# what the house does

# the lamp over the table
[[rule]]
name = "Lamp"
when = { gesture = "thumb_up" } # quick
then = { zigbee2mqtt = "lamp", state = "toggle" }

# asleep for now
[[rule]]
name = "Night"
enabled = false
[rule.when]
gesture = "closed_fist"
hold_s = 2
[[rule.then]]
wled = "wled/shelf"
state = "off"
[[rule.then]]
webhook = "http://192.168.1.20/secret?token=1"

# the end
"""
_DRAFT = {"name": "Wave", "when": {"gesture": "wave", "hand": None}, "then": [{"wled": "wled/shelf", "preset": 3}]}


@pytest.fixture(scope="module")
def served(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """Return a page for all, of the unit `hall`."""
    settings = '[device]\nid = "hall"\n[gestures.profiles]\nmusic = ["ok"]\n[rules]\ncommands = true\n'
    with PageServer(tmp_path_factory.mktemp("page"), broker.url, settings=settings) as page:
        yield page.connected()


@pytest.fixture
def page(served: PageServer) -> PageServer:
    """Return the page, the file of rules as it is above."""
    (served.folder / "rules.toml").write_text(_FILE)
    return served


@pytest.fixture
def unit(broker: Mosquitto, served: PageServer) -> Iterator[Unit]:
    """Return the unit, online as the page knows it."""
    with Unit(broker.url, "hall") as unit:
        unit.say("info", {"taught": ["horns"], "profiles": ["everyday", "all", "music"]}, retain=True)
        until(lambda: (_hall(served).get("info") or {}).get("taught"))
        yield unit


def _hall(page: PageServer) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = page.get("/api/units")["units"].get("hall", {})  # type: ignore[attr-defined]
    return found


def _send(page: PageServer, method: str, path: str, body: object) -> tuple[int, dict[str, object]]:
    with page.client() as client:
        reply = client.request(method, path, json=body)
    return reply.status_code, reply.json()


def _gesture(name: str, phase: str = "start", hand: str | None = "right", seq: int = 1) -> dict[str, object]:
    return {
        "event_type": name, "phase": phase, "hand": hand, "confidence": 0.9, "duration_s": 0.0, "person": 0, "count": None,
        "angle_deg": None, "seq": seq, "run": "5d1f0ac3", "time": "2026-11-22T18:30:05.250Z",
    }  # fmt: skip


def test_rules_are_told_in_text_and_in_words(page: PageServer) -> None:
    """Those that are asleep too, with what is needed to change them; a web address without its secrets."""
    told = page.get("/api/rules")
    assert (told["unit"], told["text"], told["sha256"]) == ("hall", _FILE, fingerprint(_FILE))
    assert (told["editable"], told["why_not"], told["mistakes"]) == (True, "", [])
    rules: list[dict[str, object]] = told["rules"]  # type: ignore[assignment]
    lamp, night = rules
    assert (lamp["name"], lamp["line"], lamp["enabled"], lamp["when"]) == ("Lamp", 4, True, "thumb_up")
    assert lamp["then"] == ["zigbee2mqtt lamp, state toggle"]
    assert (night["enabled"], night["when"]) == (False, "closed_fist held for 2 s")
    assert night["then"] == ["wled wled/shelf, state off", "webhook http://192.168.1.20/..."]
    assert night["draft"]["when"] == {"gesture": "closed_fist", "hold_s": 2}  # type: ignore[index]


def test_the_grammar_is_that_of_the_rules(page: PageServer, unit: Unit) -> None:
    """Every gesture, taught ones too; every kind of action with its options, those that the page may not write marked."""
    assert unit.topics
    grammar = page.get("/api/rules")["grammar"]
    assert grammar["gestures"] == [*VOCABULARY, "horns"]  # type: ignore[index]
    assert grammar["profiles"] == ["everyday", "all", "music"]  # type: ignore[index]
    kinds = {kind["kind"]: kind for kind in grammar["kinds"]}  # type: ignore[index]
    assert [kind for kind, one in kinds.items() if not one["allowed"]] == ["command"]
    options = {field["name"]: field for field in kinds["zigbee2mqtt"]["fields"]}
    brightness = options["brightness"]
    assert (brightness["type"], brightness["low"], brightness["high"], brightness["follows"]) == (
        "number",
        0,
        254,
        True,
    )
    assert (options["color"]["type"], sorted(options["state"]["choices"])) == ("colour", ["off", "on", "toggle"])
    assert all(field["doc"] for kind in kinds.values() for field in kind["fields"])
    assert "token_file" not in json.dumps(grammar)


def test_gestures_are_listed_with_how_to_make_them(page: PageServer, unit: Unit) -> None:
    """Built-in ones from the vocabulary, and those that the unit was taught."""
    assert unit.topics
    with page.client() as client:
        listed = client.get("/api/gestures").json()
    assert [one["name"] for one in listed] == [*VOCABULARY, "horns"]
    fist, horns = listed[0], listed[-1]
    assert (fist["kind"], fist["everyday"], fist["taught"], fist["once"]) == ("static", True, False, False)
    assert (horns["kind"], horns["taught"], horns["once"]) == ("taught", True, None)


def test_a_rule_is_tried_on_the_last_minute(page: PageServer, unit: Unit) -> None:
    """By the daemon's own responder: what it would have sent, and what kept another rule from it."""
    unit.say("event/gesture", _gesture("victory"))
    unit.say("state/pinch", {"value": 0.5, "phase": "begin", "hand": "right", "person": 1})
    until(lambda: (_hall(page).get("values") or {}).get("pinch"))
    rules = """
[[rule]]
name = "Party"
when = { gesture = "victory" }
then = [{ wled = "wled/shelf", preset = 3 }, { webhook = "http://192.168.1.20/x?secret=1" }]
[[rule]]
name = "Left only"
when = { gesture = "victory", hand = "left" }
then = { mqtt = "a" }
[[rule]]
name = "Dim"
when = { value = "pinch" }
then = { zigbee2mqtt = "lamp", brightness = { to = [0, 254] } }
"""
    status, told = _send(page, "POST", "/api/rules/try", {"text": rules})
    assert (status, told["mistakes"]) == (200, [])
    trial = told["trial"]
    fired = {one["rule"]: one for one in trial["fired"]}  # type: ignore[index]
    assert fired["Party"]["orders"] == ['wled/shelf/api {"ps":3}', "POST http://192.168.1.20/..."]
    assert (fired["Party"]["trigger"], fired["Party"]["phase"], fired["Party"]["hand"]) == ("victory", "start", "right")
    assert fired["Dim"]["orders"] == ['zigbee2mqtt/lamp/set {"brightness":127}']
    assert trial["never"] == [{"rule": "Left only", "why": {"hand = left": 1}}]  # type: ignore[index]
    assert "victory" in trial["gestures"]  # type: ignore[index]


def test_a_toggle_is_tried_with_the_state_that_the_lamp_has_told(
    page: PageServer, unit: Unit, broker: Mosquitto
) -> None:
    """What a lamp retains on the broker is what conditions and toggles go by, in a trial as in the daemon."""
    unit.say("event/gesture", _gesture("rock", seq=2))
    rule = {"when": {"gesture": "rock"}, "then": [{"wled": "wled/desk", "state": "toggle"}]}
    with Wled(broker.port, "wled/desk") as lamp:
        lamp.say("wled/desk/g", "128", retain=True)

        def orders() -> list[str]:
            fired = _send(page, "POST", "/api/rules/try", {"rule": rule})[1]["trial"]["fired"]  # type: ignore[index]
            return [order for one in fired for order in one["orders"]]

        until(lambda: orders() == ['wled/desk/api {"on":false}'])


def test_a_wrong_rule_is_explained_and_not_tried(page: PageServer) -> None:
    """With the line of its mistake."""
    wrong = {"when": {"gesture": "thumbs_up"}, "then": [{"wled": "shelf"}]}
    status, told = _send(page, "POST", "/api/rules/try", {"rule": wrong})
    assert (status, told["trial"]) == (200, None)
    assert [(one["line"], one["text"].partition(";")[0]) for one in told["mistakes"]] == [  # type: ignore[attr-defined]
        (2, "there is no gesture 'thumbs_up'"),
        (3, "this does nothing yet: give it one of state, brightness, color, preset, set"),
    ]
    assert _send(page, "POST", "/api/rules/try", {})[1]["mistakes"] == []


def test_a_rule_from_parts_becomes_text_among_the_others(page: PageServer) -> None:
    """At the end, in the place of another, or one less; every comment and every other rule stays as it was written."""
    status, added = _send(page, "POST", "/api/rules/text", {"rule": _DRAFT})
    block = '[[rule]]\nname = "Wave"\nwhen = { gesture = "wave" }\nthen = { wled = "wled/shelf", preset = 3 }\n'
    assert (status, added["rule"], added["mistakes"]) == (200, block, [])
    assert added["text"] == f"{_FILE.rstrip()}\n\n{block}"
    replaced = _send(page, "POST", "/api/rules/text", {"rule": _DRAFT, "replaces": 0})[1]["text"]
    lamp, rest = _FILE[_FILE.index("[[rule]]") : _FILE.index("# asleep")], _FILE[_FILE.index("# asleep") :]
    assert replaced == _FILE.replace(lamp, f"{block}\n")
    assert _send(page, "POST", "/api/rules/text", {"replaces": 0})[1]["text"] == f"# what the house does\n\n{rest}"
    gone = _send(page, "POST", "/api/rules/text", {"replaces": 1})[1]["text"]
    assert gone == _FILE[: _FILE.index("# asleep")]
    assert _send(page, "POST", "/api/rules/text", {"replaces": 7})[0] == 422


def test_rules_are_saved_where_the_daemon_reads_them(page: PageServer) -> None:
    """Only over the text that was read, and with the old one kept beside it."""
    text = _send(page, "POST", "/api/rules/text", {"rule": _DRAFT})[1]["text"]
    status, told = _send(page, "PUT", "/api/rules", {"text": text, "was": fingerprint(_FILE)})
    assert (status, [rule["name"] for rule in told["rules"]]) == (200, ["Lamp", "Night", "Wave"])  # type: ignore[attr-defined]
    assert (page.folder / "rules.toml").read_text() == text
    assert (page.folder / "rules.toml.before").read_text() == _FILE
    status, told = _send(page, "PUT", "/api/rules", {"text": "", "was": fingerprint(_FILE)})
    assert (status, "changed meanwhile" in str(told["error"])) == (409, True)
    assert (page.folder / "rules.toml").read_text() == text


def test_wrong_rules_are_not_saved(page: PageServer) -> None:
    """All mistakes are told with their lines, and the sentence names the first."""
    wrong = _FILE.replace("thumb_up", "thumbs_up").replace('"toggle"', '"maybe"')
    status, told = _send(page, "PUT", "/api/rules", {"text": wrong, "was": fingerprint(_FILE)})
    assert (status, [one["line"] for one in told["mistakes"]]) == (422, [6, 7])  # type: ignore[attr-defined]
    assert str(told["error"]).startswith("Line 6: there is no gesture 'thumbs_up'; did you mean thumb_up?")
    assert (page.folder / "rules.toml").read_text() == _FILE


def test_the_page_writes_no_rule_that_starts_a_program(page: PageServer) -> None:
    """Not even here, where rules.commands is true; one that stands in the file is shown as locked and stays."""
    program = '[[rule]]\nname = "Sleep"\nwhen = { presence = false }\nthen = { command = ["/usr/bin/true"] }\n'
    status, told = _send(page, "PUT", "/api/rules", {"text": _FILE + program, "was": fingerprint(_FILE)})
    assert (status, "starts a program" in str(told["error"])) == (403, True)
    (page.folder / "rules.toml").write_text(program)
    assert page.get("/api/rules")["rules"][0]["locked"] is True  # type: ignore[index]
    assert _send(page, "PUT", "/api/rules", {"text": program + _FILE, "was": fingerprint(program)})[0] == 200


def test_a_file_with_windows_lines_keeps_them(page: PageServer) -> None:
    """And one that is no TOML is shown with its mistake, and can be mended as text."""
    (page.folder / "rules.toml").write_bytes(_FILE.replace("\n", "\r\n").encode())
    text = str(_send(page, "POST", "/api/rules/text", {"rule": _DRAFT, "replaces": 0})[1]["text"])
    assert text.count("\n") == text.count("\r\n") > 10
    (page.folder / "rules.toml").write_text("[[rule]\n")
    told = page.get("/api/rules")
    assert (told["rules"], [one["line"] for one in told["mistakes"]]) == ([], [1])  # type: ignore[attr-defined]
    assert _send(page, "POST", "/api/rules/text", {"rule": _DRAFT})[0] == 422
    assert _send(page, "PUT", "/api/rules", {"text": _FILE, "was": fingerprint("[[rule]\n")})[0] == 200


def test_a_file_that_is_not_ours_is_only_read(page: PageServer, tmp_path: Path) -> None:
    """Rules that the configuration names in a place that is none say so in a sentence."""
    (page.folder / "rules.toml").unlink()
    (page.folder / "rules.toml").mkdir()
    try:
        told = page.get("/api/rules")
        assert (told["editable"], "cannot read" in str(told["why_not"])) == (False, True)
    finally:
        (page.folder / "rules.toml").rename(tmp_path / "gone")


def test_devices_are_listed_for_the_drop_downs(page: PageServer, broker: Mosquitto) -> None:
    """With a lamp that is there."""
    with Wled(broker.port, "wled/lounge"):
        until(lambda: page.get("/api/devices")["devices"])
