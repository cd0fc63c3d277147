"""rules.toml is read strictly: what is taken makes sense, what is refused is explained with its place."""

import contextlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeholo.act.mistakes import RulesError
from edgeholo.act.rules import decode, read, subscriptions
from edgeholo.act.sense import Names
from edgeholo.errors import ConfigError
from tests.rule_cases import NAMES, rule

TAKEN = [
    "",
    "# nothing yet\n",
    '[[rule]]\nwhen = { gesture = "thumb_up" }\nthen = { mqtt = "a" }\n',
    '[[rule]]\nname = "one"\nwhen = { gesture = ["wave", "ok"], hand = "left" }\nthen = [{ mqtt = "a" }, { mqtt = "b" }]\n',
    '[[rule]]\n[rule.when]\nvalue = "height"\n[[rule.then]]\nmqtt = "a"\nevery_s = 1\npayload = "{{ value }}"\n',
    '[[rule]]\nwhen.presence = true\nwhen.after = "22:00"\nthen.mqtt = "a"\nenabled = false\n',
    '[[rule]]\r\nwhen = { armed = true }\r\nthen = { mqtt = "a", payload = "{{ armed }}" }\r\n',
    '[[rule]]\nwhen = { gesture = "fall", zone = [0.5, 0, 0.5, 1], days = ["sat"] }\nthen = { mqtt = "a" }\n',
    '[[rule]]\nwhen = { gesture = "ok", topic = { "a/b" = { c = { above = 3 } } } }\nthen = { mqtt = "a" }\n',
]


@pytest.mark.parametrize("text", TAKEN)
def test_a_good_rule_is_taken(text: str) -> None:
    """In every form that TOML has for tables."""
    decode(text, NAMES)


REFUSED = [
    ("x = ", "1:5: this is no TOML: Invalid value, and the file ends"),
    ("[[rule]]\nwhen = = 1\n", "2:8: this is no TOML: Invalid value"),
    ("[[rules]]\n", "1:3: unknown option 'rules'; did you mean rule?"),
    ("[rule]\n", "1:1: write [[rule]] with two brackets: there may be several"),
    ("rule = 5\n", "1:1: write [[rule]] with two brackets: there may be several"),
    ("[[rule]]\nthen = { mqtt = 'a' }\n", '1:1: a rule needs a table `when`: when = { gesture = "thumb_up" }'),
    ("[[rule]]\nwhen = {}\nthen = { mqtt = 'a' }\n", "2:1: nothing sets this rule off"),
    ("[[rule]]\nwhen = { gesture = 'ok' }\n", "1:1: a rule needs `then`"),
    ("[[rule]]\nwhen = { gesture = 'ok' }\nthen = []\n", "3:8: a rule needs `then`"),
    ("[[rule]]\nwhen = { gesture = 'ok' }\nthen = [1]\n", "3:9: an action is a table"),
    ("[[rule]]\nwhen = { gesture = 'ok' }\nthen = {}\n", "3:8: an action begins with one of mqtt, zigbee2mqtt"),
    ("[[rule]]\nnme = 'x'\nwhen = { gesture = 'ok' }\nthen = { mqtt = 'a' }\n", "2:1: unknown option 'nme'; did you mean name?"),
    ("[[rule]]\nname = 5\nwhen = { gesture = 'ok' }\nthen = { mqtt = 'a' }\n", "2:8: name: expected text"),
    ("[[rule]]\nenabled = 1\nwhen = { gesture = 'ok' }\nthen = { mqtt = 'a' }\n", "2:11: enabled: expected true or false"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_a_mistake_in_a_file_has_line_and_column(text: str, words: str) -> None:
    """The first one is the error's own text."""
    with pytest.raises(RulesError) as raised:
        decode(text, NAMES, "r.toml")
    assert str(raised.value).startswith(f"r.toml:{words}"), str(raised.value)
    assert raised.value.exit_code == 78


WHENS = [
    ("{ gesture = §'thum_up' }", "there is no gesture 'thum_up'; did you mean thumb_up?"),
    ("{ gesture = ['ok', §'wafe'] }", "there is no gesture 'wafe'; did you mean wave?"),
    ("{ gesture = §5 }", "gesture: expected text or a list, got a whole number"),
    ("{ value = §'heigth' }", "there is no control 'heigth'; did you mean height?"),
    ("{ gesture = 'ok', profile = §'musik' }", "there is no profile 'musik'; did you mean music?"),
    ("{ gesture = 'ok', §hnd = 'left' }", "unknown option 'hnd'; did you mean hand?"),
    ("{ gesture = 'ok', hand = §'lefd' }", "hand: lefd is not among its values; did you mean left?"),
    ("{ gesture = 'ok', days = [§'mo'] }", "days: mo is not among its values; did you mean mon?"),
    ("{ gesture = 'ok', after = §'25:00' }", "after: expected a time of day, 18:30"),
    ("{ gesture = 'ok', confidence = §2 }", "confidence: expected a number of at most 1"),
    ("{ gesture = 'ok', zone = §[0.5, 0, 0.6, 1] }", "zone: left, top, width, height"),
    ("{ gesture = 'ok', zone = §[0, 0, 1] }", "zone: expected a list of length 4, got 3"),
    ("{ gesture = 'ok', topic = { §'a/#' = 1 } }", "'a/#': a condition is about one topic, without wildcards"),
    ("{ gesture = 'ok', §value = 'height' }", "a rule follows a gesture or a value, not both: make two rules"),
    ("{ gesture = 'wave', §phase = 'hold' }", "wave is over when it is recognised: leave phase out"),
    ("{ gesture = 'wave', §hold_s = 1 }", "wave is over when it is recognised: leave hold_s out"),
    ("{ gesture = 'ok', phase = §'once' }", "ok is held, so it has start, hold, repeat and end, but no once"),
    ("{ gesture = 'ok', §phase = 'hold', hold_s = 1 }", "with hold_s it is the time that counts: leave phase out"),
    ("{ value = 'height', §phase = 'start' }", "phase is for rules with a gesture"),
    ("{ presence = true, §hand = 'left' }", "hand is for rules with a gesture or a value"),
]


@pytest.mark.parametrize(("when", "words"), WHENS)
def test_a_mistake_in_when_is_explained(when: str, words: str) -> None:
    """At the place that § marks, with the nearest name."""
    with pytest.raises(RulesError) as raised:
        rule(when.replace("§", ""))
    place = f"2:{len('when = ') + when.index('§') + 1}"
    assert str(raised.value.mistakes[0]).startswith(f"{place}: {words}"), str(raised.value)


THENS = [
    ("{ §zigbee2mqt = 'a', state = 'on' }", "no action is called 'zigbee2mqt'; did you mean zigbee2mqtt?"),
    ("{ mqtt = 'a', §wled = 'b' }", "one action is one thing: mqtt and wled are two tables in a list"),
    ("{ zigbee2mqtt = 'a', §brightnes = 5 }", "unknown option 'brightnes'; did you mean brightness?"),
    ("{ zigbee2mqtt = 'a', brightness = §255 }", "brightness: expected 0 to 254, got 255"),
    ("{ zigbee2mqtt = 'a', brightness = §'9' }", "brightness: expected a number or a table, got text"),
    ("{ zigbee2mqtt = 'a', state = §'flip' }", "state: flip is not among its values; there are off, on, toggle"),
    ("§{ zigbee2mqtt = 'a' }", "this does nothing yet: give it one of state, brightness"),
    ("{ zigbee2mqtt = 'a', cover = §'open', state = 'on' }", "cover: state and cover are the same thing here"),
    ("{ zigbee2mqtt = 'a', color = §'red' }", "color: expected a colour, #rrggbb"),
    ("{ zigbee2mqtt = 'a', brightness = §{ to = [0, 9] } }", "brightness follows a control, but nothing here moves"),
    ("{ mqtt = §'a/#' }", "mqtt: expected a topic without wildcards"),
    ("{ mqtt = 'a', qos = §3 }", "qos: expected a whole number of at most 2"),
    ("{ mqtt = 'a', payload = §'{{ gestre }}' }", "a template knows no 'gestre' here; did you mean gesture?"),
    ("{ mqtt = 'a', payload = { x = [§'{{ value }}'] } }", "a template knows no 'value' here"),
    ("{ mqtt = 'a', payload = §'{{ gesture' }", "bad template"),
    ("{ mqtt = 'a', §every_s = 1 }", "every_s is for rules that follow a value"),
    ("{ tasmota = §'{{ gesture }}', state = 'on' }", "tasmota takes no template: it is the same every time"),
    ("{ shelly = 'a', state = §'on', position = 4 }", "state: a cover has no state"),
    ("{ esphome = 'a', number = 'b', value = §nan }", "value: expected a finite number"),
    ("§{ esphome = 'a', state = 'on' }", "give it one of light, switch"),
    ("§{ esphome = 'a', light = 'b' }", "this does nothing yet: give it one of brightness, color"),
    ("{ esphome = 'a', switch = 'b', brightness = §3 }", "brightness: a switch has no brightness"),
    ("{ homie = §'Lamp/a/b', state = 'on' }", "homie: expected device/node/property"),
    ("§{ homie = 'a/b/c' }", "value: give either state or value"),
    ("{ §homeassistant = 'light.turn_on' }", "this needs a table [homeassistant] with url and token_file"),
    ("{ webhook = §'ftp://x' }", "webhook: expected a web address, http://..."),
    ("{ webhook = 'http://x', timeout_s = §0 }", "timeout_s: expected a number of at least 0.1"),
    ("{ command = §['ls'] }", "command: the program must be written in full"),
]


@pytest.mark.parametrize(("then", "words"), THENS)
def test_a_mistake_in_then_is_explained(then: str, words: str) -> None:
    """At the place that § marks, with what is expected."""
    with pytest.raises(RulesError) as raised:
        rule("{ gesture = 'ok' }", then.replace("§", ""))
    place = f"3:{len('then = ') + then.index('§') + 1}"
    assert str(raised.value.mistakes[0]).startswith(f"{place}: {words}"), str(raised.value)


def test_a_sweep_is_checked_wherever_it_stands() -> None:
    """In an option of a device, and deep inside a payload."""
    for then in (
        "{ zigbee2mqtt = 'a', brightness = { to = [0, 9], curve = 'bend' } }",
        "{ mqtt = 'a', payload = { x = { to = [0, 9], curve = 'bend' } } }",
    ):
        with pytest.raises(RulesError, match="curve: bend is not among its values; there are gamma, inverse_gamma"):
            rule("{ value = 'height' }", then)
    with pytest.raises(RulesError, match="brightness: expected 0 to 254, got 300"):
        rule("{ value = 'height' }", "{ zigbee2mqtt = 'a', brightness = { to = [0, 300] } }")


def test_every_mistake_is_named_at_once_in_order() -> None:
    """Who mends a file wants to mend it once."""
    text = (
        "[[rule]]\nname = 'a'\nwhen = { gesture = 'okk' }\nthen = { mqtt = 'a#' }\n"
        "[[rule]]\nname = 'a'\nwhen = { value = 'x' }\nthen = { nothing = 1 }\n"
    )
    with pytest.raises(RulesError) as raised:
        decode(text, NAMES)
    assert [mistake.place.line for mistake in raised.value.mistakes] == [3, 4, 6, 7, 8]
    assert "(and 4 more" in str(raised.value)


def test_programs_are_refused_unless_the_configuration_allows_them() -> None:
    """A rules file alone starts nothing."""
    text = "[[rule]]\nwhen = { gesture = 'ok' }\nthen = { command = ['/bin/true'] }\n"
    assert decode(text, NAMES).rules
    with pytest.raises(RulesError, match="commands are off: set commands = true"):
        decode(text, Names(NAMES.gestures, NAMES.once, NAMES.values))


def test_a_rule_without_a_name_is_called_by_its_number_and_a_disabled_one_is_checked_and_kept_out() -> None:
    """A rule that is switched off must not be a place for mistakes to hide."""
    text = "[[rule]]\nenabled = false\nwhen = { gesture = 'ok' }\nthen = { mqtt = 'a' }\n"
    assert [one.name for one in decode(text + text.replace("false", "true"), NAMES).rules] == ["rule 2"]
    with pytest.raises(RulesError):
        decode(text.replace("'ok'", "'okk'"), NAMES)


def test_rules_never_change() -> None:
    """A rule that is at work is the rule that was read."""
    action = rule("{ gesture = 'ok' }").rules[0].then[0]
    with pytest.raises(AttributeError):
        action.every_s = 5  # type: ignore[misc]
    assert isinstance(action, msgspec.Struct)


def test_topics_that_rules_need_are_named_once() -> None:
    """Conditions and toggles, each topic one time."""
    then = "[{ zigbee2mqtt = 'a', state = 'toggle' }, { zigbee2mqtt = 'a', state = 'toggle' }, { mqtt = 'x' }]"
    rules = rule("{ gesture = 'ok', topic = { 'door' = 'open' } }", then)
    assert subscriptions(rules) == ("door", "zigbee2mqtt/a")


def test_a_file_that_is_none_is_an_error_of_the_configuration(tmp_path: Path) -> None:
    """Missing, a folder, no text, a whole film: one line each."""
    film, latin = tmp_path / "film", tmp_path / "latin"
    film.write_bytes(b"#" * (1 << 21))
    latin.write_bytes(b"# \xff\xfe")
    for file in (tmp_path / "missing", tmp_path, film, latin):
        with pytest.raises(ConfigError, match=str(file)):
            read(file, NAMES)


def test_a_file_from_windows_is_read(tmp_path: Path) -> None:
    """Byte order mark and line ends are no mistakes."""
    file = tmp_path / "rules.toml"
    file.write_bytes("\ufeff[[rule]]\r\nwhen = { gesture = 'ok' }\r\nthen = { mqtt = 'a' }\r\n".encode())
    assert len(read(file, NAMES).rules) == 1


@given(st.sampled_from([text for text in TAKEN if text]), st.data())
@settings(max_examples=300, deadline=None)
def test_a_slip_of_the_pen_is_a_mistake_and_never_a_crash(text: str, data: st.DataObject) -> None:
    """Whatever is deleted or typed in, the answer is rules or a place."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 6)))
    typed = data.draw(st.text("[]{}=.,'\"#\n\\ a1:-{%}", max_size=4))
    with contextlib.suppress(RulesError):
        decode(text[:start] + typed + text[end:], NAMES)
