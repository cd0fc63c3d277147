"""Blocks of bytes in a gzip stream that may have been cut off or damaged anywhere.

Each is the length of its content and its CRC-32 (4 bytes each, big-endian), then the content: gzip's own checksum comes at
the end of the file, where a file that was cut off has none.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

_HEAD = struct.Struct(">II")

_LONGEST = 1 << 22
"""Bytes of a block: hundreds of persons with faces. More is a damaged file, and not worth the memory."""

_CHUNK = 1 << 16
"""Bytes that are read, and unpacked, at once."""

_GZIP = 16 + zlib.MAX_WBITS
"""What zlib wants to hear to expect gzip's head and checksum."""


def framed(content: bytes) -> bytes:
    """Return ``content`` as a block."""
    return _HEAD.pack(len(content), zlib.crc32(content)) + content


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """Yield the contents of all whole blocks; ``gzip.GzipFile`` would lose the last ones of a file that was cut off.

    Raises:
        EOFError: the file ends too early; all before was yielded.
        ValueError: a block that is damaged.
        zlib.error: this is no gzip stream, or a damaged one.
        OSError: the file cannot be read.
    """
    waiting = bytearray()
    for plain in _unpacked(file):
        waiting += plain
        while (content := _first(waiting)) is not None:
            del waiting[: _HEAD.size + len(content)]
            yield content
    if waiting:
        raise EOFError("it ends within a frame")


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    """Yield the stream's bytes, a chunk at a time whatever they unpack to."""
    unpacker = zlib.decompressobj(_GZIP)
    while not unpacker.eof:
        packed = unpacker.unconsumed_tail or file.read(_CHUNK)
        plain = unpacker.decompress(packed, _CHUNK)
        if not packed and not plain:
            raise EOFError("its end is missing")
        yield plain


def _first(waiting: bytearray) -> bytes | None:
    """Return the content of the block that ``waiting`` starts with, None while it is not all there."""
    if len(waiting) < _HEAD.size:
        return None
    length, checksum = _HEAD.unpack_from(waiting)
    if not 0 < length <= _LONGEST:
        raise ValueError("a frame of an impossible length")
    if len(waiting) < _HEAD.size + length:
        return None
    content = bytes(waiting[_HEAD.size : _HEAD.size + length])
    if zlib.crc32(content) != checksum:
        raise ValueError("a frame with a wrong checksum")
    return content
