"""Whether what the engine calls a person can be one: cartoons, cars and patterns now and then become a body."""

import numpy as np
import numpy.typing as npt

from edgeholo.types import Person, Pose

_NOSE, _EARS, _SHOULDERS, _HIPS = 0, [7, 8], [11, 12], [23, 24]

_SEEN = 0.95
"""Visibility of the better shoulder: 0.99 and more of 2,265 real bodies in the test footage, mostly below 0.9 of cars."""

_LONGEST_TORSO = 1.6
"""Shoulders to hips over nose to shoulders plus the shoulders' width, in the picture: 0.75 to 1.35 of real bodies, 1.7 to 3.7 of
cartoons; lying down, sitting and turning make it shorter or leave it."""

_SMALLEST_HEAD = 0.25
"""Largest distance among nose and ears over nose to shoulders: 0.3 to 1.2 of real bodies, down to 0.04 of cartoons."""

_Array = npt.NDArray[np.float64]


def believable(person: Person, size: tuple[int, int]) -> bool:
    """Return whether this can be a person: a body of human proportions with a shoulder that is seen.

    Where no body is known a hand or a face is enough.

    Args:
        person: as tracked.
        size: (width, height) of the picture in pixels.
    """
    if person.pose is None:
        return any(part is not None for part in (person.left_hand, person.right_hand, person.face))
    return _shoulder_seen(person.pose) and _proportionate(person.pose.points[:, :2].astype(np.float64) * size)


def _shoulder_seen(pose: Pose) -> bool:
    places = pose.points[_SHOULDERS, :2]
    inside = ((places >= 0) & (places <= 1)).all(axis=1)
    return bool((inside & (pose.visibility[_SHOULDERS] >= _SEEN)).any())


def _proportionate(places: _Array) -> bool:
    nose, left_ear, right_ear = places[_NOSE], *places[_EARS]
    shoulders = places[_SHOULDERS].mean(axis=0)
    neck = _distance(nose, shoulders)
    torso = _distance(shoulders, places[_HIPS].mean(axis=0))
    head = max(_distance(nose, left_ear), _distance(nose, right_ear), _distance(left_ear, right_ear))
    width = _distance(*places[_SHOULDERS])
    return torso <= _LONGEST_TORSO * (neck + width) and head >= _SMALLEST_HEAD * neck


def _distance(one: _Array, other: _Array) -> float:
    way = one - other
    return float(np.sqrt(way @ way))
