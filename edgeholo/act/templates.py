"""Texts with ``{{ gesture }}`` in them, filled in a sandbox: a rule can say what happened, and reach nothing else.

A text that is one expression and nothing else keeps its type inside a table: ``{ level = "{{ value * 100 }}" }`` is a number.
"""

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from edgeholo.act.curves import Sweep
from edgeholo.errors import ActionError
from edgeholo.nearest import did_you_mean

LONGEST = 65_536
"""Characters of a filled template: the longest payload that small devices' MQTT clients are ever asked to take."""

_LARGEST_POWER = 16
"""Squares and cubes are of use; a number of a million digits is not."""

_ONE_EXPRESSION = re.compile(r"\s*\{\{(?P<inner>(?:(?!\{\{|\}\}).)*)\}\}\s*", re.DOTALL)
_SWEEP_KEYS = frozenset({"from", "to", "curve", "step"})


def is_template(text: str) -> bool:
    """Return whether there is something to fill in."""
    return "{{" in text or "{%" in text


def is_sweep(table: Mapping[str, object]) -> bool:
    """Return whether a table inside a payload stands for a number that follows the control."""
    return "to" in table and _SWEEP_KEYS.issuperset(table)


def mistake(text: str, names: Iterable[str]) -> str | None:
    """Return what is wrong with a template in which ``names`` are known, or None."""
    try:
        tree = _environment().parse(text)
        _compiled(text)
    except TemplateError as error:
        return f"bad template: {error.message or error}"
    known = sorted(names)
    for unknown in sorted(meta.find_undeclared_variables(tree) - set(known)):
        hint = did_you_mean(unknown, known) or f"there are {', '.join(known)}"
        return f"a template knows no {unknown!r} here; {hint}"
    return None


def rendered(text: str, names: Mapping[str, object]) -> str:
    """Return ``text``, filled; what is None becomes nothing.

    Raises:
        ActionError: it cannot be filled.
    """
    if not is_template(text):
        return text
    return str(_guarded(text, lambda: _compiled(text).render(names)))


def filled(tree: object, names: Mapping[str, object], value: float | None) -> object:
    """Return a table or list, its texts and sweeps filled at every depth.

    Args:
        tree: of TOML.
        names: what templates know.
        value: of the control, 0..1, for sweeps.

    Raises:
        ActionError: a text cannot be filled.
    """
    if isinstance(tree, str):
        return _typed(tree, names)
    if isinstance(tree, list):
        return [filled(item, names, value) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if value is not None and is_sweep(tree):
        return whole(msgspec.convert(tree, Sweep).at(value))
    return filled_table(tree, names, value)


def filled_table(table: Mapping[str, object], names: Mapping[str, object], value: float | None) -> dict[str, object]:
    """Return a table, what stands in it filled; see ``filled``."""
    return {key: filled(item, names, value) for key, item in table.items()}


def whole(number: float) -> float:
    """Return an integer where it is one: devices take 128, and some refuse 128.0."""
    return int(number) if number == int(number) else number


def _typed(text: str, names: Mapping[str, object]) -> object:
    one = _ONE_EXPRESSION.fullmatch(text)
    if one is None:
        return rendered(text, names)
    return _guarded(text, lambda: _expression(one["inner"])(names))


def _guarded(text: str, fill: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever an expression comes to
    try:
        result = fill()
    except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as error:
        raise ActionError(f"the template {text!r} cannot be filled: {error}") from None
    if isinstance(result, str) and len(result) > LONGEST:
        raise ActionError(f"the template {text!r} becomes longer than {LONGEST} characters")
    return result


class _Sandbox(ImmutableSandboxedEnvironment):
    """A sandbox that also keeps a slip of the pen from taking all memory."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 - any operand
        """Multiply, but for what would become endless."""
        if operator == "**" and isinstance(right, int | float) and abs(right) > _LARGEST_POWER:
            raise ActionError(f"a power of {right} is out of reach")
        if operator == "*" and not all(isinstance(operand, int | float) for operand in (left, right)):
            raise ActionError("only numbers are multiplied")
        return super().call_binop(context, operator, left, right)


@functools.cache
def _environment() -> _Sandbox:
    return _Sandbox(undefined=StrictUndefined, autoescape=False, finalize=lambda value: "" if value is None else value)


@functools.lru_cache(256)
def _compiled(text: str) -> Any:  # noqa: ANN401 - jinja2's own
    return _environment().from_string(text)


@functools.lru_cache(256)
def _expression(inner: str) -> Any:  # noqa: ANN401 - jinja2's own
    return _environment().compile_expression(inner, undefined_to_none=False)
