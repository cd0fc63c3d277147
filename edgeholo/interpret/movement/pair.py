"""Two hands at one time: how far apart, how open, how high."""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from edgeholo.interpret.movement.trail import HAND_OF_SHOULDERS, LOST_S, Body, Place
from edgeholo.types import Hand

_PALM, _KNUCKLES, _TIPS = [0, 5, 9, 13, 17], [5, 9, 13, 17], [8, 12, 16, 20]


@dataclass(frozen=True, slots=True)
class Pair:
    """Both hands.

    Attributes:
        t_s: seconds.
        left: middle of the left palm, pixels.
        right: of the right palm, pixels.
        unit_px: the larger hand's size in pixels.
        open: distance of wrist to tips over that of wrist to knuckles, of the less open hand: stretched 1.9, folded 0.9.
        below: how far the lower palm is below the shoulders, in their widths; None where the body is not known.
    """

    t_s: float
    left: Place
    right: Place
    unit_px: float
    open: float
    below: float | None

    @property
    def apart(self) -> float:
        """Distance of the palms, hand sizes."""
        return math.dist(self.left, self.right) / self.unit_px

    @property
    def axis(self) -> Place:
        """Direction from the right to the left palm."""
        right, down = self.left[0] - self.right[0], self.left[1] - self.right[1]
        length = max(math.hypot(right, down), 1e-6)
        return right / length, down / length


class Pairs:
    """The pairs of the last seconds, oldest first, without a longer gap than ``trail.LOST_S``.

    Args:
        kept_s: how long they are kept.
    """

    def __init__(self, kept_s: float) -> None:
        self.known: deque[Pair] = deque()
        self._kept_s = kept_s

    def add(self, now: Pair) -> None:
        """Add the newest."""
        known = self.known
        if known and not 0 < now.t_s - known[-1].t_s <= LOST_S:
            known.clear()
        while known and now.t_s - known[0].t_s > self._kept_s:
            known.popleft()
        known.append(now)

    def since(self, t_s: float) -> list[Pair]:
        """Return the pairs from that time on."""
        return [each for each in self.known if each.t_s >= t_s]


def pair(t_s: float, left: Hand, right: Hand, trunk: Body | None, size: tuple[int, int]) -> Pair:
    """Return what the two hands are like.

    Args:
        t_s: seconds.
        left: the left hand.
        right: the right hand.
        trunk: of the person, None where it is not known.
        size: (width, height) of the picture in pixels.
    """
    left_points, right_points = _pixels(left, size), _pixels(right, size)
    knuckles = [_from_wrist(points, _KNUCKLES) for points in (left_points, right_points)]
    tips = [_from_wrist(points, _TIPS) for points in (left_points, right_points)]
    left_palm, right_palm = _middle(left_points), _middle(right_points)
    shoulders_px = trunk.width_px if trunk else 0.0
    return Pair(
        t_s,
        left_palm,
        right_palm,
        max(*knuckles, HAND_OF_SHOULDERS * shoulders_px, 1.0),
        min(tip / max(knuckle, 1e-6) for tip, knuckle in zip(tips, knuckles, strict=True)),
        None if trunk is None else trunk.below(max(left_palm[1], right_palm[1])),
    )


def _pixels(hand: Hand, size: tuple[int, int]) -> list[list[float]]:
    """Return (21, 3) in pixels on all three axes: z has the unit of x."""
    width, height = size
    pixels: list[list[float]] = (hand.points.astype(np.float64) * (width, height, width)).tolist()
    return pixels


def _middle(points: list[list[float]]) -> Place:
    return sum(points[joint][0] for joint in _PALM) / len(_PALM), sum(points[joint][1] for joint in _PALM) / len(_PALM)


def _from_wrist(points: list[list[float]], joints: list[int]) -> float:
    """Return the mean distance of some joints from the wrist."""
    return sum(math.dist(points[0], points[joint]) for joint in joints) / len(joints)
