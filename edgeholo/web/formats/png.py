"""PNG (ISO 15948): one still picture, chunk by chunk."""

import re
import struct
import zlib
from collections.abc import Iterator

from edgeholo.web.formats.media import Media, RefusedError, check_still, damaged, hidden

MAGIC = re.compile(rb"\x89PNG\r\n\x1a\n")
_NAME = "PNG"
_SIGNATURE = 8
_NEEDED = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"eXIf"})
"""What the decoder gets. Texts and colour profiles are compressed too, and unpack to what nobody asked for."""
_ANIMATION = frozenset({b"acTL", b"fcTL", b"fdAT"})
_DEEP_PIXELS = 16_000_000
"""With 16 bits a channel a picture takes twice to four times the memory."""


def check(data: bytes) -> Media:
    """Return the picture with nothing but its pixels.

    Raises:
        RefusedError: it is broken, too large, animated, or something is attached to it.
    """
    chunks = list(_chunks(data))
    names = [name for name, _ in chunks]
    if not names or names[0] != b"IHDR" or names.count(b"IHDR") != 1 or b"IDAT" not in names:
        raise damaged(_NAME, "there is no picture in it")
    if _ANIMATION.intersection(names):
        raise RefusedError("type", "An animated PNG is not read here. Send a still, or the clip as GIF, MP4 or WebM.")
    width, height, depth = struct.unpack_from(">IIB", chunks[0][1], 8)
    check_still(_NAME, (width, height))
    if depth > 8 and width * height > _DEEP_PIXELS:
        raise RefusedError(
            "too_large",
            f"A PNG with {depth} bits a colour may have 16 megapixels at most. Save it with 8 bits, or as JPEG.",
        )
    return Media(_NAME, data[:_SIGNATURE] + b"".join(chunk for name, chunk in chunks if name in _NEEDED))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield names and whole chunks up to IEND, which is the end."""
    position = _SIGNATURE
    while position + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        chunk = data[position:end]
        if len(chunk) < 12 + length or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            break
        if name == b"IHDR" and length != 13:
            break
        yield name, chunk
        position = end
        if name == b"IEND":
            if data[end:].strip(b"\x00"):
                raise hidden(_NAME, "something else behind the picture's end")
            return
    raise damaged(_NAME, "it ends before the picture does, or a check sum is wrong")
