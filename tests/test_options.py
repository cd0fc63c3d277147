"""The options that can be changed at run time: their names, their values, and what is said of wrong ones."""

import pytest

from edgeholo.config import Config
from edgeholo.errors import ConfigError
from edgeholo.options import OPTIONS, changed, unknown, values
from edgeholo.pipeline import Mind
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
        ("gestures", "", ()),
        ("gestures", [], ()),
        ("zone", [0.5, 0, 0.5, 1], (0.5, 0.0, 0.5, 1.0)),
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
        ("gestures", 3, "gestures.enabled: expected `array`"),
        ("gestures", None, "gestures.enabled: expected `array`"),
        ("zone", [0.5, 0, 0.6, 1], "zone .* leaves the picture"),
        ("zone", [0.5, 0, 0.0, 1], "zone .* is empty"),
        ("zone", [0.5], "of length 4, got 1"),
        ("each", [], "gestures.each: expected `object`"),
        ("each", {"thumb_up": {"hold": 2}}, "hold: unknown option"),
    ],
)
def test_a_wrong_value_is_explained(option: str, value: object, words: str) -> None:
    """The types of the configuration say what would be right."""
    with pytest.raises(ConfigError, match=words):
        changed(Config(), option, value)


@pytest.mark.parametrize("value", ["thumb_up, victory", "thumb_up,victory,", ["thumb_up", "victory"]])
def test_a_list_is_json_or_names_with_commas_between(value: object) -> None:
    """Nobody writes quotes into a shell who need not."""
    assert values(changed(Config(), "gestures", value))["gestures"] == ("thumb_up", "victory")


def test_what_gestures_have_of_their_own_is_shown_as_it_was_written() -> None:
    """Without what is at its default, so that it can be said again."""
    own = {"thumb_up": {"hold_s": 2.0, "conditions": {"facing": True}}, "ok": {}}
    config = changed(Config(), "each", own)
    assert values(config)["each"] == own
    assert changed(Config(), "each", values(config)["each"]) == config
    assert values(changed(config, "each", {}))["each"] == {}


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("gestures", ["thumbs_up"], "gestures.enabled: there is no gesture 'thumbs_up'; did you mean thumb_up?"),
        ("each", {"thumbs_up": {}}, "gestures.each: there is no gesture 'thumbs_up'; did you mean thumb_up?"),
        ("gestures", ["qqq"], "there is no gesture 'qqq'; there are closed_fist, "),
    ],
)
def test_a_gesture_that_does_not_exist_is_named_with_the_nearest(option: str, value: object, words: str) -> None:
    """Whoever sets options has the mind look at them before anything changes."""
    with pytest.raises(ConfigError) as error:
        Mind(changed(Config(), option, value))
    assert words in str(error.value)


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
