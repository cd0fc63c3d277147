"""MediaPipe's expected results, which are Protocol Buffers written as text."""

import re
from pathlib import Path
from typing import Any

Message = dict[str, list[Any]]


def read(path: Path) -> Message:
    """Return a message: by field all its values, numbers as float, text and names as str, messages as dicts like this."""
    text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
    return _message(re.findall(r"[\w.+-]+|\"[^\"]*\"|[{}]", text.replace(":", " ")))


def numbers(message: Message, *fields: str) -> list[float]:
    """Return one number a field; a field that is not written is 0."""
    return [float(message.get(field, [0.0])[0]) for field in fields]


def _message(words: list[str]) -> Message:
    message: Message = {}
    while words and (field := words.pop(0)) != "}":
        value = words.pop(0)
        message.setdefault(field, []).append(_message(words) if value == "{" else _plain(value))
    return message


def _plain(word: str) -> float | str:
    return float(word) if re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?", word) else word.strip('"')
