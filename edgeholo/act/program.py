"""Starts a program: a list of arguments, no shell, next to nothing of our environment, and an end when its time is over."""

import contextlib
import os
import select
import signal
import subprocess
import time
from typing import IO

from edgeholo.act.action import Command
from edgeholo.errors import ActionError

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
"""What programs need to find others, their user's files and the sound server; passwords in our environment stay ours."""
_GLANCE_S = 0.1
"""How often it is looked at whether the program has ended: a person does not feel it, a processor neither."""
_LONGEST = 200
"""Characters of its last words that are repeated."""


def run(command: Command) -> None:
    """Run it to its end.

    Raises:
        ActionError: it cannot be started, says that it failed, or took too long and was killed with all that it had started.
    """
    name = command.arguments[0]
    environment = {key: value for key in _KEPT if (value := os.environ.get(key)) is not None}
    try:
        process = subprocess.Popen(
            command.arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            cwd="/",
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        # ValueError: a template came to text with a zero byte.
        raise ActionError(f"{name}: {getattr(error, 'strerror', None) or error}") from None
    with process:
        words = _watched(process, command)
    if process.returncode:
        code = process.returncode
        how = f"exit code {code}" if code > 0 else f"ended by signal {-code}"
        raise ActionError(f"{name}: {how}{f': {words}' if words else ''}")


def _watched(process: subprocess.Popen[bytes], command: Command) -> str:
    """Return the last line of standard error, when the program has ended.

    What it leaves running behind it may keep standard error open for ever, so its end is not waited for.
    """
    assert process.stderr  # noqa: S101 - made with a pipe
    deadline_s = time.monotonic() + command.timeout_s
    tail, open_end = b"", True
    os.set_blocking(process.stderr.fileno(), False)
    while process.poll() is None:
        if time.monotonic() > deadline_s:
            _kill(process)
            raise ActionError(f"{command.arguments[0]}: ended after {command.timeout_s:g} s, its time is over")
        tail, open_end = _drained(process.stderr, tail, _GLANCE_S) if open_end else _waited(process, tail)
    tail, _ = _drained(process.stderr, tail, 0) if open_end else (tail, False)
    lines = tail.decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return "".join(letter if letter.isprintable() else " " for letter in last)[:_LONGEST]


def _drained(stream: IO[bytes], tail: bytes, timeout_s: float) -> tuple[bytes, bool]:
    """Return the end of what was written so far, and whether more may come."""
    if not select.select([stream], [], [], timeout_s)[0]:
        return tail, True
    with contextlib.suppress(BlockingIOError):
        chunk = os.read(stream.fileno(), 65_536)
        return (tail + chunk)[-2 * _LONGEST :], bool(chunk)
    return tail, True


def _waited(process: subprocess.Popen[bytes], tail: bytes) -> tuple[bytes, bool]:
    """Wait for a program that has closed its standard error."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GLANCE_S)
    return tail, False


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the program and all of its group; the group's number is the program's own, for it began a session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
