"""What speaks against a show: that it is like another gesture, or unlike the other shows."""

from collections.abc import Sequence

import numpy as np

from edgeholo.interpret.hand import static
from edgeholo.interpret.hand.shapes import VARIANTS
from edgeholo.interpret.taught import movements as taught_movements
from edgeholo.interpret.taught import shapes as taught_shapes
from edgeholo.interpret.taught.movements import COLUMNS, POINTS, Way
from edgeholo.interpret.taught.recognition import REACHES, Kind, Taught
from edgeholo.interpret.taught.shapes import HandShape
from edgeholo.interpret.taught.shows import Show
from edgeholo.types import Side

_KNOWN_SHAPE = 0.3
"""Score of a known shape from which a taught one is too close to it: half of what makes it start, for people vary."""

_ALIKE = {Kind.POSE: 1.0, Kind.MOVEMENT: 0.5}
"""Distance up to which two shows are the same gesture: those of one person in a row are at 0.3 to 0.6 and at 0.1 to 0.35."""

_TOO_CLOSE = {Kind.POSE: 1.4, Kind.MOVEMENT: 0.55}
"""Distance below which two taught gestures would be taken for each other: V and U are at 0.2, triangle and circle at 0.25, other
letters from 0.6; a finger more or less makes a shape 2 and more."""

_STARTS = 8
"""Places on a circle where it may begin: an eighth of a turn more or less changes the distance by a tenth."""


def apart(one: HandShape | Way, other: HandShape | Way) -> float:
    """Return the distance of two shapes or two ways; a shape and a way have nothing in common."""
    if isinstance(one, HandShape) and isinstance(other, HandShape):
        return taught_shapes.distance(one, other)
    if isinstance(one, Way) and isinstance(other, Way):
        return taught_movements.distance(one, other)
    return float("inf")


def alike(one: Show, other: Show) -> bool:
    """Return whether two shows can be of one gesture."""
    return apart(one.thing, other.thing) <= _ALIKE[one.kind]


def too_simple(show: Show) -> bool:
    """Return whether a show is a movement that hands make all day: one stroke."""
    return isinstance(show.thing, Way) and show.thing.is_stroke


def too_close(show: Show, taught: Sequence[Taught]) -> str | None:
    """Return the name of the gesture that a show would be taken for, or None."""
    if show.known_as:
        return show.known_as[0]
    if isinstance(show.thing, Way) and (circle := _circle(show.thing, show.side)) is not None:
        return circle
    if isinstance(show.thing, HandShape):
        scores = static.scores(show.thing.features)
        nearest = max(scores, key=scores.__getitem__)
        if scores[nearest] >= _KNOWN_SHAPE:
            return VARIANTS.get(nearest, nearest)
    for gesture in taught:
        things: tuple[HandShape | Way, ...] = (*gesture.shapes, *gesture.ways)
        if any(apart(show.thing, thing) < _TOO_CLOSE[show.kind] for thing in things):
            return gesture.name
    return None


def _circle(way: Way, side: Side) -> str | None:
    """Return the name of the circle that would be taken for this movement: a triangle or a square drawn round, for instance."""
    for start in range(_STARTS):
        for turn, hand in ((1, Side.RIGHT), (-1, Side.LEFT)):
            angles = 2 * np.pi * (start / _STARTS + turn * np.linspace(0.0, 1.0, POINTS))
            round_ = np.zeros((POINTS, COLUMNS))
            round_[:, 0], round_[:, 1] = way.radius * np.cos(angles), way.radius * np.sin(angles)
            made = taught_movements.of_even_points(round_ + np.array((0.0, 0.0, *way.tips, 0.0)), way.duration_s)
            if taught_movements.distance(way, made) < REACHES[Kind.MOVEMENT][0]:
                # Seen from the camera the person's clockwise is counterclockwise; ways of right hands are mirrored.
                return "circle_clockwise" if hand is side else "circle_counterclockwise"
    return None
