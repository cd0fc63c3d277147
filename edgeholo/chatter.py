"""What C libraries write straight to standard error, caught where it would disturb a line of ours."""

import contextlib
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def caught(*beginnings: str) -> Iterator[list[str]]:
    """Collect the lines that begin so (lower case), and pass on what anybody else wrote meanwhile.

    Yields:
        the lines, complete when the context has ended.
    """
    words: list[str] = []
    sys.stderr.flush()
    with os.fdopen(os.memfd_create("stderr"), "w+b") as sink:
        stderr = os.dup(2)
        os.dup2(sink.fileno(), 2)
        try:
            yield words
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            sink.seek(0)
            for line in sink.read().decode(errors="replace").splitlines():
                if line.lower().startswith(beginnings):
                    words.append(line)
                else:
                    sys.stderr.write(f"{line}\n")
