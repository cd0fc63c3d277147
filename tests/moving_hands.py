"""Hands that move, for tests of movements: built from a way, a shape and a camera with its faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from edgeholo.interpret.hand.features import measure
from edgeholo.interpret.movement.both_hands import BothHands
from edgeholo.interpret.movement.one_hand import HandMovement
from edgeholo.interpret.moves import Move
from edgeholo.types import Hand, Person, Pose, Side
from tests.hand_shapes import SIZE, Array, shape

Way = Callable[[float], tuple[float, float]]
"""Time in seconds to a place in hand sizes, right and down, from where the hand starts."""

SHOULDERS_UNITS = 3.4
"""Between the shoulders, in hand sizes."""


@dataclass(frozen=True)
class Camera:
    """How a movement is filmed.

    Attributes:
        rate_hz: frames a second.
        jitter: how far frames are off their time, in frames.
        noise: of the points, in hand sizes.
        lost: share of the frames without a hand.
        size_px: of the hand.
        at: where the shoulders' middle is, in pixels.
        mirrored: whether the picture is.
        seed: of its chances.
    """

    rate_hz: float = 25.0
    jitter: float = 0.15
    noise: float = 0.015
    lost: float = 0.0
    size_px: float = 30.0
    at: tuple[float, float] = (320.0, 200.0)
    mirrored: bool = False
    seed: int = 1

    def times(self, lasts_s: float) -> Iterator[float]:
        """Yield when it takes its frames."""
        chance = np.random.default_rng(self.seed)
        for frame in range(int(lasts_s * self.rate_hz)):
            yield 1.0 + (frame + self.jitter * (chance.random() - 0.5)) / self.rate_hz


CAMERAS = (
    Camera(),
    Camera(rate_hz=8.0, size_px=20.0, seed=2),
    Camera(rate_hz=12.5, size_px=60.0, noise=0.02, seed=3),
    Camera(rate_hz=15.0, lost=0.15, seed=4),
    Camera(rate_hz=30.0, noise=0.02, lost=0.1, at=(200.0, 180.0), seed=5),
    Camera(rate_hz=60.0, size_px=45.0, noise=0.02, seed=6),
)
IDS = [f"{camera.rate_hz:g}Hz" for camera in CAMERAS]


def bell(t_s: float, start_s: float, lasts_s: float) -> float:
    """Return how much of a reach is done, 0..1: minimum jerk (Flash and Hogan 1985)."""
    share = min(1.0, max(0.0, (t_s - start_s) / lasts_s))
    return 10 * share**3 - 15 * share**4 + 6 * share**5


def reach(to: tuple[float, float], *, start_s: float = 0.6, lasts_s: float = 0.45) -> Way:
    """Return a way that rests, goes ``to`` somewhere, and rests."""
    return lambda t_s: (to[0] * bell(t_s, start_s, lasts_s), to[1] * bell(t_s, start_s, lasts_s))


def joined(*ways: Way) -> Way:
    """Return the sum of several ways."""

    def way(t_s: float) -> tuple[float, float]:
        places = [each(t_s) for each in ways]
        return sum(x for x, _ in places), sum(y for _, y in places)

    return way


def standing(camera: Camera, *, elbow: float = 0.6, side: Side = Side.LEFT, wrist: float = 0.0) -> Pose:
    """Return somebody who faces the camera.

    Args:
        camera: where they stand, and how large.
        elbow: height of both elbows below the shoulders, in their widths.
        side: whose wrist is told.
        wrist: height of that wrist.
    """
    width = SHOULDERS_UNITS * camera.size_px
    points = np.zeros((33, 3))
    points[0], points[7], points[8] = (0, -0.6, 0), (0.2, -0.6, 0), (-0.2, -0.6, 0)
    points[11], points[12], points[23], points[24] = (0.5, 0, 0), (-0.5, 0, 0), (0.35, 1.4, 0), (-0.35, 1.4, 0)
    points[13], points[14] = (0.7, elbow, 0), (-0.7, elbow, 0)
    points[15], points[16] = (0.8, 1.2, 0), (-0.8, 1.2, 0)
    points[15 if side is Side.LEFT else 16, 1] = wrist
    places = points * width + (*camera.at, 0.0)
    return Pose((places / (*SIZE, SIZE[0])).astype(np.float32), np.full(33, 0.99, np.float32))


@dataclass(frozen=True)
class Shown:
    """A hand of a shape that goes a way.

    Attributes:
        way: in hand sizes from ``start``.
        start: where it starts, in hand sizes from the middle of the shoulders; x away from it for either hand.
        name: of the shape, a key of ``hand_shapes.SHAPES``.
        turn_deg: by which it is turned at a time.
        grown: by which it is enlarged at a time.
        tilt_deg: how far it leans towards the camera at a time.
    """

    way: Way
    start: tuple[float, float] = (2.5, 0.0)
    name: str = "open_palm"
    turn_deg: Callable[[float], float] = lambda _: 0.0
    grown: Callable[[float], float] = lambda _: 1.0
    tilt_deg: Callable[[float], float] = lambda _: 0.0

    def hand(self, t_s: float, side: Side, camera: Camera, chance: np.random.Generator) -> Hand:
        """Return the hand at a time."""
        points = shape(self.name, side=side, turn_deg=self.turn_deg(t_s), tilt_deg=self.tilt_deg(t_s)) * self.grown(t_s)
        x, y = self.way(t_s)
        away = self.start[0] if side is Side.LEFT else -self.start[0]
        points = points + (away + x, self.start[1] + y, 0.0) + camera.noise * chance.standard_normal((21, 3))
        return _seen(points * camera.size_px + (*camera.at, 0.0), camera)


def _seen(places: Array, camera: Camera) -> Hand:
    points = places / (*SIZE, SIZE[0])
    if camera.mirrored:
        points[:, 0] = 1 - points[:, 0]
    return Hand(points.astype(np.float32))


def moves_of(
    shown: Shown, camera: Camera, *, side: Side = Side.LEFT, lasts_s: float = 2.5, pose: Pose | None = None
) -> list[Move]:
    """Return the moves of one hand; in a mirrored picture it is the other one."""
    return [move for _, move in timed_moves(shown, camera, side=side, lasts_s=lasts_s, pose=pose)]


def timed_moves(
    shown: Shown, camera: Camera, *, side: Side = Side.LEFT, lasts_s: float = 2.5, pose: Pose | None = None
) -> list[tuple[float, Move]]:
    """Return the moves of one hand, each with the time since the first frame at which it was told."""
    chance = np.random.default_rng(camera.seed)
    seen_as = Side.RIGHT if (side is Side.LEFT) is camera.mirrored else Side.LEFT
    recogniser, moves = HandMovement(seen_as), []
    for t_s in camera.times(lasts_s):
        hand = shown.hand(t_s - 1.0, side, camera, chance)
        given = None if chance.random() < camera.lost else hand
        features = None if given is None else measure(given, seen_as, SIZE)
        moves += [(t_s - 1.0, move) for move in recogniser.update(t_s, given, features, Person(0, pose), SIZE)]
    return moves


def moves_of_both(
    left: Shown, right: Shown, camera: Camera, *, lasts_s: float = 2.5, pose: Pose | None = None
) -> list[str]:
    """Return the names of the moves of two hands together."""
    chance = np.random.default_rng(camera.seed)
    recogniser, names = BothHands(), []
    for t_s in camera.times(lasts_s):
        hands = [
            shown.hand(t_s - 1.0, side, camera, chance) for shown, side in ((left, Side.LEFT), (right, Side.RIGHT))
        ]
        known = [None if chance.random() < camera.lost else hand for hand in hands]
        names += [move.name for move in recogniser.update(t_s, known[0], known[1], Person(0, pose), SIZE)]
    return names
