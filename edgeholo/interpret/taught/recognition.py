"""Gestures that the people of the house have taught: recognised by their nearest show, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.interpret.hand.stance import raised
from edgeholo.interpret.membership import membership
from edgeholo.interpret.moves import Move
from edgeholo.interpret.taught import movements as taught_movements
from edgeholo.interpret.taught import shapes as taught_shapes
from edgeholo.interpret.taught.movements import Sample, Way
from edgeholo.interpret.taught.shapes import HandShape
from edgeholo.interpret.taught.trail import Trail
from edgeholo.types import Hand, Person, Side

REST_S = 0.25
"""A hand that is still for so long has arrived; corners of a Z take less, see ``_PAUSE_S``."""

_PAUSE_S, _STROKES = 0.6, 4
"""Rests up to this long may also be corners of one movement, of so many strokes; people rest longer between two movements."""

_CLEARLY = 0.1
"""By how much the nearest taught movement must be nearer than the second: where two are near, none is meant."""

_SPREAD = 1.5
"""How much farther than the shows are from each other a gesture may be from the nearest show."""


class Kind(StrEnum):
    """How a taught gesture is made."""

    POSE = "pose"
    """A hand held in a shape."""
    MOVEMENT = "movement"
    """The way a hand goes, from rest to rest."""


REACHES = {Kind.POSE: (1.0, 1.3), Kind.MOVEMENT: (0.42, 0.55)}
"""Least and greatest distance from the nearest show at which a gesture is half sure. Poses: other people's are at 0.4 to 1.2, other
hands from 1.3, mostly 2 and more (home, signers). Movements: repeated ones are within 0.36, other ones from 0.6 (letters), and those
of signers and talkers with three exceptions from 0.63."""


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """A taught gesture.

    Attributes:
        name: snake_case.
        kind: of all its shows.
        hand: the only hand that counts; None for either.
        taught: when, RFC 3339.
        shapes: the shows of a pose.
        ways: the shows of a movement.
    """

    name: str
    kind: Kind
    hand: Side | None
    taught: str
    shapes: tuple[HandShape, ...] = ()
    ways: tuple[Way, ...] = ()

    @property
    def reach(self) -> float:
        """The distance from the nearest show at which this gesture is half sure."""
        least, greatest = REACHES[self.kind]
        return min(max(_SPREAD * spread(self.shapes, self.ways), least), greatest)


def spread(shapes: Sequence[HandShape], ways: Sequence[Way]) -> float:
    """Return the greatest distance of a show to the one nearest to it."""
    if shapes:
        apart = [[taught_shapes.distance(one, other) for other in shapes if other is not one] for one in shapes]
    else:
        apart = [[taught_movements.distance(one, other) for other in ways if other is not one] for one in ways]
    return max((min(row) for row in apart if row), default=0.0)


class TaughtHand:
    """Recognises what was taught, of one hand of one person.

    Args:
        taught: all taught gestures.
        side: which hand.
    """

    def __init__(self, taught: Sequence[Taught], side: Side) -> None:
        self._side = side
        mine = [gesture for gesture in taught if gesture.hand in (None, side)]
        self._poses = _Poses([gesture for gesture in mine if gesture.kind is Kind.POSE])
        self._movements = _Movements([gesture for gesture in mine if gesture.kind is Kind.MOVEMENT])

    def update(
        self, t_s: float, hand: Hand | None, features: HandFeatures | None, person: Person, size: tuple[int, int]
    ) -> tuple[dict[str, float], list[Move]]:
        """Return how far each taught pose is shown in this frame, 0..1, and the taught movements that are over.

        Args:
            t_s: seconds.
            hand: None where it was looked for and not found.
            features: of the hand.
            person: whose hand it is.
            size: (width, height) of the picture in pixels.
        """
        if hand is None or features is None:
            self._movements.lost(t_s)
            return {}, []
        shown = self._poses.scores(hand, self._side, size, features) if self._poses else {}
        if not self._movements:
            return shown, []
        sample = taught_movements.sample(t_s, hand, self._side, size, features.size_px)
        moves = self._movements.update(sample)
        up = raised(person.pose, self._side, size) if moves else 1.0
        return shown, [Move(move.name, min(move.confidence, up), move.duration_s) for move in moves]

    def reset(self) -> None:
        """Forget where the hand was."""
        self._movements.reset()


def confidence(distance: float, reach: float) -> float:
    """Return 0..1: 0.9 at three quarters of the reach, 0.5 at the reach, 0.1 at five quarters."""
    return membership(distance, 1.25 * reach, 0.75 * reach)


class _Poses:
    """Compares a hand with all shows at once."""

    def __init__(self, taught: Sequence[Taught]) -> None:
        self._names = [(gesture.name, gesture.reach, len(gesture.shapes)) for gesture in taught]
        self._rows = np.array([shape.row for gesture in taught for shape in gesture.shapes])

    def __bool__(self) -> bool:
        return bool(self._names)

    def scores(self, hand: Hand, side: Side, size: tuple[int, int], features: HandFeatures) -> dict[str, float]:
        apart = taught_shapes.distances(taught_shapes.row(hand, side, size, features), self._rows)
        scores, first = {}, 0
        for name, reach, shows in self._names:
            scores[name] = confidence(float(apart[first : first + shows].min()), reach)
            first += shows
        return scores


class _Movements:
    """Compares what lies between two rests, and the last few strokes together, with all shows."""

    def __init__(self, taught: Sequence[Taught]) -> None:
        self._taught = [(gesture, gesture.reach) for gesture in taught]
        self._trail = Trail(REST_S)
        self._strokes: list[list[Sample]] = []

    def __bool__(self) -> bool:
        return bool(self._taught)

    def reset(self) -> None:
        self._trail.reset()
        self._strokes = []

    def lost(self, t_s: float) -> None:
        if self._trail.lost(t_s):
            self._strokes = []

    def update(self, sample: Sample) -> list[Move]:
        self.lost(sample.t_s)
        stroke = self._trail.update(sample)
        if stroke is None:
            return []
        if self._strokes and stroke[0].t_s - self._strokes[-1][-1].t_s > _PAUSE_S:
            self._strokes = []
        self._strokes = [*self._strokes, stroke][-_STROKES:]
        moves = [move for first in range(len(self._strokes)) if (move := self._recognised(self._strokes[first:]))]
        if not moves:
            return []
        self._strokes = []
        return [max(moves, key=lambda move: move.confidence)]

    def _recognised(self, strokes: list[list[Sample]]) -> Move | None:
        way = taught_movements.way([sample for stroke in strokes for sample in stroke])
        if way is None or way.is_stroke:
            return None
        apart = sorted(
            (min(taught_movements.distance(way, show) for show in gesture.ways) / reach, number)
            for number, (gesture, reach) in enumerate(self._taught)
        )
        nearest, number = apart[0]
        sure = confidence(nearest, 1.0)
        if sure < 0.5 or (len(apart) > 1 and apart[1][0] - nearest < _CLEARLY):
            return None
        return Move(self._taught[number][0].name, sure, way.duration_s)
