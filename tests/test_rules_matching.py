"""A rule fires when it was set off and every condition is met; else it says which one was not."""

from dataclasses import replace
from datetime import datetime

import pytest

from edgeholo.act.matching import Situation, sets_off, unmet
from edgeholo.types import Armed, Observation, Phase, Presence, Side
from tests.hand_shapes import people, shown
from tests.rule_cases import EVENING, gesture, rule, value

AROUND = Situation(EVENING, present=True, armed=True, profile="everyday", states={}, people=None)


@pytest.mark.parametrize(
    ("when", "observation", "fires"),
    [
        ("{ gesture = 'thumb_up' }", gesture(), True),
        ("{ gesture = 'ok' }", gesture(), False),
        ("{ gesture = ['ok', 'thumb_up'] }", gesture(), True),
        ("{ gesture = 'thumb_up' }", gesture(phase=Phase.HOLD), False),
        ("{ gesture = 'thumb_up' }", gesture(phase=Phase.END), False),
        ("{ gesture = 'thumb_up', phase = 'end' }", gesture(phase=Phase.END), True),
        ("{ gesture = 'thumb_up', phase = 'repeat' }", gesture(phase=Phase.REPEAT), True),
        ("{ gesture = 'thumb_up', hold_s = 1 }", gesture(), False),
        ("{ gesture = 'wave' }", gesture("wave", phase=Phase.ONCE), True),
        ("{ gesture = 'ok', presence = true }", Presence(True, 1, 0, 0), False),
        ("{ value = 'height' }", value(0.5, 1.0), True),
        ("{ value = 'roll' }", value(0.5, 1.0), False),
        ("{ presence = true }", Presence(True, 1, 0, 0), True),
        ("{ presence = false }", Presence(True, 1, 0, 0), False),
        ("{ armed = true }", Armed(True, 0), True),
        ("{ armed = true }", Armed(False, 0), False),
    ],
)
def test_a_rule_is_set_off_by_what_it_begins_with(when: str, observation: Observation, fires: bool) -> None:
    """The start of a gesture unless told otherwise, each step of a value, the change of presence and arming."""
    assert sets_off(rule(when).rules[0].when, observation) is fires


@pytest.mark.parametrize(
    ("condition", "other", "reason"),
    [
        ("hand = 'left'", gesture(), ""),
        ("hand = 'right'", gesture(), "hand = right"),
        ("hand = 'left'", gesture("t_pose", hand=None), "hand = left"),
        ("person = 1", gesture(), ""),
        ("person = 2", gesture(), "person = 2"),
        ("confidence = 0.9", gesture(), ""),
        ("confidence = 0.95", gesture(), "confidence of 0.95"),
        ("count = 2", gesture(count=2), ""),
        ("count = 2", gesture(), "count = 2"),
        ("presence = false", gesture(), "presence = false"),
        ("armed = false", gesture(), "armed = false"),
        ("profile = 'everyday'", gesture(), ""),
        ("profile = ['music', 'all']", gesture(), "profile = music or all"),
        ("zone = [0, 0, 1, 1]", gesture(), "zone"),
    ],
)
def test_the_first_condition_that_is_not_met_is_named(condition: str, other: Observation, reason: str) -> None:
    """For `rules try`, which says what kept a rule from firing."""
    when = rule(f"{{ gesture = ['thumb_up', 't_pose'], {condition} }}").rules[0].when
    assert unmet(when, other, AROUND) == reason


@pytest.mark.parametrize(
    ("condition", "time", "met"),
    [
        ("after = '18:00'", "2026-11-23T18:00", True),
        ("after = '18:00'", "2026-11-23T17:59", False),
        ("before = '18:00'", "2026-11-23T17:59", True),
        ("before = '18:00'", "2026-11-23T18:00", False),
        ("after = '08:00', before = '09:00'", "2026-11-23T08:30", True),
        ("after = '08:00', before = '09:00'", "2026-11-23T09:30", False),
        ("after = '22:00', before = '06:00'", "2026-11-23T23:30", True),
        ("after = '22:00', before = '06:00'", "2026-11-24T05:59", True),
        ("after = '22:00', before = '06:00'", "2026-11-24T12:00", False),
        ("days = ['mon']", "2026-11-23T12:00", True),
        ("days = ['tue', 'wed']", "2026-11-23T12:00", False),
        ("after = '22:00', before = '06:00', days = ['mon']", "2026-11-24T01:00", True),
        ("after = '22:00', before = '06:00', days = ['tue']", "2026-11-24T01:00", False),
    ],
)
def test_a_rule_knows_the_time(condition: str, time: str, met: bool) -> None:
    """A span over midnight belongs to the day on which it began."""
    when = rule(f"{{ gesture = 'thumb_up', {condition} }}").rules[0].when
    assert (unmet(when, gesture(), replace(AROUND, time=datetime.fromisoformat(time))) == "") is met


@pytest.mark.parametrize(
    ("wanted", "payload", "met"),
    [
        ("'open'", "open", True),
        ("'open'", "closed", False),
        ("'5'", "5", True),
        ("5", "5.0", True),
        ("true", "true", True),
        ("true", "1", False),
        ("0", "false", False),
        ("{ contact = false }", '{"contact":false,"battery":90}', True),
        ("{ contact = false }", '{"contact":true}', False),
        ("{ contact = false }", '{"other":1}', False),
        ("{ contact = false }", "no json", False),
        ("{ a = { b = 1 } }", '{"a":{"b":1,"c":2}}', True),
        ("{ above = 20 }", "21", True),
        ("{ above = 20 }", "20", False),
        ("{ above = 20, below = 30 }", "35", False),
        ("{ lux = { below = 20 } }", '{"lux":3}', True),
        ("{ lux = { below = 20 } }", '{"lux":"dark"}', False),
        ("{ not = 'open' }", "closed", True),
        ("{ not = { contact = true } }", '{"contact":true}', False),
    ],
)
def test_a_topic_is_compared_with_what_is_wanted(wanted: str, payload: str, met: bool) -> None:
    """Text, numbers and truth are told apart; JSON is compared field by field."""
    when = rule(f"{{ gesture = 'thumb_up', topic = {{ 'house/door' = {wanted} }} }}").rules[0].when
    heard = replace(AROUND, states={"house/door": payload.encode()})
    assert (unmet(when, gesture(), heard) == "") is met


def test_a_topic_of_which_nothing_was_heard_meets_nothing() -> None:
    """Not even the opposite of something."""
    when = rule("{ gesture = 'thumb_up', topic = { 'house/door' = { not = 'open' } } }").rules[0].when
    assert unmet(when, gesture(), AROUND) == "topic house/door, of which nothing was heard"


def test_a_zone_is_where_the_hand_is() -> None:
    """The hand of these frames is right of the middle; the other hand is not seen, so nobody knows where it is."""
    seen = replace(AROUND, people=people(1.0, shown("thumb_up", Side.LEFT)))
    right = rule("{ gesture = 'thumb_up', zone = [0.5, 0, 0.5, 1] }").rules[0].when
    left = rule("{ gesture = 'thumb_up', zone = [0, 0, 0.5, 1] }").rules[0].when
    assert unmet(right, gesture(), seen) == ""
    assert unmet(left, gesture(), seen) == "zone"
    assert unmet(right, gesture(hand=Side.RIGHT), seen) == "zone"
    assert unmet(right, gesture(person=2), seen) == "zone"
