"""MP4 and QuickTime (ISO 14496-12): one clip, box by box."""

import re
import struct
from collections.abc import Iterator

from edgeholo.web.formats.media import Media, RefusedError, Size, check_clip, check_length, damaged, hidden

MAGIC = re.compile(rb"....(ftyp|moov|mdat|wide|free|skip)", re.DOTALL)
_NAME = "MP4"
_PICTURES = {
    b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"heim": "HEIC", b"heis": "HEIC",
    b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF", b"avis": "AVIF", b"crx ": "Canon's raw",
}  # fmt: skip
_TOP = frozenset({
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"moof", b"mfra", b"sidx", b"styp", b"meta", b"udta",
    b"pdin", b"emsg", b"prft", b"ssix",
})  # fmt: skip
_BOXES = 10_000
"""Boxes on one level: a clip in fragments of a frame each has a few hundred."""

Box = tuple[bytes, int, int]
"""Name, and where its content begins and ends."""


def check(data: bytes) -> Media:
    """Return the clip.

    Raises:
        RefusedError: it is broken, too large, too long, a picture, or something is attached to it.
    """
    if data[4:8] == b"ftyp" and (picture := _PICTURES.get(data[8:12])):
        raise RefusedError(
            "type", f"This is a picture in the {picture} format, which is not read here. Send it as JPEG."
        )
    top = _top(data)
    moov = [box for box in top if box[0] == b"moov"]
    if len(moov) != 1 or b"mdat" not in {name for name, _, _ in top}:
        raise damaged(_NAME, "there is no clip in it")
    tracks = [size for size in _tracks(data, moov[0]) if size is not None]
    if not tracks:
        raise damaged(_NAME, "there is no picture in it")
    for size in tracks:
        check_clip(_NAME, size)
    return Media(_NAME, data, "mov")


def _top(data: bytes) -> list[Box]:
    boxes = list(_boxes(data, 0, len(data)))
    if not boxes or boxes[-1][2] != len(data):
        raise hidden(_NAME, "something else behind the clip's end")
    if not _TOP.issuperset(name for name, _, _ in boxes):
        raise hidden(_NAME, "a part that belongs to no clip")
    return boxes


def _boxes(data: bytes, position: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two positions; what is no box ends it."""
    for _ in range(_BOXES):
        if position + 8 > end:
            return
        size, name = struct.unpack_from(">I4s", data, position)
        start = position + 8
        if size == 1 and position + 16 <= end:
            size, start = struct.unpack_from(">Q", data, start)[0], start + 8
        elif size == 0:
            size = end - position
        if size < start - position or not re.fullmatch(rb"[ -~\xa9]{4}", name):
            return
        if position + size > end:
            raise damaged(_NAME, "it ends before the clip does")
        yield name, start, position + size
        position += size


def _tracks(data: bytes, moov: Box) -> Iterator[Size | None]:
    """Yield the size of the tracks with pictures, and None for others; the headers' lengths are checked."""
    for name, start, end in _boxes(data, moov[1], moov[2]):
        if name == b"trak":
            yield _track(data, start, end)


def _track(data: bytes, start: int, end: int) -> Size | None:
    boxes = {name: (first, last) for name, first, last in _boxes(data, start, end)}
    media = {name: (first, last) for name, first, last in _boxes(data, *boxes.get(b"mdia", (end, end)))}
    handler, header = media.get(b"hdlr"), media.get(b"mdhd")
    if handler is None or header is None or data[handler[0] + 8 : handler[0] + 12] != b"vide":
        return None
    try:
        check_length(_seconds(data[slice(*header)]), _samples(data, media.get(b"minf", (end, end))))
        return _described(data, media[b"minf"])
    except (struct.error, KeyError, ZeroDivisionError):
        raise damaged(_NAME, "its headers do not fit") from None


def _seconds(header: bytes) -> float:
    """Return the length of a track; 0 where it is in fragments, which is counted while they are read."""
    scale, length = struct.unpack_from(">IQ", header, 20) if header[0] == 1 else struct.unpack_from(">II", header, 12)
    return float(length / scale)


def _samples(data: bytes, minf: tuple[int, int]) -> int:
    table = _inside(data, minf, b"stbl")
    start, _ = _inside(data, table, b"stsz")
    samples: int = struct.unpack_from(">I", data, start + 8)[0]
    return samples


def _described(data: bytes, minf: tuple[int, int]) -> Size:
    """Return the size that the sample description states: what the decoder is told."""
    start, _ = _inside(data, _inside(data, minf, b"stbl"), b"stsd")
    width, height = struct.unpack_from(">HH", data, start + 8 + 32)
    return width, height


def _inside(data: bytes, outer: tuple[int, int], name: bytes) -> tuple[int, int]:
    return {kind: (start, end) for kind, start, end in _boxes(data, *outer)}[name]
