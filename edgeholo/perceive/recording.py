"""Landmark streams on disk, without a pixel: what the engine saw, to be interpreted again at any time."""

import gzip
import logging
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from edgeholo import __version__
from edgeholo.errors import EdgeholoError
from edgeholo.perceive.blocks import blocks, framed
from edgeholo.perceive.recording_layout import (
    FORMAT,
    FORMAT_VERSION,
    Header,
    decode_header,
    decode_sight,
    encode_header,
    encode_sight,
)
from edgeholo.redact import redacted
from edgeholo.types import Sight

_LOGGER = logging.getLogger(__name__)

FLUSH_S = 1.0
"""Seconds of frames that a power cut may cost."""

_GZIP = b"\x1f\x8b"

_COMPRESSION = 3
"""Float noise hardly compresses: higher levels take three times as long for a few per cent."""


_DAMAGED = (EOFError, ValueError, zlib.error)
"""What reading a file that is cut off, damaged or something else comes to."""


class Recorder:
    """Writes sights to a file, as a context manager or until ``close``.

    Args:
        path: the file; an older one of that name is replaced.
        engine: name of the engine.
        source: name of the camera or file; user, password and query are left out.

    Raises:
        EdgeholoError: the file cannot be written.
    """

    def __init__(self, path: Path, *, engine: str, source: str) -> None:
        self._path = path
        self._frames = 0
        self._flushed_ns: int | None = None
        try:
            self._file = path.open("wb")
        except OSError as error:
            raise EdgeholoError(f"cannot write the recording {path}: {_why(error)}") from None
        self._stream = gzip.GzipFile("", "wb", _COMPRESSION, self._file, mtime=0)
        header = Header(FORMAT, FORMAT_VERSION, __version__, engine, redacted(source))
        self._put(encode_header(header), flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, sight: Sight) -> None:
        """Add one frame.

        Raises:
            EdgeholoError: it cannot be written, the disk is full for instance; what was written stays readable.
        """
        if self._file.closed:
            raise EdgeholoError(f"the recording {self._path} is closed: it takes no more frames")
        since_ns = None if self._flushed_ns is None else sight.timestamp_ns - self._flushed_ns
        # Time that jumps back (a source that starts over) is a reason to flush too.
        due = since_ns is None or not 0 <= since_ns < FLUSH_S * 1e9
        self._put(encode_sight(sight), flush=due)
        self._frames += 1
        if due:
            self._flushed_ns = sight.timestamp_ns

    def close(self) -> None:
        """Finish the file; a second call does nothing.

        Raises:
            EdgeholoError: the end cannot be written.
        """
        if self._file.closed:
            return
        try:
            self._stream.close()
            self._file.close()
        except OSError as error:
            self._give_up(error)

    def _put(self, content: bytes, *, flush: bool) -> None:
        try:
            self._stream.write(framed(content))
            if flush:
                self._stream.flush()
                self._file.flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        """Close what can be closed, and say why it ends."""
        for part in (self._stream, self._file):
            try:
                part.close()
            except OSError:
                _LOGGER.debug("closing %s failed as well", self._path)
        raise EdgeholoError(
            f"the recording {self._path} ends after {self._frames} frames, which stay readable: {_why(error)}"
        ) from None


class Recording:
    """A recording to be read, as often as wanted and one frame at a time.

    Args:
        path: the file.

    Attributes:
        header: what it says about itself.

    Raises:
        EdgeholoError: it cannot be read, is no recording, or one of a newer edgeholo.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._warned = False
        with self._open() as file:
            self.header = self._header(file)

    def __iter__(self) -> Iterator[Sight]:
        """Yield the sights as they were written; where the file is cut or damaged those before, and a word about it."""
        frames = 0
        with self._open() as file:
            contents = blocks(file)
            next(contents, None)
            try:
                for content in contents:
                    yield decode_sight(content)
                    frames += 1
            except (*_DAMAGED, OSError) as error:
                self._warn(frames, error)

    def _open(self) -> BinaryIO:
        try:
            return self._path.open("rb")
        except OSError as error:
            raise EdgeholoError(f"cannot read the recording {self._path}: {_why(error)}") from None

    def _header(self, file: BinaryIO) -> Header:
        try:
            header = decode_header(next(blocks(file), b""))
        except _DAMAGED:
            raise EdgeholoError(f"{self._path} is no recording of edgeholo: `edgeholo record` writes them") from None
        except OSError as error:
            raise EdgeholoError(f"cannot read the recording {self._path}: {_why(error)}") from None
        if header.version > FORMAT_VERSION:
            raise EdgeholoError(
                f"{self._path} was recorded by edgeholo {header.edgeholo}, in a format newer than this one ({__version__}) "
                "reads: update edgeholo"
            )
        return header

    def _warn(self, frames: int, error: Exception) -> None:
        if not self._warned:
            self._warned = True
            _LOGGER.warning("%s is cut off or damaged after %s frames, which are used: %s", self._path, frames, error)


def is_recording(path: Path) -> bool:
    """Return whether the file begins as recordings do, and no picture or video does; False where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(_GZIP)) == _GZIP
    except OSError:
        return False


def read(path: Path) -> Iterator[Sight]:
    """Return the sights of a recording, one at a time; see ``Recording``.

    Raises:
        EdgeholoError: it cannot be read, is no recording, or one of a newer edgeholo; raised here, not at the first sight.
    """
    return iter(Recording(path))


def _why(error: OSError) -> str:
    return error.strerror or str(error)
