"""Questions on the terminal, and passwords from files or from hidden typing, never from the command line."""

import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from edgeholo.errors import ConfigError, EdgeholoError

_LONGEST = 4096
"""Characters of a password file: more is another file, given by mistake."""


def ask(question: str, option: str, check: Callable[[str], object], default: str = "") -> str:
    """Return an answer that passes the check; asked again until it does.

    Args:
        question: without its mark.
        option: that answers it on the command line.
        check: raises ConfigError for what cannot be.
        default: of an empty answer.

    Raises:
        ConfigError: nobody is there to ask.
    """
    prompt = f"{question}{f' [{default}]' if default else ''}: "
    return _until_good(lambda: input(prompt).strip() or default, option, check)


def ask_password(question: str, option: str, check: Callable[[str], object]) -> str:
    """Return a password that passes the check, typed unseen.

    Raises:
        ConfigError: nobody is there to ask.
    """
    return _until_good(lambda: getpass.getpass(f"{question}: "), option, check)


def _until_good(read: Callable[[], str], option: str, check: Callable[[str], object]) -> str:
    _somebody(option)
    while True:
        try:
            answer = read()
        except EOFError as error:
            raise ConfigError(f"no answer; give {option}") from error
        try:
            check(answer)
        except ConfigError as error:
            print(f"  {error}", file=sys.stderr)
        else:
            return answer


def agreed(question: str) -> bool:
    """Return whether the user says yes; an empty answer is no."""
    _somebody("--yes")
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def password_in(file: Path, option: str) -> str:
    """Return the one line of a password file.

    Raises:
        ConfigError: there is none, or it is no such file.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            text = stream.read(_LONGEST).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no UTF-8 text"
        hint = "; the password stands in that file, never on the command line" * isinstance(error, FileNotFoundError)
        raise ConfigError(f"{option} {file}: {reason}{hint}") from error
    if not text or "\n" in text or "\r" in text:
        raise ConfigError(f"{option} {file}: expected the password in its first line, and nothing else")
    return text


def text_in(file: Path, option: str) -> str:
    """Return a text file, its lines ended as here.

    Raises:
        EdgeholoError: it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no UTF-8 text"
        raise EdgeholoError(f"{option} {file}: {reason}") from error


def _somebody(option: str) -> None:
    if not sys.stdin.isatty():
        raise ConfigError(f"{option} is missing, and there is nobody to ask: standard input is no terminal")
