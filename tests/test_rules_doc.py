"""docs/rules.md: its rules are rules, what it says goes out goes out, and it leaves no option out."""

import re
from pathlib import Path

import msgspec
import pytest

from edgeholo.act.rules import Rules, decode
from edgeholo.act.sense import ARMED_NAMES, GESTURE_NAMES, PRESENCE_NAMES, VALUE_NAMES
from edgeholo.act.table import ACTIONS
from edgeholo.act.when import When
from edgeholo.types import Observation
from tests.rule_cases import NAMES, gesture, responder, sent, value

DOCUMENT = (Path(__file__).parents[1] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
SENT = re.findall(r"```toml\n((?:(?!```).)*)```\s+goes out as\s+```text\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_good(text: str) -> None:
    """Whoever copies one has a rule that works."""
    assert len(decode(text, NAMES).rules) == 1


@pytest.mark.parametrize(("text", "expected"), SENT)
def test_what_goes_out_is_what_the_document_says(text: str, expected: str) -> None:
    """Topic and payload, a line each."""
    rules = decode(text, NAMES)
    lines = [f"{topic} {payload}" for topic, payload in sent(responder(rules).observe(_trigger(rules)))]
    assert lines == expected.splitlines()
    assert len(SENT) == 3


def test_every_option_has_its_place_in_the_document() -> None:
    """An option that is not written down does not exist for those who write rules."""
    conditions = {field.encode_name for field in msgspec.structs.fields(When)}
    assert conditions == set(
        re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", _section("When"), re.MULTILINE)))
    )
    rows = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \|$", _section("Then"), re.MULTILINE)
    documented = {kind: {kind, *re.findall(r"`(\w+)`", f"{names} {options}")} for kind, names, options in rows}
    options = {
        kind: {field.encode_name for field in msgspec.structs.fields(action)} - {"every_s"}  # type: ignore[arg-type]
        for kind, action in ACTIONS.items()
    }
    assert documented == options


def test_every_name_that_templates_know_is_written_down() -> None:
    """By what sets the rule off."""
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", _section("Templates"), re.MULTILINE))
    known = {"gesture": GESTURE_NAMES, "value": VALUE_NAMES, "presence": PRESENCE_NAMES, "armed": ARMED_NAMES}
    assert {key: set(re.findall(r"`(\w+)`", row)) for key, row in rows.items()} == {
        key: set(names) for key, names in known.items()
    }


def _section(title: str) -> str:
    return DOCUMENT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _trigger(rules: Rules) -> Observation:
    when = rules.rules[0].when
    return gesture(when.gestures[0]) if when.gestures else value(0.5, 1.0, "begin")
