"""WebP (RFC 9649): one still picture, chunk by chunk."""

import re
import struct
from collections.abc import Iterator

from edgeholo.capture.image_header import image_size
from edgeholo.web.formats.media import Media, RefusedError, check_still, damaged, hidden

MAGIC = re.compile(rb"RIFF....WEBP", re.DOTALL)
_NAME = "WebP"
_PICTURES = (b"VP8 ", b"VP8L")
_KNOWN = frozenset({*_PICTURES, b"VP8X", b"ALPH", b"ICCP", b"EXIF", b"XMP "})
_HEADER = 12


def check(data: bytes) -> Media:
    """Return the picture.

    Raises:
        RefusedError: it is broken, too large, animated, or something is attached to it.
    """
    end = 8 + struct.unpack_from("<I", data, 4)[0]
    if end > len(data):
        raise damaged(_NAME, "it ends before the picture does")
    if data[end:].strip(b"\x00"):
        raise hidden(_NAME, "something else behind the picture's end")
    chunks = list(_chunks(data, end))
    names = [name for name, _ in chunks]
    if {b"ANIM", b"ANMF"}.intersection(names):
        raise RefusedError("type", "An animated WebP is not read here. Send a still, or the clip as GIF, MP4 or WebM.")
    if not _KNOWN.issuperset(names):
        raise hidden(_NAME, "a part that belongs to no picture")
    pictures = [chunk for name, chunk in chunks if name in _PICTURES]
    if len(pictures) != 1:
        raise damaged(_NAME, "there is not one picture in it")
    # The canvas and the picture on it each say their size: neither may be larger than what is taken.
    for part in (data, b"RIFF\0\0\0\0WEBP" + pictures[0]):
        size = image_size(part)
        if size is None:
            raise damaged(_NAME, "its size cannot be told")
        check_still(_NAME, size)
    return Media(_NAME, data[:end])


def _chunks(data: bytes, end: int) -> Iterator[tuple[bytes, bytes]]:
    position = _HEADER
    while position + 8 <= end:
        name, length = struct.unpack_from("<4sI", data, position)
        following = position + 8 + length + length % 2
        if following > end + 1:  # a last odd chunk may lack its padding
            break
        yield name, data[position:following]
        position = following
    if position not in (end, end + 1):
        raise damaged(_NAME, "its parts do not fit")
