"""``rules.toml``: read strictly, so that a rule that was taken is a rule that can fire."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import msgspec

from edgeholo.act.action import Action, HomeAssistantServer
from edgeholo.act.mistakes import Finder, Mistake, RulesError, suggestion, syntax_mistake
from edgeholo.act.sense import Names, check_action, check_when
from edgeholo.act.table import ACTIONS
from edgeholo.act.when import When
from edgeholo.errors import ConfigError
from edgeholo.toml.positions import Path, Place, Positions

_LONGEST = 1 << 20
"""Bytes of a rules file: thousands of rules; more is another file, given by mistake."""
_TABLES = ("rule", "homeassistant")
_RULE = ("name", "enabled", "when", "then")


@dataclass(frozen=True, slots=True)
class Rule:
    """When something happens, then do something.

    Attributes:
        name: as people call it.
        when: what sets it off.
        then: what is done, in this order.
    """

    name: str
    when: When
    then: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything in a rules file.

    Attributes:
        rules: those that are enabled, in their order.
        server: Home Assistant, where it is named.
    """

    rules: tuple[Rule, ...] = ()
    server: HomeAssistantServer | None = None


def read(file: FilePath, names: Names) -> Rules:
    """Return the rules of a file.

    Args:
        file: of rules.
        names: what rules may speak of.

    Raises:
        ConfigError: it cannot be read.
        RulesError: it is wrong.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(_LONGEST + 1)
        if len(content) > _LONGEST:
            raise ConfigError(f"{file} holds no rules: it is longer than {_LONGEST >> 20} MB")
        return decode(content.decode("utf-8-sig"), names, str(file))
    except FileNotFoundError:
        raise ConfigError(f"{file} does not exist") from None
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is no text: {error}") from None


def decode(text: str, names: Names, file: str = "rules.toml") -> Rules:
    """Return the rules of a text.

    Args:
        text: TOML.
        names: what rules may speak of.
        file: its name, for errors.

    Raises:
        RulesError: something is wrong; it has every mistake with its place.
    """
    # Windows' line ends: TOML takes them, and a column is counted the same.
    text = text.replace("\r\n", "\n")
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesError([syntax_mistake(error, text)], file) from None
    except RecursionError:
        raise RulesError([Mistake(Place(1, 1), "tables inside tables without end")], file) from None
    reader = _Reader(Finder(Positions(text)), names)
    rules = reader.rules(tree)
    if reader.finder.mistakes:
        raise RulesError(reader.finder.mistakes, file)
    return rules


def subscriptions(rules: Rules) -> tuple[str, ...]:
    """Return the topics that conditions and toggles need to hear, each once."""
    conditions = [topic for rule in rules.rules for topic in rule.when.topic]
    states = [topic for rule in rules.rules for action in rule.then for topic in action.listens()]
    return tuple(dict.fromkeys([*conditions, *states]))


def questions(rules: Rules) -> tuple[tuple[str, str], ...]:
    """Return topic and payload of what devices are to be asked at the start of a connection, each once."""
    return tuple(dict.fromkeys(question for rule in rules.rules for action in rule.then for question in action.asks()))


class _Reader:
    """Turns tables into rules and notes every mistake on its way."""

    def __init__(self, finder: Finder, names: Names) -> None:
        self.finder = finder
        self._names = names
        self._taken: set[str] = set()

    def rules(self, tree: dict[str, Any]) -> Rules:
        self._refuse_unknown((), tree, _TABLES)
        server = self._server(tree.get("homeassistant"))
        tables = tree.get("rule", [])
        if not isinstance(tables, list):
            self.finder.at_key(("rule",), "write [[rule]] with two brackets: there may be several")
            return Rules()
        rules = [self._rule(("rule", number), table, server is not None) for number, table in enumerate(tables)]
        return Rules(tuple(rule for rule in rules if rule is not None), server)

    def _server(self, table: object) -> HomeAssistantServer | None:
        if table is None:
            return None
        try:
            return msgspec.convert(table, HomeAssistantServer)
        except msgspec.ValidationError as error:
            self.finder.invalid(("homeassistant",), error, HomeAssistantServer)
            return None

    def _rule(self, path: Path, table: object, served: bool) -> Rule | None:
        if not isinstance(table, dict):
            self.finder.at_value(path, "a rule is a table: [[rule]]")
            return None
        self._refuse_unknown(path, table, _RULE)
        name = self._name(path, table.get("name"))
        when = self._when(path, table.get("when"))
        actions = self._actions(path, table.get("then"), when, served)
        enabled = table.get("enabled", True)
        if not isinstance(enabled, bool):
            self.finder.at_value((*path, "enabled"), "enabled: expected true or false")
        return Rule(name, when, tuple(actions)) if when is not None and enabled is True else None

    def _name(self, path: Path, name: object) -> str:
        if name is None:
            return f"rule {int(path[-1]) + 1}"
        if not isinstance(name, str) or not name.strip():
            self.finder.at_value((*path, "name"), "name: expected text")
            return ""
        if name in self._taken:
            self.finder.at_value((*path, "name"), f"another rule has the name {name!r}: they could not be told apart")
        self._taken.add(name)
        return name

    def _when(self, path: Path, table: object) -> When | None:
        path = (*path, "when")
        if not isinstance(table, dict):
            self.finder.at_value(path, 'a rule needs a table `when`: when = { gesture = "thumb_up" }')
            return None
        try:
            when = msgspec.convert(table, When)
        except msgspec.ValidationError as error:
            self.finder.invalid(path, error, When)
            return None
        check_when(when, path, self.finder, self._names)
        return when

    def _actions(self, path: Path, tables: object, when: When | None, served: bool) -> Iterable[Action]:
        path = (*path, "then")
        single = isinstance(tables, dict)
        listed = [tables] if single else tables
        if not isinstance(listed, list) or not listed:
            self.finder.at_value(path, "a rule needs `then`: a table, or a list of tables, that says what to do")
            return []
        paths = [path if single else (*path, number) for number in range(len(listed))]
        actions = [self._action(path, table, when, served) for path, table in zip(paths, listed, strict=True)]
        return [action for action in actions if action is not None]

    def _action(self, path: Path, table: object, when: When | None, served: bool) -> Action | None:
        if not isinstance(table, dict):
            self.finder.at_value(path, 'an action is a table: { zigbee2mqtt = "lamp", state = "on" }')
            return None
        kinds = [key for key in table if key in ACTIONS]
        if len(kinds) != 1:
            self._no_kind(path, table, kinds)
            return None
        kind = ACTIONS[kinds[0]]
        try:
            action = msgspec.convert(table, kind)
        except msgspec.ValidationError as error:
            self.finder.invalid(path, error, kind)  # type: ignore[arg-type]
            return None
        if kinds[0] == "homeassistant" and not served:
            self.finder.at_key((*path, kinds[0]), "this needs a table [homeassistant] with url and token_file")
        if kinds[0] == "command" and not self._names.commands:
            self.finder.at_key((*path, kinds[0]), "commands are off: set commands = true in [rules] of edgeholo.toml")
        check_action(action, table, when, path, self.finder)
        return action

    def _no_kind(self, path: Path, table: dict[str, object], kinds: list[str]) -> None:
        if kinds:
            self.finder.at_key(
                (*path, kinds[1]), f"one action is one thing: {' and '.join(kinds)} are two tables in a list"
            )
            return
        if not table:
            self.finder.at_value(path, f"an action begins with one of {', '.join(ACTIONS)}")
            return
        key = next(iter(table))
        self.finder.at_key((*path, key), f"no action is called {key!r}{suggestion(key, ACTIONS)}")

    def _refuse_unknown(self, path: Path, table: dict[str, object], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                self.finder.unknown_key((*path, key), known)
