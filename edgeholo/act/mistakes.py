"""What is wrong with a rules file: where, what, and the nearest name that is right."""

import re
import tomllib
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from edgeholo.act import patterns
from edgeholo.act.curves import Sweep
from edgeholo.errors import ConfigError
from edgeholo.nearest import did_you_mean
from edgeholo.toml.positions import Path, Place, Positions

_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]+)`")
_CHOSEN = re.compile("Invalid enum value '?(?P<value>.*?)'?")
_TOML_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_STEP = re.compile(r"\.(?P<key>[^.\[\]]+)|\[(?P<index>\d+)\]")
_NAMED = re.compile(r"(?P<key>[a-z_0-9]+): (?P<text>.*)", re.DOTALL)
_BOUNDS = {"<=": "of at most", ">=": "of at least", "<": "below", ">": "above"}
_TYPES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong.

    Attributes:
        place: where.
        text: what, and how to mend it.
    """

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place.line}:{self.place.column}: {self.text}"


class RulesError(ConfigError):
    """The rules are wrong; its text is the first mistake, ``mistakes`` has them all.

    Args:
        mistakes: at least one.
        file: the name of the file, for the text.
    """

    def __init__(self, mistakes: Iterable[Mistake], file: str = "rules.toml") -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: (mistake.place.line, mistake.place.column)))
        more = len(self.mistakes) - 1
        rest = f" (and {more} more: `edgeholo rules check` names them)" if more else ""
        super().__init__(f"{file}:{self.mistakes[0]}{rest}")


class Finder:
    """Collects the mistakes of one text.

    Args:
        positions: of its keys and values.
    """

    def __init__(self, positions: Positions) -> None:
        self._positions = positions
        self.mistakes: list[Mistake] = []

    def at_key(self, path: Path, text: str) -> None:
        """Note a mistake in a key."""
        self.mistakes.append(Mistake(self._positions.key(path), text))

    def at_value(self, path: Path, text: str) -> None:
        """Note a mistake in a value."""
        self.mistakes.append(Mistake(self._positions.value(path), text))

    def unknown_key(self, path: Path, known: Iterable[str]) -> None:
        """Note a key that does not exist."""
        self.at_key(path, f"unknown option {path[-1]!r}{suggestion(str(path[-1]), known)}")

    def invalid(self, path: Path, error: msgspec.ValidationError, kind: type[msgspec.Struct]) -> None:
        """Note what did not fit a table.

        Args:
            path: of the table.
            error: of converting it.
            kind: what it should have become.
        """
        text, _, inner = str(error).partition(" - at `$")
        place = (*path, *_steps(inner.rstrip("`")))
        if unknown := _UNKNOWN.fullmatch(text):
            self.unknown_key((*place, unknown["key"]), options_of(kind, place[len(path) :]))
            return
        if chosen := _CHOSEN.fullmatch(text):
            choices = _choices(kind, place[len(path) :])
            self.at_value(
                place,
                f"{_name(place)}: {chosen['value']} is not among its values{suggestion(chosen['value'], choices)}",
            )
            return
        named = _NAMED.fullmatch(text)
        if named and self._positions.has((*place, named["key"])):
            self.at_value((*place, named["key"]), f"{named['key']}: {named['text']}")
        else:
            self.at_value(place, f"{_name(place)}: {in_words(text)}" if inner else in_words(text))


def syntax_mistake(error: tomllib.TOMLDecodeError, text: str) -> Mistake:
    """Return the mistake of a text that is no TOML."""
    message = str(error)
    match = _TOML_PLACE.search(message)
    what = message[: match.start()] if match else message
    if match and match["line"]:
        return Mistake(Place(int(match["line"]), int(match["column"])), f"this is no TOML: {what}")
    last = text.rstrip("\n").rpartition("\n")[2]
    return Mistake(
        Place(text.rstrip("\n").count("\n") + 1, len(last) + 1), f"this is no TOML: {what}, and the file ends"
    )


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that names the nearest of what is known, or all."""
    names = sorted(known)
    rest = did_you_mean(name.lower(), names) or (f"there are {', '.join(names)}" if names else "")
    return f"; {rest}" if rest else ""


def options_of(kind: type[msgspec.Struct], inner: Path = ()) -> tuple[str, ...]:
    """Return the keys that a table may have, or one inside it: that of the sweep at ``inner``."""
    return tuple(field.encode_name for field in msgspec.structs.fields(Sweep if inner else kind))


def _choices(kind: type[msgspec.Struct], inner: Path) -> tuple[str, ...]:
    """Return the words that an option may be, where they are few."""
    key = next((step for step in reversed(inner) if isinstance(step, str)), "")
    owner = Sweep if len([step for step in inner if isinstance(step, str)]) > 1 else kind
    types = [field.type for field in msgspec.structs.fields(owner) if field.encode_name == key]
    return tuple(_literals(types[0])) if types else ()


def _literals(kind: object) -> Iterator[str]:
    for part in typing.get_args(kind):
        if isinstance(part, str) and typing.get_origin(kind) is typing.Literal:
            yield part
        else:
            yield from _literals(part)


def in_words(text: str) -> str:
    """Return msgspec's message as a person would say it."""
    for pattern, words in patterns.WORDS.items():
        if text == f"Expected `str` matching regex {pattern!r}":
            return f"expected {words}"
    text = re.sub(r"`([a-z]+(?: \| [a-z]+)*)`", lambda match: _types(match[1]), text)
    text = re.sub(r"^Object missing required field `(.+)`$", r"the option \1 is missing", text)
    text = re.sub(r" ([<>]=?) (-?[0-9.]+)$", lambda match: f" {_BOUNDS[match[1]]} {float(match[2]):g}", text)
    return f"{text[0].lower()}{text[1:]}"


def _types(names: str) -> str:
    words = [_TYPES.get(name, name) for name in names.split(" | ") if name != "null"]
    return " or ".join(words)


def _name(path: Path) -> str:
    """Return the last key of a path: of an item in a list, that of the list."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _steps(text: str) -> Path:
    """Return msgspec's ``.a[0].b`` as a path, up to where it becomes vague."""
    path: list[str | int] = []
    at = 0
    while match := _STEP.match(text, at):
        path.append(match["key"] if match["key"] is not None else int(match["index"]))
        at = match.end()
    return tuple(path)
