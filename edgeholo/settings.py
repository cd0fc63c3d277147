"""Where the configuration comes from: defaults, then a TOML file, then the environment, then the command line.

An option ``width`` of ``[camera]`` is ``EDGEHOLO_CAMERA_WIDTH`` in the environment. The origin of every value is remembered.
What is set over MQTT stands above all of these: ``options.py`` and ``kept.py``.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from edgeholo.config import Config
from edgeholo.errors import ConfigError
from edgeholo.nearest import did_you_mean

_PREFIX = "EDGEHOLO_"
_NOT_OPTIONS = frozenset({"EDGEHOLO_CACHE", "EDGEHOLO_CONFIG", "EDGEHOLO_MQTT_PASSWORD"})
"""Variables of that prefix with a meaning of their own."""
_LONGEST = 1 << 20
"""Bytes of a configuration file, a thousand times a usual one: more is another file, given by mistake."""
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]+)`(?: - at `\$\.?(?P<path>[^`]*)`)?")

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """A validated configuration.

    Attributes:
        config: the tree.
        origins: where a value came from, by dotted path (``camera.width``); the rest are defaults.
        file: the TOML file that was read, or None.
    """

    config: Config
    origins: Mapping[str, str]
    file: Path | None


def load(file: Path | None, environ: Mapping[str, str], overrides: Mapping[str, tuple[object, str]]) -> Settings:
    """Return the configuration.

    Args:
        file: a TOML file, or None for the usual places.
        environ: the environment.
        overrides: from the command line: dotted path to (value, the option's name).

    Raises:
        ConfigError: something is wrong; the text says where, what, and how to mend it.
    """
    file = file or _usual_file(environ)
    tree = _read(file) if file else {}
    _convert(tree, str(file))
    origins = {path: str(file) for path, _ in _leaves(tree)}
    for path, (value, origin) in {**_from_environment(environ), **overrides}.items():
        _set(tree, path.split("."), value)
        origins[path] = origin
        _convert(tree, origin)
    return Settings(_convert(tree, "the configuration"), origins, file)


def of_text(text: str, origin: str) -> Config:
    """Return the configuration that a text makes alone, with nothing of the environment.

    Args:
        text: TOML.
        origin: what it is called in errors.

    Raises:
        ConfigError: something is wrong with it.
    """
    return _convert(_parsed(text, origin), origin)


def replaced(config: Config, values: Mapping[str, object]) -> Config:
    """Return a configuration with other values at some dotted paths.

    Raises:
        ConfigError: one of them is wrong; the text says where, what, and how to mend it.
    """
    tree = msgspec.to_builtins(config)
    for path, value in values.items():
        _set(tree, path.split("."), value)
    return _convert(tree)


def options(
    section: type[msgspec.Struct] = Config, prefix: str = ""
) -> Iterator[tuple[str, msgspec.structs.FieldInfo]]:
    """Yield every option of the tree as (dotted path, field)."""
    for field in msgspec.structs.fields(section):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from options(field.type, f"{prefix}{field.name}.")
        else:
            yield f"{prefix}{field.name}", field


def value_of(config: msgspec.Struct, path: str) -> object:
    """Return the value at a dotted path."""
    value: object = config
    for key in path.split("."):
        value = getattr(value, key)
    return value


def users_folder(environ: Mapping[str, str]) -> Path:
    """Return where a user's own configuration is; it need not exist."""
    home = environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME", "/")) / ".config"
    return Path(home) / "edgeholo"


def _usual_file(environ: Mapping[str, str]) -> Path | None:
    if environ.get("EDGEHOLO_CONFIG"):
        return Path(environ["EDGEHOLO_CONFIG"])
    places = (Path("/etc/edgeholo/edgeholo.toml"), users_folder(environ) / "edgeholo.toml")
    return next((place for place in places if place.is_file()), None)


def _read(file: Path) -> Tree:
    try:
        with file.open("rb") as stream:
            content = stream.read(_LONGEST + 1)
        if len(content) > _LONGEST:
            raise ConfigError(f"{file} is no configuration: it is longer than {_LONGEST >> 20} MB")
        # Windows' editors put a byte order mark in front.
        return _parsed(content.decode("utf-8-sig"), str(file))
    except FileNotFoundError as error:
        raise ConfigError(f"{file} does not exist; name another file with --config") from error
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is no TOML: {error}") from error


def _parsed(text: str, origin: str) -> Tree:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{origin} is no TOML: {error}") from error


def _convert(tree: Tree, origin: str = "") -> Config:
    try:
        return msgspec.convert(tree, Config, strict=True)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{origin}: {_explain(str(error))}".removeprefix(": ")) from error


def _explain(message: str) -> str:
    """Turn msgspec's message into ours: the path first, the nearest name for an unknown key."""
    unknown = _UNKNOWN.fullmatch(message)
    if unknown is None:
        text, _, place = message.partition(" - at `$")
        path = place.rstrip("`").lstrip(".")
        return f"{path}: {text[0].lower()}{text[1:]}{_choices(path)}" if path else text
    path = f"{unknown['path']}." if unknown["path"] else ""
    return f"{path}{unknown['key']}: unknown option{_did_you_mean(path, unknown['key'])}"


def _choices(path: str) -> str:
    """Return the values that an option may have, where they are few."""
    field = dict(options()).get(path)
    values = msgspec.json.schema(field.type).get("enum", []) if field else []
    return f"; it is one of {', '.join(map(str, values))}" if values else ""


def _did_you_mean(path: str, key: str) -> str:
    known = {name.removeprefix(path).partition(".")[0] for name, _ in options() if name.startswith(path)}
    rest = did_you_mean(key, known) or (f"known are {', '.join(sorted(known))}" if known else "")
    return f"; {rest}" if rest else ""


def _from_environment(environ: Mapping[str, str]) -> dict[str, tuple[object, str]]:
    known = {_PREFIX + path.upper().replace(".", "_"): path for path, _ in options()}
    found = {}
    for name in sorted(environ):
        if not name.startswith(_PREFIX) or name in _NOT_OPTIONS:
            continue
        if name not in known:
            hint = did_you_mean(name, known)
            raise ConfigError(f"{name} is no option" + (f"; {hint}" if hint else ""))
        found[known[name]] = (_parse(environ[name]), name)
    return found


def _parse(text: str) -> object:
    """Read a value as TOML would (numbers, true, lists), else take it as text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _set(tree: Tree, keys: list[str], value: object) -> None:
    for key in keys[:-1]:
        tree = tree.setdefault(key, {})
    tree[keys[-1]] = value


def _leaves(tree: Tree, prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
