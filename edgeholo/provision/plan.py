"""What will be written onto a card, shown before it is: new, changed, same; and then written, the decisive file last."""

import difflib
import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgeholo.files import copy_whole, write_whole
from edgeholo.provision.bundle import FOLDER
from edgeholo.provision.card import Card, CardError

BACKUP = ".before-edgeholo"
"""What a file is called that was there before us."""

_HIDDEN = "(hidden)"
_SECRET = re.compile(
    r"""(?P<name>\b(?:password|passwd|psk)["']?\s*[:=]\s*)(?P<value>"[^"]*"|\S+)|\$[0-9a-z]+\$[./0-9A-Za-z$=,]{20,}"""
)
"""A key or a hash, on our lines or on those that were there."""
_CLUSTER = 4096
"""Bytes that a small file takes on a card's FAT."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the plan.

    Attributes:
        name: below the boot partition.
        content: its bytes, or the file that is copied.
        secret: True if no word of it may be shown.
    """

    name: str
    content: bytes | Path
    secret: bool = False

    @property
    def size(self) -> int:
        """Bytes."""
        return self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)

    def same_as(self, present: Path) -> bool:
        """Return whether a file is this one already."""
        if not present.is_file() or present.stat().st_size != self.size:
            return False
        if isinstance(self.content, bytes):
            return present.read_bytes() == self.content
        return _digest(present) == _digest(self.content)


def changes(card: Card, files: Iterable[File]) -> list[tuple[str, File]]:
    """Return each file with what will happen to it: ``new``, ``changed`` or ``same``."""
    return [(_change(card, file), file) for file in files]


def _change(card: Card, file: File) -> str:
    present = card.folder / file.name
    if not present.exists():
        return "new"
    return "same" if file.same_as(present) else "changed"


def shown(card: Card, planned: Iterable[tuple[str, File]]) -> Iterator[str]:
    """Yield lines for the user: each file and, of short texts, what is added and what goes, without a secret."""
    for change, file in planned:
        size = f"{file.size / 1e6:.1f} MB" if file.size >= 100_000 else f"{file.size} bytes"
        yield f"{change:8} {file.name}{f' {_HIDDEN}' if file.secret else ''} ({size})"
        if change != "same" and not file.secret and isinstance(file.content, bytes) and not _is_long(file.name):
            yield from _difference(card.folder / file.name, file.content)


def _is_long(name: str) -> bool:
    """Return whether a file's text tells the user nothing: our own programs, and copies of what was there."""
    return name.endswith((".gz", ".py", ".service", "begin.sh", "firstboot.sh", BACKUP))


def _difference(present: Path, content: bytes) -> Iterator[str]:
    """Yield the lines that come and go; comments that go are those of the image's templates."""
    before = present.read_bytes().decode(errors="replace").splitlines() if present.exists() else []
    for line in difflib.unified_diff(before, content.decode().splitlines(), lineterm="", n=0):
        is_head = line.startswith(("---", "+++", "@@"))
        if not is_head and not re.fullmatch(r"-\s*(#.*)?", line):
            yield f"         {masked(line)}"


def masked(line: str) -> str:
    """Return a line without the key or the hash that stands in it."""
    return _SECRET.sub(lambda match: f"{match['name'] or ''}{_HIDDEN}", line)


def needed_bytes(card: Card, planned: Iterable[tuple[str, File]]) -> int:
    """Return what the card must have free: a file is written beside the old one, which goes only then."""
    growing = [file for change, file in planned if change != "same"]
    old = sum(present.stat().st_size for file in growing if (present := card.folder / file.name).is_file())
    largest = max((file.size for file in growing), default=0)
    return max(0, sum(_whole_clusters(file.size) for file in growing) - old + largest)


def check_space(card: Card, planned: Sequence[tuple[str, File]]) -> None:
    """Look whether it all fits, before anything is written.

    Raises:
        CardError: it does not.
    """
    needed, free = needed_bytes(card, planned), shutil.disk_usage(card.folder).free
    if needed > free:
        bundled = any(file.name.startswith(f"{FOLDER}/") for _, file in planned)
        raise CardError(
            f"{card.folder} has {_mb(free)} MB free and {_mb(needed)} MB are needed: "
            f"{'leave --offline-bundle out, or ' if bundled else ''}delete what does not belong there"
        )


def write(card: Card, planned: Iterable[tuple[str, File]]) -> None:
    """Write what is not there yet, in the order of the plan, each file whole or not at all.

    Raises:
        CardError: the card is full, write-protected or gone.
    """
    for change, file in planned:
        if change == "same":
            continue
        card.check_there()
        target = card.folder / file.name
        try:
            if isinstance(file.content, bytes):
                write_whole(target, file.content)
            else:
                copy_whole(file.content, target)
        except OSError as error:
            raise CardError(f"cannot write {target}: {error.strerror}; {_cure(error)}") from error


def _mb(size: int) -> str:
    return f"{size / 1e6:.{0 if size >= 10e6 else 1}f}"


def _cure(error: OSError) -> str:
    if error.strerror and "Read-only" in error.strerror:
        return "slide the card's lock, or eject it and put it in again"
    if error.strerror and "space" in error.strerror:
        return "delete what does not belong there, then run it again"
    return "is it yours to write, and still in its slot? Then run it again"


def _whole_clusters(size: int) -> int:
    return -(-size // _CLUSTER) * _CLUSTER


def _digest(file: Path) -> bytes:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
