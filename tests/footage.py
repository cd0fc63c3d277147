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


def check_the_man_of_the_demo_clip(person: Person) -> None:
    """Check that coordinates are fractions of the picture, the world is in metres, and left is his own left."""
    assert person.pose is not None
    assert person.left_hand is not None
    shoulders, wrist = person.pose.points[11:13], person.left_hand.points[0]
    assert ((shoulders[:, :2] > 0) & (shoulders[:, :2] < 1.2)).all()
    assert shoulders[0, 0] > shoulders[1, 0]  # his left shoulder is on our right
    assert np.hypot(*(person.pose.points[15] - wrist)[:2]) < 0.1
    assert person.pose.visibility[11] > 0.9
    assert person.pose.world is not None
    assert person.left_hand.world is not None
    assert 0.2 < np.linalg.norm(person.pose.world[11] - person.pose.world[12]) < 0.6
    assert 0.05 < np.linalg.norm(person.left_hand.world[0] - person.left_hand.world[9]) < 0.15
