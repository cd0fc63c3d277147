"""How a body is held, in numbers that do not depend on its size, its place or the camera's distance."""

import math
from dataclasses import dataclass

from edgeholo.types import Pose, Side

_NOSE = 0
_POINTS = [_NOSE, 11, 12, 13, 14, 15, 16, 23, 24]
"""Nose, shoulders, elbows, wrists and hips, left before right, BlazePose order."""

_Place = list[float]

VISIBLE = 0.5
"""Visibility at which MediaPipe itself takes a pose point for seen."""

_MARGIN = 0.02
"""Fractions of the picture beyond its edge that are still in it: landmarks jitter by about 0.01."""

_SHOULDERS_OF_TORSO = 0.6
"""Shoulder width over torso length: 0.64 to 0.69 of people who stand and face the camera; in profile the torso tells the size."""

_LEAST_PX = 6.0
"""Below this shoulder width the points of a body are nearer to each other than their noise."""


@dataclass(frozen=True, slots=True)
class ArmFeatures:
    """One arm; lengths in shoulder widths, rises -1 straight down to 1 straight up, all in the plane of the picture.

    Attributes:
        straight_deg: angle at the elbow, 180 of a stretched arm.
        rise: of the way from shoulder to wrist.
        upper_rise: of the upper arm.
        fore_rise: of the forearm.
        reach: distance of the wrist from the shoulder: 1.3 to 1.7 of a stretched arm in the plane of the picture.
        outward: of the wrist, beyond the shoulder to its own side; negative before the chest.
        elbow_out: the same of the elbow.
        above_nose: height of the wrist over the nose.
        height: of the highest of elbow and wrist over the shoulder, the wrist only where it is seen.
        from_hip: distance of the wrist from the hip of its side.
        angle_deg: where the arm points: 0 up, 90 to the person's left, -90 to their right, 180 down.
    """

    straight_deg: float
    rise: float
    upper_rise: float
    fore_rise: float
    reach: float
    outward: float
    elbow_out: float
    above_nose: float
    height: float
    from_hip: float
    angle_deg: float


@dataclass(frozen=True, slots=True)
class BodyFeatures:
    """Arms and trunk; lengths in shoulder widths. What is not in ``seen`` has numbers too, but they are guesses.

    Attributes:
        seen: of ``left_arm``, ``right_arm``, ``left_elbow``, ``right_elbow``, ``nose`` and ``hips`` what is visible and in the picture.
        left: the left arm.
        right: the right arm.
        front: width of the shoulders as seen, 1 facing the camera, 0 in profile, negative from behind.
        turn_deg: of the shoulders out of the plane of the picture, by their depth: 0 facing the camera.
        crossing: how far the right wrist is to the left of the left one: positive of crossed arms.
        tilt_deg: of the trunk out of the vertical, positive to the person's left.
        trunk: its length: 1.4 to 1.6 upright, less of who bends towards the camera.
        shoulders_deg: of the line of the shoulders out of the horizontal, positive where the left one is lower.
        size_px: the shoulder width in pixels, as it would be from the front.
    """

    seen: frozenset[str]
    left: ArmFeatures
    right: ArmFeatures
    front: float
    turn_deg: float
    crossing: float
    tilt_deg: float
    trunk: float
    shoulders_deg: float
    size_px: float


def measure_body(pose: Pose, size: tuple[int, int]) -> BodyFeatures | None:
    """Return the features of a body, or None where its shoulders are not both seen or it is too small to be read.

    Args:
        pose: all numbers finite.
        size: (width, height) of the picture in pixels.
    """
    clear = clearly(pose, _POINTS)
    if not (clear[1] and clear[2]):
        return None
    places = in_pixels(pose, _POINTS, size)
    nose, left, right, left_hip, right_hip = places[0], places[1], places[2], places[7], places[8]
    hips_seen = clear[7] and clear[8]
    shoulders, hips = middle(left, right), middle(left_hip, right_hip)
    size_px = max(math.dist(left, right), _SHOULDERS_OF_TORSO * math.dist(shoulders, hips) if hips_seen else 0.0)
    if size_px < _LEAST_PX:
        return None
    return BodyFeatures(
        seen=_seen(clear),
        left=_arm(Side.LEFT, [left, places[3], places[5], left_hip], nose, size_px, wrist_seen=clear[5]),
        right=_arm(Side.RIGHT, [right, places[4], places[6], right_hip], nose, size_px, wrist_seen=clear[6]),
        front=(left[0] - right[0]) / size_px,
        turn_deg=_turn_deg(pose),
        crossing=(places[6][0] - places[5][0]) / size_px,
        tilt_deg=math.degrees(math.atan2(shoulders[0] - hips[0], hips[1] - shoulders[1])),
        trunk=math.dist(shoulders, hips) / size_px,
        shoulders_deg=math.degrees(math.atan2(left[1] - right[1], abs(left[0] - right[0]))),
        size_px=size_px,
    )


def clearly(pose: Pose, points: list[int]) -> list[bool]:
    """Return which points are visible and in the picture."""
    places, visibility = pose.points.tolist(), pose.visibility.tolist()
    return [
        visibility[point] >= VISIBLE and _in_picture(places[point][0]) and _in_picture(places[point][1])
        for point in points
    ]


def in_pixels(pose: Pose, points: list[int], size: tuple[int, int]) -> list[_Place]:
    """Return x and y of points in pixels."""
    places, (width, height) = pose.points.tolist(), size
    return [[places[point][0] * width, places[point][1] * height] for point in points]


def middle(one: _Place, other: _Place) -> _Place:
    """Return the place halfway."""
    return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2]


def angle_deg(one: _Place, joint: _Place, other: _Place) -> float:
    """Return the angle at a joint, 180 of a stretched one."""
    ahead = math.atan2(one[1] - joint[1], one[0] - joint[0]) - math.atan2(other[1] - joint[1], other[0] - joint[0])
    return abs(math.degrees(math.remainder(ahead, 2 * math.pi)))


def _seen(clear: list[bool]) -> frozenset[str]:
    nose, _, _, left_elbow, right_elbow, left_wrist, right_wrist, left_hip, right_hip = clear
    parts = {
        "nose": nose,
        "left_elbow": left_elbow,
        "right_elbow": right_elbow,
        "left_arm": left_elbow and left_wrist,
        "right_arm": right_elbow and right_wrist,
        "hips": left_hip and right_hip,
    }
    return frozenset(part for part, is_clear in parts.items() if is_clear)


def _arm(side: Side, joints: list[_Place], nose: _Place, size_px: float, *, wrist_seen: bool) -> ArmFeatures:
    """Return the features of the arm whose shoulder, elbow, wrist and hip are ``joints``."""
    shoulder, elbow, wrist, hip = joints
    outwards = 1.0 if side is Side.LEFT else -1.0
    top = min(elbow[1], wrist[1]) if wrist_seen else elbow[1]
    return ArmFeatures(
        straight_deg=angle_deg(shoulder, elbow, wrist),
        rise=_rise(shoulder, wrist),
        upper_rise=_rise(shoulder, elbow),
        fore_rise=_rise(elbow, wrist),
        reach=math.dist(shoulder, wrist) / size_px,
        outward=outwards * (wrist[0] - shoulder[0]) / size_px,
        elbow_out=outwards * (elbow[0] - shoulder[0]) / size_px,
        above_nose=(nose[1] - wrist[1]) / size_px,
        height=(shoulder[1] - top) / size_px,
        from_hip=math.dist(wrist, hip) / size_px,
        angle_deg=math.degrees(math.atan2(wrist[0] - shoulder[0], shoulder[1] - wrist[1])),
    )


def _in_picture(fraction: float) -> bool:
    return -_MARGIN <= fraction <= 1 + _MARGIN


def _turn_deg(pose: Pose) -> float:
    """Return the turn of the shoulders; z has the unit of x (MediaPipe's landmark convention)."""
    (left_x, _, left_z), (right_x, _, right_z) = pose.points[11].tolist(), pose.points[12].tolist()
    return math.degrees(math.atan2(abs(left_z - right_z), abs(left_x - right_x)))


def _rise(start: _Place, end: _Place) -> float:
    return (start[1] - end[1]) / max(math.dist(start, end), _LEAST_PX * 0.01)
