"""Hands that teach and are recognised: unusual shapes held up, letters drawn in the air, with the noise and the whims of people."""

from collections.abc import Callable, Iterator

import numpy as np

from edgeholo.interpret.hand.features import measure
from edgeholo.interpret.moves import Move
from edgeholo.interpret.taught.lessons import Lesson, Progress
from edgeholo.interpret.taught.recognition import Taught, TaughtHand
from edgeholo.types import Hand, People, Person, Side
from tests.hand_shapes import SIZE, Array, hand, people, person, shape, turned

Look = tuple[float, Hand | None]

_JITTER = 0.015
"""Hand sizes: what engines add to a hand at rest."""

LETTERS: dict[str, tuple[tuple[float, float], ...]] = {
    "letter_z": ((0, 0), (3, 0), (0, 3), (3, 3)),
    "letter_n": ((0, 3), (0, 0), (2.4, 3), (2.4, 0)),
    "letter_v": ((0, 0), (1.5, 3), (3, 0)),
    "letter_l": ((0, 0), (0, 3), (2, 3)),
    "question": ((0, 1), (1, 0), (2, 1), (1, 2), (1, 3.5)),
    "hook": ((0, 0), (1, 1), (3, -2)),
}
"""Corners in hand sizes, as a left hand draws them."""

STROKE = ((0.0, 0.0), (4.0, 0.0))


def two_middle_fingers(side: Side = Side.LEFT) -> Array:
    """Return a hand with middle and ring finger stretched, the others folded: no gesture of the vocabulary."""
    points, stretched = shape("closed_fist"), shape("open_palm")
    points[9:17] = stretched[9:17]
    return points * (-1 if side is Side.RIGHT else 1, 1, 1)


def held(points: Array, begin_s: float = 0.0, seconds: float = 1.2, rate_hz: float = 15.0, seed: int = 0) -> list[Look]:
    """Return a hand that is held still for a while, then gone for a while, as seen ``rate_hz`` times a second."""
    random = np.random.default_rng(seed)
    turn_deg = random.normal(0, 5)
    looks: list[Look] = []
    for t_s in np.arange(begin_s, begin_s + seconds, 1 / rate_hz):
        noisy = turned(points, turn_deg) + random.normal(0, _JITTER, points.shape)
        looks.append((float(t_s), hand(noisy)))
    away = np.arange(begin_s + seconds, begin_s + seconds + 0.8, 1 / rate_hz)
    return [*looks, *((float(t_s), None) for t_s in away)]


def drawn(
    corners: tuple[tuple[float, float], ...],
    *,
    side: Side = Side.LEFT,
    begin_s: float = 0.0,
    scale: float = 1.0,
    speed: float = 1.0,
    rate_hz: float = 15.0,
    size_px: float = 40.0,
    seed: int = 0,
) -> list[Look]:
    """Return a pointing hand that rests, goes along ``corners``, rests for a second, and is gone.

    It slows down in corners, leans, wobbles, and one look in ten fails while it moves.
    """
    random = np.random.default_rng(seed)
    places = _wobbly(np.array(corners) * scale, random)
    legs = np.hypot(*np.diff(places, axis=0).T)
    seconds = legs.sum() / (4.5 * speed)
    ends = np.concatenate([[0.0], np.cumsum(legs)]) / legs.sum() * seconds
    pointing = turned(shape("pointing_up", side=side), random.normal(0, 5))
    looks: list[Look] = []
    for t_s in np.arange(0, seconds + 2.0, 1 / rate_hz):
        at = _place(t_s - 1.0, places, ends) * (-1 if side is Side.RIGHT else 1, 1)
        noisy = pointing + random.normal(0, _JITTER, pointing.shape)
        lost = 1.0 < t_s < 1.0 + seconds and random.random() < 0.1
        x, y = np.array((320, 240)) + at * size_px
        looks.append((begin_s + float(t_s), None if lost else hand(noisy, size_px=size_px, at=(float(x), float(y)))))
    begin_s = looks[-1][0] + 1 / rate_hz
    return [*looks, *((begin_s + float(t_s), None) for t_s in np.arange(0, 0.8, 1 / rate_hz))]


def repeated(show: Callable[[float, int], list[Look]], times: int = 3) -> list[Look]:
    """Return several shows in a row; ``show`` makes one from its beginning in seconds and a seed."""
    looks: list[Look] = []
    for number in range(times):
        looks += show(looks[-1][0] + 0.1 if looks else 0.0, number)
    return looks


def frames(looks: list[Look], side: Side = Side.LEFT) -> Iterator[People]:
    """Yield the frames in which the hand is seen as ``looks`` say."""
    for t_s, seen in looks:
        shown = person(left=seen) if side is Side.LEFT else person(right=seen)
        yield people(t_s, shown) if seen else people(t_s)


def taught(lesson: Lesson, looks: list[Look], side: Side = Side.LEFT) -> list[Progress]:
    """Return what a lesson says of ``looks``, to their end."""
    told = [lesson.update(frame) for frame in frames(looks, side)]
    return [progress for progress in (*told, lesson.finish()) if progress is not None]


def learned(name: str, looks: list[Look], side: Side = Side.LEFT) -> Taught:
    """Return the gesture that a lesson learns from ``looks``."""
    lesson = Lesson(name)
    told = taught(lesson, looks, side)
    result = lesson.result()
    assert result is not None, told[-1]
    return result


def letter(name: str) -> Taught:
    """Return a letter, learned from three shows of a left hand."""
    corners = LETTERS[name]
    return learned(name, repeated(lambda begin_s, seed: drawn(corners, begin_s=begin_s, seed=seed)))


def recognised(known: list[Taught], looks: list[Look], side: Side = Side.LEFT) -> list[tuple[float, Move]]:
    """Return the movements that are recognised in ``looks``, and when."""
    follower = TaughtHand(known, side)
    moves = []
    for t_s, seen in looks:
        features = None if seen is None else measure(seen, side, SIZE)
        moves += [(t_s, move) for move in follower.update(t_s, seen, features, Person(0), SIZE)[1]]
    return moves


def _wobbly(places: Array, random: np.random.Generator) -> Array:
    lean = np.radians(random.normal(0, 6))
    turn = np.array(((np.cos(lean), -np.sin(lean)), (np.sin(lean), np.cos(lean))))
    return np.asarray((places + random.normal(0, 0.06 * np.ptp(places), places.shape)) @ turn.T)


def _place(t_s: float, places: Array, ends: Array) -> Array:
    """Return where the hand is ``t_s`` after it set off: each leg by the law of least jerk."""
    leg = min(max(int(np.searchsorted(ends, t_s, side="right")) - 1, 0), len(places) - 2)
    part = min(max((t_s - ends[leg]) / (ends[leg + 1] - ends[leg]), 0.0), 1.0)
    done = part**3 * (10 - 15 * part + 6 * part**2)
    return np.asarray(places[leg] + done * (places[leg + 1] - places[leg]))
