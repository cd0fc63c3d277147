"""Files that are not what they seem, made by hand: every attack that the upload is to withstand, and what real telephones send."""

import io
import struct
import zipfile
import zlib

import cv2
import numpy as np

from edgeholo.types import Pixels

ZIP_CONTENT = b"not a picture"


def picture(width: int = 64, height: int = 48) -> Pixels:
    """Return a colourful picture, uint8 (h, w, 3)."""
    y, x = np.mgrid[0:height, 0:width]
    return np.dstack([x * 255 // width, y * 255 // height, (x + y) % 256]).astype(np.uint8)


def encoded(ending: str, pixels: Pixels | None = None, *more: int) -> bytes:
    """Return a picture as a file."""
    return cv2.imencode(ending, picture() if pixels is None else pixels, more)[1].tobytes()


def archive(comment: bytes = b"") -> bytes:
    """Return a ZIP archive."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as file:
        file.writestr("evil.html", ZIP_CONTENT)
        file.comment = comment
    return memory.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    """Return a segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def with_segment(jpeg: bytes, marker: int, content: bytes) -> bytes:
    """Return a JPEG with a segment more, right behind its start."""
    return jpeg[:2] + segment(marker, content) + jpeg[2:]


def resized_jpeg(jpeg: bytes, width: int, height: int) -> bytes:
    """Return a JPEG that says it has another size."""
    at = next(jpeg.find(bytes([0xFF, marker])) for marker in (0xC0, 0xC2) if bytes([0xFF, marker]) in jpeg)
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def many_scans(jpeg: bytes, count: int) -> bytes:
    """Return a progressive JPEG whose last scan comes again and again."""
    start = jpeg.rfind(b"\xff\xda")
    return jpeg[:-2] + jpeg[start:-2] * count + jpeg[-2:]


def exif(orientation: int, latitude: bytes = b"48.2082N") -> bytes:
    """Return the content of an APP1 segment: an orientation, and where the picture was taken."""
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack("<HHII", 0x010E, 2, len(latitude), 38)
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 2) + entries + struct.pack("<I", 0) + latitude


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *chunks: bytes, depth: int = 8, rows: bytes | None = None) -> bytes:
    """Return a PNG that says it has this size, with chunks more behind its header."""
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    rows = b"\0" * 100 if rows is None else rows
    data = chunk(b"IHDR", header), *chunks, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(data)


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a WebP of chunks."""
    body = b"".join(
        struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) % 2) for name, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def gif(frames: int, width: int = 16, height: int = 16, delay: int = 4, comment: bytes = b"") -> bytes:
    """Return a GIF with that many frames of one colour."""
    blocks = b"\x02\x02\x44\x01\x00"
    control = b"\x21\xf9\x04\x00" + struct.pack("<H", delay) + b"\x00\x00"
    said = b"\x21\xfe" + bytes([len(comment)]) + comment + b"\0" if comment else b""
    image = control + b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + blocks
    palette = b"\0\0\0\xff\xff\xff"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + palette + said + image * frames + b"\x3b"


def box(name: bytes, *content: bytes) -> bytes:
    """Return a box of an MP4."""
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, name) + body


def mp4(width: int = 640, height: int = 480, seconds: float = 2.0, frames: int = 50) -> bytes:
    """Return an MP4 with the headers of a clip like that, and nothing to decode."""
    entry = b"\0" * 6 + b"\0\1" + b"\0" * 16 + struct.pack(">HH", width, height) + b"\0" * 50
    described = box(b"stsd", struct.pack(">II", 0, 1), box(b"avc1", entry))
    table = box(b"stbl", described, box(b"stsz", struct.pack(">III", 0, 1, frames)))
    header = box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 1000, round(seconds * 1000), 0, 0))
    kind = box(b"hdlr", struct.pack(">II4s", 0, 0, b"vide"), b"\0" * 13)
    track = box(b"trak", box(b"mdia", header, kind, box(b"minf", table)))
    start = box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
    return start + box(b"moov", box(b"mvhd", b"\0" * 100), track) + box(b"mdat", b"\0" * 64)


def multi_picture(first: bytes, second: bytes) -> bytes:
    """Return two JPEGs in one file as telephones write them: the first tells of the second (CIPA DC-007)."""

    def content(size: int, offset: int) -> bytes:
        entries = struct.pack("<IIIHH", 0x030000, 0, 0, 0, 0) + struct.pack("<IIIHH", 0, size, offset, 0, 0)
        directory = struct.pack("<H", 1) + struct.pack("<HHII", 0xB002, 7, len(entries), 26) + struct.pack("<I", 0)
        return b"MPF\0II*\0" + struct.pack("<I", 8) + directory + entries

    whole = with_segment(first, 0xE2, content(0, 0))
    origin = 2 + 4 + 4  # behind the start, the segment's head, and MPF's name
    return with_segment(first, 0xE2, content(len(second), len(whole) - origin)) + second


def motion_photo(jpeg: bytes, film: bytes) -> bytes:
    """Return a JPEG with a film behind it, as telephones write it: XMP tells how long that is."""
    xmp = (
        b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><Container:Item Item:Mime="video/mp4" Item:Length="%d"/></x:xmpmeta>'
    )
    return with_segment(jpeg, 0xE1, xmp % len(film)) + film


def galaxy_photo(jpeg: bytes, block: bytes) -> bytes:
    """Return a JPEG with the trailer that a Galaxy writes behind every picture."""
    directory = b"SEFH" + struct.pack("<II", 106, 1) + struct.pack("<HHII", 0, 0x0A01, len(block), len(block))
    return jpeg + block + directory + struct.pack("<I", len(directory)) + b"SEFT"
