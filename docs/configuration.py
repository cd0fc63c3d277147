"""Prints docs/configuration.md from edgeholo/config.py; a test compares the two.

python docs/configuration.py > docs/configuration.md
"""

import typing
from collections.abc import Iterator

import msgspec

from edgeholo.config import Config, Gestures

_HEAD = """# Configuration

One TOML file, `/etc/edgeholo/edgeholo.toml` for the service, else `~/.config/edgeholo/edgeholo.toml`, else what `--config FILE`
or `EDGEHOLO_CONFIG` names. Everything has a default: an empty file is a good one. What is written here is read from the code.

- An option `width` of `[camera]` is `EDGEHOLO_CAMERA_WIDTH` in the environment, which wins over the file; the command line wins
  over both. What is set at run time over MQTT (`set/OPTION`, [topics](topics.md#setoption)) wins over all of these, and is kept.
- `edgeholo config check` explains a mistake (an unknown key is one, and the nearest name is suggested); `edgeholo config show`
  prints every value and where it came from, no password among them.
- `systemctl reload edgeholo` (SIGHUP) takes a changed file without losing the camera; a wrong one changes nothing.
- The MQTT password stands in none of this: it is read from `broker.password_file`, from `EDGEHOLO_MQTT_PASSWORD`, or from systemd's
  credential `mqtt-password`.
"""

_EACH = """A single gesture may have times of its own (`onset_s`, `hold_s`, `repeat_s`, `release_s`, `cooldown_s`, `dead_s`) and `conditions`; what is left out is as above:

```toml
[gestures.each.thumb_down]
onset_s = 0.6
```
"""


def document() -> str:
    """Return the document."""
    return "\n".join([_HEAD, *_tables(Config(), "")])


def _tables(defaults: msgspec.Struct, path: str) -> Iterator[str]:
    """Yield the lines of a section, then those of the sections inside."""
    section = type(defaults)
    fields = typing.get_type_hints(section, include_extras=True)
    inner = {name: kind for name, kind in fields.items() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)}
    if path:
        yield f"## [{path}]\n\n{(section.__doc__ or '').strip()}\n"
    rows = [_row(name, kind, getattr(defaults, name)) for name, kind in fields.items() if name not in inner]
    if rows:
        yield "\n".join(["| option | default | values | meaning |", "|---|---|---|---|", *rows, ""])
    if section is Gestures:
        yield _EACH
    for name in inner:
        yield from _tables(getattr(defaults, name), f"{path}.{name}".lstrip("."))


def _row(name: str, kind: object, default: object) -> str:
    value = "the host name" if name == "id" else f"`{msgspec.json.encode(default).decode()}`"
    return f"| `{name}` | {value} | {_values(kind)} | {_meaning(kind)} |"


def _meaning(kind: object) -> str:
    """Return the descriptions on the type, the innermost last."""
    meta = [part for part in typing.get_args(kind) if isinstance(part, msgspec.Meta) and part.description]
    return str(meta[-1].description) if meta else ""


def _values(kind: object) -> str:
    """Return type and range in words."""
    schema = msgspec.json.schema(kind)
    schema = {**schema, **schema.get("$defs", {}).get(str(schema.get("$ref", "")).rpartition("/")[2], {})}
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum")
    if high is not None:
        return f"{low:g} to {high:g}"
    return f"{low:g} and more" if low is not None else str(schema.get("type", ""))


if __name__ == "__main__":
    print(document(), end="")
