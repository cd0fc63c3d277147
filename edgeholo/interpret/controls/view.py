"""What a control sees of one hand in one frame."""

import math
from dataclasses import dataclass

import numpy as np

from edgeholo.anatomy import ELBOW, VISIBLE, WRIST
from edgeholo.interpret.hand import stance
from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.types import Hand, Person, Pose, Side

Place = tuple[float, float]

_PALM = [0, 5, 9, 13, 17]
_OTHER_ARM = {Side.LEFT: [12, 14, 16], Side.RIGHT: [11, 13, 15]}
"""Shoulder, elbow and wrist of the other arm."""

_UPRIGHT = 0.2
"""Rise of the forearm over its length from which it is held up: hands that rest on a table or an arm lie below."""

_FINGERS_UP = 0.0
"""Rise of the palm: hands that hang, offer or lie somewhere point down; hands that turn something up or forward."""

_CLEAR = 1.8
"""Distance from the other arm and hand in hand sizes: folded hands and crossed arms are within 0.2 to 1.2."""

_READABLE_PX = 10
"""Smallest hand size: below, fingers are a pixel or two thin."""


@dataclass(frozen=True, slots=True)
class HandView:
    """One hand. How it is held is found out when asked: most hands are not shaped for any control.

    Attributes:
        t_s: seconds.
        side: the person's own.
        hand: its points.
        features: of the hand.
        person: whose it is; the pose may be a moment old.
        size: (width, height) of the picture in pixels.
        palm: wrist and the four knuckles, pixels.
        place: the middle of the palm, pixels.
    """

    t_s: float
    side: Side
    hand: Hand
    features: HandFeatures
    person: Person
    size: tuple[int, int]
    palm: tuple[Place, ...]
    place: Place

    @property
    def raised(self) -> bool:
        """Whether the arm does not hang."""
        return stance.raised(self.person.pose, self.side, self.size) >= 0.5

    @property
    def held_up(self) -> bool:
        """Whether neither fingers nor forearm point down, and the hand is not at the face."""
        return (
            self.features.palm_rise >= _FINGERS_UP
            and self.features.size_px >= _READABLE_PX
            and self.raised
            and _forearm_up(self.person.pose, self.side, self.size)
            and stance.off_the_face(self.person, self.hand, self.size) >= 0.5
        )

    @property
    def free(self) -> bool:
        """Whether it is held up clear of the other arm and hand: where somebody holds a single hand who means it."""
        return self.held_up and _clear(
            self.place, self.person.pose, self.side, self.size, _CLEAR * self.features.size_px
        )


def view(t_s: float, side: Side, hand: Hand, features: HandFeatures, person: Person, size: tuple[int, int]) -> HandView:
    """Return what a control sees of ``hand``.

    Args:
        t_s: seconds.
        side: whose palm it is.
        hand: the hand.
        features: of the hand.
        person: whose hand it is; the pose may be a moment old.
        size: (width, height) of the picture in pixels.
    """
    width, height = size
    palm = tuple((x * width, y * height) for x, y, _ in hand.points[_PALM].tolist())
    middle = sum(x for x, _ in palm) / len(palm), sum(y for _, y in palm) / len(palm)
    return HandView(t_s, side, hand, features, person, size, palm, middle)


def _forearm_up(pose: Pose | None, side: Side, size: tuple[int, int]) -> bool:
    """Return whether the wrist is above the elbow, and not only a little; True where the elbow is not seen."""
    elbow, wrist = ELBOW[side], WRIST[side]
    if pose is None or not (pose.visibility[elbow] >= VISIBLE and pose.visibility[wrist] >= VISIBLE):
        return True
    below, above = (pose.points[[elbow, wrist], :2].astype(np.float64) * size).tolist()
    return bool(below[1] - above[1] >= _UPRIGHT * math.dist(below, above))


def _clear(place: Place, pose: Pose | None, side: Side, size: tuple[int, int], least_px: float) -> bool:
    """Return whether ``place`` is that far from the other arm; True where no body is seen."""
    if pose is None:
        return True
    shoulder, elbow, wrist = (pose.points[_OTHER_ARM[side], :2].astype(np.float64) * size).tolist()
    return min(_distance(place, shoulder, elbow), _distance(place, elbow, wrist)) >= least_px


def _distance(place: Place, start: list[float], end: list[float]) -> float:
    """Return the distance of ``place`` from the line between two points."""
    along = end[0] - start[0], end[1] - start[1]
    length = along[0] ** 2 + along[1] ** 2
    way = ((place[0] - start[0]) * along[0] + (place[1] - start[1]) * along[1]) / length if length else 0.0
    at = max(0.0, min(1.0, way))
    return math.dist(place, (start[0] + at * along[0], start[1] + at * along[1]))
