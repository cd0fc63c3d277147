"""Every kind of device hears what its own documentation asks for."""

import msgspec
import pytest

from edgeholo.act.action import Command, Moment, Request
from edgeholo.act.rules import subscriptions
from edgeholo.errors import ActionError
from edgeholo.types import Message, MessageKind
from tests.rule_cases import gesture, orders_of, rule, value

HALF = "{ to = [0, 100] }"

PLAIN = [
    ('{ zigbee2mqtt = "lamp", state = "on" }', [("zigbee2mqtt/lamp/set", '{"state":"ON"}')]),
    ('{ zigbee2mqtt = "hall/lamp", state = "off", base = "z" }', [("z/hall/lamp/set", '{"state":"OFF"}')]),
    (
        '{ zigbee2mqtt = "lamp", brightness = 127, transition_s = 1.5, color = "#ff0000", color_temp = 250 }',
        [
            (
                "zigbee2mqtt/lamp/set",
                '{"brightness":127,"color_temp":250,"color":{"hex":"#ff0000"},"transition":1.5}',
            )
        ],
    ),
    ('{ zigbee2mqtt = "blind", cover = "stop" }', [("zigbee2mqtt/blind/set", '{"state":"STOP"}')]),
    ('{ zigbee2mqtt = "blind", position = 40 }', [("zigbee2mqtt/blind/set", '{"position":40}')]),
    ('{ zigbee2mqtt = "lamp", set = { effect = "blink" } }', [("zigbee2mqtt/lamp/set", '{"effect":"blink"}')]),
    ('{ tasmota = "t", state = "on" }', [("cmnd/t/POWER", "ON")]),
    ('{ tasmota = "t", state = "off", relay = 2 }', [("cmnd/t/POWER2", "OFF")]),
    (
        '{ tasmota = "t", brightness = 40, color_temp = 300, color = "#00ff00" }',
        [("cmnd/t/Dimmer", "40"), ("cmnd/t/CT", "300"), ("cmnd/t/Color2", "#00ff00")],
    ),
    ('{ tasmota = "t", cover = "open" }', [("cmnd/t/ShutterOpen1", "")]),
    ('{ tasmota = "t", position = 30, relay = 2 }', [("cmnd/t/ShutterPosition2", "30")]),
    ('{ tasmota = "t", set = { Fade = 1, LedPower = true } }', [("cmnd/t/Fade", "1"), ("cmnd/t/LedPower", "1")]),
    ('{ tasmota = "t", state = "on", full_topic = "home/%topic%/%prefix%/" }', [("home/t/cmnd/POWER", "ON")]),
    ('{ shelly = "shelly1-B9", gen = 1, state = "on" }', [("shellies/shelly1-B9/relay/0/command", "on")]),
    (
        '{ shelly = "d", gen = 1, brightness = 40, transition_s = 2 }',
        [("shellies/d/light/0/set", '{"turn":"on","brightness":40,"transition":2000}')],
    ),
    (
        '{ shelly = "d", gen = 1, brightness = 40, transition_s = 60 }',
        [("shellies/d/light/0/set", '{"turn":"on","brightness":40,"transition":5000}')],
    ),
    (
        '{ shelly = "s", component = "light", state = "off", transition_s = 0 }',
        [
            (
                "s/rpc",
                '{"id":1,"src":"edgeholo","method":"Light.Set","params":{"id":0,"on":false,"transition_duration":0.5}}',
            )
        ],
    ),
    ('{ shelly = "d", gen = 1, brightness = 0 }', [("shellies/d/light/0/set", '{"turn":"off"}')]),
    ('{ shelly = "d", gen = 1, cover = "close", channel = 1 }', [("shellies/d/roller/1/command", "close")]),
    ('{ shelly = "d", gen = 1, position = 70 }', [("shellies/d/roller/0/command/pos", "70")]),
    (
        '{ shelly = "s", state = "on", channel = 1 }',
        [("s/rpc", '{"id":1,"src":"edgeholo","method":"Switch.Set","params":{"id":1,"on":true}}')],
    ),
    (
        '{ shelly = "s", brightness = 40, transition_s = 1 }',
        [
            (
                "s/rpc",
                '{"id":1,"src":"edgeholo","method":"Light.Set","params":{"id":0,"on":true,"brightness":40,"transition_duration":1.0}}',
            )
        ],
    ),
    (
        '{ shelly = "s", component = "light", brightness = 0 }',
        [("s/rpc", '{"id":1,"src":"edgeholo","method":"Light.Set","params":{"id":0,"on":false}}')],
    ),
    (
        '{ shelly = "s", cover = "stop" }',
        [("s/rpc", '{"id":1,"src":"edgeholo","method":"Cover.Stop","params":{"id":0}}')],
    ),
    (
        '{ shelly = "s", position = 25 }',
        [("s/rpc", '{"id":1,"src":"edgeholo","method":"Cover.GoToPosition","params":{"id":0,"pos":25}}')],
    ),
    (
        '{ wled = "wled/a", state = "on", transition_s = 0.7 }',
        [("wled/a/api", '{"on":true,"tt":7}')],
    ),
    ('{ wled = "wled/a", brightness = 0 }', [("wled/a/api", '{"on":false}')]),
    ('{ wled = "wled/a", color = "#102030" }', [("wled/a/col", "#102030")]),
    ('{ wled = "wled/a", preset = 4, set = { nl = { on = true } } }', [("wled/a/api", '{"ps":4,"nl":{"on":true}}')]),
    ('{ esphome = "n", light = "l", state = "off" }', [("n/light/l/command", '{"state":"OFF"}')]),
    (
        '{ esphome = "n", light = "l", brightness = 200, color = "#0a0b0c" }',
        [("n/light/l/command", '{"state":"ON","brightness":200,"color":{"r":10,"g":11,"b":12}}')],
    ),
    ('{ esphome = "n", light = "l", brightness = 0 }', [("n/light/l/command", '{"state":"OFF"}')]),
    ('{ esphome = "n", switch = "s", state = "on" }', [("n/switch/s/command", "ON")]),
    ('{ esphome = "n", shutter = "c", cover = "open" }', [("n/cover/c/command", "OPEN")]),
    ('{ esphome = "n", shutter = "c", position = 30 }', [("n/cover/c/position/command", "30")]),
    ('{ esphome = "n", number = "x", value = 2.5 }', [("n/number/x/command", "2.5")]),
    ('{ esphome = "n", button = "b" }', [("n/button/b/command", "PRESS")]),
    ('{ homie = "d/n/p", state = "off" }', [("homie/5/d/n/p/set", "false")]),
    ('{ homie = "d/n/p", value = 12, version = 4, base = "devices" }', [("devices/d/n/p/set", "12")]),
    ('{ homie = "d/n/p", value = "" }', [("homie/5/d/n/p/set", "\0")]),
    ('{ mqtt = "a/b", payload = "on" }', [("a/b", "on")]),
    ('{ mqtt = "a/b", payload = { x = [1, true, "y"] } }', [("a/b", '{"x":[1,true,"y"]}')]),
    ('{ mqtt = "a/b", payload = 5 }', [("a/b", "5")]),
]


@pytest.mark.parametrize(("then", "messages"), PLAIN, ids=[then for then, _ in PLAIN])
def test_a_device_is_told_in_its_own_words(then: str, messages: list[tuple[str, str]]) -> None:
    """Topic and payload stand in the protocol's documentation."""
    assert orders_of(then) == messages


TOGGLES = [
    ('{ zigbee2mqtt = "lamp", state = "toggle" }', "zigbee2mqtt/lamp", '{"state":"%s","brightness":5}', "ON OFF"),
    ('{ tasmota = "t", state = "toggle" }', "stat/t/POWER", "%s", "ON OFF"),
    ('{ tasmota = "t", state = "toggle", relay = 3 }', "stat/t/POWER3", "%s", "ON OFF"),
    ('{ shelly = "d", gen = 1, state = "toggle" }', "shellies/d/relay/0", "%s", "on off"),
    ('{ shelly = "d", gen = 1, component = "light", state = "toggle" }', "shellies/d/light/0", "%s", "on off"),
    ('{ shelly = "s", state = "toggle" }', "s/status/switch:0", '{"id":0,"output":%s}', "true false"),
    ('{ wled = "wled/a", state = "toggle" }', "wled/a/g", "%s", "128 0"),
    ('{ esphome = "n", light = "l", state = "toggle" }', "n/light/l/state", '{"state":"%s"}', "ON OFF"),
    ('{ esphome = "n", fan = "f", state = "toggle" }', "n/fan/f/state", "%s", "ON OFF"),
    ('{ homie = "d/n/p", state = "toggle" }', "homie/5/d/n/p", "%s", "true false"),
]


@pytest.mark.parametrize(("then", "topic", "payload", "states"), TOGGLES, ids=[row[0] for row in TOGGLES])
def test_a_toggle_is_made_from_the_known_state(then: str, topic: str, payload: str, states: str) -> None:
    """A lamp that is on is told off, in the same words as by `state = "off"`, and the other way round."""
    on, off = states.split()
    assert orders_of(then, {topic: payload % on}) == orders_of(then.replace("toggle", "off"))
    assert orders_of(then, {topic: payload % off}) == orders_of(then.replace("toggle", "on"))
    assert topic in subscriptions(rule('{ gesture = "ok" }', then))


@pytest.mark.parametrize(
    ("then", "payload"),
    [
        ('{ zigbee2mqtt = "lamp", state = "toggle" }', '{"state":"ON"}'),
        ('{ tasmota = "t", state = "toggle" }', "TOGGLE"),
        ('{ shelly = "d", gen = 1, state = "toggle" }', "toggle"),
        ('{ shelly = "s", state = "toggle" }', '"method":"Switch.Toggle","params":{"id":0}'),
        ('{ wled = "wled/a", state = "toggle" }', '{"on":"t"}'),
        ('{ esphome = "n", switch = "s", state = "toggle" }', "TOGGLE"),
        ('{ homie = "d/n/p", state = "toggle" }', "true"),
    ],
)
def test_without_a_known_state_the_device_toggles_itself_or_goes_on(then: str, payload: str) -> None:
    """Zigbee2MQTT does nothing on a toggle of unknown state, and Homie has none: both switch on."""
    assert payload in orders_of(then)[0][1]
    assert payload in orders_of(then, dict.fromkeys(subscriptions(rule('{ gesture = "ok" }', then)), "?"))[0][1]


@pytest.mark.parametrize(
    ("then", "message"),
    [
        (f'{{ zigbee2mqtt = "lamp", brightness = {HALF} }}', ("zigbee2mqtt/lamp/set", '{"brightness":50}')),
        (f'{{ tasmota = "t", brightness = {HALF} }}', ("cmnd/t/Dimmer", "50")),
        (f'{{ shelly = "d", gen = 1, position = {HALF} }}', ("shellies/d/roller/0/command/pos", "50")),
        (f'{{ wled = "w", brightness = {HALF} }}', ("w/api", '{"on":true,"bri":50}')),
        (f'{{ esphome = "n", number = "x", value = {HALF} }}', ("n/number/x/command", "50")),
        (f'{{ homie = "d/n/p", value = {HALF} }}', ("homie/5/d/n/p/set", "50")),
        (f'{{ mqtt = "a", payload = {{ level = {HALF} }} }}', ("a", '{"level":50}')),
    ],
)
def test_a_number_follows_the_control(then: str, message: tuple[str, str]) -> None:
    """Half-way up is half of the range, whole where it is a whole number."""
    assert orders_of(then, at=0.5) == [message]


def test_a_value_that_others_follow_may_be_lost_and_the_last_one_may_not() -> None:
    """On its way a message is a stream; at the end it waits for the broker like any event."""
    action = rule('{ value = "height" }', '{ tasmota = "t", brightness = { to = [0, 100] } }').rules[0].then[0]
    for passing, kind, qos in ((True, MessageKind.STREAM, 0), (False, MessageKind.EVENT, 1)):
        (message,) = action.orders(Moment(value(0.5, 1.0), {}, 0.5, passing=passing))
        assert isinstance(message, Message)
        assert (message.kind, message.qos, message.retain) == (kind, qos, False)


def test_a_webhook_is_a_request() -> None:
    """Tables go out as JSON; a bearer token is named by its file."""
    then = '{ webhook = "http://x/y", payload = { who = "{{ hand }}" }, token_file = "/run/t", retries = 1 }'
    action = rule('{ gesture = "ok" }', then).rules[0].then[0]
    (request,) = action.orders(Moment(gesture(), {"hand": "left"}))
    assert request == Request(
        "POST", "http://x/y", {"Content-Type": "application/json"}, b'{"who":"left"}', 5.0, 1, "/run/t"
    )


def test_an_argument_of_a_program_stays_one_argument() -> None:
    """Whatever a template comes to, no shell will ever read it."""
    action = rule('{ gesture = "ok" }', '{ command = ["/bin/say", "{{ hand }}"] }').rules[0].then[0]
    assert action.orders(Moment(gesture(), {"hand": "a; rm -rf /"})) == (Command(("/bin/say", "a; rm -rf /"), 10.0),)


def test_a_topic_that_a_template_spoils_is_not_published_to() -> None:
    """A wildcard in a topic would have the broker close the connection."""
    action = rule('{ gesture = "ok" }', '{ mqtt = "house/{{ hand }}" }').rules[0].then[0]
    with pytest.raises(ActionError, match="no topic"):
        action.orders(Moment(gesture(), {"hand": "#"}))


def test_what_json_has_no_words_for_is_an_error_of_the_action() -> None:
    """A method that was not called, for instance."""
    action = rule('{ gesture = "ok" }', '{ mqtt = "a", payload = { x = "{{ hand.upper }}" } }').rules[0].then[0]
    with pytest.raises(ActionError, match="came to no value"):
        action.orders(Moment(gesture(), {"hand": "left"}))


def test_payloads_are_valid_json_whatever_a_text_holds() -> None:
    """Quotes in a filled text stay inside it."""
    then = '{ mqtt = "a", payload = { text = "say {{ hand }}" } }'
    action = rule('{ gesture = "ok" }', then).rules[0].then[0]
    (message,) = action.orders(Moment(gesture(), {"hand": '"}'}))
    assert isinstance(message, Message)
    assert msgspec.json.decode(message.payload) == {"text": 'say "}'}
