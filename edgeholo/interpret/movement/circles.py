"""Circles drawn in the air with the index finger: how far a way turns, and how round it is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.interpret.membership import membership
from edgeholo.interpret.movement.trail import LOST_S, Spot, Trail
from edgeholo.interpret.moves import Move

_Way = npt.NDArray[np.float64]

STEP_UNITS = 0.12
"""A way is walked in steps of at least this: trembling and noise (0.02) have every direction."""

TURNED_DEG = 315.0
"""A circle turns by 360; the steps at both ends cut off some, more of them where the camera is slow; the loops of an
eight turn by 270."""

PART_DEG = 200.0
"""Half a second of somebody drawing circles turns by 220 to 550, of other ways by less in 99 of 100 (fingertip tracks)."""

_LEAST_POINTS = 5

_HARDLY = 0.25
"""A finger less likely to point than this draws nothing in this frame."""

_LONGEST_S, _SHORTEST_S = 2.2, 0.3
"""Circles in the fingertip tracks take 0.5 to 0.8 s; in a slower one people lose their way."""

_LEAST_RADIUS, _MOST_RADIUS = 0.35, 3.5
"""In hand sizes: 3 to 30 cm. A finger that trembles or wags stays below, an arm that is swung goes beyond."""


@dataclass(frozen=True, slots=True)
class Turn:
    """How a way turns.

    Attributes:
        turned_deg: in all, positive clockwise in the picture.
        steadily: the same over the sum of all turns either way: 1 for a circle, 0 for a zigzag.
        roundness: the way's narrow over its wide side, 1 for a circle, 0 for a line.
        radius: mean distance from the middle, in the unit of the points.
        closed: distance of the ends over the diameter, 0 for a whole circle.
    """

    turned_deg: float
    steadily: float
    roundness: float
    radius: float
    closed: float

    @property
    def confidence(self) -> float:
        """How surely these are turns around one middle, 0..1, however many."""
        return min(
            membership(
                self.steadily, 0.4, 0.7
            ),  # 0.7 and more in 95 of 100 circling tracks, 0.4 in the middle of others
            membership(self.roundness, 0.2, 0.45),  # 0.5 and more; 0.02 to 0.3 of others
        )


def turn(points: Sequence[tuple[float, float]] | _Way, step: float) -> Turn | None:
    """Return how a way turns, or None where it has too few steps.

    Args:
        points: x right and y down, one unit on both axes.
        step: the least that counts as going anywhere, in that unit.
    """
    return measure(walked(points, step))


def walked(points: Sequence[tuple[float, float]] | _Way, step: float) -> _Way:
    """Return the points that are at least ``step`` from the one kept before; float64 (n, 2)."""
    kept: list[tuple[float, float]] = []
    for x, y in points:
        if not kept or math.hypot(x - kept[-1][0], y - kept[-1][1]) >= step:
            kept.append((float(x), float(y)))
    return np.array(kept, np.float64).reshape(-1, 2)


def turns_deg(way: _Way) -> _Way:
    """Return the turn at every inner point, degrees, positive clockwise in the picture."""
    steps = np.diff(way, axis=0)
    directions = np.arctan2(steps[:, 1], steps[:, 0])
    return np.degrees((np.diff(directions) + math.pi) % (2 * math.pi) - math.pi)


def measure(way: _Way) -> Turn | None:
    """Return how ``way`` turns, every point counting, or None where it has too few."""
    if len(way) < _LEAST_POINTS:
        return None
    each = turns_deg(way)
    around = way - (way.min(axis=0) + way.max(axis=0)) / 2
    radii = np.hypot(around[:, 0], around[:, 1])
    spread = np.linalg.eigvalsh(np.cov(way.T))
    radius = float(radii.mean())
    return Turn(
        turned_deg=float(each.sum()),
        steadily=float(abs(each.sum()) / max(np.abs(each).sum(), 1e-9)),
        roundness=math.sqrt(max(0.0, float(spread[0])) / max(float(spread[1]), 1e-12)),
        radius=radius,
        closed=math.dist(way[0], way[-1]) / max(2 * radius, 1e-9),
    )


class Circles:
    """Finds the circles that one index finger draws."""

    def __init__(self) -> None:
        self._spots: list[Spot] = []
        self.drawing = False

    def reset(self) -> None:
        """Forget the way so far."""
        self._spots = []
        self.drawing = False

    def update(self, spot: Spot, trail: Trail) -> Move | None:
        """Return the circle that the newest spot completes.

        Args:
            spot: the newest.
            trail: whose unit counts.
        """
        unit = trail.unit_px
        if self._spots and spot.t_s - self._spots[-1].t_s > LOST_S:
            self._spots = []
        if not self._goes_on(spot, unit) or not self._may_draw(spot):
            return None
        way = np.array([known.tip for known in self._spots]) / unit
        if len(way) < _LEAST_POINTS:
            self.drawing = False
            return None
        return self._judge(way)

    def _goes_on(self, spot: Spot, unit: float) -> bool:
        """Add a spot that is a step away from the last one; say whether it was."""
        if self._spots and math.dist(spot.tip, self._spots[-1].tip) < STEP_UNITS * unit:
            return False
        self._spots = [known for known in self._spots if spot.t_s - known.t_s <= _LONGEST_S]
        self._spots.append(spot)
        return True

    def _may_draw(self, spot: Spot) -> bool:
        """Return whether the finger points: hands of all shapes go around, and need not be judged."""
        self.drawing = self.drawing and _points(spot.features) > _HARDLY
        return _points(spot.features) > _HARDLY

    def _judge(self, way: _Way) -> Move | None:
        turned = np.cumsum(turns_deg(way)[::-1])
        self.drawing = bool(np.abs(turned).max() >= PART_DEG) and _pointing(self._spots)
        whole = np.flatnonzero(np.abs(turned) >= TURNED_DEG)
        if not len(whole):
            return None
        first = len(way) - int(whole[0]) - 3
        made, spots = measure(way[first:]), self._spots[first:]
        duration_s = spots[-1].t_s - spots[0].t_s
        if made is None or not (_LEAST_RADIUS <= made.radius <= _MOST_RADIUS and duration_s >= _SHORTEST_S):
            return None
        confidence = min(made.confidence, _drawn(spots), membership(made.closed, 0.7, 0.45))
        if confidence < 0.5:
            return None
        self._spots = self._spots[-1:]
        self.drawing = False
        # Whoever faces the camera sees the circle from the other side.
        name = "circle_counterclockwise" if made.turned_deg > 0 else "circle_clockwise"
        return Move(name, confidence, duration_s)


def _drawn(spots: list[Spot]) -> float:
    """Return how far the index finger was stretched and the others were not, most of the time."""
    return float(np.median([_points(spot.features) for spot in spots]))


def _pointing(spots: list[Spot]) -> bool:
    return _drawn(spots[-5:]) >= 0.5


def _points(features: HandFeatures) -> float:
    index, *others = features.curl_deg
    return min(
        membership(index, 110, 75),  # stretched fingers bend up to 60 degrees (home, webcam); some more in motion
        membership(
            sorted(others)[1], 75, 110
        ),  # two of the other three folded: 140 and more (home); some less in motion
    )
