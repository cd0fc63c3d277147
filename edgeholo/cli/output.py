"""The file that a command writes: what it must not replace."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from edgeholo.errors import EdgeholoError
from edgeholo.types import Frame


def opened(source: Iterator[Frame], name: str, out: Path) -> Iterator[Frame]:
    """Return the frames, the first of which is there: only then may ``out`` be touched.

    Args:
        source: the frames.
        name: of the source; a path where it is a file.
        out: what is going to be written, and replaced where it exists.

    Raises:
        EdgeholoError: the source cannot be read, or ``out`` is the source.
    """
    if out.exists() and Path(name).exists() and out.samefile(name):
        raise EdgeholoError(f"{out} is what is being read, and would be lost: name another file to write")
    if not out.parent.is_dir():
        raise EdgeholoError(f"{out.parent} is no folder; make it first")
    return chain((next(source),), source)
