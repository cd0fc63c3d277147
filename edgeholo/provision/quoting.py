"""Any text as one double-quoted scalar that YAML and TOML read alike: an SSID may hold whatever a neighbour found funny."""

import json


def quoted(text: str) -> str:
    r"""Return a text in double quotes, for YAML 1.1 (cloud-init), YAML 1.2 (netplan) and TOML 1.0.

    JSON's escapes are valid in all three. What JSON leaves as it is and the others do not print (DEL, the C1 controls, the
    separators of lines) becomes ``\uXXXX`` or ``\UXXXXXXXX``, which both know.
    """
    return "".join(character if character.isprintable() else _escape(character) for character in _json(text))


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _escape(character: str) -> str:
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
