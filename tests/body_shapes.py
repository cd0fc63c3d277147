"""Bodies for tests of interpretation: built from the angles of their joints, in shoulder widths, and seen from any side."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgeholo.types import Pose

SIZE = (640, 480)
Array = npt.NDArray[np.float64]

PAIRS = ((1, 4), (2, 5), (3, 6), (7, 8), (9, 10), *((left, left + 1) for left in range(11, 33, 2)))
"""Left and right of the same, BlazePose order."""

HANDS_HIDDEN = (15, 16, 17, 18, 19, 20, 21, 22)
LEGS_HIDDEN = tuple(range(25, 33))
WAIST_UP = tuple(range(23, 33))

_TORSO, _UPPER_ARM, _FOREARM, _THIGH, _SHIN = 1.5, 0.8, 0.7, 1.15, 1.15
_HIP, _SHOULDER = 0.3, 0.5
_HEAD = {
    0: (0.0, -0.55, -0.35),
    7: (0.2, -0.6, 0.0),
    8: (-0.2, -0.6, 0.0),
    9: (0.06, -0.42, -0.3),
    10: (-0.06, -0.42, -0.3),
}


@dataclass(frozen=True)
class Body:
    """A posture.

    Attributes:
        left: directions of upper arm and forearm: 0 up, 90 out to their own side, 180 down, 270 inwards.
        right: the same of the right arm.
        tilt_deg: of the trunk to the person's left.
        bow_deg: of the trunk forward.
        thigh_deg: forward of hanging down.
        shin_deg: the same; negative brings the feet back under the hips.
        turn_deg: of the whole person about the upright, 90 in profile.
    """

    left: tuple[float, float] = (175.0, 178.0)
    right: tuple[float, float] = (175.0, 178.0)
    tilt_deg: float = 0.0
    bow_deg: float = 0.0
    thigh_deg: float = 0.0
    shin_deg: float = 0.0
    turn_deg: float = 0.0


STANDING = Body()
SITTING = Body(thigh_deg=85.0, shin_deg=5.0, bow_deg=-5.0)
SQUATTING = Body(thigh_deg=85.0, shin_deg=-32.0, bow_deg=35.0)
BOWING = Body(bow_deg=80.0)

SHAPES = {
    "hands_up": Body(left=(15.0, 0.0), right=(15.0, 0.0)),
    "left_arm_up": Body(left=(5.0, 0.0)),
    "right_arm_up": Body(right=(5.0, 0.0)),
    "t_pose": Body(left=(92.0, 90.0), right=(92.0, 90.0)),
    "arms_crossed": Body(left=(178.0, 275.0), right=(178.0, 270.0)),
    "hands_on_hips": Body(left=(140.0, 235.0), right=(140.0, 235.0)),
    "lean_left": Body(tilt_deg=25.0),
    "lean_right": Body(tilt_deg=-25.0),
    "point_at": Body(left=(75.0, 72.0)),
}
"""By name: a body that shows the gesture."""


def skeleton(body: Body) -> Array:
    """Return float64 (33, 3) in shoulder widths, the hips at 0, x right, y down, z away from the camera."""
    points = np.zeros((33, 3))
    for side, outwards, arm in ((0, 1.0, body.left), (1, -1.0, body.right)):
        _put_arm(points, side, outwards, arm)
        _put_leg(points, side, outwards, body)
    for number, place in _HEAD.items():
        points[number] = place
    points[1:7] = points[0] + (0.0, -0.1, 0.05)
    points[[*range(11), *range(11, 23)], 1] -= _TORSO
    upper = [*range(23)]
    points[upper] = _bowed(points[upper], body)
    turn = np.radians(body.turn_deg)
    points[:, [0, 2]] = points[:, [0, 2]] @ np.array(((np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))))
    return points


def _put_arm(points: Array, side: int, outwards: float, arm: tuple[float, float]) -> None:
    upper, fore = (np.radians(angle) for angle in arm)
    points[11 + side] = (outwards * _SHOULDER, 0.0, 0.0)
    points[13 + side] = points[11 + side] + _UPPER_ARM * np.array((outwards * np.sin(upper), -np.cos(upper), 0.0))
    ahead = np.array((outwards * np.sin(fore), -np.cos(fore), 0.0))
    points[15 + side] = points[13 + side] + _FOREARM * ahead
    points[[17 + side, 19 + side, 21 + side]] = points[15 + side] + 0.2 * ahead


def _put_leg(points: Array, side: int, outwards: float, body: Body) -> None:
    thigh, shin = np.radians(body.thigh_deg), np.radians(body.shin_deg)
    points[23 + side] = (outwards * _HIP, 0.0, 0.0)
    points[25 + side] = points[23 + side] + _THIGH * np.array((0.0, np.cos(thigh), -np.sin(thigh)))
    points[27 + side] = points[25 + side] + _SHIN * np.array((0.0, np.cos(shin), -np.sin(shin)))
    points[29 + side] = points[27 + side] + (0.0, 0.1, 0.1)
    points[31 + side] = points[27 + side] + (0.0, 0.12, -0.3)


def _bowed(points: Array, body: Body) -> Array:
    bow, tilt = np.radians(body.bow_deg), np.radians(body.tilt_deg)
    forward = np.array(((1, 0, 0), (0, np.cos(bow), -np.sin(bow)), (0, np.sin(bow), np.cos(bow))))
    sideways = np.array(((np.cos(tilt), -np.sin(tilt), 0), (np.sin(tilt), np.cos(tilt), 0), (0, 0, 1)))
    return np.asarray(points @ forward.T @ sideways.T)


def pose(
    points: Array,
    *,
    scale_px: float = 60.0,
    at: tuple[float, float] = (320.0, 220.0),
    size: tuple[int, int] = SIZE,
    hidden: tuple[int, ...] = (),
) -> Pose:
    """Return the body with the middle of its hips ``at`` pixels; ``hidden`` points have a low visibility."""
    pixels = points * scale_px + (*at, 0.0)
    visibility = np.full(33, 0.98, np.float32)
    visibility[list(hidden)] = 0.1
    return Pose((pixels / (size[0], size[1], size[0])).astype(np.float32), visibility)


def shown(name: str) -> Pose:
    """Return a body that shows a gesture, before the camera."""
    return pose(skeleton(SHAPES[name]))


def mirrored(seen: Pose) -> Pose:
    """Return the body in a mirror: what was left is right."""
    order = np.arange(33)
    for left, right in PAIRS:
        order[left], order[right] = right, left
    points = seen.points[order].copy()
    points[:, 0] = 1 - points[:, 0]
    return Pose(points, seen.visibility[order])
