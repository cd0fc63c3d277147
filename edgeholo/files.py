"""Files that are replaced as a whole: whenever the power goes, the old one or the new one is there."""

import contextlib
import errno
import os
import secrets
import shutil
import stat
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
def whole(path: Path, *, mode: int | None = None) -> Iterator[Path]:
    """Take the new content under another name of the same ending, which is the file's own when the context has ended well.

    Args:
        path: of the file; its folder is made.
        mode: its permissions; None for what the process gives to new files, and for file systems that know none.

    Raises:
        OSError: the disk is full or the folder is not ours; the old file is then as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        yield new
        _sync(new)
        if mode is not None:
            new.chmod(mode)
        new.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def read_strangers(path: Path, longest: int) -> bytes | None:
    """Return what stands in a file that somebody with fewer rights has written; None where there is none.

    Only an ordinary file is read: no link is followed, and a pipe is not waited for.

    Args:
        path: of the file.
        longest: bytes that are read of it.

    Raises:
        OSError: it is something else, or cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "no ordinary file", str(path))
        return os.read(handle, longest)
    finally:
        os.close(handle)


def drop_strangers(path: Path) -> None:
    """Remove what somebody with fewer rights has put there, whatever it is; a folder is put aside, for it may be full.

    Raises:
        OSError: it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except IsADirectoryError:
        path.rename(path.with_name(f"{path.name}.{secrets.token_hex(4)}"))


@contextlib.contextmanager
def _replaced(path: Path, mode: int | None = None) -> Iterator[IO[bytes]]:
    """Take the new content, which stands in the file's place when the context has ended well."""
    # A secret is nobody else's from its first byte on.
    first = 0o666 if mode is None else mode & 0o600
    with (
        whole(path, mode=mode) as new,
        open(new, "xb", opener=lambda name, flags: os.open(name, flags, first)) as stream,
    ):
        yield stream


def _sync(path: Path) -> None:
    """Have what is written there, or a name in that folder, outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
