"""Upright: rotation, mirror, region and size, in every layout of pixels."""

import cv2
import numpy as np
import pytest

from edgeholo.capture.upright import Upright, size_to_ask
from edgeholo.config import Camera
from edgeholo.errors import CameraError
from edgeholo.pixels import to_rgb
from edgeholo.types import Frame, PixelFormat, Pixels

QUARTERS = {
    "top left": (230, 40, 40),
    "top right": (40, 200, 40),
    "bottom left": (40, 40, 230),
    "bottom right": (200, 200, 40),
}


def scene(width: int = 160, height: int = 120) -> Pixels:
    """Return RGB with a colour in each quarter, so that every turn and flip is told apart."""
    half_w, half_h = width // 2, height // 2
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:half_h, :half_w] = QUARTERS["top left"]
    pixels[:half_h, half_w:] = QUARTERS["top right"]
    pixels[half_h:, :half_w] = QUARTERS["bottom left"]
    pixels[half_h:, half_w:] = QUARTERS["bottom right"]
    return pixels


def frame_of(rgb: Pixels, layout: PixelFormat) -> Frame:
    """Return the picture in a layout."""
    height, width = rgb.shape[:2]
    i420 = cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420)
    u, v = i420[height:].reshape(2, -1)
    pixels = {
        PixelFormat.RGB: rgb,
        PixelFormat.BGR: np.ascontiguousarray(rgb[..., ::-1]),
        PixelFormat.GRAY: cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY),
        PixelFormat.YUV420: i420,
        PixelFormat.NV12: np.vstack([i420[:height], np.dstack([u, v]).reshape(height // 2, width)]),
    }
    return Frame(np.asarray(pixels[layout], np.uint8), layout, 5, 3)


def quarters(frame: Frame) -> list[str]:
    """Name the colour of each quarter, row by row, by the nearest."""
    rgb = to_rgb(frame).astype(int)
    height, width = rgb.shape[:2]
    places = [(y, x) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    return [min(QUARTERS, key=lambda name: int(np.abs(rgb[place] - QUARTERS[name]).sum())) for place in places]


COLOURED = [PixelFormat.RGB, PixelFormat.BGR, PixelFormat.NV12, PixelFormat.YUV420]
TL, TR, BL, BR = QUARTERS


@pytest.mark.parametrize("layout", COLOURED)
@pytest.mark.parametrize(
    ("options", "expected", "size"),
    [
        ({}, [TL, TR, BL, BR], (160, 120)),
        ({"rotation": 90}, [BL, TL, BR, TR], (120, 160)),
        ({"rotation": 180}, [BR, BL, TR, TL], (160, 120)),
        ({"rotation": 270}, [TR, BR, TL, BL], (120, 160)),
        ({"mirror": True}, [TR, TL, BR, BL], (160, 120)),
        ({"rotation": 90, "mirror": True}, [TL, BL, TR, BR], (120, 160)),
        ({"region": (0.5, 0.0, 0.5, 1.0)}, [TR, TR, BR, BR], (80, 120)),
        ({"rotation": 90, "region": (0.0, 0.0, 0.5, 0.5)}, [BL, BL, BL, BL], (60, 80)),
        ({"width": 80, "height": 64}, [TL, TR, BL, BR], (80, 60)),
    ],
)
def test_every_layout_is_turned_the_same_way(
    layout: PixelFormat, options: dict[str, object], expected: list[str], size: tuple[int, int]
) -> None:
    """Colours end where they belong, in size and place, whatever the layout of the bytes."""
    upright = Upright(Camera(**options), live=True).apply(frame_of(scene(), layout))  # type: ignore[arg-type]
    assert upright.size == size
    assert quarters(upright) == expected
    assert (upright.format, upright.timestamp_ns, upright.seq) == (layout, 5, 3)
    assert upright.pixels.flags.c_contiguous


def test_a_grey_picture_is_turned_too() -> None:
    """A camera without colour is no exception."""
    frame = frame_of(scene(), PixelFormat.GRAY)
    turned = Upright(Camera(rotation=90), live=True).apply(frame)
    assert np.array_equal(turned.pixels, np.rot90(frame.pixels, -1))


def test_a_frame_that_is_right_already_is_passed_on_untouched() -> None:
    """No copy of a picture that needs none, and never a larger one."""
    frame = frame_of(scene(), PixelFormat.YUV420)
    assert Upright(Camera(width=640, height=480), live=True).apply(frame) is frame


@pytest.mark.parametrize("layout", list(PixelFormat))
@pytest.mark.parametrize("size", [(1296, 972), (1280, 720), (646, 486), (482, 642)])
def test_scaling_keeps_the_aspect_ratio_within_a_pixel(layout: PixelFormat, size: tuple[int, int]) -> None:
    """A face stays as round as it was, and planar pictures keep even sides."""
    width, height = Upright(Camera(), live=True).apply(frame_of(scene(*size), layout)).size
    assert max(width, height) <= 640
    assert min(width, height) <= 480
    assert abs(width * size[1] / size[0] - height) <= 2
    if layout in (PixelFormat.NV12, PixelFormat.YUV420):
        assert width % 2 == height % 2 == 0


def test_a_tiny_region_still_has_pixels() -> None:
    """A region of a thousandth is two pixels wide, not none."""
    upright = Upright(Camera(region=(0.999, 0.999, 0.001, 0.001)), live=True)
    assert upright.apply(frame_of(scene(), PixelFormat.YUV420)).size == (2, 2)


def test_a_yuv_picture_with_an_odd_side_is_refused_in_words() -> None:
    """No camera delivers one; a driver that does gets a line, not a traceback."""
    frame = Frame(np.zeros((12, 7), np.uint8), PixelFormat.NV12, 0, 0)
    with pytest.raises(CameraError, match="odd side"):
        Upright(Camera(rotation=90), live=True).apply(frame)


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({}, (640, 480)),
        ({"width": 480, "height": 640}, (640, 480)),
        ({"region": (0.25, 0.25, 0.5, 0.5)}, (1280, 960)),
        ({"region": (0.0, 0.0, 0.1, 0.1)}, (1920, 1440)),
    ],
)
def test_a_region_asks_the_camera_for_a_larger_picture(options: dict[str, object], size: tuple[int, int]) -> None:
    """So that what is looked at still has the configured size; up to three times as large."""
    assert size_to_ask(Camera(**options)) == size  # type: ignore[arg-type]
