"""Where in a TOML text each key and each value stands: for errors with line and column, and for changes that leave the rest alone."""

import re
from collections import Counter
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and indices from the top, ``("rule", 0, "when", "gesture")``."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]*")
# Longest first: three quotes are not an empty text and a stray one. Up to two quotes may stand before the closing three.
_STRINGS = (
    ('"""', re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL)),
    ("'''", re.compile(r"'''.*?'{3,5}", re.DOTALL)),
    ('"', re.compile(r'"(?:[^"\\]|\\.)*"')),
    ("'", re.compile(r"'[^']*'")),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text; both count from 1."""

    line: int
    column: int


class Positions:
    """The places of a TOML text.

    Args:
        text: valid TOML, its lines ended as on Unix.

    Attributes:
        headers: where each ``[table]`` begins, counted in characters, and the table it opens.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._keys: dict[Path, int] = {}
        self._values: dict[Path, int] = {}
        self._ends: dict[Path, int] = {}
        self._lengths: Counter[Path] = Counter()
        self._at = 0
        self.headers: list[tuple[int, Path]] = []
        self._read()

    def key(self, path: Path) -> Place:
        """Return where the last key of a path stands, or that of the table nearest around it."""
        return self._nearest(self._keys, path)

    def value(self, path: Path) -> Place:
        """Return where the value at a path begins, or that of the table nearest around it."""
        if path in self._values:
            return self._place(self._values[path])
        return self._nearest(self._keys, path)

    def has(self, path: Path) -> bool:
        """Return whether there is something at a path."""
        return path in self._keys or path in self._values

    def span(self, path: Path) -> tuple[int, int]:
        """Return where the value at a path begins and ends, counted in characters.

        Raises:
            KeyError: there is none.
        """
        return self._values[path], self._ends[path]

    def _nearest(self, places: dict[Path, int], path: Path) -> Place:
        while path and path not in places:
            path = path[:-1]
        return self._place(places.get(path, 0))

    def _place(self, offset: int) -> Place:
        line_start = self._text.rfind("\n", 0, offset) + 1
        return Place(self._text.count("\n", 0, offset) + 1, offset - line_start + 1)

    def _read(self) -> None:
        table: Path = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> Path:
        """Read ``[a.b]`` or ``[[a.b]]`` and return the table it opens."""
        start, array = self._at, self._text.startswith("[[", self._at)
        self._at += 2 if array else 1
        parts = self._dotted()
        self._at += 2 if array else 1
        path: Path = ()
        for part, _ in parts[:-1]:
            path = self._newest((*path, part))
        path = (*path, parts[-1][0])
        self._keys.setdefault(path, parts[-1][1])
        if array:
            self._lengths[path] += 1
            path = (*path, self._lengths[path] - 1)
        self._keys[path] = start
        self.headers.append((start, path))
        return path

    def _newest(self, path: Path) -> Path:
        """Return the last table of an array of tables, or the path itself."""
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _pair(self, table: Path) -> None:
        path = table
        for part, start in self._dotted():
            path = (*path, part)
            self._keys.setdefault(path, start)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _dotted(self) -> list[tuple[str, int]]:
        """Read ``a."b c".d`` and return its parts with their places; stops at what follows."""
        parts = []
        while True:
            self._skip(_SPACE)
            parts.append(self._part())
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return parts
            self._at += 1

    def _part(self) -> tuple[str, int]:
        start = self._at
        if self._text[start] in "\"'":
            self._skip(dict(_STRINGS)[self._text[start]])
            return self._text[start + 1 : self._at - 1], start
        self._skip(_BARE)
        return self._text[start : self._at], start

    def _value(self, path: Path) -> None:
        self._values[path] = self._at
        opening = self._text[self._at]
        if opening == "[":
            self._items(path)
        elif opening == "{":
            self._inline(path)
        else:
            self._skip(
                next((string for quotes, string in _STRINGS if self._text.startswith(quotes, self._at)), _SCALAR)
            )
        self._ends[path] = self._values[path] + len(self._text[self._values[path] : self._at].rstrip())

    def _items(self, path: Path) -> None:
        self._at += 1
        number = 0
        self._skip(_BLANK)
        while self._text[self._at] != "]":
            self._value((*path, number))
            number += 1
            self._skip(_BLANK)
            if self._text[self._at] == ",":
                self._at += 1
            self._skip(_BLANK)
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        self._skip(_BLANK)
        while self._text[self._at] != "}":
            self._pair(path)
            self._skip(_BLANK)
            if self._text[self._at] == ",":
                self._at += 1
            self._skip(_BLANK)
        self._at += 1

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        if match:
            self._at = match.end()
