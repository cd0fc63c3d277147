"""The rules at work: gestures, time and topics come in, messages go out."""

import pytest

from edgeholo.act.rules import decode
from edgeholo.types import Armed, Phase, Presence, Quality
from tests.rule_cases import NAMES, gesture, responder, rule, sent, value

DIM = '{ tasmota = "lamp", brightness = { to = [0, 100] }, every_s = 0.5 }'


def test_a_gesture_does_all_that_its_rules_say_in_order() -> None:
    """Two rules of one gesture, the second with two actions."""
    text = """
    [[rule]]
    when = { gesture = "thumb_up" }
    then = { mqtt = "one", payload = "{{ rule }} {{ time }}" }
    [[rule]]
    name = "second"
    when = { gesture = "thumb_up", hand = "left" }
    then = [{ mqtt = "two", payload = "{{ gesture }} {{ hand }} {{ confidence }}" }, { mqtt = "three" }]
    """
    acting = responder(decode(text, NAMES))
    assert sent(acting.observe(gesture(t_s=2.0))) == [
        ("one", "rule 1 2026-11-23T19:00:02+01:00"),
        ("two", "thumb_up left 0.93"),
        ("three", ""),
    ]
    assert sent(acting.observe(gesture("ok"))) == []
    assert acting.refusals == {}


def test_a_toggle_follows_what_the_lamp_says() -> None:
    """Switched at the wall meanwhile, it is still told the opposite of what it is."""
    acting = responder(rule('{ gesture = "thumb_up" }', '{ zigbee2mqtt = "lamp", state = "toggle" }'))
    told = []
    for state in ('{"state":"ON"}', '{"state":"OFF"}', '{"state":"OFF"}', ""):
        acting.receive("zigbee2mqtt/lamp", state.encode())
        told += [payload for _, payload in sent(acting.observe(gesture()))]
    assert told == ['{"state":"OFF"}', '{"state":"ON"}', '{"state":"ON"}', '{"state":"ON"}']


def test_an_action_that_fails_does_not_stop_the_others() -> None:
    """It is named among the failures."""
    then = '[{ mqtt = "a/{{ 1 / 0 }}" }, { mqtt = "b" }]'
    (firing,) = responder(rule('{ gesture = "thumb_up" }', then)).observe(gesture())
    assert sent([firing]) == [("b", "")]
    assert len(firing.failures) == 1
    assert "1 / 0" in firing.failures[0]


def test_a_held_gesture_fires_once_after_its_time() -> None:
    """Whatever the events' own hold is; letting go and showing it again begins anew."""
    acting = responder(rule('{ gesture = "thumb_up", hold_s = 2 }', '{ mqtt = "a", payload = "{{ duration_s }}" }'))
    assert acting.observe(gesture(t_s=1.0)) == []
    assert acting.tick(2_900_000_000) == []
    assert sent(acting.tick(3_000_000_000)) == [("a", "2.0")]
    assert acting.tick(4_000_000_000) == []
    acting.observe(gesture(t_s=4.5, phase=Phase.END))
    acting.observe(gesture(t_s=5.0))
    assert sent(acting.tick(7_000_000_000)) == [("a", "2.0")]


def test_a_gesture_let_go_too_soon_does_not_count_as_held() -> None:
    """Nor does one that was being held when the line began anew."""
    acting = responder(rule('{ gesture = "thumb_up", hold_s = 2 }'))
    acting.observe(gesture(t_s=1.0))
    acting.observe(gesture(t_s=2.0, phase=Phase.END))
    assert acting.tick(9_000_000_000) == []
    acting.observe(gesture(t_s=10.0))
    acting.reset()
    assert acting.tick(19_000_000_000) == []


def test_each_hand_and_each_person_holds_for_itself() -> None:
    """One of two lets go; the other's time goes on."""
    acting = responder(rule('{ gesture = "thumb_up", hold_s = 2 }', '{ mqtt = "a", payload = "{{ person }}" }'))
    acting.observe(gesture(t_s=1.0, person=1))
    acting.observe(gesture(t_s=1.5, person=2))
    acting.observe(gesture(t_s=2.0, person=1, phase=Phase.END))
    assert sent(acting.tick(3_500_000_000)) == [("a", "2")]


def test_presence_counts_when_it_changes() -> None:
    """A second person is no second coming."""
    acting = responder(rule("{ presence = true }", '{ mqtt = "a", payload = "{{ count }}" }'))
    assert sent(acting.observe(Presence(True, 1, 0, 0))) == [("a", "1")]
    assert acting.observe(Presence(True, 2, 0, 10)) == []
    assert acting.observe(Presence(False, 0, 0, 20)) == []
    assert sent(acting.observe(Presence(True, 1, 0, 30))) == [("a", "1")]


def test_presence_and_arming_are_known_to_other_rules() -> None:
    """As conditions, from the last that was said of them; refusals are counted by their reason."""
    acting = responder(rule('{ gesture = "thumb_up", presence = true, armed = true }'), armed=False)
    assert acting.observe(gesture()) == []
    acting.observe(Presence(True, 1, 0, 0))
    assert acting.observe(gesture()) == []
    acting.observe(Armed(True, 0))
    assert len(acting.observe(gesture())) == 1
    acting.observe(Armed(False, 0))
    assert acting.observe(gesture()) == []
    assert acting.refusals == {("rule 1", "presence = true"): 1, ("rule 1", "armed = true"): 2}


def test_the_first_word_after_a_start_is_no_news() -> None:
    """Nobody has gone where nobody was, and what was never armed is not disarmed."""
    acting = responder(rule("{ presence = false }"), armed=False)
    assert acting.observe(Presence(False, 0, 0, 0)) == []
    assert acting.observe(Presence(True, 1, 0, 10)) == []
    assert len(acting.observe(Presence(False, 0, 0, 20))) == 1
    disarmed = responder(rule("{ armed = false }"), armed=False)
    assert disarmed.observe(Armed(False, 0)) == []
    assert disarmed.observe(Armed(True, 10)) == []
    assert len(disarmed.observe(Armed(False, 20))) == 1


def test_other_rules_know_what_the_old_ones_knew() -> None:
    """Who is there and what devices have said; a gesture that is held begins to count when it is shown anew."""
    acting = responder(rule('{ gesture = "ok" }'))
    acting.observe(Presence(True, 1, 0, 0))
    acting.receive("zigbee2mqtt/lamp", b'{"state":"ON"}')
    acting.observe(gesture(t_s=1.0))
    acting.take(
        rule('{ gesture = "thumb_up", hold_s = 1, presence = true }', '{ zigbee2mqtt = "lamp", state = "toggle" }')
    )
    assert acting.tick(3_000_000_000) == []
    acting.observe(gesture(t_s=4.0))
    assert sent(acting.tick(5_000_000_000)) == [("zigbee2mqtt/lamp/set", '{"state":"OFF"}')]


def test_an_order_knows_its_action_and_whether_others_follow() -> None:
    """What is done beside the line is told apart by it."""
    then = '[{ mqtt = "{{ 1 / 0 }}" }, { webhook = "http://a" }, { wled = "w", color = "#ff0000", state = "on" }]'
    (firing,) = responder(rule('{ gesture = "thumb_up" }', then)).observe(gesture())
    assert (firing.places, firing.passing) == ((1, 2, 2), False)
    acting = responder(rule('{ value = "height" }', DIM))
    assert [firing.passing for firing in acting.observe(value(0.1, 1.0, "begin"))] == [True]
    assert [firing.passing for firing in acting.observe(value(0.2, 2.0, "end"))] == [False]


def test_arming_sets_off_a_rule_of_its_own() -> None:
    """A lamp may blink when the wake gesture was understood."""
    acting = responder(rule("{ armed = true }", '{ mqtt = "a", payload = "{{ armed }}" }'), armed=False)
    assert sent(acting.observe(Armed(True, 0))) == [("a", "True")]
    assert acting.observe(Quality("dark", "", 0)) == []


def test_the_profile_may_change_while_rules_are_at_work() -> None:
    """A rule of another profile rests."""
    acting = responder(rule('{ gesture = "thumb_up", profile = "music" }'))
    assert acting.observe(gesture()) == []
    acting.profile = "music"
    assert len(acting.observe(gesture())) == 1


def test_a_value_goes_out_at_its_pace_and_the_last_one_always() -> None:
    """A hand that rises for two seconds at thirty frames a second: five messages, and where it was let go."""
    acting = responder(rule('{ value = "height" }', DIM))
    levels = []
    for frame in range(61):
        t_s = 1 + frame / 30
        phase = "begin" if frame == 0 else "end" if frame == 60 else "change"
        firings = acting.observe(value(frame / 60, t_s, phase))  # type: ignore[arg-type]
        firings += acting.tick(round(t_s * 1e9))
        levels += [int(payload) for _, payload in sent(firings)]
    assert levels == [0, 25, 50, 75, 100]


def test_a_value_that_had_to_wait_comes_with_time() -> None:
    """The hand has stopped, and no more values come."""
    acting = responder(rule('{ value = "height" }', DIM))
    assert sent(acting.observe(value(0.1, 1.0, "begin"))) == [("cmnd/lamp/Dimmer", "10")]
    assert acting.observe(value(0.3, 1.1)) == []
    assert acting.tick(1_400_000_000) == []
    assert sent(acting.tick(1_500_000_000)) == [("cmnd/lamp/Dimmer", "30")]
    assert acting.tick(9_000_000_000) == []


def test_the_same_number_is_not_said_twice_but_at_the_end() -> None:
    """A hand that trembles below one step of the lamp is silence on the network."""
    acting = responder(rule('{ value = "height" }', DIM))
    values = [(0.301, 1.0, "begin"), (0.302, 2.0, "change"), (0.303, 3.0, "change"), (0.302, 3.1, "end")]
    told = [sent(acting.observe(value(number, t_s, phase))) for number, t_s, phase in values]  # type: ignore[arg-type]
    assert told == [[("cmnd/lamp/Dimmer", "30")], [], [], [("cmnd/lamp/Dimmer", "30")]]


@pytest.mark.parametrize("hand", ["left", "right"])
def test_a_value_obeys_conditions_like_a_gesture(hand: str) -> None:
    """Only the hand that was asked for dims the lamp."""
    acting = responder(rule(f'{{ value = "height", hand = "{hand}" }}', DIM))
    assert bool(acting.observe(value(0.5, 1.0, "begin"))) is (hand == "right")
