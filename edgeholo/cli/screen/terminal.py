"""The terminal itself: taken over and given back as it was, painted line by line, asked for keys."""

import os
import select
import sys
import termios
import time
import tty
from collections.abc import Sequence
from types import TracebackType
from typing import NamedTuple, Self

from rich.console import Console
from rich.text import Span, Text

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"
_LEAVE = "\x1b[0m\x1b[?25h\x1b[?1049l"
"""Another screen without a cursor, and back (xterm, which all others follow)."""
_CLEAR = "\x1b[2J"
_KEYS = 64
"""Bytes that are read at once: more are a paste."""


class TerminalGoneError(OSError):
    """The terminal was closed while we wrote or read."""


class _Look(NamedTuple):
    """All that makes two lines look alike."""

    letters: str
    style: str
    spans: tuple[Span, ...]


class Terminal:
    """A context manager; only lines that changed are written, for the sake of slow connections."""

    def __init__(self) -> None:
        self._out = sys.stdout.fileno()
        self._in = sys.stdin.fileno() if sys.stdin and sys.stdin.isatty() else None
        self._console = Console(force_terminal=True, highlight=False, emoji=False, markup=False)
        self._before: list[object] | None = None
        self._size = (0, 0)
        self._shown: list[_Look] = []

    def __enter__(self) -> Self:
        if self._in is not None:
            self._before = termios.tcgetattr(self._in)
            tty.setcbreak(self._in, termios.TCSANOW)
        self._size = (0, 0)
        self._write(_ENTER)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._write(_LEAVE)
        except TerminalGoneError:
            return
        finally:
            if self._in is not None and self._before is not None:
                _give_back(self._in, self._before)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height now.

        Raises:
            TerminalGoneError: there is no terminal any more.
        """
        try:
            size = os.get_terminal_size(self._out)
        except OSError as error:
            raise TerminalGoneError(*error.args) from error
        return (size.columns, size.lines) if size.columns and size.lines else (80, 24)

    def paint(self, lines: Sequence[Text], size: tuple[int, int]) -> None:
        """Show a whole screen, made for that size.

        Raises:
            TerminalGoneError: there is no terminal any more.
        """
        out = []
        if size != self._size:
            out.append(_CLEAR)
            self._size, self._shown = size, []
        looks = [_Look(line.plain, str(line.style), tuple(line.spans)) for line in lines]
        for number, look in enumerate(looks):
            if number >= len(self._shown) or look != self._shown[number]:
                out.append(f"\x1b[{number + 1};1H{self._styled(lines[number])}\x1b[0m\x1b[K")
        self._shown = looks
        if out:
            self._write("".join(out))

    def keys(self, timeout_s: float) -> str:
        """Return what was typed, waiting for it for so long; a key that is none of letters and signs counts for nothing.

        Raises:
            TerminalGoneError: there is no terminal any more.
        """
        if self._in is None:
            time.sleep(timeout_s)
            return ""
        if not select.select([self._in], [], [], timeout_s)[0]:
            return ""
        try:
            typed = os.read(self._in, _KEYS)
        except OSError as error:
            raise TerminalGoneError(*error.args) from error
        if not typed:
            raise TerminalGoneError("end of input")
        return "" if typed.startswith(b"\x1b") else typed.decode("ascii", "ignore")

    def _styled(self, line: Text) -> str:
        with self._console.capture() as captured:
            self._console.print(line, end="", soft_wrap=True)
        return captured.get()

    def _write(self, text: str) -> None:
        left = text.encode(errors="replace")
        try:
            while left:
                left = left[os.write(self._out, left) :]
        except OSError as error:
            raise TerminalGoneError(*error.args) from error


def _give_back(handle: int, attributes: list[object]) -> None:
    """Restore what the terminal did with keys: echo, lines."""
    try:
        termios.tcsetattr(handle, termios.TCSANOW, attributes)  # type: ignore[arg-type]
    except termios.error:
        return  # It was closed.
