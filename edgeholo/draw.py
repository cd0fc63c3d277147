"""Skeletons on pictures: pose, hands and face of everyone in a frame."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from edgeholo import colours, connections
from edgeholo.anatomy import WRIST
from edgeholo.types import FACE_POINTS, Face, Floats, Hand, People, Person, Pixels, Pose, Side

Colour = tuple[int, int, int]
"""Blue, green, red."""

PLAIN: Colour = (38, 30, 24)
"""A dark blue-grey that both sides' colours stand out from."""
BODY: Colour = (225, 225, 225)
SIDE: dict[Side, Colour] = {side: (blue, green, red) for side, (red, green, blue) in colours.SIDE.items()}
_FACE: Colour = (175, 165, 155)
_OUTLINE: Colour = (20, 16, 12)

_VISIBLE = 0.5
"""Visibility below which a point of the pose is rather hidden than seen: the model's own guess is even."""
_WIDTH = 1 / 160
"""Width of a bone, as a share of the picture's shorter side: 3 pixels of 480."""
_FAR = 4.0
"""Points further out than so many pictures are not drawn: OpenCV's coordinates overflow."""
_SUBPIXEL_BITS = 4
_PALMS = {Side.LEFT: connections.LEFT_PALM, Side.RIGHT: connections.RIGHT_PALM}
_LIMBS = {Side.LEFT: connections.LEFT_LIMBS, Side.RIGHT: connections.RIGHT_LIMBS}

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What is drawn in one colour.

    Attributes:
        points: (n, 2), pixels; NaN for what is not to be drawn.
        chains: points that are joined.
        colour: of bones and joints.
        width: of bones, pixels.
    """

    points: Points
    chains: tuple[connections.Chain, ...]
    colour: Colour
    width: float


def draw(picture: Pixels, people: People) -> Pixels:
    """Return a copy of a BGR picture, uint8 (h, w, 3) of any size, with everyone's skeleton on it."""
    return draw_over(np.ascontiguousarray(picture).copy(), people)


def draw_over(picture: Pixels, people: People) -> Pixels:
    """Draw everyone's skeleton on a contiguous BGR picture itself, and return it: of 50 megapixels a copy takes 150 MB."""
    height, width = picture.shape[:2]
    for person in people.persons:
        if person.face is not None:
            _draw_face(picture, person.face)
        for part in _parts(person, (width, height)):
            _draw_part(picture, part)
    return picture


def draw_on_plain(people: People, size: tuple[int, int], background: Colour = PLAIN) -> Pixels:
    """Return a BGR picture of (width, height) pixels that shows skeletons and nothing of the room."""
    width, height = size
    return draw(np.full((height, width, 3), background, np.uint8), people)


def _parts(person: Person, size: tuple[int, int]) -> Iterator[_Part]:
    """Yield body and hands, from back to front."""
    width = max(1.0, min(size) * _WIDTH)
    if person.pose is not None:
        yield from _pose(person, person.pose, size, width)
    for side in Side:
        hand = person.hand(side)
        if hand is not None:
            yield _hand(hand, side, size, width)


def _pose(person: Person, pose: Pose, size: tuple[int, int], width: float) -> Iterator[_Part]:
    """Yield torso, head and limbs; head and palms only where face and hands do not show them better."""
    points = _in_pixels(pose.points, size)
    points[pose.visibility < _VISIBLE] = np.nan
    yield _Part(points, connections.TORSO if person.face else connections.TORSO + connections.HEAD, BODY, width)
    for side in Side:
        hand, limbs = person.hand(side), _LIMBS[side]
        if hand is None:
            limbs += _PALMS[side]
        else:
            points[WRIST[side]] = _in_pixels(hand.points, size)[0]  # the arm ends where the hand begins
        yield _Part(points, limbs, SIDE[side], width)


def _hand(hand: Hand, side: Side, size: tuple[int, int], width: float) -> _Part:
    points = _in_pixels(hand.points, size)
    extent = float(np.nanmax(np.ptp(points, axis=0), initial=0.0))
    # A thirtieth of the hand leaves the gaps between fingers open.
    return _Part(points, connections.HAND, SIDE[side], max(1.0, min(width, extent / 30)))


def _in_pixels(points: Floats, size: tuple[int, int]) -> Points:
    """Return x and y in pixels, NaN for what cannot be drawn."""
    flat = points[:, :2].astype(np.float64)
    flat[~(np.abs(flat - 0.5) <= _FAR).all(axis=1)] = np.nan
    return flat * size


def _draw_part(picture: Pixels, part: _Part) -> None:
    """Draw bones and joints, first wider in a dark colour, so that they stand out from any background."""
    bones = _edges(part.points, part.chains)
    joints = sorted({point for edge in bones for point in edge})
    for colour, rim in ((_OUTLINE, max(0.5, part.width * 0.3)), (part.colour, 0.0)):
        for start, end in bones:
            _line(picture, part.points[start], part.points[end], colour, part.width + 2 * rim)
        for joint in joints:
            _disc(picture, part.points[joint], part.width * 0.9 + rim, colour)


def _draw_face(picture: Pixels, face: Face) -> None:
    """Draw the mesh's points and the contours, fine and without a rim: a face is to be seen through it."""
    height, width = picture.shape[:2]
    points = _in_pixels(face.points, (width, height))
    fine = max(1.0, min(width, height) * _WIDTH / 3)
    faint = tuple(channel // 2 for channel in _FACE)
    for point in points[:FACE_POINTS][~np.isnan(points[:FACE_POINTS, 0])]:
        _disc(picture, point, fine / 2, (faint[0], faint[1], faint[2]))
    for start, end in _edges(points, connections.FACE):
        _line(picture, points[start], points[end], _FACE, fine)
    for rim in connections.IRISES if len(points) > FACE_POINTS else ():
        ring = points[list(rim[:-1])]
        if not np.isnan(ring).any():
            centre = ring.mean(axis=0)
            _disc(picture, centre, float(np.hypot(*(ring - centre).T).mean()), _FACE)


def _edges(points: Points, chains: tuple[connections.Chain, ...]) -> list[tuple[int, int]]:
    return [edge for edge in sorted(connections.edges(chains)) if not np.isnan(points[list(edge)]).any()]


def _line(picture: Pixels, start: Points, end: Points, colour: Colour, width: float) -> None:
    cv2.line(picture, _fixed(start), _fixed(end), colour, max(1, round(width)), cv2.LINE_AA, _SUBPIXEL_BITS)


def _disc(picture: Pixels, centre: Points, radius: float, colour: Colour) -> None:
    fixed_radius = round(radius * (1 << _SUBPIXEL_BITS))
    cv2.circle(picture, _fixed(centre), fixed_radius, colour, cv2.FILLED, cv2.LINE_AA, _SUBPIXEL_BITS)


def _fixed(point: Points) -> tuple[int, int]:
    """Return a point in OpenCV's fixed-point pixels; a pixel's centre is its integer."""
    x, y = np.round((point - 0.5) * (1 << _SUBPIXEL_BITS)).astype(int)
    return int(x), int(y)
