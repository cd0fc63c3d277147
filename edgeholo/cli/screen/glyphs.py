"""What the screen is written with: Unicode where the terminal has it, else letters that every terminal has."""

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_NO_BRAILLE = ("linux", "vt100", "vt220", "ansi")
"""Terminals whose fonts have none: the Linux console has 512 letters."""
_LONGEST = 400
"""Letters of a foreign text that are looked at; a line has a few hundred at most."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs of the screen.

    Attributes:
        plain: nothing but ASCII.
    """

    plain: bool = False

    @property
    def between(self) -> str:
        """Between facts of a line."""
        return " | " if self.plain else " · "

    @property
    def arrow(self) -> str:
        """From an event to what it did."""
        return "->" if self.plain else "→"

    def rule(self, width: int) -> str:
        """Return a line across."""
        return ("-" if self.plain else "─") * width

    def bar(self, share: float, width: int) -> str:
        """Return how much of something is there, 0..1."""
        full = round(max(0.0, min(1.0, share)) * width)
        return ("#" if self.plain else "█") * full + ("." if self.plain else "░") * (width - full)

    def clean(self, text: object) -> str:
        """Return a foreign text as one that can do the terminal no harm: no control letters, no letters it lacks."""
        return "".join(self._clean(letter) for letter in str(text)[:_LONGEST])

    def _clean(self, letter: str) -> str:
        if letter.isascii():
            return letter if letter.isprintable() else " "
        if not self.plain:
            return letter if letter.isprintable() else "?"
        simple = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
        return simple or {"·": "|", "→": "->", "…": "..."}.get(letter, "?")


def has_braille(environ: Mapping[str, str]) -> bool:
    """Return whether a terminal says that it shows all of Unicode: by its name, and the locale in the environment."""
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    utf8 = "utf8" in locale.lower().replace("-", "")
    return utf8 and environ.get("TERM", "") not in _NO_BRAILLE


def environment() -> dict[str, str]:
    """Return the environment as this process was given it: Python itself writes another locale into its own (PEP 538)."""
    try:
        pairs = Path("/proc/self/environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return dict(os.environ)
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)
