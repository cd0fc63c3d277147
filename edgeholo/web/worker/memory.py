"""Memory that the page and its worker both see: a file on its way in, the answer on its way out, and never a disk."""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

FOLDER = Path("/dev/shm")  # noqa: S108 - memory; what we make in it is ours alone


class Memory:
    """Two files without a name, which end with the last process that has them open.

    Attributes:
        upload: file descriptor of what came.
        answer: file descriptor of what goes back.
        clip: a path that ends in ``.webm`` and leads to ``answer``: FFmpeg goes by the ending.
    """

    def __init__(self) -> None:
        self.upload, self.answer = os.memfd_create("upload"), os.memfd_create("answer")
        parent = FOLDER if FOLDER.is_dir() else Path(tempfile.gettempdir())
        self.clip = parent / f"edgeholo-{secrets.token_hex(8)}" / "answer.webm"

    def put(self, content: bytes) -> None:
        """Take what came, and have the path of the clip lead somewhere."""
        write(self.upload, content)
        self.clip.parent.mkdir(mode=0o700)
        # All that ever is in a folder. /proc/self is whoever opens it: the worker, which has the same number.
        self.clip.symlink_to(f"/proc/self/fd/{self.answer}")

    def take(self) -> bytes:
        """Return what goes back."""
        parts, position, size = [], 0, os.fstat(self.answer).st_size
        while position < size and (part := os.pread(self.answer, size - position, position)):
            parts.append(part)
            position += len(part)
        return b"".join(parts)

    def wipe(self) -> None:
        """Forget both, and the path."""
        shutil.rmtree(self.clip.parent, ignore_errors=True)
        for file in (self.upload, self.answer):
            os.ftruncate(file, 0)

    def close(self) -> None:
        """Give the memory back."""
        for file in (self.upload, self.answer):
            os.close(file)


def write(file: int, content: bytes) -> None:
    """Make ``content`` all that is in a file."""
    os.ftruncate(file, 0)
    view = memoryview(content)
    while view:
        view = view[os.pwrite(file, view, len(content) - len(view)) :]
