"""Values refuse what they cannot mean; colours come out right from every format."""

import cv2
import numpy as np
import pytest

from edgeholo.pixels import to_rgb
from edgeholo.types import Face, Frame, Hand, Person, PixelFormat, Pose, Side


def _picture() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return a BGR picture with smooth colours, for YUV halves their resolution."""
    rows, columns = np.mgrid[0:48, 0:64]
    return np.dstack([columns * 3, rows * 4, 255 - columns * 3]).astype(np.uint8)


def _i420() -> Frame:
    yuv = cv2.cvtColor(_picture(), cv2.COLOR_BGR2YUV_I420)
    return Frame(yuv.astype(np.uint8), PixelFormat.YUV420, 0, 0)


def _nv12() -> Frame:
    planes = _i420().pixels.reshape(-1)
    u, v = planes[64 * 48 : 64 * 60], planes[64 * 60 :]
    pixels = np.concatenate([planes[: 64 * 48], np.column_stack([u, v]).reshape(-1)]).reshape(72, 64)
    return Frame(pixels, PixelFormat.NV12, 0, 0)


@pytest.mark.parametrize("frame", [_i420(), _nv12(), Frame(_picture(), PixelFormat.BGR, 0, 0)], ids=lambda f: f.format)
def test_every_format_gives_the_same_colours(frame: Frame) -> None:
    """Whatever the camera's layout, red stays red."""
    rgb = to_rgb(frame)
    assert rgb.shape == (48, 64, 3)
    assert frame.size == (64, 48)
    assert np.abs(rgb[..., ::-1].astype(int) - _picture()).mean() < 4


def test_an_rgb_frame_is_not_copied() -> None:
    """The common case costs nothing."""
    pixels = np.zeros((4, 6, 3), np.uint8)
    assert np.shares_memory(to_rgb(Frame(pixels, PixelFormat.RGB, 0, 0)), pixels)


@pytest.mark.parametrize(
    ("pixels", "layout", "message"),
    [
        (np.zeros((4, 6), np.uint8), PixelFormat.RGB, "does not fit format rgb"),
        (np.zeros((4, 6, 4), np.uint8), PixelFormat.BGR, "does not fit format bgr"),
        (np.zeros((4, 6, 3), np.uint16), PixelFormat.RGB, "expected uint8 pixels, got uint16"),
        (np.zeros((0, 6), np.uint8), PixelFormat.GRAY, "is no gray picture"),
        (np.zeros((4, 6), np.uint8), PixelFormat.NV12, "is no nv12 picture"),
    ],
)
def test_a_frame_refuses_what_is_no_picture(pixels: np.ndarray, layout: PixelFormat, message: str) -> None:  # type: ignore[type-arg]
    """A wrong array is refused where it is made, not three stages later."""
    with pytest.raises(ValueError, match=message):
        Frame(pixels, layout, 0, 0)


def test_parts_say_which_shape_they_want() -> None:
    """The message names the part, the expected and the given shape."""
    with pytest.raises(ValueError, match=r"hand points: expected shape \(21, 3\), got \(20, 3\)"):
        Hand(np.zeros((20, 3), np.float32))
    with pytest.raises(ValueError, match="pose visibility"):
        Pose(np.zeros((33, 3), np.float32), np.zeros(21, np.float32))
    with pytest.raises(ValueError, match=r"\(468, 3\) or \(478, 3\)"):
        Face(np.zeros((21, 3), np.float32))


def test_a_person_gives_its_hands_by_side() -> None:
    """Left is the person's own left."""
    left = Hand(np.zeros((21, 3), np.float32))
    person = Person(0, left_hand=left)
    assert person.hand(Side.LEFT) is left
    assert person.hand(Side.RIGHT) is None
