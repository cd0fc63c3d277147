"""Which format a file has, by its first bytes, and what it is then checked for."""

import re
from collections.abc import Callable

from edgeholo.web.formats import gif, jpeg, matroska, mp4, png, webp
from edgeholo.web.formats.foreign import foreign
from edgeholo.web.formats.media import Media, RefusedError, hidden

READ = "JPEG, PNG, WebP and GIF pictures and MP4, MOV, WebM and MKV clips"

_FORMATS: list[tuple[re.Pattern[bytes], Callable[[bytes], Media]]] = [
    (jpeg.MAGIC, jpeg.check),
    (png.MAGIC, png.check),
    (webp.MAGIC, webp.check),
    (gif.MAGIC, gif.check),
    (matroska.MAGIC, matroska.check),
    (mp4.MAGIC, mp4.check),
]
_OTHERS: list[tuple[re.Pattern[bytes], str]] = [
    (re.compile(rb"II\*\x00|MM\x00\*"), "a TIFF or raw picture"),
    (re.compile(rb"BM"), "a BMP picture"),
    (re.compile(rb"\x00\x00\x01\x00"), "an icon"),
    (re.compile(rb"%PDF-"), "a PDF document"),
    (re.compile(rb"PK\x03\x04"), "a ZIP archive"),
    (re.compile(rb"RIFF....AVI ", re.DOTALL), "an AVI clip"),
    (re.compile(rb"\x00\x00\x00\x0cJXL |\xff\x0a"), "a JPEG XL picture"),
    (
        re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype )?svg", re.DOTALL | re.IGNORECASE),
        "an SVG drawing",
    ),
    (re.compile(rb"\s*<"), "a page of text"),
]
"""What people send by mistake, by the name they know it by."""


def identify(data: bytes) -> Media:
    """Return what a file is.

    Args:
        data: the whole file.

    Raises:
        RefusedError: no format that is read here, broken, too large, or more than one thing.
    """
    if not data:
        raise RefusedError("type", "The upload is empty. Send a picture or a clip as the request's body.")
    for magic, check in _FORMATS:
        if magic.match(data):
            media = check(data)
            if other := foreign(data):
                raise hidden(media.name, f"{other} as well")
            return media
    raise RefusedError("type", f"This is {_called(data)}, which is not read here. Send one of these: {READ}.")


def _called(data: bytes) -> str:
    return next((name for magic, name in _OTHERS if magic.match(data)), "no picture and no clip")
