"""What a picture or clip must not be besides: an archive, a document, a page with a script."""

import re
import struct

_FIRST = 1024
"""Readers of PDF look for its beginning in so many bytes (ISO 32000 annex H, note 13)."""
_COMMENT = 65_535
_END_OF_ZIP = b"PK\x05\x06"
_MARKUP = re.compile(rb"<(?:script|html|iframe|!doctype|\?php)[\s>]", re.IGNORECASE)


def foreign(data: bytes) -> str:
    """Return what else a file is, in words; empty for nothing.

    Whatever the format, the other one has to show itself: PDF near the front, ZIP at the very end, markup as plain text.
    """
    if b"%PDF-" in data[:_FIRST]:
        return "a PDF document"
    at = data.rfind(_END_OF_ZIP, max(0, len(data) - _COMMENT - 22))
    if at >= 0 and len(data) >= at + 22 and at + 22 + struct.unpack_from("<H", data, at + 20)[0] == len(data):
        return "a ZIP archive"
    return "a web page or script" if _MARKUP.search(data) else ""
