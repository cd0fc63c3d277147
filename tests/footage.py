"""Real footage, and what an engine saw in it, as tests handle them."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from edgeholo.types import Floats, Frame, Person, PixelFormat

PARTS = ("pose", "left_hand", "right_hand", "face")


def frames(path: Path) -> Iterator[Frame]:
    """Yield the frames of a clip at media time."""
    clip = cv2.VideoCapture(str(path))
    rate, number = clip.get(cv2.CAP_PROP_FPS), 0
    while (answer := clip.read())[0]:
        yield Frame(np.asarray(answer[1], np.uint8), PixelFormat.BGR, round(number / rate * 1e9), number)
        number += 1


def points_of(person: Person, part: str) -> Floats | None:
    """Return the points of one of ``PARTS``, or None."""
    found = getattr(person, part)
    return None if found is None else found.points
