"""edgeholo.toml of the unit: what was answered, and beside it whatever the card's file says already."""

import tomllib
from collections.abc import Iterator, Mapping

from edgeholo.config import Config, slug
from edgeholo.errors import ConfigError
from edgeholo.page import EVERYWHERE, HERE
from edgeholo.provision.answers import Answers
from edgeholo.settings import replaced
from edgeholo.toml import writing

_HEAD = (
    "# Written by `edgeholo provision`; the first boot moves it to /etc/edgeholo. What you add here, provision keeps.\n"
)

Table = dict[str, object]


def settings_file(answers: Answers, present: str | None, *, has_token: bool) -> str:
    """Return the file.

    Args:
        answers: they win.
        has_token: of the page; then the house may open it, unless the present file says otherwise.
        present: the text of the card's file, or of one that was given; None where there is none.

    Raises:
        ConfigError: the present one is no TOML, or the whole is no configuration.
    """
    tree = _parsed(present or "")
    device, broker = _table(tree, "device"), _table(tree, "broker")
    device["id"] = slug(answers.hostname)
    device["name"] = answers.room or answers.hostname
    broker["url"] = answers.broker
    if has_token:
        _table(tree, "web").setdefault("host", EVERYWHERE)
    elif "web" in tree:
        _table(tree, "web")["host"] = HERE
    replaced(Config(), dict(_leaves(tree)))
    return _HEAD + "".join(_lines(tree))


def _parsed(text: str) -> Table:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the card's edgeholo.toml is no TOML: {error}; mend or delete it") from error


def _table(tree: Table, name: str) -> Table:
    table = tree.setdefault(name, {})
    if not isinstance(table, dict):
        raise ConfigError(f"the card's edgeholo.toml: {name} is no table")
    return table


def _leaves(tree: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _lines(tree: Mapping[str, object], path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield a table's own lines, then its tables."""
    plain = {key: value for key, value in tree.items() if not isinstance(value, dict)}
    if path and plain:
        yield f"\n[{'.'.join(map(writing.key, path))}]\n"
    yield from (f"{writing.key(key)} = {writing.value(value)}\n" for key, value in plain.items())
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _lines(value, (*path, key))
