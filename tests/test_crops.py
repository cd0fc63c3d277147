"""Crops: the same from every layout of pixels, exact where it can be, and calm at the picture's edge."""

import math
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from edgeholo.perceive.crops import Tensor, crop, signed, unit
from edgeholo.perceive.regions import Region, to_crop
from edgeholo.types import Frame, PixelFormat, Pixels
from tests.pixel_formats import frame_of

PLANAR = (PixelFormat.NV12, PixelFormat.YUV420)
REGIONS = [
    Region(160, 120, 240, 240),
    Region(160, 120, 101.3, 101.3, 0.4),
    Region(40, 200, 150, 150, -2.5),
    Region(300, 10, 200, 120, 1.2),
    Region(160, 120, 20, 20, 3.0),
    Region(160, 120, 900, 900, 0.1),
]
OUTSIDE = [Region(-500, -500, 100, 100), Region(900, 120, 64, 64, 1.0)]


def _smooth(width: int = 320, height: int = 240) -> Pixels:
    """Return a colourful picture without edges, so that sampling differs little however colour is stored."""
    y, x = np.mgrid[:height, :width]
    red = 128 + 90 * np.sin(x / 31)
    green = 128 + 90 * np.cos(y / 37)
    blue = 128 + 90 * np.sin((x + y) / 45)
    return np.dstack([red, green, blue]).astype(np.uint8)


def _gray(rgb: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)


def _gap(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(int) - other).max())


@pytest.mark.parametrize("replicate", [True, False], ids=["edge goes on", "black outside"])
@pytest.mark.parametrize("region", REGIONS + OUTSIDE, ids=str)
@pytest.mark.parametrize("pixel_format", list(PixelFormat))
def test_every_layout_gives_the_same_crop(pixel_format: PixelFormat, region: Region, replicate: bool) -> None:
    """BGR and grey to a digit, the planar ones but for the colours' half resolution and rounding."""
    rgb = _smooth()
    shown = _gray(rgb) if pixel_format is PixelFormat.GRAY else rgb
    expected = crop(frame_of(shown), region, 64, replicate=replicate)
    found = crop(frame_of(rgb, pixel_format), region, 64, replicate=replicate)
    assert found.shape == (64, 64, 3)
    assert found.dtype == np.uint8
    if pixel_format in PLANAR and not replicate:
        # Half-resolution colours meet the black outside half a sample earlier or later.
        inside = crop(frame_of(np.full_like(rgb, 255)), region, 64, replicate=False)[..., 0]
        settled = np.isin(cv2.blur(inside, (9, 9), borderType=cv2.BORDER_CONSTANT), (0, 255))
        assert _gap(found[settled], expected[settled]) <= 5
    else:
        assert _gap(found, expected) <= (6 if pixel_format in PLANAR else 1)


@pytest.mark.parametrize("pixel_format", list(PixelFormat))
def test_a_region_far_outside_is_the_edge_or_black(pixel_format: PixelFormat) -> None:
    """Never garbage, never an error."""
    white = frame_of(np.full((120, 160, 3), 255, np.uint8), pixel_format)
    away = Region(-5000, 9000, 60, 60, 0.3)
    assert crop(white, away, 32).min() >= 253
    assert crop(white, away, 32, replicate=False).max() <= 2


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("pixel_format", [PixelFormat.RGB, PixelFormat.BGR])
def test_quarter_turns_are_exact(turns: int, pixel_format: PixelFormat) -> None:
    """A crop of one pixel to one is the picture turned, to the digit (its corner pixels lie half a pixel off the middle)."""
    rgb = np.random.default_rng(3).integers(0, 256, (64, 64, 3), np.uint8)
    region = Region(32 + _shift(turns)[0], 32 + _shift(turns)[1], 64, 64, turns * math.pi / 2)
    assert np.array_equal(crop(frame_of(rgb, pixel_format), region, 64), np.rot90(rgb, turns))


def _shift(turns: int) -> tuple[float, float]:
    """Return what keeps a turn on whole pixels: MediaPipe counts from a pixel's corner, warpAffine from its middle."""
    return [(0, 0), (-1, 0), (-1, -1), (0, -1)][turns]


def test_a_crop_is_where_its_matrix_says() -> None:
    """A dot in the picture is found at the transformed place."""
    rgb = np.zeros((240, 320, 3), np.uint8)
    rgb[90:93, 200:203] = 255
    region = Region(190, 100, 60, 60, 0.8)
    x, y = to_crop(region, 120, 120) @ (201, 91, 1)
    rows, columns = np.nonzero(crop(frame_of(rgb), region, 120)[..., 0] > 127)
    assert (columns.mean(), rows.mean()) == pytest.approx((x, y), abs=0.6)


@pytest.mark.parametrize("pixel_format", list(PixelFormat))
@pytest.mark.parametrize("size", [(2, 2), (4, 2), (2, 64), (64, 64), (66, 50)])
def test_a_picture_smaller_than_the_models_input_is_enlarged(pixel_format: PixelFormat, size: tuple[int, int]) -> None:
    """Down to two pixels."""
    frame = frame_of(np.full((size[1], size[0], 3), 200, np.uint8), pixel_format)
    found = crop(frame, Region(size[0] / 2, size[1] / 2, max(size), max(size)), 224)
    assert _gap(found, np.full_like(found, 200)) <= 2


@pytest.mark.parametrize("pixel_format", [PixelFormat.RGB, PixelFormat.BGR, PixelFormat.GRAY])
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (5, 3), (641, 479)])
def test_odd_sizes_are_cropped(pixel_format: PixelFormat, size: tuple[int, int]) -> None:
    """One row or one column are a picture too."""
    frame = frame_of(np.full((size[1], size[0], 3), 90, np.uint8), pixel_format)
    assert crop(frame, Region(size[0] / 2, size[1] / 2, 9, 9, 0.5), 64).min() >= 89


@pytest.mark.parametrize("pixel_format", [PixelFormat.BGR, PixelFormat.NV12])
def test_an_8k_frame_is_cropped(pixel_format: PixelFormat) -> None:
    """7680 x 4320 pixels, looked at as a whole and at its far corner."""
    width, height = 7680, 4320
    shape = (height, width, 3) if pixel_format is PixelFormat.BGR else (height * 3 // 2, width)
    pixels = np.full(shape, 128, np.uint8)
    pixels[height - 100 : height, width - 100 :] = 235
    frame = Frame(pixels, pixel_format, 0, 0)
    assert crop(frame, Region(width / 2, height / 2, width, width), 64).shape == (64, 64, 3)
    assert crop(frame, Region(width - 50, height - 50, 40, 40), 64).min() > 220


@pytest.mark.parametrize("pixel_format", list(PixelFormat))
def test_a_region_of_no_size_shows_one_colour(pixel_format: PixelFormat) -> None:
    """As when a model puts all points on one another."""
    found = crop(frame_of(_smooth(), pixel_format), Region(160, 120, 0, 0, 0.5), 16)
    assert np.ptp(found.reshape(-1, 3), axis=0).max() <= 1


def test_a_crop_of_a_slice_is_that_of_a_copy() -> None:
    """Frames may be views with strides of their own."""
    rgb = _smooth()
    view = Frame(rgb[10:200, 20:300], PixelFormat.RGB, 0, 0)
    copy = Frame(rgb[10:200, 20:300].copy(), PixelFormat.RGB, 0, 0)
    assert np.array_equal(crop(view, REGIONS[1], 64), crop(copy, REGIONS[1], 64))


@pytest.mark.parametrize("pixel_format", list(PixelFormat))
def test_nothing_changes_the_frame(pixel_format: PixelFormat) -> None:
    """A camera's buffer may be read-only."""
    frame = frame_of(_smooth(), pixel_format)
    frame.pixels.flags.writeable = False
    before = frame.pixels.copy()
    crop(frame, REGIONS[1], 64)
    assert np.array_equal(frame.pixels, before)


@pytest.mark.parametrize(("fill", "low", "high"), [(unit, 0.0, 1.0), (signed, -1.0, 1.0)])
def test_inputs_are_scaled_to_what_a_model_was_trained_on(
    fill: Callable[[Pixels], Callable[[Tensor], None]], low: float, high: float
) -> None:
    """0 and 255 are the ends; whatever was in the tensor is overwritten."""
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[4:] = 255
    tensor = np.full((1, 8, 8, 3), 99, np.float32)
    fill(pixels)(tensor)
    assert tensor[0, :4] == pytest.approx(np.full((4, 8, 3), low), abs=1e-6)
    assert tensor[0, 4:] == pytest.approx(np.full((4, 8, 3), high), abs=1e-6)
