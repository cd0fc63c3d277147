"""Real pseudo-terminals for the tests, and a reader that keeps what a screen would show."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from pathlib import Path
from typing import Self

from tests.real_broker import until

_SEQUENCE = re.compile(r"\x1b\[(\??)([\d;]*)([A-Za-z])")
_HALF = re.compile(rb"(\x1b[^A-Za-z]*|[\xc0-\xdf]|[\xe0-\xff][\x80-\xbf]?)$")
_PATIENCE_S = 30.0


class Screen:
    """The cells of a terminal; it knows the few sequences that are used, and no colour."""

    def __init__(self, width: int, height: int) -> None:
        self.cursor, self.alternate = True, False
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """Become empty, and of another size."""
        self.width, self.height = width, height
        self.cells = [[" "] * width for _ in range(height)]
        self._row = self._column = 0

    @property
    def lines(self) -> list[str]:
        """What stands there."""
        return ["".join(row).rstrip() for row in self.cells]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)

    def feed(self, text: str) -> None:
        """Take what was written."""
        at = 0
        while at < len(text):
            match = _SEQUENCE.match(text, at)
            if match:
                self._obey(*match.groups())
                at = match.end()
            else:
                self._write(text[at])
                at += 1

    def _write(self, letter: str) -> None:
        if letter in "\r\n":
            self._row, self._column = self._row + (letter == "\n"), 0
        elif self._row < self.height and self._column < self.width:
            self.cells[self._row][self._column] = letter
            self._column += 1

    def _obey(self, private: str, numbers: str, verb: str) -> None:
        if private:
            self.cursor = verb == "h" if numbers == "25" else self.cursor
            self.alternate = verb == "h" if numbers == "1049" else self.alternate
        elif verb == "H":
            row, column = (int(number) for number in (numbers or "1;1").split(";"))
            self._row, self._column = row - 1, column - 1
        elif verb == "K" and self._row < self.height:
            self.cells[self._row][self._column :] = [" "] * (self.width - self._column)
        elif verb == "J":
            self.resize(self.width, self.height)


class Terminal:
    """``edgeholo`` in a terminal of its own, of 80x24; a context manager."""

    def __init__(self, *arguments: str, **environ: str) -> None:
        self.screen = Screen(80, 24)
        self.code: int | None = None
        self._left = b""
        self.pid, self.handle = pty.fork()
        if not self.pid:
            self._become([sys.executable, "-m", "edgeholo.cli", *arguments], {**os.environ, **environ})
        self.resize(80, 24)

    @staticmethod
    def _become(command: list[str], environ: dict[str, str]) -> None:
        try:
            os.execve(command[0], command, environ)  # noqa: S606 - no shell is wanted
        finally:
            os._exit(127)

    def resize(self, width: int, height: int) -> None:
        """Make the window that large."""
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.screen.resize(width, height)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.handle, keys.encode())

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self.handle)
        self.handle = -1

    def read(self) -> str:
        """Take what was written so far, and return what is on the screen."""
        with contextlib.suppress(OSError):  # The command has ended.
            while self.handle >= 0 and select.select([self.handle], [], [], 0)[0]:
                self._take(os.read(self.handle, 65536))
        return self.screen.text

    @property
    def echoes(self) -> bool:
        """Whether the terminal shows what is typed, line by line, as it did before."""
        modes = termios.tcgetattr(self.handle)[3]
        return bool(modes & termios.ECHO) and bool(modes & termios.ICANON)

    def shows(self, *words: str) -> None:
        """Wait until all the words are on the screen."""
        until(lambda: all(word in self.read() for word in words), _PATIENCE_S)

    def ended(self) -> int:
        """Wait for the end and return the exit code, negative for a signal."""
        until(lambda: (self.read(), self._gone())[1], _PATIENCE_S)
        assert self.code is not None
        return self.code

    @property
    def stopped(self) -> bool:
        """Whether it was stopped, to be continued."""
        return Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].startswith("T")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._gone():
            os.kill(self.pid, signal.SIGKILL)
            until(self._gone)
        if self.handle >= 0:
            os.close(self.handle)

    def _take(self, written: bytes) -> None:
        """Show it, but for half a letter or half a sequence, which waits for its other half."""
        text = self._left + written
        half = _HALF.search(text)
        whole = half.start() if half else len(text)
        self.screen.feed(text[:whole].decode(errors="replace"))
        self._left = text[whole:]

    def _gone(self) -> bool:
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code is not None
