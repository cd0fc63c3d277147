"""What a picture or clip must not be besides: an archive, a document, a page with a script."""

import re
import struct

_FIRST = 1024
"""Readers of PDF look for its beginning in so many bytes (ISO 32000 annex H, note 13)."""
_END_OF_ZIP, _ENTRY_OF_ZIP = re.compile(rb"PK\x05\x06"), b"PK\x01\x02"
_MARKUP = re.compile(rb"<(?:script|html|iframe|!doctype|\?php)[\s>]", re.IGNORECASE)


def foreign(data: bytes) -> str:
    """Return what else a file is, in words; empty for nothing.

    Whatever the format, the other one has to show itself: a PDF near the front, markup as plain text, a ZIP archive by a list of its
    entries, which may stand anywhere.
    """
    if b"%PDF-" in data[:_FIRST]:
        return "a PDF document"
    if any(_lists(data, found.start()) for found in _END_OF_ZIP.finditer(data)):
        return "a ZIP archive"
    return "a web page or script" if _MARKUP.search(data) else ""


def _lists(data: bytes, end: int) -> bool:
    """Return whether the list of a ZIP archive ends here (APPNOTE 4.3.16); an empty archive is none."""
    if end + 22 > len(data):
        return False
    size = struct.unpack_from("<I", data, end + 12)[0]
    return 0 < size <= end and data.startswith(_ENTRY_OF_ZIP, end - size)
