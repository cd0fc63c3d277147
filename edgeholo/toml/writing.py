"""Values as TOML."""

from datetime import date, datetime, time

from edgeholo.provision.quoting import quoted


def key(name: str) -> str:
    """Return a key, quoted where it must be."""
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else quoted(name)


def value(content: object) -> str:
    """Return a value on one line; a table becomes an inline table.

    Raises:
        TypeError: TOML has no word for it, such as None.
    """
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, str):
        return quoted(content)
    if isinstance(content, list | tuple):
        return "[" + ", ".join(map(value, content)) + "]"
    if isinstance(content, dict):
        pairs = ", ".join(f"{key(name)} = {value(inner)}" for name, inner in content.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(content, date | datetime | time):
        return content.isoformat()
    if isinstance(content, int | float):
        return repr(content)
    raise TypeError(f"TOML has no word for {content!r}")
