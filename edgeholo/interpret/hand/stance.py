"""Whether a hand is held as somebody holds it who means something: raised, and not at the face."""

import math

import numpy as np

from edgeholo.anatomy import ELBOW, VISIBLE, WRIST
from edgeholo.interpret.membership import membership
from edgeholo.types import Hand, Person, Pose, Side

_NOSE, _EARS, _SHOULDERS = 0, (7, 8), (11, 12)
_PALM = [0, 5, 17]

_HANGS, _HELD = -0.75, -0.35
"""Rise of the forearm: hanging arms measure -0.98, arms that show a gesture 0.1 and more (home); -0.5 is a hand in the lap."""

_SHORTEST_FOREARM = 0.5
"""In shoulder widths: a forearm that looks shorter points at the camera, and its direction in the picture says little."""

_AT_FACE, _BESIDE_FACE = 0.55, 0.95
"""Distance of the palm's middle from the nose in face widths, below which the hand scratches, rests or covers; hands that show
a gesture keep 1.3 (home)."""

_LEAST_FACE = 0.3
"""In shoulder widths: of a face in profile the ears say nothing of its width; 0.38 is usual from the front (home)."""


def raised(pose: Pose | None, side: Side, size: tuple[int, int]) -> float:
    """Return how far the forearm is raised rather than hanging, 0..1; 1 where the elbow is not seen.

    Args:
        pose: of the person.
        side: which arm.
        size: (width, height) of the picture in pixels.
    """
    elbow, wrist = ELBOW[side], WRIST[side]
    if pose is None or not (pose.visibility[elbow] >= VISIBLE and pose.visibility[wrist] >= VISIBLE):
        return 1.0
    above, below, left, right = _places(pose, (wrist, elbow, *_SHOULDERS), size)
    length = max(math.dist(above, below), _SHORTEST_FOREARM * math.dist(left, right))
    rise = (below[1] - above[1]) / length if length else 0.0
    return membership(rise, _HANGS, _HELD) if math.isfinite(rise) else 1.0


def off_the_face(person: Person, hand: Hand, size: tuple[int, int]) -> float:
    """Return how far the hand is beside the face rather than at it, 0..1; 1 where the face is not seen.

    Args:
        person: whose pose says where the face is.
        hand: one of the person's.
        size: (width, height) of the picture in pixels.
    """
    pose = person.pose
    if pose is None or not pose.visibility[_NOSE] >= VISIBLE:
        return 1.0
    nose, one_ear, other_ear, left, right = _places(pose, (_NOSE, *_EARS, *_SHOULDERS), size)
    width = max(math.dist(one_ear, other_ear), _LEAST_FACE * math.dist(left, right))
    palm = (hand.points[_PALM, :2].mean(axis=0).astype(np.float64) * size).tolist()
    away = math.dist(palm, nose) / width if width else 1.0
    return membership(away, _AT_FACE, _BESIDE_FACE) if math.isfinite(away) else 1.0


def _places(pose: Pose, points: tuple[int, ...], size: tuple[int, int]) -> list[list[float]]:
    """Return points of the body in pixels."""
    places: list[list[float]] = (pose.points[list(points), :2].astype(np.float64) * size).tolist()
    return places
