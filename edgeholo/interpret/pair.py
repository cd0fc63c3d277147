"""Two hands at one time: how far apart, how open, how high."""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgeholo.interpret.trail import HAND_OF_SHOULDERS, LOST_S, Body, Place, body
from edgeholo.types import Hand, Pose

_PALM, _KNUCKLES, _TIPS = [0, 5, 9, 13, 17], [5, 9, 13, 17], [8, 12, 16, 20]


@dataclass(frozen=True, slots=True)
class Pair:
    """Both hands.

    Attributes:
        t_s: seconds.
        left: middle of the left palm, in units from ``origin``.
        right: of the right palm.
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


def pair(t_s: float, left: Hand, right: Hand, pose: Pose | None, size: tuple[int, int]) -> Pair:
    """Return what the two hands are like.

    Args:
        t_s: seconds.
        left: the left hand.
        right: the right hand.
        pose: of the person, None where it is not known.
        size: (width, height) of the picture in pixels.
    """
    width, height = size
    points = np.stack((left.points, right.points)).astype(np.float64) * (width, height, width)
    (left_x, left_y), (right_x, right_y) = points[:, _PALM, :2].mean(axis=1).tolist()
    knuckles, tips = _from_wrist(points, _KNUCKLES), _from_wrist(points, _TIPS)
    trunk: Body | None = None if pose is None else body(pose, size)
    shoulders_px = trunk.width_px if trunk else 0.0
    return Pair(
        t_s,
        (left_x, left_y),
        (right_x, right_y),
        max(float(knuckles.max()), HAND_OF_SHOULDERS * shoulders_px, 1.0),
        float((tips / np.maximum(knuckles, 1e-6)).min()),
        None if trunk is None else trunk.below(max(left_y, right_y)),
    )


def _from_wrist(points: npt.NDArray[np.float64], joints: list[int]) -> npt.NDArray[np.float64]:
    """Return the mean distance of some joints from the wrist, of each hand."""
    ways = points[:, joints] - points[:, :1]
    return np.asarray(np.sqrt(np.einsum("hjk,hjk->hj", ways, ways)).mean(axis=1))
