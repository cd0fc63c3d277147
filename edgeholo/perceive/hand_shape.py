"""What 21 points say: whether they can be a hand, whose it is, and whether what looks like a body is only that hand.

The figures are of the test footage: hands of people and hands alone, against rooms, cars, cats and cartoons.
"""

import math

import numpy as np

from edgeholo.perceive import hand
from edgeholo.perceive.hand import TrackedHand
from edgeholo.perceive.regions import Points

_SMALLEST = 0.15
"""Share of the picture's shorter side that a hand's region fills: whoever is farther away shows a body."""
_LONGEST_FINGER, _LONGEST_BONE, _SHORTEST_FINGERS = 1.8, 1.1, 0.3
"""In palm lengths: the longest finger, any finger bone, the mean finger; 1.6, 1.0 and 0.4 at the extremes of real hands."""
_NECKS = 1.0
"""Palm length over nose to shoulders from which a hand is no part of that body: 0.25 to 0.9 of people's own hands, 1.0 and more
of the bodies that the pose model sees in a hand."""
_HIDDEN = 0.6
"""Share of nose, shoulders and hips inside the hand's region: at most 0.4 with people, 0.6 and more where the hand is the body."""
_WRIST_NEAR = 1.5
"""Palm lengths between a hand's wrist and that of its body; up to 1.2 of people's own."""
_TRUNK = [0, 11, 12, 23, 24]
_SHOULDERS = [11, 12]
_WRISTS = (15, 16)
_KNUCKLES = [5, 9, 13, 17]
_FINGERS = np.array([[5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16], [17, 18, 19, 20]])


def plausible(found: TrackedHand, size: tuple[int, int]) -> bool:
    """Return whether the points can be a hand's that is held up to the camera: large enough, and with a hand's proportions.

    Args:
        found: a hand.
        size: (width, height) of the picture in pixels.
    """
    palm = float(np.linalg.norm(found.points[_KNUCKLES] - found.points[0], axis=1).mean())
    if not np.isfinite(found.points).all() or palm <= 0:
        return False
    if hand.region_from_hand(found.points).width < _SMALLEST * min(size):
        return False
    bones = np.linalg.norm(np.diff(found.points[_FINGERS], axis=1), axis=2) / palm
    fingers = bones.sum(axis=1)
    return bool(
        fingers.max() <= _LONGEST_FINGER and bones.max() <= _LONGEST_BONE and fingers.mean() >= _SHORTEST_FINGERS
    )


def hides(found: TrackedHand, pose: Points) -> bool:
    """Return whether a body, points (>= 33, 3) in pixels, is nothing but this hand: the pose model sees bodies in large hands."""
    neck = math.dist(pose[0, :2], pose[_SHOULDERS, :2].mean(axis=0))
    if _palm(found) <= _NECKS * neck:
        return False
    region = hand.region_from_hand(found.points)
    away = np.abs(pose[_TRUNK, :2] - (region.x, region.y))
    return bool((away < region.width / 2).all(axis=1).mean() >= _HIDDEN)


def belongs(found: TrackedHand, pose: Points) -> bool:
    """Return whether the hand is at a wrist of the body, points (>= 33, 3) in pixels."""
    reach = _WRIST_NEAR * _palm(found)
    return any(math.dist(found.points[0, :2], pose[wrist, :2]) < reach for wrist in _WRISTS)


def same(one: TrackedHand, other: TrackedHand) -> bool:
    """Return whether two hands are in the same place."""
    here, there = hand.region_from_hand(one.points), hand.region_from_hand(other.points)
    return math.hypot(here.x - there.x, here.y - there.y) < max(here.width, there.width) / 2


def _palm(found: TrackedHand) -> float:
    return math.dist(found.points[0, :2], found.points[9, :2])
