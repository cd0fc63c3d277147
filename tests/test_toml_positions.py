"""Every key and every value of a rules file is found again where it was written."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeholo.toml.positions import Path, Place, Positions

TEXT = '''# what the house does
top = 1

[homeassistant]
"quoted key" = 'it''s'

[[rule]]
name = "with # and ] and \\" inside"
when.gesture = [ "a", # one
  "b",
]
when . topic = { "zigbee2mqtt/door" = { contact = false }, x = [1, [2, 3]] }
then = [
  { mqtt = "a", payload = """
two lines " and
]""" },
]

[[rule]]
[rule.when]
zone = [0.0, 0.5, 1, 1e-1]
[[rule.then]]
mqtt = "one"
[[rule.then]]
mqtt = 'two'
'''.replace("'it''s'", "'its'")


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("top",), (2, 1), (2, 7)),
        (("homeassistant",), (4, 1), (4, 1)),
        (("homeassistant", "quoted key"), (5, 1), (5, 16)),
        (("rule", 0), (7, 1), (7, 1)),
        (("rule", 0, "name"), (8, 1), (8, 8)),
        (("rule", 0, "when", "gesture"), (9, 6), (9, 16)),
        (("rule", 0, "when", "gesture", 1), (9, 6), (10, 3)),
        (("rule", 0, "when", "topic", "zigbee2mqtt/door", "contact"), (12, 41), (12, 51)),
        (("rule", 0, "when", "topic", "x", 1, 0), (12, 60), (12, 69)),
        (("rule", 0, "then", 0, "payload"), (14, 17), (14, 27)),
        (("rule", 1, "when", "zone", 3), (21, 1), (21, 22)),
        (("rule", 1, "then", 0, "mqtt"), (23, 1), (23, 8)),
        (("rule", 1, "then", 1, "mqtt"), (25, 1), (25, 8)),
        (("rule", 1, "then", 1, "missing", "deeper"), (24, 1), (24, 1)),
    ],
)
def test_a_place_is_line_and_column(path: Path, key: tuple[int, int], value: tuple[int, int]) -> None:
    """Both count from 1; what is not there is where its table begins."""
    tomllib.loads(TEXT)
    positions = Positions(TEXT)
    assert positions.key(path) == Place(*key)
    assert positions.value(path) == Place(*value)


WORDS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=8)
LEAVES = st.one_of(st.integers(-9, 9), st.booleans(), WORDS)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab-1", min_size=1), inner, max_size=3),
    max_leaves=12,
)


def _toml(tree: object) -> str:
    """Return a value as TOML."""
    if isinstance(tree, dict):
        return "{ " + ", ".join(f"{key} = {_toml(value)}" for key, value in tree.items()) + " }"
    if isinstance(tree, list):
        return "[ " + " ,\n # , ]\n".join(map(_toml, tree)) + "]" if tree and not _has_table(tree) else _flat(tree)
    if isinstance(tree, str):
        return f"'{tree}'" if "'" not in tree else '"' + tree.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(tree).lower()


def _flat(tree: list[Any]) -> str:
    return "[" + ", ".join(map(_toml, tree)) + "]"


def _has_table(tree: object) -> bool:
    """Return whether a list stands in, or holds, a table, which must stay on one line."""
    if isinstance(tree, list):
        return any(map(_has_table, tree))
    return isinstance(tree, dict)


def _leaves(tree: object, path: Path) -> Iterator[tuple[Path, object]]:
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _leaves(value, (*path, key))
    else:
        yield path, tree


@given(st.dictionaries(st.text("ab-1", min_size=1), LEAVES | st.lists(LEAVES, max_size=4), max_size=5), TREES)
def test_whatever_is_written_is_found_where_it_stands(table: dict[str, Any], tree: object) -> None:
    """What begins at the place of a value is that value."""
    text = "".join(f"{key} = {_toml(value)}\n" for key, value in table.items())
    text += f"[[last]]\nx = {_flat_tree(tree)}\n"
    parsed = tomllib.loads(text)
    positions, lines = Positions(text), text.split("\n")
    for path, leaf in _leaves(parsed, ()):
        place = positions.value(path)
        assert lines[place.line - 1][place.column - 1 :].startswith(_toml(leaf)), (path, place)


def _flat_tree(tree: object) -> str:
    """Return a value as TOML on one line."""
    if isinstance(tree, dict):
        return "{ " + ", ".join(f"{key} = {_flat_tree(value)}" for key, value in tree.items()) + " }"
    if isinstance(tree, list):
        return "[" + ", ".join(map(_flat_tree, tree)) + "]"
    return _toml(tree)
