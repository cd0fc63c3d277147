"""Where a hand has been lately: its way in seconds and units of its own size, for all who recognise movements."""

import itertools
import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from edgeholo.anatomy import VISIBLE
from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.types import Hand, Person, Pose

_PALM, _TIPS = [0, 5, 9, 13, 17], [8, 12, 16, 20]
_WRIST, _INDEX_KNUCKLE, _INDEX_TIP, _MIDDLE_KNUCKLE, _LITTLE_KNUCKLE = 0, 5, 8, 9, 17
_SHOULDERS, _HIPS = [11, 12], [23, 24]

KEPT_S = 2.5
"""Nothing that hands do at once takes longer."""

LOST_S = 0.5
"""Blurred hands are lost for up to 0.3 s inside a swipe; after more nobody knows which way it went."""

SPEED_S = 0.1
"""Speed is taken over at least this: between two frames of a fast camera it is mostly noise."""

RESTED_S, RESTED_UNITS = 0.14, 0.4
"""A hand rests that has stayed within so little for so long: below 3 units a second, where swipes have 7 and more."""

_SIZE_S = 1.0
_SIZE_SHARE = 0.7
"""The hand's size is that below which 70 % of the last second's lie: a hand blurred by its speed measures half."""

HAND_OF_SHOULDERS = 0.27
"""A hand measures at least so much of the shoulders' width: 9 cm of 34; models shrink hands they hardly see."""

_TORSO_OF_SHOULDERS = 1.4
"""Shoulders to hips over the shoulders' width: 1.35 to 1.5 of those who face the camera; turned away, the trunk tells."""

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Body:
    """Where the trunk is, in pixels.

    Attributes:
        pose: of which it was read.
        middle: between the shoulders.
        width_px: of the shoulders, as if they faced the camera.
    """

    pose: Pose
    middle: Place
    width_px: float

    def below(self, y: float) -> float:
        """Return how far a height is below the shoulders, in their widths: hips are 1.4 below."""
        return (y - self.middle[1]) / self.width_px


@dataclass(frozen=True, slots=True)
class Spot:
    """The hand at one time; places in pixels.

    Attributes:
        t_s: seconds.
        palm: the palm's middle.
        tip: of the index finger.
        tips: the middle of the four fingers' tips.
        palm_px: length and width of the palm as the picture shows it.
        features: of the hand.
        body: of whom, where it is known.
        size: (width, height) of the picture.
        speed_px_s: of the palm, over ``SPEED_S``.
        rested: whether the palm has hardly moved for ``RESTED_S``.
    """

    t_s: float
    palm: Place
    tip: Place
    tips: Place
    palm_px: Place
    features: HandFeatures
    body: Body | None
    size: tuple[int, int]
    speed_px_s: float
    rested: bool


class Trail:
    """The spots of one hand, oldest first.

    Attributes:
        spots: of the last ``KEPT_S``, without a longer gap than ``LOST_S``.
        unit_px: the hand size by which its way is measured, in pixels.
    """

    def __init__(self) -> None:
        self.spots: deque[Spot] = deque()
        self.unit_px = 1.0
        self._body: Body | None = None

    def update(self, t_s: float, hand: Hand, features: HandFeatures, person: Person, size: tuple[int, int]) -> Spot:
        """Add where the hand is now, and return it.

        Args:
            t_s: seconds, rising.
            hand: the hand.
            features: of the hand.
            person: whose hand it is; the pose may be a moment old.
            size: (width, height) of the picture in pixels.
        """
        spots = self.spots
        if spots and not 0 < t_s - spots[-1].t_s <= LOST_S:
            spots.clear()
        while spots and t_s - spots[0].t_s > KEPT_S:
            spots.popleft()
        self._body = trunk(person.pose, size, self._body)
        self.unit_px = self._unit_px(t_s, features.size_px)
        places: list[list[float]] = (hand.points[:, :2].astype(np.float64) * size).tolist()
        palm = _middle(places, _PALM)
        spot = Spot(
            t_s,
            palm,
            _middle(places, [_INDEX_TIP]),
            _middle(places, _TIPS),
            (
                math.dist(places[_WRIST], places[_MIDDLE_KNUCKLE]),
                math.dist(places[_INDEX_KNUCKLE], places[_LITTLE_KNUCKLE]),
            ),
            features,
            self._body,
            size,
            self._speed_px_s(t_s, palm),
            self._rested(t_s, palm),
        )
        spots.append(spot)
        return spot

    def reset(self) -> None:
        """Forget everything."""
        self.spots.clear()
        self._body = None

    def speed(self, spot: Spot) -> float:
        """Return the palm's speed in units a second."""
        return spot.speed_px_s / self.unit_px

    def since(self, t_s: float) -> list[Spot]:
        """Return the spots from that time on, oldest first."""
        spots = list(itertools.takewhile(lambda spot: spot.t_s >= t_s, reversed(self.spots)))
        return spots[::-1]

    def distance(self, one: Place, other: Place) -> float:
        """Return the distance of two places in units."""
        return math.dist(one, other) / self.unit_px

    def _unit_px(self, t_s: float, size_px: float) -> float:
        sizes = sorted([size_px, *(spot.features.size_px for spot in self.since(t_s - _SIZE_S))])
        shoulders_px = self._body.width_px if self._body else 0.0
        return max(sizes[int(_SIZE_SHARE * (len(sizes) - 1))], HAND_OF_SHOULDERS * shoulders_px)

    def _speed_px_s(self, t_s: float, palm: Place) -> float:
        for spot in reversed(self.spots):
            if t_s - spot.t_s >= SPEED_S:
                return math.dist(palm, spot.palm) / (t_s - spot.t_s)
        return 0.0

    def _rested(self, t_s: float, palm: Place) -> bool:
        for spot in reversed(self.spots):
            if math.dist(palm, spot.palm) > RESTED_UNITS * self.unit_px:
                return False
            if t_s - spot.t_s >= RESTED_S:
                return True
        return False


def trunk(pose: Pose | None, size: tuple[int, int], before: Body | None) -> Body | None:
    """Return where the trunk of ``pose`` is, or None where that is not known or its shoulders fall together.

    Args:
        pose: of a person; remembered ones come again and again.
        size: (width, height) of the picture in pixels.
        before: what was returned for the last frame, which holds as long as the pose is the same.
    """
    if pose is None:
        return None
    if before is not None and before.pose is pose:
        return before
    left, right, left_hip, right_hip = (pose.points[_SHOULDERS + _HIPS, :2].astype(np.float64) * size).tolist()
    middle = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    width = math.dist(left, right)
    if all(pose.visibility[hip] >= VISIBLE for hip in _HIPS):
        hips = ((left_hip[0] + right_hip[0]) / 2, (left_hip[1] + right_hip[1]) / 2)
        width = max(width, math.dist(middle, hips) / _TORSO_OF_SHOULDERS)
    return Body(pose, middle, width) if width >= 1.0 else None


def _middle(places: list[list[float]], joints: list[int]) -> Place:
    return sum(places[joint][0] for joint in joints) / len(joints), sum(places[joint][1] for joint in joints) / len(
        joints
    )
