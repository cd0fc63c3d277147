"""`edgeholo rules` as a user types it."""

import json
from pathlib import Path
from typing import Any

import pytest

from edgeholo.checks.finding import Case, Finding
from edgeholo.checks.rules import rules as doctor_reads
from edgeholo.cli.main import main
from edgeholo.perceive.recording import Recorder
from edgeholo.settings import load
from edgeholo.types import Sight, Verdict
from tests.hand_shapes import people, shown

RULES = """
[[rule]]
name = "lamp"
when = { gesture = "thumb_up" }
then = { zigbee2mqtt = "living_lamp", state = "toggle" }

[[rule]]
name = "late"
when = { gesture = "thumb_up", after = "22:00" }
then = { mqtt = "house/late", payload = "{{ time }}" }

[[rule]]
name = "call"
when = { gesture = "call" }
then = { webhook = "http://house/call", payload = { hand = "{{ hand }}" } }
"""


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this machine's own configuration and gestures out."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "EDGEHOLO_CONFIG", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Return a file of rules."""
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    return file


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Return a recording of a thumb held up for two seconds."""
    file = tmp_path / "thumb.holo"
    good = Verdict("ok", "", usable=True, changed=False)
    with Recorder(file, engine="test", source="drawn") as recorder:
        for frame in range(40):
            t_s = 1 + frame / 15
            seen = people(t_s, shown("thumb_up")) if frame < 30 else people(t_s)
            recorder.write(Sight(seen.timestamp_ns, seen.seq, seen.size, good, seen))
    return file


def _tried(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[dict[str, Any]]:
    assert main(["rules", "try", *map(str, arguments), "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_good_rules_are_said_in_words(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0, and every rule as it was understood."""
    assert main(["rules", "check", str(rules)]) == 0
    out = capsys.readouterr().out
    assert "late\n  when thumb_up, after 22:00\n  then mqtt house/late, payload {{ time }}\n" in out
    assert out.endswith("rules.toml: good, 3 rules\n")


def test_every_mistake_is_a_line_with_its_place(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """FILE:LINE:COLUMN, as editors understand it, and exit code 78."""
    rules.write_text(RULES.replace('"thumb_up"', '"thum_up"'))
    assert main(["rules", "check", str(rules)]) == 78
    shown_lines = capsys.readouterr().err.splitlines()
    assert shown_lines == [
        f"edgeholo: {rules}:4:20: there is no gesture 'thum_up'; did you mean thumb_up?",
        f"edgeholo: {rules}:9:20: there is no gesture 'thum_up'; did you mean thumb_up?",
    ]


def test_a_gesture_that_the_profile_leaves_out_is_noted(
    rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No mistake, but the rule will never fire."""
    config = tmp_path / "edgeholo.toml"
    config.write_text('[gestures]\nprofile = "music"\nprofiles = { music = ["call"] }\n')
    assert main(["rules", "check", str(rules), "--config", str(config)]) == 0
    assert "note: lamp: thumb_up is not recognised in profile music\n" in capsys.readouterr().out


def test_rules_are_looked_for_beside_the_configuration(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Or where the configuration says; none at all is no mistake."""
    config = rules.parent / "edgeholo.toml"
    config.write_text("")
    assert main(["rules", "check", "--config", str(config)]) == 0
    assert "good, 3 rules" in capsys.readouterr().out
    rules.rename(rules.parent / "house.toml")
    assert main(["rules", "check", "--config", str(config)]) == 0
    assert "no rules: " in capsys.readouterr().out
    config.write_text('[rules]\nfile = "house.toml"\n')
    assert main(["rules", "check", "--config", str(config)]) == 0
    assert "good, 3 rules" in capsys.readouterr().out
    config.write_text('[rules]\nfile = "missing.toml"\n')
    assert main(["rules", "check", "--config", str(config)]) == 78


def test_the_doctor_reads_the_rules(rules: Path) -> None:
    """As many as there are, or the first mistake; none is no illness."""
    config = rules.parent / "edgeholo.toml"
    config.write_text("")
    case = Case(load(config, {}, {}).config, config)
    assert doctor_reads(case) == Finding("rules", "ok", f"3 in {rules}")
    rules.write_text(RULES.replace('"thumb_up"', '"thum_up"'))
    finding = doctor_reads(case)
    assert (finding.state, finding.code) == ("bad", "rules-wrong")
    assert "edgeholo rules check names every mistake" in finding.mend
    assert "4:20: there is no gesture 'thum_up'" in finding.text
    rules.unlink()
    assert doctor_reads(case) == Finding("rules", "ok", f"none in {rules}")


def test_a_recording_shows_what_would_have_been_done(
    rules: Path, recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Media time, the rule, the message; and what never fired, with the reason."""
    *fired, end = _tried(capsys, recording, "--rules", rules, "--at", "2026-11-23T19:00")
    assert [(line["rule"], line["orders"]) for line in fired] == [
        (
            "lamp",
            [{"topic": "zigbee2mqtt/living_lamp/set", "payload": '{"state":"ON"}', "qos": 1, "retain": False}],
        )
    ]
    assert fired[0]["trigger"]["name"] == "thumb_up"
    assert end == {
        "t": 3.6, "event": "end", "frames": 40, "never": {"late": {"time of day": 1}, "call": {}},
    }  # fmt: skip


def test_the_time_and_what_the_house_says_may_be_given(
    rules: Path, recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Late in the evening, with the lamp on."""
    state = 'zigbee2mqtt/living_lamp={"state":"ON"}'
    fired = _tried(capsys, recording, "--rules", rules, "--at", "2026-11-23T22:30", "--topic", state)
    payloads = [order["payload"] for line in fired for order in line.get("orders", [])]
    assert payloads[0] == '{"state":"OFF"}'
    assert payloads[1].startswith("2026-11-23T22:30:0")


def test_a_try_for_people_reads_as_a_story(rules: Path, recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rule and its trigger, what goes out below it, what never fired at the end."""
    assert main(["rules", "try", str(recording), "--rules", str(rules), "--at", "2026-11-23T19:00"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("s  lamp  (thumb_up start left)")
    assert lines[1].strip() == 'zigbee2mqtt/living_lamp/set  {"state":"ON"}'
    assert lines[2] == "never fired: late; not met: time of day"
    assert lines[3] == "never fired: call; nothing set it off"
    assert lines[4] == "    3.60 s  end  frames 40; nothing was sent"


def test_a_clip_is_tried_with_the_engine(rules: Path, demo_clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two thumbs up in the demo clip, twice the lamp."""
    *fired, end = _tried(capsys, demo_clip, "--rules", rules, "--at", "2026-11-23T19:00")
    assert [line["rule"] for line in fired] == ["lamp", "lamp"]
    assert end["frames"] == 43


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "missing.toml"], 78),
        (["try", "x.holo", "--at", "noon"], 2),
        (["try", "x.holo", "--topic", "x"], 2),
        (["explain"], 2),
        ([], 2),
    ],
)
def test_a_wrong_call_is_one_line(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Usage is 2, configuration is 78."""
    try:
        left = main(["rules", *arguments])
    except SystemExit as stop:
        left = int(str(stop.code))
    assert left == code
    assert len(capsys.readouterr().err.splitlines()) == 1
