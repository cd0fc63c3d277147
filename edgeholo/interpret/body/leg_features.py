"""How a body stands on its legs, in numbers that do not depend on its size, its place or the camera's distance."""

import math
from dataclasses import dataclass

from edgeholo.interpret.body.features import angle_deg, clearly
from edgeholo.types import Pose

_POINTS = [11, 12, 23, 24, 25, 26, 27, 28]
"""Shoulders, hips, knees and ankles, left before right, BlazePose order."""

_LEAST_PX = 6.0
"""Shins that look shorter point at the camera or are too small to be read."""

_Place = list[float]


@dataclass(frozen=True, slots=True)
class LegFeatures:
    """Legs that are seen, and the trunk over them.

    Attributes:
        bend: how far the knee is below the hip, over how far the ankle is below the knee, of the leg that is bent less:
            1 and more of a standing person, 0 with the thigh level, negative with the knee above the hip.
        straight_deg: angle at the knee in the plane of the picture, of the leg that is bent more; 180 is straight.
        shin_rise: how upright the shins are in the picture, of the one that is less so: 1 upright, 0 level.
        trunk_rise: how far the shoulders are above the hips, in shins: 1.2 to 1.6 upright, 0 level.
        hip_rise: how far the hips are above the ankles, in shins: 2 of a standing person, 0 of a lying one.
        ahead: how far the feet are ahead of the trunk's weight, in shins, depth included: about 0 for
            who stands on them, 1 and more for who sits on something.
    """

    bend: float
    straight_deg: float
    shin_rise: float
    trunk_rise: float
    hip_rise: float
    ahead: float


def measure_legs(pose: Pose, size: tuple[int, int]) -> LegFeatures | None:
    """Return the features, or None unless shoulders, hips and a leg from hip to ankle are seen.

    Args:
        pose: all numbers finite.
        size: (width, height) of the picture in pixels.
    """
    clear = clearly(pose, _POINTS)
    legs = [leg for leg in (0, 1) if clear[4 + leg] and clear[6 + leg]]
    if not (legs and all(clear[:4])):
        return None
    places = _in_space(pose, size)
    shoulders, hips, knees, ankles = (_middle([places[joint + leg] for leg in legs]) for joint in (0, 2, 4, 6))
    shin, shin_seen = math.dist(knees, ankles), math.dist(knees[:2], ankles[:2])
    if min(shin_seen, *(math.dist(places[4 + leg][:2], places[6 + leg][:2]) for leg in legs)) < _LEAST_PX:
        return None
    return LegFeatures(
        bend=max(_bend(places, leg) for leg in legs),
        straight_deg=min(angle_deg(places[2 + leg], places[4 + leg], places[6 + leg]) for leg in legs),
        shin_rise=min(_shin_rise(places, leg) for leg in legs),
        trunk_rise=(hips[1] - shoulders[1]) / shin_seen,
        hip_rise=(ankles[1] - hips[1]) / shin_seen,
        ahead=_ahead(shoulders, hips, knees, ankles) / shin,
    )


def _in_space(pose: Pose, size: tuple[int, int]) -> list[_Place]:
    """Return x, y and z in pixels: z has the unit of x (MediaPipe's landmark convention)."""
    places, (width, height) = pose.points.tolist(), size
    return [[x * width, y * height, z * width] for x, y, z in (places[point] for point in _POINTS)]


def _middle(places: list[_Place]) -> _Place:
    one, other = places[0], places[-1]
    return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2, (one[2] + other[2]) / 2]


def _bend(places: list[_Place], leg: int) -> float:
    hip, knee, ankle = (places[joint + leg][1] for joint in (2, 4, 6))
    return (knee - hip) / max(ankle - knee, _LEAST_PX)


def _shin_rise(places: list[_Place], leg: int) -> float:
    knee, ankle = places[4 + leg], places[6 + leg]
    return (ankle[1] - knee[1]) / math.dist(knee[:2], ankle[:2])


def _ahead(shoulders: _Place, hips: _Place, knees: _Place, ankles: _Place) -> float:
    """Return how far the feet are ahead of the middle of the trunk, along the way the thighs point on the ground.

    From the side the picture says it better than the depth, which is noise there: the larger counts.
    """
    across, depth = knees[0] - hips[0], knees[2] - hips[2]
    feet_x, feet_z = ankles[0] - (shoulders[0] + hips[0]) / 2, ankles[2] - (shoulders[2] + hips[2]) / 2
    in_space = (feet_x * across + feet_z * depth) / max(math.hypot(across, depth), _LEAST_PX)
    return max(in_space, math.copysign(feet_x, feet_x * across))
