"""GIF (89a): a clip, or a still where it has one frame, block by block."""

import re
import struct

from edgeholo.web.formats.media import Media, check_clip, check_length, damaged, hidden

MAGIC = re.compile(rb"GIF8[79]a")
_NAME = "GIF"
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL = 0xF9
_USUAL_S = 0.1
"""What players make of a delay of 0 or 1 hundredths."""


def check(data: bytes) -> Media:
    """Return the clip.

    A GIF that is a script as well needs an assignment or a comment where the width is, which is then 2304 and more: too wide.

    Raises:
        RefusedError: it is broken, too large, too long, or something is attached to it.
    """
    try:
        end = _walk(data)
    except (IndexError, struct.error):
        raise damaged(_NAME, "it ends before the clip does") from None
    if data[end:].strip(b"\x00"):
        raise hidden(_NAME, "something else behind the clip's end")
    return Media(_NAME, data[:end], "gif")


def _walk(data: bytes) -> int:
    """Go from block to block, and return where the clip ends."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    check_clip(_NAME, (width, height))
    position, frames, seconds, delay_s = 13 + _table(flags), 0, 0.0, _USUAL_S
    while data[position] != _TRAILER:
        kind = data[position]
        if kind == _EXTENSION:
            if data[position + 1] == _CONTROL:
                delay_s = _delay_s(data, position)
            position = _end_of_blocks(data, position + 2)
        elif kind == _IMAGE:
            left, top, wide, high, flags = struct.unpack_from("<HHHHB", data, position + 1)
            if left + wide > width or top + high > height:
                raise damaged(_NAME, "a frame reaches out of the picture")
            frames, seconds = frames + 1, seconds + delay_s
            check_length(seconds - delay_s, frames)  # the last frame's delay is the pause before it begins anew
            position = _end_of_blocks(data, position + 11 + _table(flags))
        else:
            raise damaged(_NAME, "its parts do not fit")
    if not frames:
        raise damaged(_NAME, "there is no picture in it")
    return position + 1


def _table(flags: int) -> int:
    """Return the bytes of the colour table that the flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _delay_s(data: bytes, position: int) -> float:
    hundredths: int = struct.unpack_from("<H", data, position + 4)[0]
    return hundredths / 100 if hundredths > 1 else _USUAL_S


def _end_of_blocks(data: bytes, position: int) -> int:
    while data[position]:
        position += data[position] + 1
    return position + 1
