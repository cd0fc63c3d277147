"""The options that can be changed at run time, by the name they have in ``set/OPTION`` and ``state/config``."""

from collections.abc import Iterable

import msgspec

from edgeholo.config import Config
from edgeholo.nearest import did_you_mean
from edgeholo.settings import options, replaced, value_of

OPTIONS: dict[str, tuple[str, ...]] = {
    "pose": ("engine.pose",),
    "hands": ("engine.left_hand", "engine.right_hand"),
    "left_hand": ("engine.left_hand",),
    "right_hand": ("engine.right_hand",),
    "face": ("engine.face",),
    "persons": ("engine.persons",),
    "profile": ("gestures.profile",),
    "gestures": ("gestures.enabled",),
    "zone": ("gestures.conditions.zone",),
    "each": ("gestures.each",),
    "onset_s": ("gestures.onset_s",),
    "hold_s": ("gestures.hold_s",),
    "repeat_s": ("gestures.repeat_s",),
    "release_s": ("gestures.release_s",),
    "cooldown_s": ("gestures.cooldown_s",),
    "confidence": ("gestures.confidence",),
    "arming": ("gestures.arming.enabled",),
    "landmarks": ("publish.landmarks",),
    "landmarks_hz": ("publish.landmarks_hz",),
    "rate_hz": ("camera.rate_hz",),
    "privacy": ("camera.privacy",),
    "log_level": ("log.level",),
}
"""Name to the paths in the configuration; their own types say which values are good."""

PATHS = frozenset(path for paths in OPTIONS.values() for path in paths)
"""Every path that can be changed at run time."""

_SCHEMAS = {path: msgspec.json.schema(field.type) for path, field in options() if path in PATHS}
_SWITCH = {"on": True, "off": False, "true": True, "false": False, "yes": True, "no": False}
"""What people and home automations write on a switch."""


def changed(config: Config, option: str, value: object) -> Config:
    """Return the configuration with an option of ``OPTIONS`` set.

    Raises:
        ConfigError: the value is wrong; the text says how to mend it.
    """
    return replaced(config, {path: _plain(path, value) for path in OPTIONS[option]})


def values(config: Config) -> dict[str, object]:
    """Return the value of every option by its name; None for one of several paths that differ."""
    found = {option: [value_of(config, path) for path in paths] for option, paths in OPTIONS.items()}
    return {option: _written(each[0]) if each.count(each[0]) == len(each) else None for option, each in found.items()}


def unknown(option: str, others: Iterable[str]) -> str:
    """Return what to say of a name that is none of ``OPTIONS`` and ``others``."""
    known = (*OPTIONS, *others)
    return f"unknown option; {did_you_mean(option, known) or 'known are ' + ', '.join(known)}"


def _written(value: object) -> object:
    """Return a value as somebody would write it: of a table only what is not at its default."""
    if isinstance(value, dict):
        return {key: _written(each) for key, each in value.items()}
    if isinstance(value, msgspec.Struct):
        fields = [(field.name, field.default) for field in msgspec.structs.fields(value)]
        return {name: _written(own) for name, default in fields if (own := getattr(value, name)) != default}
    return value


def _plain(path: str, value: object) -> object:
    """Return what was meant where a switch says ``ON``, a branch ``true``, a number ``2.0`` and a list ``one, other``."""
    schema = _SCHEMAS[path]
    word = value.lower() if isinstance(value, str) else value
    if schema.get("type") == "boolean":
        return _SWITCH.get(word, value) if isinstance(word, str) else value
    if schema.get("items") == {"type": "string"} and isinstance(value, str):
        return [each.strip() for each in value.split(",") if each.strip()]
    if "enum" in schema:
        return {True: "on", False: "off"}[word] if isinstance(word, bool) else word
    if schema.get("type") == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value
