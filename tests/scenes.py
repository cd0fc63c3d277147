"""Made-up people for the tests of tracking: simple shapes at places that are easy to tell apart."""

from collections.abc import Sequence

import numpy as np

from edgeholo.perceive.tracking import Tracker
from edgeholo.types import Branch, Face, Hand, People, Person, Pose

RATE_HZ = 30
SIZE = (640, 480)
EVERYTHING = frozenset(Branch)
LEFT_AT, RIGHT_AT = (0.7, 0.6), (0.3, 0.6)
WRISTS = (15, 16)


def hand(x: float, y: float, *, mirrored: bool = False) -> Hand:
    """Return an open hand, fingers up, a tenth of the picture wide, with its wrist at (x, y)."""
    fingers = [(f * 0.02 - 0.04, -0.05 - joint * 0.025) for f in range(5) for joint in range(4)]
    shape = np.array([(0.0, 0.0), *fingers]) * (-1 if mirrored else 1, 1)
    points = np.zeros((21, 3), np.float32)
    points[:, :2] = shape + np.array((x, y))
    return Hand(points, points * np.float32(0.5))


def left(x: float = LEFT_AT[0], y: float = LEFT_AT[1]) -> Hand:
    """Return a left hand."""
    return hand(x, y)


def right(x: float = RIGHT_AT[0], y: float = RIGHT_AT[1]) -> Hand:
    """Return a right hand."""
    return hand(x, y, mirrored=True)


def pose(x: float = 0.5, wrists: Sequence[tuple[float, float]] = (LEFT_AT, RIGHT_AT)) -> Pose:
    """Return a standing body around ``x`` with the left and the right wrist where they are asked for."""
    points = np.zeros((33, 3), np.float32)
    points[:, 0] = x + 0.08 * np.sin(np.arange(33))
    points[:, 1] = np.linspace(0.1, 0.95, 33)
    points[WRISTS, :2] = wrists
    return Pose(points, np.full(33, 0.9, np.float32), points)


def face(x: float = 0.5) -> Face:
    """Return a round face."""
    turn = np.arange(468)
    points = np.stack([x + 0.05 * np.sin(turn), 0.15 + 0.07 * np.cos(turn), 0 * turn], axis=1)
    return Face(points.astype(np.float32))


def frame(t_s: float, *persons: Person, ran: frozenset[Branch] = EVERYTHING) -> People:
    """Return what the engine saw at a time."""
    return People(persons, ran, SIZE, round(t_s * 1e9), round(t_s * RATE_HZ))


def body(left_hand: Hand | None = None, right_hand: Hand | None = None, of: Pose | None = None) -> Person:
    """Return a person with these hands."""
    return Person(0, of or pose(), left_hand, right_hand)


def follow(tracker: Tracker, persons: Sequence[Person], start: int = 0) -> list[Person]:
    """Return the tracked person of each frame, one person a frame, 30 a second."""
    return [tracker.update(frame((start + index) / RATE_HZ, person)).persons[0] for index, person in enumerate(persons)]


def wrist_x(hand: Hand | None) -> float:
    """Return where a hand that must be there is."""
    assert hand is not None
    return float(hand.points[0, 0])


def same_points(one: Hand | None, other: Hand | None) -> bool:
    """Return whether both hands are there, at the same place, or both are not."""
    if one is None or other is None:
        return one is other
    return bool(np.allclose(one.points, other.points, atol=1e-4))
