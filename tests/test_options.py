"""The options that can be changed at run time: their names, their values, and what is said of wrong ones."""

import pytest

from edgeholo.config import Config
from edgeholo.errors import ConfigError
from edgeholo.options import OPTIONS, changed, unknown, values
from edgeholo.settings import options, value_of


def test_every_option_leads_into_the_configuration() -> None:
    """A renamed section would otherwise leave a command that does nothing."""
    known = {path for path, _ in options()}
    assert {path for paths in OPTIONS.values() for path in paths} <= known


@pytest.mark.parametrize(
    ("option", "value", "taken"),
    [
        ("pose", "off", "off"),
        ("pose", "AUTO", "auto"),
        ("face", True, "on"),
        ("face", False, "off"),
        ("landmarks", "on", True),
        ("landmarks", "OFF", False),
        ("privacy", True, True),
        ("persons", 2.0, 2),
        ("rate_hz", 30, 30.0),
        ("confidence", 0.8, 0.8),
        ("profile", "all", "all"),
        ("log_level", "DEBUG", "debug"),
    ],
)
def test_a_value_is_taken_as_people_and_switches_write_it(option: str, value: object, taken: object) -> None:
    """Home automations say ON where the configuration says true."""
    config = changed(Config(), option, value)
    assert values(config)[option] == taken
    assert value_of(config, OPTIONS[option][0]) == taken


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("pose", "sometimes", "engine.pose"),
        ("landmarks", "maybe", "expected `bool`"),
        ("landmarks", 1, "expected `bool`"),
        ("persons", 9, "<= 4"),
        ("persons", 1.5, "expected `int`"),
        ("hold_s", -1, ">= 0"),
        ("hold_s", "soon", "gestures.hold_s: expected `float`"),
        ("confidence", None, "expected `float`"),
        ("profile", {"a": 1}, "expected `str`"),
        ("log_level", "loud", "debug, error, info, warning"),
    ],
)
def test_a_wrong_value_is_explained(option: str, value: object, words: str) -> None:
    """The types of the configuration say what would be right."""
    with pytest.raises(ConfigError, match=words):
        changed(Config(), option, value)


def test_hands_are_both_hands_and_have_no_value_while_they_differ() -> None:
    """One command for what people mostly mean."""
    config = changed(Config(), "hands", "on")
    assert [values(config)[name] for name in ("hands", "left_hand", "right_hand")] == ["on", "on", "on"]
    config = changed(config, "left_hand", "off")
    assert values(config)["hands"] is None


def test_an_unknown_name_is_answered_with_the_nearest_one() -> None:
    """Options and actions alike; where none is near, all are named."""
    assert unknown("landmark", ["restart"]) == "unknown option; did you mean landmarks?"
    assert unknown("restrat", ["restart"]) == "unknown option; did you mean restart?"
    assert "known are pose" in unknown("qqq", [])
