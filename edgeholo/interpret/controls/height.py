"""``height``: how high an open hand is held, from the hip to the top of the head."""

import math

import numpy as np

from edgeholo.anatomy import VISIBLE
from edgeholo.interpret.controls.control import Views, share
from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.types import Pose

_NOSE, _SHOULDERS, _HIPS = 0, (11, 12), (23, 24)

_STRETCHED, _CLOSED = 1.5, 1.25
"""Reach of fingers: stretched 1.6 to 2, folded below 1.2; between the two an open hand stays open."""

_STRAIGHT_DEG = 80.0
"""Curl of a stretched finger: up to 60 degrees; relaxed ones 80 to 110."""

_THUMB_OUT = 0.95
"""Distance of the thumb's tip from the little finger's knuckle: stretched out 1.0 to 1.6, folded over the palm of a four 0.4."""

_FINGERS_UP = 0.3
"""Rise of the palm: hands that reach for something, or lie on it, point forward or down."""

_PALM_SHOWN = 0.3
"""Facing: palms that are shown measure 0.8 and more; hands of talkers and signers rest with their backs to the camera."""

_TORSO = 1.4
"""Shoulders to hips in shoulder widths, 1.35 to 1.5 of those who face the camera: for who sits with the hips out of the picture."""

_CROWN = 0.75
"""Nose to the top of the head, over nose to shoulders: 17 cm over 23."""

_BODY_S = 1.0
"""Time constant, seconds: hip and head follow somebody who moves about; they do not tremble with the pose."""


def open_hand(features: HandFeatures) -> bool:
    """Return whether all fingers are stretched."""
    straight = min(features.reach) >= _STRETCHED and max(features.curl_deg) <= _STRAIGHT_DEG
    return straight and features.thumb_across >= _THUMB_OUT


def closed(features: HandFeatures) -> bool:
    """Return whether the hand is no longer open: most fingers are folded."""
    return sorted(features.reach)[2] < _CLOSED


class Height:
    """The height of one hand, by the measure of its own body."""

    name = "height"
    hold_s = 0.5

    def __init__(self) -> None:
        self._body: tuple[float, float] | None = None
        self._pose: Pose | None = None
        self._t_s = 0.0

    def offered(self, views: Views) -> bool:
        """Return whether an open palm is held up to the camera, by somebody whose body is seen."""
        (hand,) = views
        shown = hand.features.palm_rise >= _FINGERS_UP and hand.features.facing >= _PALM_SHOWN
        return shown and open_hand(hand.features) and hand.free and body(hand.person.pose, hand.size) is not None

    def take(self, views: Views) -> None:
        """Remember the body."""
        (hand,) = views
        pose = hand.person.pose
        self._body, self._pose, self._t_s = body(pose, hand.size), pose, hand.t_s

    def kept(self, views: Views) -> bool:
        """Return whether the hand is open and raised."""
        (hand,) = views
        return not closed(hand.features) and hand.raised

    def value(self, views: Views) -> float | None:
        """Return the height of the palm's middle, 0 at the hip, 1 at the top of the head."""
        (hand,) = views
        self._follow(hand.t_s, hand.person.pose, hand.size)
        return None if self._body is None else share(hand.place[1], *self._body)

    def _follow(self, t_s: float, pose: Pose | None, size: tuple[int, int]) -> None:
        """Let hip and head go where the body goes."""
        passed_s, self._t_s = t_s - self._t_s, t_s
        now = None if pose is self._pose else body(pose, size)
        self._pose = pose
        if now is None or self._body is None:
            return
        rest = math.exp(-passed_s / _BODY_S)
        self._body = now[0] + rest * (self._body[0] - now[0]), now[1] + rest * (self._body[1] - now[1])


def body(pose: Pose | None, size: tuple[int, int]) -> tuple[float, float] | None:
    """Return where hip and top of the head are, down the picture in pixels; None where head or shoulders are not seen.

    Args:
        pose: of the person.
        size: (width, height) of the picture in pixels.
    """
    if pose is None or not all(pose.visibility[point] >= VISIBLE for point in (_NOSE, *_SHOULDERS)):
        return None
    points = pose.points[[_NOSE, *_SHOULDERS, *_HIPS], :2].astype(np.float64) * size
    nose, left, right, left_hip, right_hip = points.tolist()
    shoulders = (left[1] + right[1]) / 2
    crown = nose[1] - _CROWN * (shoulders - nose[1])
    if all(pose.visibility[hip] >= VISIBLE for hip in _HIPS):
        hip = (left_hip[1] + right_hip[1]) / 2
    else:
        hip = shoulders + _TORSO * math.dist(left, right)
    upright = crown < nose[1] < shoulders < hip
    return (hip, crown) if upright else None
