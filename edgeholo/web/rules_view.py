"""The rules as the page shows them: their text, what they say in words, and what is wrong with them."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from edgeholo.act.drafts import Draft, written
from edgeholo.act.mistakes import RulesError
from edgeholo.act.rules import Rules, decode
from edgeholo.act.sense import Names
from edgeholo.act.words import doing, trigger
from edgeholo.amend.places import text_of
from edgeholo.amend.rules import ForbiddenError, check, fingerprint
from edgeholo.errors import ConfigError
from edgeholo.toml import editing, writing
from edgeholo.toml.positions import Positions
from edgeholo.web.rules_grammar import Grammar, grammar

MOST = 200
"""Rules that are described; a home has a handful, and each takes a millisecond."""


class RuleMistake(msgspec.Struct, frozen=True):
    """One thing that is wrong.

    Attributes:
        line: in the text, from 1.
        column: likewise.
        text: what, and how to mend it.
    """

    line: int
    column: int
    text: str


class RuleInWords(msgspec.Struct, frozen=True):
    """A rule of the file.

    Attributes:
        number: of the rule in the file, from 0.
        name: as people call it.
        line: where it begins in the text.
        enabled: whether it counts.
        when: what sets it off, in words; empty where it is wrong.
        then: what it does, likewise.
        draft: the rule as it can be put together from parts; null where it cannot.
        locked: whether the page may not change it: it starts a program, or sends a token.
    """

    number: int
    name: str
    line: int
    enabled: bool
    when: str
    then: list[str]
    draft: Draft | None
    locked: bool


class RulesState(msgspec.Struct, frozen=True):
    """The rules of this machine's unit.

    Attributes:
        unit: whose they are.
        file: where they are.
        text: all of the file; empty where there is none.
        sha256: of the text; whoever saves another says which one it was made from.
        editable: whether they can be saved from the page.
        why_not: one sentence; empty where they can.
        rules: what they say.
        mistakes: what is wrong with them.
        grammar: what a rule can be made of.
    """

    unit: str
    file: str
    text: str
    sha256: str
    editable: bool
    why_not: str
    rules: list[RuleInWords]
    mistakes: list[RuleMistake]
    grammar: Grammar


@dataclass(frozen=True, slots=True)
class Judged:
    """A text of rules, read.

    Attributes:
        rules: what it says; empty where it is wrong.
        mistakes: what is wrong.
    """

    rules: Rules
    mistakes: list[RuleMistake]


def state(unit: str, file: Path, names: Names, why_not: str) -> RulesState:
    """Return the rules as they are.

    Args:
        unit: whose they are.
        file: of rules; need not exist.
        names: what rules may speak of.
        why_not: why they cannot be saved; empty where they can.
    """
    try:
        text = text_of(file)
    except ConfigError as error:
        text, why_not = "", str(error)
    return RulesState(
        unit=unit,
        file=str(file),
        text=text,
        sha256=fingerprint(text),
        editable=not why_not,
        why_not=why_not,
        rules=in_words(text, names),
        mistakes=judged(text, names).mistakes,
        grammar=grammar(names),
    )


def judged(text: str, names: Names) -> Judged:
    """Return what a text says, and what is wrong with it."""
    try:
        return Judged(decode(text, names), [])
    except RulesError as error:
        return Judged(Rules(), [RuleMistake(one.place.line, one.place.column, one.text) for one in error.mistakes])


def in_words(text: str, names: Names) -> list[RuleInWords]:
    """Return what each rule of a text says, also of those that are not enabled; nothing where it is no TOML."""
    try:
        tree = tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return []
    tables = tree.get("rule")
    places = Positions(text.replace("\r\n", "\n"))
    home = _server(tree)
    return [
        _in_words(number, places.key(("rule", number)).line, table, names, home)
        for number, table in enumerate(tables[:MOST] if isinstance(tables, list) else ())
        if isinstance(table, dict)
    ]


def server(text: str) -> str:
    """Return the table [homeassistant] of a text, which actions need; nothing where there is none."""
    try:
        return _server(tomllib.loads(text.replace("\r\n", "\n")))
    except (tomllib.TOMLDecodeError, RecursionError):
        return ""


def with_draft(text: str, draft: Draft | None, replaces: int | None) -> str:
    """Return a text with a rule more, with one in the place of another, or with one less; its comments stay.

    Args:
        text: of rules.
        draft: the rule; None takes one out.
        replaces: number of the rule whose place it takes; None puts it at the end.

    Raises:
        ConfigError: the text is no TOML, has no such rule, or is written in a way that cannot be changed so.
    """
    try:
        count = len(tomllib.loads(text.replace("\r\n", "\n")).get("rule", []))
    except (tomllib.TOMLDecodeError, RecursionError, TypeError) as error:
        raise ConfigError(f"the rules are no TOML, mend that first: {error}") from None
    if replaces is None:
        return text if draft is None else editing.appended(text, _written(draft))
    if not 0 <= replaces < count:
        raise ConfigError(f"there is no rule number {replaces}")
    if draft is None:
        return editing.removed(text, ("rule", replaces))
    return editing.replaced(text, ("rule", replaces), _written(draft))


def _written(draft: Draft) -> str:
    try:
        return written(draft)
    except TypeError as error:
        raise ConfigError(str(error)) from None


def _in_words(number: int, line: int, table: dict[str, Any], names: Names, server: str) -> RuleInWords:
    draft = _draft(table)
    rule = next(iter(_one(draft, names, server)), None) if draft else None
    name = table.get("name")
    return RuleInWords(
        number=number,
        name=name if isinstance(name, str) and name.strip() else f"rule {number + 1}",
        line=line,
        enabled=table.get("enabled", True) is True,
        when=trigger(rule.when) if rule else "",
        then=[doing(action) for action in rule.then] if rule else [],
        draft=draft,
        locked=draft is not None and _locked(draft),
    )


def _draft(table: dict[str, Any]) -> Draft | None:
    then = table.get("then")
    try:
        return msgspec.convert({**table, "then": [then] if isinstance(then, dict) else then}, Draft)
    except msgspec.ValidationError:
        return None


def _one(draft: Draft, names: Names, server: str) -> Iterable[Any]:
    """Return the rule of a draft, as if it were enabled; nothing where it is wrong."""
    try:
        enabled = msgspec.structs.replace(draft, enabled=True)
        return decode(server + written(enabled), names).rules
    except (RulesError, TypeError):
        return ()


def _locked(draft: Draft) -> bool:
    try:
        check(written(draft), "")
    except ForbiddenError:
        return True
    except TypeError:
        return False
    return False


def _server(tree: dict[str, Any]) -> str:
    table = tree.get("homeassistant")
    if not isinstance(table, dict):
        return ""
    pairs = "".join(f"{writing.key(key)} = {writing.value(value)}\n" for key, value in table.items())
    return f"[homeassistant]\n{pairs}\n"
