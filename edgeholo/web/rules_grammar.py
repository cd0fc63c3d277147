"""What a rule can be made of, read from the same tables that rules are checked against: for drop-downs."""

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Literal, get_args

import msgspec
from msgspec import inspect as types

from edgeholo.act.curves import CURVES, Sweep
from edgeholo.act.patterns import WORDS
from edgeholo.act.sense import Names
from edgeholo.act.table import ACTIONS
from edgeholo.act.when import Day, PhaseName, When
from edgeholo.web.gestures_list import ControlWords, controls

FieldType = Literal["choice", "number", "text", "colour", "flag", "list", "table"]

_ATTRIBUTE = re.compile(r"^ {4}(?P<name>\w+): (?P<text>.+(?:\n {8,}.+)*)", re.MULTILINE)
_TRIGGERS = ("gesture", "value", "presence", "armed")
_NEVER = ("command",)
"""Kinds that the page may not write."""
_HIDDEN = ("token_file",)
"""Options likewise."""
_COLOUR = "^#[0-9a-fA-F]{6}$"


class RuleField(msgspec.Struct, frozen=True):
    """An option of an action, or a condition.

    Attributes:
        name: as it is written.
        type: what it takes.
        doc: what it means.
        choices: of ``choice``.
        low: least number; null for none.
        high: largest number; null for none.
        follows: whether it may follow a control: a table ``{"to": [low, high]}``, with ``from``, ``curve`` and ``step``.
        whole: whether only whole numbers count.
        required: whether it must be there.
    """

    name: str
    type: FieldType
    doc: str
    choices: list[str]
    low: float | None
    high: float | None
    follows: bool
    whole: bool
    required: bool


class ActionKind(msgspec.Struct, frozen=True):
    """A kind of action.

    Attributes:
        kind: the option that names it; its value is the device's address.
        doc: what it does.
        address: what the address is.
        one_of: options of which at least one must be given; empty where none must.
        fields: its options.
        allowed: whether rules with it may be written from the page.
    """

    kind: str
    doc: str
    address: str
    one_of: list[str]
    fields: list[RuleField]
    allowed: bool


class Grammar(msgspec.Struct, frozen=True):
    """What a rule can be made of.

    Attributes:
        triggers: of which a rule begins with one.
        gestures: every name.
        once: gestures that are over when they are recognised, and so have no hold and no end.
        values: continuous controls.
        profiles: sets of gestures.
        phases: of a gesture.
        hands: the person's own.
        days: of the week.
        curves: of an option that follows a control.
        conditions: what else ``when`` takes.
        kinds: of actions.
    """

    triggers: list[str]
    gestures: list[str]
    once: list[str]
    values: list[ControlWords]
    profiles: list[str]
    phases: list[str]
    hands: list[str]
    days: list[str]
    curves: list[str]
    conditions: list[RuleField]
    kinds: list[ActionKind]


def grammar(names: Names) -> Grammar:
    """Return it.

    Args:
        names: what rules may speak of here.
    """
    return Grammar(
        triggers=list(_TRIGGERS),
        gestures=list(names.gestures),
        once=sorted(names.once),
        values=controls(),
        profiles=list(names.profiles),
        phases=list(get_args(PhaseName)),
        hands=["left", "right"],
        days=list(get_args(Day)),
        curves=list(CURVES),
        conditions=[field for field in _fields(When) if field.name not in _TRIGGERS],
        kinds=[_kind(name, kind) for name, kind in ACTIONS.items()],
    )


def _kind(name: str, kind: type) -> ActionKind:
    fields = [field for field in _fields(kind) if field.name not in _HIDDEN]
    address = next(field for field in fields if field.name == name)
    return ActionKind(
        kind=name,
        doc=(inspect.getdoc(kind) or "").partition("\n")[0],
        address=address.doc,
        one_of=list(kind.ONE_OF),  # type: ignore[attr-defined]
        fields=[field for field in fields if field is not address],
        allowed=name not in _NEVER,
    )


def _fields(kind: type) -> Iterator[RuleField]:
    docs = {
        match["name"]: " ".join(match["text"].replace("``", "").split())
        for parent in reversed(kind.__mro__)
        for match in _ATTRIBUTE.finditer(inspect.getdoc(parent) or "")
    }
    limits = getattr(kind, "LIMITS", {})
    info = types.type_info(kind)
    for field in info.fields if isinstance(info, types.StructType) else ():
        low, high = limits.get(field.name, (None, None))
        yield _field(field, docs.get(field.encode_name, ""), low, high)


def _field(field: types.Field, doc: str, low: float | None, high: float | None) -> RuleField:
    parts = list(_parts(field.type))
    numbers = [part for part in parts if isinstance(part, types.IntType | types.FloatType)]
    bounds = numbers[0] if numbers else types.FloatType()
    least, most = (
        end if end is not None else beyond for end, beyond in ((bounds.ge, bounds.gt), (bounds.le, bounds.lt))
    )
    return RuleField(
        name=field.encode_name,
        type=_type(parts),
        doc=doc or _words(parts),
        choices=[str(value) for part in parts if isinstance(part, types.LiteralType) for value in part.values],
        low=low if low is not None else least,
        high=high if high is not None else most,
        follows=any(isinstance(part, types.StructType) and part.cls is Sweep for part in parts),
        whole=isinstance(bounds, types.IntType),
        required=field.required,
    )


def _parts(kind: types.Type) -> Iterator[types.Type]:
    """Yield the types that a value may have, but for null."""
    if isinstance(kind, types.UnionType):
        for part in kind.types:
            yield from _parts(part)
    elif isinstance(kind, types.Metadata):
        yield from _parts(kind.type)
    elif not isinstance(kind, types.NoneType):
        yield kind


def _type(parts: Iterable[types.Type]) -> FieldType:
    """Return the simplest way to give a value."""
    known: tuple[tuple[type[types.Type] | tuple[type[types.Type], ...], FieldType], ...] = (
        (types.LiteralType, "choice"),
        ((types.FloatType, types.IntType), "number"),
        (types.StrType, "text"),
        (types.BoolType, "flag"),
        ((types.VarTupleType, types.TupleType, types.ListType), "list"),
    )
    if any(isinstance(part, types.StrType) and part.pattern == _COLOUR for part in parts):
        return "colour"
    order = sorted(parts, key=lambda part: not isinstance(part, types.StrType))
    first = next(iter(order), None)
    return next((name for kinds, name in known if isinstance(first, kinds)), "table")


def _words(parts: Iterable[types.Type]) -> str:
    return next((WORDS.get(part.pattern or "", "") for part in parts if isinstance(part, types.StrType)), "")
