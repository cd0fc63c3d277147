"""Whether what the engine calls a person can be one: cartoons, cars and patterns now and then become a body."""

import math

import numpy as np

from edgeholo.types import Person, Pose, Side

VISIBLE = 0.5
"""Visibility at which MediaPipe itself takes a pose point for seen."""

ELBOW = {Side.LEFT: 13, Side.RIGHT: 14}
WRIST = {Side.LEFT: 15, Side.RIGHT: 16}
"""Points of the pose."""

_SHOULDERS = (11, 12)
_TRUNK = [0, 7, 8, 11, 12, 23, 24]
"""Nose, ears, shoulders and hips."""

_SEEN = 0.95
"""Visibility of the better shoulder: 0.99 and more of 2,265 real bodies in the test footage, mostly below 0.9 of cars."""

_LONGEST_TORSO = 1.6
"""Shoulders to hips over nose to shoulders plus the shoulders' width, in the picture: 0.75 to 1.35 of real bodies, 1.7 to 3.7 of
cartoons; lying down, sitting and turning make it shorter or leave it."""

_SMALLEST_HEAD = 0.25
"""Largest distance among nose and ears over nose to shoulders: 0.3 to 1.2 of real bodies, down to 0.04 of cartoons."""


def believable(person: Person, size: tuple[int, int]) -> bool:
    """Return whether this can be a person: a body of human proportions with a shoulder that is seen.

    Where no body is known a hand or a face is enough.

    Args:
        person: as tracked.
        size: (width, height) of the picture in pixels.
    """
    if person.pose is None:
        return any(part is not None for part in (person.left_hand, person.right_hand, person.face))
    return _shoulder_seen(person.pose) and _proportionate(person.pose, size)


def _shoulder_seen(pose: Pose) -> bool:
    return any(
        pose.visibility[shoulder] >= _SEEN and 0 <= pose.points[shoulder, 0] <= 1 and 0 <= pose.points[shoulder, 1] <= 1
        for shoulder in _SHOULDERS
    )


def _proportionate(pose: Pose, size: tuple[int, int]) -> bool:
    places = (pose.points[_TRUNK, :2].astype(np.float64) * size).tolist()
    nose, left_ear, right_ear, left_shoulder, right_shoulder, left_hip, right_hip = places
    shoulders = _middle(left_shoulder, right_shoulder)
    neck = math.dist(nose, shoulders)
    torso = math.dist(shoulders, _middle(left_hip, right_hip))
    head = max(math.dist(nose, left_ear), math.dist(nose, right_ear), math.dist(left_ear, right_ear))
    width = math.dist(left_shoulder, right_shoulder)
    return torso <= _LONGEST_TORSO * (neck + width) and head >= _SMALLEST_HEAD * neck


def _middle(one: list[float], other: list[float]) -> list[float]:
    return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2]
