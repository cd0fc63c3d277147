"""Files that are replaced as a whole: whenever the power goes, the old one or the new one is there."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def write_whole(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Replace a file, or make it and its folder; two who do it at once do not spoil each other's.

    Args:
        path: of the file.
        content: all of it.
        mode: its permissions; None for what the process gives to new files, and for file systems that know none.

    Raises:
        OSError: the disk is full or the folder is not ours; the old file is then as it was.
    """
    with _replaced(path, mode) as stream:
        stream.write(content)


def copy_whole(source: Path, path: Path) -> None:
    """Replace a file by a copy of another one, or make it and its folder, just so.

    Raises:
        OSError: as ``write_whole`` does, or the source cannot be read.
    """
    with source.open("rb") as original, _replaced(path) as stream:
        shutil.copyfileobj(original, stream)


@contextlib.contextmanager
def _replaced(path: Path, mode: int | None = None) -> Iterator[IO[bytes]]:
    """Take the new content, which stands in the file's place when the context has ended well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        # A secret is nobody else's from its first byte on.
        first = 0o666 if mode is None else mode & 0o600
        with open(new, "xb", opener=lambda name, flags: os.open(name, flags, first)) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            new.chmod(mode)
        new.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Have the file's new name outlive a power cut too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
