"""``spread``: two open hands, and how far they are apart."""

import math

from edgeholo.anatomy import VISIBLE
from edgeholo.interpret.controls.control import Views, share
from edgeholo.interpret.controls.height import closed, open_hand
from edgeholo.interpret.controls.view import HandView
from edgeholo.types import Pose

_LEVEL, _LEVEL_KEPT = 1.0, 2.5
"""Most that one hand is above the other, in hand sizes, to take it and to keep it."""

_BACK = -0.5
"""Facing of a hand that shows its back: palms face each other or the camera."""

_NEAR, _FAR = 0.35, 2.0
"""Distance of the palms in shoulder widths: hands before the chest, and arms half spread."""

_HANDS_A_SHOULDER = 3.6
"""Shoulders' width in hand sizes, for hands without a body: 34 cm over 9.5."""

_LEAST_SHOULDERS = 2.0
"""The least shoulders' width in hand sizes: of somebody turned sideways shoulders say nothing."""

_SHOULDERS = (11, 12)


class Spread:
    """The distance between two hands."""

    name = "spread"
    hold_s = 0.5

    def __init__(self) -> None:
        self._shoulders_px = 1.0

    def offered(self, views: Views) -> bool:
        """Return whether both hands are held up open, at like height, and none shows its back."""
        left, right = views
        return (
            all(_meant(hand) for hand in views)
            and abs(left.place[1] - right.place[1]) <= _LEVEL * _hand_px(views)
            and left.place[0] > right.place[0]
        )

    def take(self, views: Views) -> None:
        """Remember how broad the shoulders are: they do not tremble then, and nobody grows meanwhile."""
        hand_px = _hand_px(views)
        seen_px = _shoulders_px(views[0].person.pose, views[0].size)
        self._shoulders_px = max(seen_px, _LEAST_SHOULDERS * hand_px) if seen_px else _HANDS_A_SHOULDER * hand_px

    def kept(self, views: Views) -> bool:
        """Return whether both hands are still raised and open, and neither is far above the other."""
        left, right = views
        level = abs(left.place[1] - right.place[1]) <= _LEVEL_KEPT * _hand_px(views)
        return level and all(not closed(hand.features) and hand.raised for hand in views)

    def value(self, views: Views) -> float:
        """Return the distance of the palms, 0 near each other, 1 far apart."""
        left, right = views
        return share(math.dist(left.place, right.place) / self._shoulders_px, _NEAR, _FAR)


def _meant(hand: HandView) -> bool:
    features = hand.features
    return open_hand(features) and features.facing >= _BACK and hand.held_up


def _hand_px(views: Views) -> float:
    return sum(hand.features.size_px for hand in views) / len(views)


def _shoulders_px(pose: Pose | None, size: tuple[int, int]) -> float:
    """Return the shoulders' width in pixels, 0 where it is not known."""
    if pose is None or not all(pose.visibility[shoulder] >= VISIBLE for shoulder in _SHOULDERS):
        return 0.0
    left, right = (pose.points[shoulder, :2] * size for shoulder in _SHOULDERS)
    return math.dist(left, right)
