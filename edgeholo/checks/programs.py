"""Programs of the system that tell how it is."""

import os
import subprocess

_PATIENCE_S = 5.0
"""They answer at once, or hang on a broken device."""
_PLACES = ":/usr/sbin:/sbin"
"""Debian keeps some of them where a user's PATH does not look."""


def said(*command: str) -> tuple[int, str] | None:
    """Return exit code and output of a program, None where it is not there or does not answer."""
    environment = {**os.environ, "PATH": os.environ.get("PATH", "") + _PLACES, "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            ["/usr/bin/env", *command],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_S,
            env=environment,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    # 127 is what env says of a program that it does not find.
    return None if done.returncode == 127 else (done.returncode, done.stdout)


def kernel_log() -> list[str] | None:
    """Return the kernel's messages since the start, None where this user may not read them."""
    for command in (("dmesg",), ("journalctl", "-k", "-b", "-q", "-o", "cat", "--no-pager")):
        answer = said(*command)
        if answer is not None and answer[0] == 0 and answer[1]:
            return answer[1].splitlines()
    return None
