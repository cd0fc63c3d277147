"""Stills: every kind of picture, and every kind of file that is none."""

import logging
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgeholo.capture.image_header import image_size
from edgeholo.capture.opencv import MAX_PIXELS
from edgeholo.capture.still import read_still
from edgeholo.errors import CameraError
from edgeholo.types import PixelFormat, Pixels


def scene(height: int = 60, width: int = 80) -> Pixels:
    """Return a picture with structure, so that a decoder that loses half of it is noticed."""
    ramp = (
        np.linspace(0, 255, width, dtype=np.float32)[None, :] * np.linspace(0.2, 1, height, dtype=np.float32)[:, None]
    )
    return np.repeat(ramp.astype(np.uint8)[..., None], 3, axis=2)


def png_that_claims(width: int, height: int) -> bytes:
    """Return a tiny PNG whose header promises a giant picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg_turned(orientation: int) -> bytes:
    """Return a JPEG, 80 x 60, whose EXIF block asks for a rotation."""
    jpeg = cv2.imencode(".jpg", scene())[1].tobytes()
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    exif = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp", ".webp", ".tiff", ".ppm", ".pgm"])
def test_every_usual_format_is_read_and_its_header_gives_the_size(tmp_path: Path, suffix: str) -> None:
    """The size in the header is that of the decoded picture, for every format in the list."""
    path = tmp_path / f"picture{suffix}"
    cv2.imwrite(str(path), scene()[..., 0] if suffix == ".pgm" else scene())
    assert image_size(path.read_bytes()) == (80, 60)
    assert read_still(path).size == (80, 60)


@pytest.mark.parametrize(
    ("pixels", "name", "layout"),
    [
        (scene()[..., 0], "grey.png", PixelFormat.GRAY),
        (scene().astype(np.uint16) * 257, "sixteen_bit.png", PixelFormat.BGR),
        (np.dstack([scene(), np.full((60, 80), 128, np.uint8)]), "alpha.png", PixelFormat.BGR),
        (np.dstack([scene().astype(np.uint16) * 257, np.full((60, 80), 9, np.uint16)]), "both.png", PixelFormat.BGR),
        (scene().astype(np.float32) / 255, "float.tiff", PixelFormat.BGR),
        (scene().astype(np.float32) / 255, "float.pfm", PixelFormat.BGR),
    ],
)
def test_grey_deep_transparent_and_float_pictures_come_out_as_eight_bit(
    tmp_path: Path, pixels: npt.NDArray[np.generic], name: str, layout: PixelFormat
) -> None:
    """Whatever the depth, the brightness of the picture stays what it was."""
    path = tmp_path / name
    cv2.imwrite(str(path), np.asarray(pixels))
    frame = read_still(path)
    assert frame.format is layout
    assert frame.pixels.dtype == np.uint8
    expected = scene()[..., 0] if layout is PixelFormat.GRAY else scene()
    assert np.abs(frame.pixels.astype(int) - expected).max() <= 1


@pytest.mark.parametrize(("orientation", "size"), [(1, (80, 60)), (3, (80, 60)), (6, (60, 80)), (8, (60, 80))])
def test_a_telephone_held_upright_gives_an_upright_picture(
    tmp_path: Path, orientation: int, size: tuple[int, int]
) -> None:
    """EXIF orientation is honoured, so landmarks are where a viewer shows them."""
    path = tmp_path / "telephone.jpg"
    path.write_bytes(jpeg_turned(orientation))
    assert read_still(path).size == size


BAD = {
    "text.jpg": (b"hello world\n" * 50, "not a picture"),
    "empty.jpg": (b"", "empty"),
    "bomb.png": (png_that_claims(20_000, 20_000), "too large (20000 x 20000"),
    "zero.png": (png_that_claims(0, 10), "empty (0 x 10"),
    "short.jpg": (cv2.imencode(".jpg", scene(400, 400))[1].tobytes()[:3000], "cut short"),
    "short.png": (cv2.imencode(".png", scene(400, 400))[1].tobytes()[:300], "cut short"),
    "short.webp": (cv2.imencode(".webp", scene(400, 400))[1].tobytes()[:200], "corrupt"),
    "short.bmp": (cv2.imencode(".bmp", scene())[1].tobytes()[:900], "corrupt"),
    "header_only.jpg": (b"\xff\xd8\xff\xe0\x00", "not a picture"),
    "bomb.pgm": (b"P5 40000 40000 255\n", "too large"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_one_clear_line_and_nothing_on_stderr(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    """Neither a traceback nor a word of libjpeg, libpng or OpenCV."""
    path = tmp_path / name
    data, says = BAD[name]
    path.write_bytes(data)
    with pytest.raises(CameraError) as caught:
        read_still(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_a_damaged_but_whole_jpeg_is_used_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Garbage between markers costs a warning, not the picture."""
    jpeg = cv2.imencode(".jpg", scene(200, 200))[1].tobytes()
    path = tmp_path / "damaged.jpg"
    path.write_bytes(jpeg[:-2] + b"garbage" + jpeg[-2:])
    with caplog.at_level(logging.WARNING):
        assert read_still(path).size == (200, 200)
    assert len(caplog.records) == 1
    assert "damaged" in caplog.text
    assert capfd.readouterr().err == ""


def test_the_limit_lets_a_fifty_megapixel_telephone_in() -> None:
    """The limit refuses bombs, not cameras."""
    assert 8160 * 6144 < MAX_PIXELS < 20_000 * 20_000
