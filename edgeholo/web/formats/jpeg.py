"""JPEG (ITU T.81, JFIF, Exif): one picture from its first marker to its last."""

import re
import struct

from edgeholo.web.formats.media import Media, RefusedError, Size, check_still, damaged, hidden
from edgeholo.web.formats.trailers import declared

MAGIC = re.compile(rb"\xff\xd8\xff")
_NAME = "JPEG"

_SOI, _EOI, _SOS, _DHT, _JPG, _DAC, _DNL = 0xD8, 0xD9, 0xDA, 0xC4, 0xC8, 0xCC, 0xDC
_FRAMES = (0xC0, 0xC1, 0xC2)
"""Baseline, extended and progressive; lossless, hierarchical and arithmetic ones come from no camera."""
_OTHER_FRAMES = frozenset(range(0xC3, 0xD0)) - {_DHT, _JPG, _DAC}
_SCANS = 64
"""A progressive picture has about ten scans, each of which costs a pass over the whole of it: thousands are an attack."""
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""A marker that is no restart; a 0xff of the data itself is followed by 0."""


def check(data: bytes) -> Media:
    """Return the picture without what follows it.

    Raises:
        RefusedError: it is broken, too large, or something is attached to it.
    """
    end = _walk(data)
    rest = data[end:]
    if rest.strip(b"\x00\xff") and not declared(data, end):
        raise hidden(_NAME, "something else behind the picture's end")
    return Media(_NAME, data[:end])


def _walk(data: bytes) -> int:
    """Go from marker to marker, and return where the picture ends."""
    size: Size | None = None
    position, scans = 2, 0
    while True:
        marker, position = _marker(data, position)
        if marker == _EOI:
            if size is None or not scans:
                raise damaged(_NAME, "there is no picture in it")
            return position
        if marker == _SOI:
            raise damaged(_NAME, "a second one begins inside it")
        end = position + _length(data, position)
        if marker in _FRAMES:
            if size is not None:
                raise damaged(_NAME, "it says its size twice")
            size = _size(data[position:end])
        elif marker in _OTHER_FRAMES:
            raise RefusedError("type", "This is a rare kind of JPEG that is not read here. Save it as a usual one.")
        position = end
        if marker == _SOS:
            scans += 1
            position = _end_of_scan(data, end)
        if scans > _SCANS:
            raise RefusedError("too_large", f"The picture has more than {_SCANS} layers. Save it as a usual JPEG.")


def _marker(data: bytes, position: int) -> tuple[int, int]:
    """Return the marker at a position, and the position behind it."""
    if data[position : position + 1] != b"\xff":
        raise damaged(_NAME, "it ends before the picture does" if position >= len(data) else "its parts do not fit")
    while data[position : position + 1] == b"\xff":
        position += 1
    if position >= len(data):
        raise damaged(_NAME, "it ends before the picture does")
    return data[position], position + 1


def _length(data: bytes, position: int) -> int:
    """Return the length of the segment that begins here, which counts itself."""
    if position + 2 > len(data):
        raise damaged(_NAME, "it ends before the picture does")
    length: int = struct.unpack_from(">H", data, position)[0]
    if length < 2 or position + length > len(data):
        raise damaged(_NAME, "it ends before the picture does")
    return length


def _size(segment: bytes) -> Size:
    if len(segment) < 8 or segment[2] != 8 or segment[7] not in (1, 3, 4):
        raise RefusedError("type", "This is a rare kind of JPEG that is not read here. Save it as a usual one.")
    height, width = struct.unpack_from(">HH", segment, 3)
    check_still(_NAME, (width, height))
    return width, height


def _end_of_scan(data: bytes, position: int) -> int:
    found = _END_OF_SCAN.search(data, position)
    if found is None:
        raise damaged(_NAME, "it ends before the picture does")
    return found.start()
