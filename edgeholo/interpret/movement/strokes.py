"""Strokes: straight ways of a hand along an axis of the picture, from rest."""

from dataclasses import dataclass

from edgeholo.interpret.movement.trail import Spot, Trail

_LONGEST_S, _SHORTEST_S = 0.9, 0.12
"""From rest to the end; the swipes of the test footage take 0.5 to 0.7 s."""

_FRESH_S = 0.45
"""The fastest moment was no longer ago: what was no swipe when it ended does not become one afterwards."""

_LEAST_UNITS = 2.2
"""Shorter ways are not looked at."""

_SLANTED = 0.6
"""Across over along: 31 degrees. Hands raised from the hips come in at 45 to 80 degrees to the horizontal (signers)."""

_TURNED_BACK = 0.85
"""A hand that has come back from more than this of its way did not stop there."""

_LEAP = 0.75
"""Share of the way in one step between two looks: then it was not seen to move, but found elsewhere (another's hand)."""

_FASTEST = 50.0
"""Units a second, 4.5 m/s; swipes of the test footage have 11 to 13."""

_CARRIED = 0.35
"""Share of the hand's way that the trunk made too: somebody walks, squats or sits down."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight way from rest; lengths in units of the hand.

    Attributes:
        name: of the swipe it would be.
        start: the spot where the hand rested last.
        end: the newest spot.
        way: length.
        top: top speed, units a second.
        bow: farthest from the straight line, over the way.
    """

    name: str
    start: Spot
    end: Spot
    way: float
    top: float
    bow: float


def stroke(trail: Trail) -> Stroke | None:
    """Return the straight way along an axis of the picture on which the hand is now, or just was; None for any other."""
    spots = list(trail.spots)
    first = _start(spots, trail)
    if first is None:
        return None
    start, end, unit = spots[first], spots[-1], trail.unit_px
    right, down = (end.palm[0] - start.palm[0]) / unit, (end.palm[1] - start.palm[1]) / unit
    along, across = max(abs(right), abs(down)), min(abs(right), abs(down))
    if across > _SLANTED * along:
        return None
    if abs(right) > abs(down):
        name = "swipe_left" if right > 0 else "swipe_right"
    else:
        name = "swipe_down" if down > 0 else "swipe_up"
    way = trail.distance(start.palm, end.palm)
    passed = spots[first:]
    fastest = max(passed, key=lambda spot: spot.speed_px_s)
    bow, farthest, leap = _course(passed, way * unit)
    top = trail.speed(fastest)
    if farthest * _TURNED_BACK > 1 or leap > _LEAP or top > _FASTEST or end.t_s - fastest.t_s > _FRESH_S:
        return None
    return None if _carried(start, end) else Stroke(name, start, end, way, top, bow)


def _start(spots: list[Spot], trail: Trail) -> int | None:
    """Return the index of the last spot of rest that is far enough away."""
    end = spots[-1]
    for index in range(len(spots) - 2, -1, -1):
        spot = spots[index]
        if end.t_s - spot.t_s > _LONGEST_S:
            return None
        far = spot.rested and trail.distance(spot.palm, end.palm) >= _LEAST_UNITS
        if far and end.t_s - spot.t_s >= _SHORTEST_S:
            return index
    return None


def _course(passed: list[Spot], way_px: float) -> tuple[float, float, float]:
    """Return the farthest from the straight line, the farthest along it, and the largest step, all over the way."""
    (x, y), (end_x, end_y) = passed[0].palm, passed[-1].palm
    right, down = (end_x - x) / way_px, (end_y - y) / way_px
    bow = farthest = leap = before = 0.0
    for spot in passed:
        to_x, to_y = spot.palm[0] - x, spot.palm[1] - y
        along = to_x * right + to_y * down
        bow = max(bow, abs(to_x * down - to_y * right))
        farthest = max(farthest, along)
        leap, before = max(leap, along - before), along
    return bow / way_px, farthest / way_px, leap / way_px


def _carried(start: Spot, end: Spot) -> bool:
    """Return whether the trunk moved along."""
    if start.body is None or end.body is None:
        return False
    ways = ((end.palm[axis] - start.palm[axis], end.body.middle[axis] - start.body.middle[axis]) for axis in (0, 1))
    hand, trunk = zip(*ways, strict=True)
    along = hand[0] * trunk[0] + hand[1] * trunk[1]
    return bool(along > _CARRIED * (hand[0] ** 2 + hand[1] ** 2))
