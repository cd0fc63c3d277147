"""A skeleton on a canvas of characters: body and hands, and the outline of the face."""

import math
from collections.abc import Sequence
from typing import Any

from edgeholo import colours, connections
from edgeholo.anatomy import WRIST
from edgeholo.cli.screen.canvas import Canvas
from edgeholo.types import Side

Point = tuple[float, float]
Frame = dict[str, Any]
"""A decoded ``landmarks`` message, see ``codec.decode``."""

STYLES = {side: colours.hexadecimal(colours.SIDE[side]) for side in Side}
BODY, FACE = "", "dim"
"""The terminal's own colour shows on dark and bright ones."""
_LETTERS = {Side.LEFT: "L", Side.RIGHT: "R"}
"""Beside the wrists: not everybody sees the colours, and not every terminal has them."""
_VISIBLE = 0.5
"""As ``draw`` has it: below, a point of the pose is rather hidden than seen."""
_FAR = 4.0
"""Points so many pictures away are not drawn: lines to them would take long, and end nowhere."""
_PALMS = {Side.LEFT: connections.LEFT_PALM, Side.RIGHT: connections.RIGHT_PALM}
_LIMBS = {Side.LEFT: connections.LEFT_LIMBS, Side.RIGHT: connections.RIGHT_LIMBS}
_FACE = (connections.FACE_OVAL,)


def draw(canvas: Canvas, frame: Frame, *, mirrored: bool = False) -> None:
    """Draw everybody in a frame, as large as the canvas allows; the picture keeps its proportions.

    Args:
        canvas: to draw on.
        frame: a decoded message.
        mirrored: as in a mirror, which is how people know themselves.
    """
    place = _Place(canvas.size, frame["size"], mirrored=mirrored)
    for person in (frame, *frame["others"]):
        if person["face"]:
            _chains(canvas, place.of(person["face"]), _FACE, FACE)
        if person["pose"]:
            _pose(canvas, place, person)
        for side in Side:
            if hand := person[side.branch]:
                _chains(canvas, place.of(hand), connections.HAND, STYLES[side])
        _name_sides(canvas, place, person)


class _Place:
    """Where a point of the picture is on the canvas."""

    def __init__(self, dots: tuple[int, int], size: Sequence[int], *, mirrored: bool) -> None:
        width, height = max(1, size[0]), max(1, size[1])
        scale = min(dots[0] / width, dots[1] / height)
        self._width, self._height = width * scale, height * scale
        self._left, self._top = (dots[0] - self._width) / 2, (dots[1] - self._height) / 2
        self._mirrored = mirrored

    def of(self, points: Sequence[Sequence[float]]) -> list[Point | None]:
        """Return places in dots; None for points that are not to be drawn."""
        return [self._of(*point) for point in points]

    def _of(self, x: float, y: float, _z: float = 0.0, visibility: float = 1.0) -> Point | None:
        if visibility < _VISIBLE or not (abs(x) < _FAR and abs(y) < _FAR):
            return None
        across = 1 - x if self._mirrored else x
        return self._left + across * self._width, self._top + y * self._height


def _pose(canvas: Canvas, place: _Place, person: dict[str, Any]) -> None:
    """Draw torso, head and limbs; head and palms only where face and hands do not show them better."""
    points = place.of(person["pose"])
    _chains(canvas, points, connections.TORSO if person["face"] else connections.TORSO + connections.HEAD, BODY)
    for side in Side:
        hand, limbs = person[side.branch], _LIMBS[side]
        if hand:
            points[WRIST[side]] = place.of(hand[:1])[0]  # the arm ends where the hand begins
        else:
            limbs += _PALMS[side]
        _chains(canvas, points, limbs, STYLES[side])


def _name_sides(canvas: Canvas, place: _Place, person: dict[str, Any]) -> None:
    for side in Side:
        hand, pose = person[side.branch], person["pose"]
        wrist = place.of(hand[:1])[0] if hand else place.of(pose)[WRIST[side]] if pose else None
        if wrist is not None:
            canvas.letter(*wrist, _LETTERS[side], f"bold {STYLES[side]}")


def _chains(canvas: Canvas, points: Sequence[Point | None], chains: tuple[connections.Chain, ...], style: str) -> None:
    for start, end in sorted(connections.edges(chains)):
        here, there = points[start], points[end]
        if here is not None and there is not None and math.isfinite(here[0] + here[1] + there[0] + there[1]):
            canvas.line(here, there, style)
