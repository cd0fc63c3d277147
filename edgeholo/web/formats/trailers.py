"""What cameras put behind a JPEG: gain maps, previews, the second of film around a photograph.

Telephones do so by themselves, and say it in the picture's own metadata. What is said there is passed over; anything else
that follows a picture is a file in hiding.
"""

import re
import struct
from collections.abc import Iterator

Extent = tuple[int, int]
"""Where something begins and ends in the file."""

_SEGMENT = re.compile(rb"\xff[\xe1\xe2](..)", re.DOTALL)
_MPF = b"MPF\0"
_ENTRIES = 0xB002
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_LENGTHS = re.compile(rb"""(?:Item:Length|GCamera:MicroVideoOffset)\s*=\s*["'](\d{1,9})["']""")
_SAMSUNG = b"SEFT"
_JPEG, _MP4 = re.compile(rb"\xff\xd8\xff"), re.compile(rb"....ftyp", re.DOTALL)


def declared(data: bytes, end: int) -> bool:
    """Return whether all that follows ``end`` is what the picture says follows it."""
    extents = sorted({*_multi_picture(data, end), *_motion(data, end), *_samsung(data, end)})
    position = end
    for start, stop in extents:
        if start > position and data[position:start].strip(b"\x00\xff"):
            return False
        position = max(position, stop)
    return position > end and not data[position:].strip(b"\x00\xff")


def _metadata(data: bytes, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield APP1 and APP2 segments: where their content begins, and the content."""
    position = 2
    while position + 4 <= end and data[position] == 0xFF and 0xE0 <= data[position + 1] <= 0xEF:
        length = struct.unpack_from(">H", data, position + 2)[0]
        if data[position + 1] in (0xE1, 0xE2):
            yield position + 4, data[position + 4 : position + 2 + length]
        position += 2 + length


def _multi_picture(data: bytes, end: int) -> Iterator[Extent]:
    """Yield the further pictures of CIPA's Multi-Picture Format, each a JPEG."""
    for start, content in _metadata(data, end):
        if not content.startswith(_MPF):
            continue
        origin, tiff = start + len(_MPF), content[len(_MPF) :]
        try:
            entries = _entries(tiff)
        except (struct.error, KeyError):
            return
        for size, offset in entries:
            extent = origin + offset, origin + offset + size
            if offset and extent[0] >= end and extent[1] <= len(data) and _JPEG.match(data, extent[0]):
                yield extent


def _entries(tiff: bytes) -> list[tuple[int, int]]:
    """Return size and offset of every picture in the list."""
    order = {b"II": "<", b"MM": ">"}[tiff[:2]]
    directory = struct.unpack_from(f"{order}I", tiff, 4)[0]
    for number in range(struct.unpack_from(f"{order}H", tiff, directory)[0]):
        tag, _, count, value = struct.unpack_from(f"{order}HHII", tiff, directory + 2 + 12 * number)
        if tag == _ENTRIES:
            return [struct.unpack_from(f"{order}4xII", tiff, value + 16 * one) for one in range(count // 16)]
    return []


def _motion(data: bytes, end: int) -> Iterator[Extent]:
    """Yield the gain map and film of a motion photo, which stand at the file's end in the order of their lengths."""
    for _, content in _metadata(data, end):
        if not content.startswith(_XMP):
            continue
        lengths = [int(text) for text in _LENGTHS.findall(content) if int(text)]
        position = len(data) - sum(lengths)
        for length in lengths if position >= end else []:
            if _JPEG.match(data, position) or _MP4.match(data, position):
                yield position, position + length
            position += length


def _samsung(data: bytes, end: int) -> Iterator[Extent]:
    """Yield the blocks of a Galaxy's own trailer, and its directory."""
    if not data.endswith(_SAMSUNG):
        return
    directory = len(data) - 8 - struct.unpack_from("<I", data, len(data) - 8)[0]
    if directory < end or data[directory : directory + 4] != b"SEFH":
        return
    yield directory, len(data)
    for number in range(min(64, struct.unpack_from("<I", data, directory + 8)[0])):
        offset, size = struct.unpack_from("<4xII", data, directory + 12 + 12 * number)
        if offset >= size and directory - offset >= end:
            yield directory - offset, directory - offset + size
