"""What a check is given, and what it finds."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from edgeholo.checks.cures import CURES
from edgeholo.config import Config
from edgeholo.timesync import kernel_is_sure

State = Literal["ok", "warning", "bad", "unknown"]


@dataclass(frozen=True, slots=True)
class Case:
    """The unit that is examined.

    Attributes:
        config: that the daemon would run with.
        file: it was read from, None for none.
        root: of the file system.
        environ: the environment.
        kernel_is_sure: whether the kernel takes its clock for right.
    """

    config: Config
    file: Path | None = None
    root: Path = Path("/")
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    kernel_is_sure: Callable[[], bool] = kernel_is_sure


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        check: its name.
        state: ok, warning (works, but), bad, or unknown (cannot be told here).
        text: what is so.
        mend: what to do about it, one sentence; empty when nothing.
        code: the row in docs/troubleshooting.md; empty when nothing is wrong.
    """

    check: str
    state: State
    text: str
    mend: str = ""
    code: str = ""


def ok(check: str, text: str) -> Finding:
    """Return that all is well."""
    return Finding(check, "ok", text)


def unknown(check: str, text: str) -> Finding:
    """Return that it cannot be told here."""
    return Finding(check, "unknown", text)


def bad(check: str, code: str, text: str) -> Finding:
    """Return what is wrong, with its cure."""
    return Finding(check, "bad", text, CURES[code].cure, code)


def warning(check: str, code: str, text: str) -> Finding:
    """Return what works but should be mended, with its cure."""
    return Finding(check, "warning", text, CURES[code].cure, code)
