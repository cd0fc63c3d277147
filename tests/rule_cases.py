"""Rules, observations and responders for tests."""

from datetime import datetime, timedelta
from typing import Literal

from edgeholo.act.action import Moment, Order
from edgeholo.act.responder import Firing, Responder
from edgeholo.act.rules import Rules, decode
from edgeholo.act.sense import Names
from edgeholo.interpret.vocabulary import CONTROLS, VOCABULARY
from edgeholo.types import Gesture, Message, Phase, Side, Value

NAMES = Names(
    gestures=tuple(VOCABULARY),
    once=tuple(name for name, entry in VOCABULARY.items() if entry.once),
    values=tuple(CONTROLS),
    profiles=("everyday", "all", "music"),
    commands=True,
)

EVENING = datetime.fromisoformat("2026-11-23T19:00:00+01:00")
"""A Monday."""


def gesture(
    name: str = "thumb_up",
    t_s: float = 1.0,
    phase: Phase = Phase.START,
    *,
    hand: Side | None = Side.LEFT,
    confidence: float = 0.93,
    person: int = 1,
    count: int | None = None,
) -> Gesture:
    """Return something somebody meant."""
    return Gesture(name, phase, hand, confidence, 0.0, person, round(t_s * 1e9), count)


def value(
    number: float,
    t_s: float,
    phase: Literal["begin", "change", "end"] = "change",
    name: str = "height",
    hand: Side | None = Side.RIGHT,
) -> Value:
    """Return a control's value."""
    return Value(name, number, phase, hand, 1, round(t_s * 1e9))


def rule(when: str, then: str = '{ mqtt = "house/log", payload = "seen" }') -> Rules:
    """Return one rule of two inline tables."""
    return decode(f"[[rule]]\nwhen = {when}\nthen = {then}\n", NAMES)


def responder(rules: Rules, begin: datetime = EVENING, *, armed: bool = True, profile: str = "everyday") -> Responder:
    """Return the rules at work, media time 0 being ``begin``."""
    return Responder(rules, lambda ns: begin + timedelta(microseconds=ns / 1000), armed=armed, profile=profile)


def sent(firings: list[Firing]) -> list[tuple[str, str]]:
    """Return topic and payload of every message, in order."""
    return [said(order) for firing in firings for order in firing.orders]


def said(order: Order) -> tuple[str, str]:
    """Return topic and payload of a message."""
    assert isinstance(order, Message), order
    return order.topic, order.payload.decode()


def orders_of(then: str, states: dict[str, str] | None = None, at: float | None = None) -> list[tuple[str, str]]:
    """Return topic and payload of every message of an action.

    Args:
        then: the action as an inline table.
        states: what the house said before, by topic.
        at: value of a control, for an action that follows one.
    """
    when = '{ gesture = "thumb_up" }' if at is None else '{ value = "height" }'
    heard = {topic: payload.encode() for topic, payload in (states or {}).items()}
    trigger = gesture() if at is None else value(at, 1.0)
    moment = Moment(trigger, {}, at, states=heard)
    return [said(order) for action in rule(when, then).rules[0].then for order in action.orders(moment)]
