"""What somebody shows who teaches a gesture: poses held still, and movements from rest to rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgeholo.interpret.hand.features import measure
from edgeholo.interpret.hand.stance import raised
from edgeholo.interpret.movement.one_hand import HandMovement
from edgeholo.interpret.taught import movements as taught_movements
from edgeholo.interpret.taught import shapes as taught_shapes
from edgeholo.interpret.taught.movements import Sample, Way
from edgeholo.interpret.taught.recognition import Kind
from edgeholo.interpret.taught.shapes import HandShape
from edgeholo.interpret.taught.trail import Trail
from edgeholo.types import Person, Side

HOLD_S = 0.6
"""A hand held still for so long shows a pose; asked for a second, people give 0.7 to 0.9 (demo clip), a little of which they come to rest."""

_SURELY_A_POSE_S = 1.5
"""Who means a movement has begun it by then."""

_REST_S = 0.5
"""Longer than at recognition, for who teaches lingers in the corners of a movement."""

_ATTENTIVE_S = 0.3
"""Stillness after which a show is announced: sooner, every passing hand would be."""

_SAME_HOLD_S = 0.25
"""A hand that twitches for less goes on holding,"""

_SAME_HOLD = 0.7
"""unless its shape is farther than this from before: 0.1 to 0.6 is the same (demo clip)."""

_MOVES = 8
"""Movements of the vocabulary remembered: more are not made in one that is taught."""

_UP = 0.5
"""Of ``stance.raised``: a hand that hangs or lies in the lap shows nothing."""

_Array = npt.NDArray[np.float64]
_Looks = list[tuple[float, _Array]]


@dataclass(frozen=True, slots=True, eq=False)
class Show:
    """A gesture, shown once.

    Attributes:
        side: the hand that showed it.
        start_s: when it began, seconds.
        end_s: when it was over.
        thing: the shape that was held, or the way that was gone.
        known_as: the gestures of the vocabulary that the same movement was taken for.
    """

    side: Side
    start_s: float
    end_s: float
    thing: HandShape | Way
    known_as: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """Whether it was a pose or a movement."""
        return Kind.POSE if isinstance(self.thing, HandShape) else Kind.MOVEMENT


class ShowReader:
    """Follows one hand of one person.

    Until it is known whether a pose or a movement is taught, a hold is only taken for a pose when no movement follows it.

    Args:
        side: which hand.
    """

    def __init__(self, side: Side) -> None:
        self._side = side
        self._trail = Trail(_REST_S)
        self._movement = HandMovement(side)
        self._known: list[tuple[float, str]] = []
        self._looks: _Looks = []
        self._before: _Looks = []
        self._told = False
        self._moved_s: float | None = None

    def reset(self) -> None:
        """Forget what the hand did."""
        self._trail.reset()
        self._movement.reset()
        self._known = []
        self._forget_hold()

    @property
    def busy(self) -> bool:
        """Whether a show may be under way."""
        return self._trail.moving or self._trail.still_s >= _ATTENTIVE_S

    def update(self, t_s: float, person: Person, size: tuple[int, int], kind: Kind | None) -> Show | None:
        """Return the show that is over with this frame.

        Args:
            t_s: seconds.
            person: whose hand it is; without this hand where it was not found.
            size: (width, height) of the picture in pixels.
            kind: what is taught; None where that is still open.
        """
        hand = person.hand(self._side)
        features = None if hand is None else measure(hand, self._side, size)
        moves = self._movement.update(t_s, None if features is None else hand, features, person, size)
        self._known = [*self._known, *((t_s, move.name) for move in moves)][-_MOVES:]
        if hand is None or features is None:
            return self._down(kind) if self._trail.lost(t_s) else None
        if raised(person.pose, self._side, size) < _UP:
            return self._down(kind)
        over = self._trail.update(taught_movements.sample(t_s, hand, self._side, size, features.size_px))
        points = taught_shapes.canonical(hand, self._side, size, features.size_px)
        if self._holds(t_s, points) and kind is not Kind.MOVEMENT and not self._told:
            self._looks.append((t_s, points))
        if over is not None and (show := self._after(over, kind)) is not None:
            return show
        return self._pose(kind, least_s=HOLD_S if kind is Kind.POSE else _SURELY_A_POSE_S)

    def finish(self, kind: Kind | None) -> Show | None:
        """Return the show that is over where nothing more comes."""
        over = self._trail.finish()
        return (self._after(over, kind) if over else None) or self._pose(kind, least_s=HOLD_S)

    def _down(self, kind: Kind | None) -> Show | None:
        """Return the pose that a hand held which is gone now."""
        show = self._pose(kind, least_s=HOLD_S)
        self._trail.reset()
        self._forget_hold()
        return show

    def _holds(self, t_s: float, points: _Array) -> bool:
        """Return whether the hand is held still; a new hold begins where it was not for a while, or shows something else."""
        still = self._trail.still_s > 0
        if not still and self._moved_s is None:
            self._moved_s = t_s
        if still and self._moved_s is not None:
            if t_s - self._moved_s > _SAME_HOLD_S or self._changed(points):
                self._before = self._looks if not self._told else []
                self._looks, self._told = [], False
            self._moved_s = None
        return still

    def _changed(self, points: _Array) -> bool:
        if not self._looks:
            return False
        before, now = taught_shapes.of_points([self._looks[-1][1]]), taught_shapes.of_points([points])
        return before is None or now is None or taught_shapes.distance(before, now) > _SAME_HOLD

    def _after(self, over: Sequence[Sample], kind: Kind | None) -> Show | None:
        """Return what a hand that rests again has shown: the movement, or the pose before where it hardly moved."""
        way = None if kind is Kind.POSE else taught_movements.way(over)
        if way is not None:
            self._told = kind is None or self._told
            known = tuple(name for t_s, name in self._known if t_s >= over[0].t_s)
            self._known = []
            return Show(self._side, over[0].t_s, over[-1].t_s, way, known)
        before, self._before = self._before, []
        return None if kind is Kind.MOVEMENT else self._shown(before)

    def _pose(self, kind: Kind | None, *, least_s: float) -> Show | None:
        """Return the pose that is held, if it is held long enough and was not told yet."""
        if self._told or kind is Kind.MOVEMENT or _seconds(self._looks) < least_s:
            return None
        self._told = True
        return self._shown(self._looks)

    def _shown(self, looks: _Looks) -> Show | None:
        if _seconds(looks) < HOLD_S:
            return None
        shape = taught_shapes.of_points([points for _, points in looks])
        return None if shape is None else Show(self._side, looks[0][0], looks[-1][0], shape)

    def _forget_hold(self) -> None:
        self._looks, self._before = [], []
        self._told = False
        self._moved_s = None


def _seconds(looks: _Looks) -> float:
    return looks[-1][0] - looks[0][0] if looks else 0.0
