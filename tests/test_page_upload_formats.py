"""What a file is, before anybody decodes it: whole, alone, and no larger than it may be."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from edgeholo.web.formats.identify import identify
from edgeholo.web.formats.media import RefusedError
from tests import uploads
from tests.uploads import box, chunk, encoded, gif, mp4, picture, png, riff, segment, with_segment

JPEG, PNG, WEBP = encoded(".jpg"), encoded(".png"), encoded(".webp")
PAGE = b"<html><script>alert(1)</script></html>"
PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PROGRESSIVE = encoded(".jpg", picture(), 2, 1)  # cv2.IMWRITE_JPEG_PROGRESSIVE
EBML = b"\x1a\x45\xdf\xa3\x84\x42\x86\x81\x01"


def matroska(*parts: bytes) -> bytes:
    """Return a WebM of parts."""
    body = b"".join(parts)
    return EBML + b"\x18\x53\x80\x67" + (0x0100_0000_0000_0000 | len(body)).to_bytes(8) + body


def element(number: int, content: bytes) -> bytes:
    """Return an element of a WebM."""
    name = number.to_bytes((number.bit_length() + 7) // 8)
    return name + (0x0100_0000_0000_0000 | len(content)).to_bytes(8) + content


def tracks(width: int, height: int) -> bytes:
    """Return the part of a WebM that says its size."""
    sides = element(0xB0, width.to_bytes(2)) + element(0xBA, height.to_bytes(2))
    return element(0x1654AE6B, element(0xAE, element(0xE0, sides)))


def lasting(milliseconds: bytes) -> bytes:
    """Return the part of a WebM that says how long it is."""
    return element(0x1549A966, element(0x4489, milliseconds))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (JPEG, "JPEG"),
        (PROGRESSIVE, "JPEG"),
        (JPEG + b"\0" * 100, "JPEG"),
        (with_segment(JPEG, 0xE1, uploads.exif(6)), "JPEG"),
        (uploads.multi_picture(JPEG, encoded(".jpg", picture(32, 24))), "JPEG"),
        (uploads.motion_photo(JPEG, mp4()), "JPEG"),
        (uploads.galaxy_photo(JPEG, b"\0\0\1\x0a\x0e\0\0\0Image_UTC_Data1700000000000"), "JPEG"),
        (PNG, "PNG"),
        (WEBP, "WebP"),
        (gif(1), "GIF"),
        (gif(240), "GIF"),
        (gif(2, comment=b"made by hand"), "GIF"),
        (mp4(), "MP4"),
        (mp4(1080, 1920), "MP4"),
        (mp4(seconds=10.0, frames=300), "MP4"),
        (matroska(tracks(1920, 1080)), "WebM"),
    ],
)
def test_what_cameras_write_is_taken(data: bytes, name: str) -> None:
    """With all that telephones put into it and behind it."""
    assert identify(data).name == name


@pytest.mark.shared
def test_real_footage_is_taken(shared_media: Path) -> None:
    """Every still and clip that somebody made."""
    files = [
        path
        for path in sorted(shared_media.glob("*/**/*.*"))
        if path.suffix in (".jpg", ".mp4", ".mkv", ".mov", ".gif")
    ]
    refused: dict[str, str] = {}
    for path in files:
        try:
            identify(path.read_bytes())
        except RefusedError as error:
            refused[path.name] = error.reason
    assert len(files) > 40
    assert set(refused.values()) <= {"too_long"}
    assert len(refused) < 5


@pytest.mark.parametrize(
    "data",
    [
        JPEG + uploads.archive(),
        JPEG + PAGE,
        JPEG + PDF,
        JPEG + encoded(".jpg"),
        JPEG + PNG,
        JPEG + mp4(),
        JPEG + b"MZ\x90\0",
        with_segment(JPEG, 0xFE, PDF),
        with_segment(JPEG, 0xFE, PAGE),
        with_segment(JPEG, 0xFE, uploads.archive(JPEG[2:])),
        uploads.multi_picture(JPEG, uploads.archive()),
        uploads.multi_picture(JPEG, encoded(".jpg")) + uploads.archive(),
        uploads.motion_photo(JPEG, uploads.archive()),
        uploads.galaxy_photo(JPEG, b"block") + PAGE,
        PNG + uploads.archive(),
        PNG + JPEG,
        png(16, 16, chunk(b"tEXt", PAGE)),
        WEBP + PAGE,
        riff((b"EVIL", b"1234"), (b"VP8 ", WEBP[20:])),
        gif(2) + b"*/=1;alert(1)",
        gif(2, comment=b"<script >alert(1)</script>"),
        gif(2) + uploads.archive(),
        mp4() + PAGE,
        mp4() + box(b"evil", b"1234"),
        mp4() + box(b"free", uploads.archive()),
        matroska(tracks(640, 480)) + PAGE.rjust(64),
        matroska(tracks(640, 480), element(0x1941A469, b"a file")),
    ],
)
def test_a_file_that_is_something_else_as_well_is_refused(data: bytes) -> None:
    """Whatever is appended, wrapped or hidden in a comment."""
    with pytest.raises(RefusedError) as error:
        identify(data)
    assert error.value.reason in ("hidden", "damaged")


@pytest.mark.parametrize(
    ("data", "called"),
    [
        (PAGE + JPEG, "a page of text"),
        (uploads.archive() + JPEG, "a ZIP archive"),
        (PDF + JPEG, "a PDF document"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b'<?xml version="1.0"?>\n<!-- a picture -->\n<svg/>', "an SVG drawing"),
        (encoded(".bmp"), "a BMP picture"),
        (encoded(".tiff"), "a TIFF or raw picture"),
        (box(b"ftyp", b"heic\0\0\0\0mif1heic"), "HEIC"),
        (box(b"ftyp", b"avif\0\0\0\0mif1avif"), "AVIF"),
        (b"RIFF\x10\0\0\0AVI LIST", "an AVI clip"),
        (b"\x7fELF" + b"\0" * 100, "no picture and no clip"),
        (b"#!/bin/sh\n", "no picture and no clip"),
        (b"#EXTM3U\nfile:///etc/passwd", "no picture and no clip"),
        (b"ffconcat version 1.0\nfile /etc/passwd", "no picture and no clip"),
        (b"", "empty"),
        (png(16, 16, chunk(b"acTL", b"\0\0\0\2\0\0\0\0")), "animated PNG"),
        (riff((b"VP8X", b"\x02\0\0\0\x0f\0\0\x0f\0\0"), (b"ANIM", b"\0" * 6)), "animated WebP"),
        (JPEG.replace(b"\xff\xc0", b"\xff\xc3", 1), "rare kind of JPEG"),
    ],
)
def test_another_type_is_refused_by_its_name(data: bytes, called: str) -> None:
    """The content tells, not the name and not the header."""
    with pytest.raises(RefusedError, match=called) as error:
        identify(data)
    assert error.value.reason == "type"


@pytest.mark.parametrize(
    "data",
    [
        png(60_000, 60_000),
        png(60_000, 10),
        png(5000, 5000, depth=16),
        uploads.resized_jpeg(JPEG, 65_000, 65_000),
        uploads.resized_jpeg(JPEG, 20_000, 100),
        uploads.many_scans(PROGRESSIVE, 1000),
        riff((b"VP8X", b"\0\0\0\0" + b"\xff\xff\xff" * 2), (b"VP8 ", WEBP[20:])),
        gif(2, 5000, 16),
        gif(2, int.from_bytes(b"/*", "little"), 16),
        mp4(3840, 2160),
        mp4(1920, 1920),
        matroska(tracks(3840, 2160)),
    ],
)
def test_what_unpacks_to_too_much_is_refused(data: bytes) -> None:
    """Before anybody unpacks it."""
    with pytest.raises(RefusedError) as error:
        identify(data)
    assert error.value.reason == "too_large"


@pytest.mark.parametrize(
    "data",
    [
        gif(100_000),
        gif(301, delay=2),
        gif(20, delay=100),
        mp4(seconds=11.0),
        mp4(frames=301),
        mp4(frames=4_000_000_000),
        matroska(tracks(640, 480), lasting(b"\x46\x3b\x80\x00")),  # 12,000 ms
    ],
)
def test_a_clip_that_is_too_long_is_refused(data: bytes) -> None:
    """By what its headers say; what they keep to themselves is counted later."""
    with pytest.raises(RefusedError, match="Cut it and send a part") as error:
        identify(data)
    assert error.value.reason == "too_long"


@pytest.mark.parametrize("data", [JPEG, PROGRESSIVE, PNG, WEBP, gif(3), mp4(), matroska(tracks(640, 480))])
def test_a_file_cut_anywhere_is_refused(data: bytes) -> None:
    """However little is missing, and without any other error."""
    for length in range(len(data)):
        with pytest.raises(RefusedError):
            identify(data[:length])


@pytest.mark.parametrize("data", [JPEG, PROGRESSIVE, PNG, WEBP, gif(3), mp4(), matroska(tracks(640, 480))])
def test_any_byte_may_be_wrong(data: bytes) -> None:
    """The file is taken or refused, and there is no third way."""
    for position in range(0, len(data), 1 + len(data) // 500):
        for wrong in (0, 0xFF, data[position] ^ 0x80):
            broken = data[:position] + bytes([wrong]) + data[position + 1 :]
            with contextlib.suppress(RefusedError):
                identify(broken)


@pytest.mark.parametrize(
    ("make", "needed"),
    [
        (lambda: png(16, 16, chunk(b"zTXt", b"a\0\0" + b"x" * 1000)), b"zTXt"),
        (lambda: png(16, 16, chunk(b"iCCP", b"a\0\0" + b"x" * 1000)), b"iCCP"),
    ],
)
def test_a_png_is_decoded_without_what_nobody_looks_at(make: Callable[[], bytes], needed: bytes) -> None:
    """Texts and profiles unpack to megabytes each, a thousand times over."""
    data = make()
    assert needed in data
    assert needed not in identify(data).content


def test_what_stands_behind_a_photograph_is_not_given_to_the_decoder() -> None:
    """Film and previews are cut off."""
    content = identify(uploads.motion_photo(JPEG, mp4())).content
    assert content.endswith(b"\xff\xd9")
    assert b"ftyp" not in content


def test_a_clip_of_a_million_parts_is_not_counted_to_its_end() -> None:
    """Each has two bytes, and nothing in it."""
    with pytest.raises(RefusedError, match="too many parts"):
        identify(matroska(b"\xec\x80" * 1_000_000, tracks(640, 480)))


def test_a_jpeg_may_not_begin_twice() -> None:
    """Nor hold a second header."""
    frame = JPEG[JPEG.find(b"\xff\xc0") :][:19]
    for more in (b"\xff\xd8", frame, segment(0xC0, b"\x08\0\0\0\0\x01\x01\x11\0")):
        with pytest.raises(RefusedError):
            identify(JPEG[:2] + more + JPEG[2:])
