"""Rules in words, for people who check what they wrote."""

import msgspec

from edgeholo.act.action import Action, Command, Order, Request
from edgeholo.act.command import Program
from edgeholo.act.rules import Rule
from edgeholo.act.table import ACTIONS
from edgeholo.act.webhook import Webhook
from edgeholo.act.when import When
from edgeholo.redact import redacted

_TRIGGERS = ("gesture", "value", "presence", "armed", "phase", "hold_s")


def described(rule: Rule) -> list[str]:
    """Return a rule in lines: its name, what sets it off, what it does."""
    return [rule.name, f"  when {trigger(rule.when)}", *(f"  then {_action(action)}" for action in rule.then)]


def doing(action: Action) -> str:
    """Return what an action does, for all who listen on the broker: no web address in full, and no arguments."""
    if isinstance(action, Webhook):
        return f"webhook {redacted(action.webhook)}"
    if isinstance(action, Program):
        return f"command {action.command[0]}"
    return _action(action)


def sent(order: Order) -> str:
    """Return what goes out, on one line: no web address in full, and no arguments."""
    if isinstance(order, Request):
        return f"{order.method} {redacted(order.url)}"
    if isinstance(order, Command):
        return f"command {order.arguments[0]}"
    return f"{order.topic} {order.payload.decode(errors='replace')}".rstrip()


def trigger(when: When) -> str:
    """Return what sets a rule off, and its conditions."""
    conditions = [
        _pair(key, value)
        for key, value in msgspec.to_builtins(when).items()
        if value not in (None, {})
        and (key not in _TRIGGERS or (key in ("presence", "armed") and key != _trigger(when)))
    ]
    return ", ".join([_event(when), *conditions])


def _trigger(when: When) -> str:
    return next(key for key in _TRIGGERS if getattr(when, key) is not None)


def _event(when: When) -> str:
    if when.gestures:
        how = f" held for {when.hold_s:g} s" if when.hold_s else "" if when.phase is None else f" {when.phase}"
        return f"{' or '.join(when.gestures)}{how}"
    if when.value is not None:
        return f"{when.value} moves"
    if when.presence is not None:
        return "somebody comes" if when.presence else "everybody has gone"
    return "gestures begin to count" if when.armed else "gestures no longer count"


def _pair(key: str, value: object) -> str:
    if isinstance(value, list | tuple) and key != "zone":
        return f"{key} {' or '.join(map(str, value))}"
    if isinstance(value, float):
        return f"{key} {value:g}"
    return f"{key} {value if isinstance(value, str) else msgspec.json.encode(value).decode()}"


def _action(action: object) -> str:
    options = msgspec.to_builtins(action)
    kind = next(name for name, one in ACTIONS.items() if isinstance(action, one))
    defaults = {field.name: field.default for field in msgspec.structs.fields(type(action))}  # type: ignore[arg-type]
    more = [
        _pair(key, value)
        for key, value in options.items()
        if key != kind and value not in (None, {}, [], "") and value != defaults.get(key)
    ]
    name = options[kind] if isinstance(options[kind], str) else " ".join(options[kind])
    return ", ".join([f"{kind} {name}", *more])
