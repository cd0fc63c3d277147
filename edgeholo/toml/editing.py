"""Changes to a TOML text that leave everything else as it was written: comments, order, line ends.

Each is checked afterwards: what the new text means is what the old one meant, but for the change. What cannot be changed so is
refused, for a file that people have written is theirs.
"""

import copy
import tomllib
from typing import Any

from edgeholo.errors import ConfigError
from edgeholo.toml import writing
from edgeholo.toml.positions import Path, Positions

Tree = dict[str, Any]


class UneditableError(ConfigError):
    """The text is written in a way that this cannot change safely."""


def with_values(text: str, table: str, values: dict[str, str]) -> str:
    """Return a text in which some keys of a table have other values.

    Args:
        text: valid TOML.
        table: at the top.
        values: by key; what is the same already stays as it is written.

    Raises:
        UneditableError: the table is written in a way that this cannot change.
    """
    for key, value in values.items():
        if _tree(text).get(table, {}).get(key, "") != value:
            text = _edited(text, table, key, value)
    return text


def appended(text: str, block: str) -> str:
    """Return a text with a block of its own behind it, one blank line between.

    Args:
        text: TOML, or nothing.
        block: begins with the header of a table.
    """
    return in_its_line_ends(f"{text.rstrip()}\n\n{block}" if text.strip() else block, text)


def removed(text: str, path: Path) -> str:
    """Return a text without a table that has a header, and without the comments right above it.

    Args:
        text: valid TOML.
        path: of the table, ``("rule", 2)``.

    Raises:
        UneditableError: it has no header of its own.
    """
    plain = _plain(text)
    begin, end = _block(plain, path)
    return in_its_line_ends(plain[: _comments_above(plain, begin)] + plain[end:], text)


def replaced(text: str, path: Path, block: str) -> str:
    """Return a text with a block in the place of a table that has a header; the comments above it stay.

    Args:
        text: valid TOML.
        path: of the table, ``("rule", 2)``.
        block: begins with the header of a table.

    Raises:
        UneditableError: it has no header of its own.
    """
    plain = _plain(text)
    begin, end = _block(plain, path)
    return in_its_line_ends(plain[:begin] + block + ("\n" if plain[end:] else "") + plain[end:], text)


def in_its_line_ends(new: str, old: str) -> str:
    """Return a text with the line ends of another, Windows' or ours."""
    return _plain(new).replace("\n", "\r\n") if "\r\n" in old else new


def _edited(text: str, table: str, key: str, value: str) -> str:
    plain = _plain(text)
    wanted = copy.deepcopy(_tree(plain))
    try:
        wanted.setdefault(table, {})[key] = value
        new = _placed(plain, Positions(plain), (table, key), writing.value(value))
        if _tree(new) == wanted:
            return in_its_line_ends(new, text)
    except (ConfigError, TypeError, AttributeError):
        pass
    raise UneditableError(f"[{table}] is written in a way that cannot be changed from here: change {key} by hand")


def _placed(text: str, places: Positions, path: tuple[str, str], written: str) -> str:
    """Return the text with a value put where the old one stands, or where one may stand."""
    try:
        start, end = places.span(path)
    except KeyError:
        header = next((start for start, at in places.headers if at == path[:1]), None)
        line = f"{writing.key(path[1])} = {written}\n"
        if header is None:
            return appended(text, f"[{writing.key(path[0])}]\n{line}")
        below = text.find("\n", header) + 1
        return text[:below] + line + text[below:] if below else f"{text}\n{line}"
    return text[:start] + written + text[end:]


def _block(text: str, path: Path) -> tuple[int, int]:
    """Return where a table begins and where the next one does, with the comments that belong to that."""
    headers = Positions(text).headers
    begin = next((start for start, at in headers if at == path), None)
    if begin is None:
        raise UneditableError(f"{path[0]} is written in a way that cannot be changed from here: change it by hand")
    after = (start for start, at in headers if start > begin and at[: len(path)] != path)
    return begin, _comments_above(text, next(after, len(text)))


def _comments_above(text: str, at: int) -> int:
    """Return where the comment lines begin that stand right above a place."""
    while 0 < at < len(text):
        above = text.rfind("\n", 0, at - 1) + 1
        if not text[above:at].lstrip().startswith("#"):
            break
        at = above
    return at


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _tree(text: str) -> Tree:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"this is no TOML: {error}") from None
