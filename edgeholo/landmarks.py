"""The points of a frame as JSON: what `edgeholo landmarks` prints and the page's upload answers."""

import msgspec
import numpy as np

from edgeholo.types import Branch, Face, Hand, People, Person, Pose

_DIGITS = 6
"""A millionth of the picture: finer than any engine."""

Rows = list[list[float]]


class Landmarks(msgspec.Struct, frozen=True):
    """The points of one person in one frame; of several people the nearest. A part is null where it was not found.

    Attributes:
        t: seconds of media time; 0 for a still.
        seq: number of the frame.
        size: width and height of the picture, pixels.
        pose: 33 rows of x, y, z and visibility, x and y as fractions of the picture.
        left_hand: 21 rows of x, y, z; left and right are the person's own.
        right_hand: likewise.
        face: 468 rows of x, y, z, or 478 with the irises.
    """

    t: float
    seq: int
    size: tuple[int, int]
    pose: Rows | None
    left_hand: Rows | None
    right_hand: Rows | None
    face: Rows | None


def landmarks_of(people: People) -> Landmarks:
    """Return a frame as ``compare_landmarks.py`` describes it."""
    person = people.persons[0] if people.persons else Person(0)
    points = {branch.value: _rows(getattr(person, branch)) for branch in Branch}
    return Landmarks(round(people.t_s, _DIGITS), people.seq, people.size, **points)


def _rows(part: Pose | Hand | Face | None) -> Rows | None:
    if part is None:
        return None
    columns = np.column_stack([part.points, part.visibility]) if isinstance(part, Pose) else part.points
    rows: Rows = np.round(columns.astype(float), _DIGITS).tolist()
    return rows
