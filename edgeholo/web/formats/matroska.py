"""WebM and Matroska (RFC 9559): one clip, element by element."""

import re
import struct
from collections.abc import Iterator

from edgeholo.web.formats.media import Media, Size, check_clip, check_length, damaged, hidden

MAGIC = re.compile(rb"\x1a\x45\xdf\xa3")
_NAME = "WebM"
_EBML, _SEGMENT, _VOID, _CRC = 0x1A45DFA3, 0x18538067, 0xEC, 0xBF
_INFO, _SCALE, _DURATION = 0x1549A966, 0x2AD7B1, 0x4489
_TRACKS, _TRACK, _VIDEO, _WIDTH, _HEIGHT = 0x1654AE6B, 0xAE, 0xE0, 0xB0, 0xBA
_ATTACHMENTS = 0x1941A469
_MILLISECOND_NS = 1_000_000
_MOST = 100_000
"""Elements on one level: a clip of ten seconds has some hundreds."""

Element = tuple[int, int, int]
"""Id, and where its content begins and ends."""


def check(data: bytes) -> Media:
    """Return the clip.

    Raises:
        RefusedError: it is broken, too large, too long, or something is attached to it.
    """
    top = list(_elements(data, 0, len(data)))
    segments = [one for one in top if one[0] == _SEGMENT]
    if len(segments) != 1:
        raise damaged(_NAME, "there is no clip in it")
    if top[-1][2] != len(data) or {_EBML, _SEGMENT, _VOID, _CRC}.isdisjoint({top[-1][0]}):
        raise hidden(_NAME, "something else behind the clip's end")
    parts: dict[int, tuple[int, int]] = {}
    for name, start, end in _elements(data, segments[0][1], segments[0][2]):
        parts.setdefault(name, (start, end))
    if _ATTACHMENTS in parts:
        raise hidden(_NAME, "other files")
    if _TRACKS not in parts:
        raise damaged(_NAME, "there is no picture in it")
    for size in _sizes(data, parts[_TRACKS]):
        check_clip(_NAME, size)
    check_length(_seconds(data, parts.get(_INFO, (0, 0))), 0)
    return Media(_NAME, data, "matroska,webm")


def _elements(data: bytes, position: int, end: int) -> Iterator[Element]:
    """Yield the elements between two positions; one of unknown length, as a live recording's, reaches to the end."""
    for _ in range(_MOST):
        if position >= end:
            return
        name, start = _number(data, position, marked=True)
        size, start = _number(data, start, marked=False)
        following = end if size is None else start + size
        if name is None or following > end:
            raise damaged(_NAME, "it ends before the clip does")
        yield name, start, following
        position = following
    raise damaged(_NAME, "it has too many parts")


def _number(data: bytes, position: int, *, marked: bool) -> tuple[int | None, int]:
    """Return a number of variable length, and the position behind it; None where all its bits are set."""
    if position >= len(data) or data[position] == 0:
        raise damaged(_NAME, "its parts do not fit")
    length = 9 - data[position].bit_length()
    value = int.from_bytes(data[position : position + length])
    if marked:
        return value, position + length
    bits = value & ((1 << 7 * length) - 1)
    return (None if bits == (1 << 7 * length) - 1 else bits), position + length


def _sizes(data: bytes, tracks: tuple[int, int]) -> Iterator[Size]:
    for name, start, end in _elements(data, *tracks):
        if name != _TRACK:
            continue
        for part, first, last in _elements(data, start, end):
            if part == _VIDEO:
                sides = {side: int.from_bytes(data[at:to]) for side, at, to in _elements(data, first, last)}
                yield sides.get(_WIDTH, 0), sides.get(_HEIGHT, 0)


def _seconds(data: bytes, info: tuple[int, int]) -> float:
    """Return the length; 0 where it is not said, which is counted while the frames are read."""
    scale_ns, duration = _MILLISECOND_NS, 0.0
    for name, start, end in _elements(data, *info):
        if name == _SCALE:
            scale_ns = int.from_bytes(data[start:end])
        elif name == _DURATION and end - start in (4, 8):
            duration = struct.unpack(">f" if end - start == 4 else ">d", data[start:end])[0]
    return duration * scale_ns / 1e9
