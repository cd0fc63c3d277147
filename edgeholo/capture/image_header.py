"""Reads a picture's size from its first bytes, so that a decompression bomb is refused before it is unpacked."""

import re
import struct
from collections.abc import Callable

Size = tuple[int, int]

_JPEG_WITHOUT_LENGTH = frozenset([0x01, *range(0xD0, 0xD9)])
_JPEG_NO_FRAME = frozenset([0xC4, 0xC8, 0xCC])


def image_size(data: bytes) -> Size | None:
    """Return width and height in pixels as the header states them; None for no picture that edgeholo reads.

    Args:
        data: the whole file, or as much of it as holds the header.
    """
    for magic, reader in _READERS:
        if magic.match(data):
            try:
                return reader(data)
            except (struct.error, ValueError):
                return None
    return None


def _png(data: bytes) -> Size | None:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg(data: bytes) -> Size | None:
    """Walk the segments (ITU T.81 B.1) to the frame header, SOF0 to SOF15."""
    position = 2
    while position < len(data):
        if data[position] != 0xFF:
            position += 1
            continue
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
        elif marker in _JPEG_WITHOUT_LENGTH:
            position += 2
        elif 0xC0 <= marker <= 0xCF and marker not in _JPEG_NO_FRAME:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return width, height
        else:
            position += 2 + max(2, struct.unpack_from(">H", data, position + 2)[0])
    return None


def _bmp(data: bytes) -> Size | None:
    if struct.unpack_from("<I", data, 14)[0] == 12:
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
    return width, abs(height)


def _webp(data: bytes) -> Size | None:
    """Read the first chunk: lossy, lossless or extended (RFC 9649)."""
    chunk = data[12:16]
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if chunk == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    if chunk == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return None


def _tiff(data: bytes) -> Size | None:
    """Read tags 256 (width) and 257 (height) of the first directory."""
    order = "<" if data[:2] == b"II" else ">"
    start = struct.unpack_from(f"{order}I", data, 4)[0]
    sides: dict[int, int] = {}
    for entry in range(struct.unpack_from(f"{order}H", data, start)[0]):
        tag, kind = struct.unpack_from(f"{order}HH", data, start + 2 + 12 * entry)
        if tag in (256, 257):
            code = "H" if kind == 3 else "I"
            sides[tag] = struct.unpack_from(f"{order}{code}", data, start + 10 + 12 * entry)[0]
    return (sides[256], sides[257]) if len(sides) == 2 else None


def _netpbm(data: bytes) -> Size | None:
    words = re.sub(rb"#[^\n]*", b"", data[:1024]).split()
    return int(words[1]), int(words[2])


_READERS: list[tuple[re.Pattern[bytes], Callable[[bytes], Size | None]]] = [
    (re.compile(rb"\x89PNG\r\n\x1a\n", re.DOTALL), _png),
    (re.compile(rb"\xff\xd8\xff", re.DOTALL), _jpeg),
    (re.compile(rb"BM", re.DOTALL), _bmp),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), _webp),
    (re.compile(rb"II\*\x00|MM\x00\*", re.DOTALL), _tiff),
    (re.compile(rb"P[1-6Ff]\s", re.DOTALL), _netpbm),
]
