"""The life of one control on one hand, or on a pair: offered, taken, turned, let go."""

import logging
import math
from collections import deque
from typing import Literal

from edgeholo.interpret.controls.control import Control, Views
from edgeholo.interpret.controls.reading import Reading
from edgeholo.interpret.controls.stillness import Stillness
from edgeholo.types import Side

_LOGGER = logging.getLogger(__name__)

_LEAST_CHANGE = 0.015
"""Less is trembling: fingertips that are held still wander by about 0.01 of the range."""

_FASTEST_PER_S = 5.0
"""The whole range in 0.2 s: faster only hands jump that were lost and found again, or seen wrongly once."""

_LONGEST_STEP_S = 0.1
"""So much of a pause counts for that speed: a hand that comes back glides to where it is."""

_LET_GO_S = 0.15
"""No longer meant for so long: one frame, misread, lets nothing go."""

_LOST_S = 0.5
"""Hands that turn or blur are lost for up to 0.3 s."""

_HASTY = 8.0
"""Hand sizes a second, 0.7 m/s: swipes and dropped hands are faster, hands that set a value measure 1 to 4."""

_SPEED_S = 0.1
"""Speed is taken over at least this: between two frames of a fast camera it is mostly noise."""

_RESTED_S, _RESTED = 0.2, 0.05
"""A value that stayed within so much for so long was meant; what comes after it, while the hand closes or falls, was not."""

_RECENT_S = 1.0
"""A rest longer ago than this says nothing about where somebody let go."""


class Grip:
    """Follows one control of one hand, or of one pair.

    Args:
        control: what it is.
        sides: the hands that it is made with.

    Attributes:
        taken: whether it is.
        seen_s: when its hands were last seen since.
    """

    def __init__(self, control: Control, sides: tuple[Side, ...]) -> None:
        self.sides = sides
        self.taken = False
        self.seen_s = 0.0
        self._control = control
        self._stillness = Stillness(control.hold_s)
        self._t_s = 0.0
        self._missing_s: float | None = None
        self._unmeant_s: float | None = None
        self._value = self._told = 0.0
        self._values: deque[tuple[float, float]] = deque()
        self._trail: deque[tuple[float, Views]] = deque()

    def offered(self, views: Views) -> bool:
        """Return whether the hands are shaped as to take it."""
        return self._control.offered(views)

    def withdraw(self) -> None:
        """Forget the offer so far."""
        self._stillness.reset()

    def take(self, t_s: float, views: Views) -> list[Reading]:
        """Return the first reading once the offer in ``views`` has lasted."""
        if not self._stillness.update(t_s, views):
            return []
        self._control.take(views)
        value = self._control.value(views)
        if value is None:
            return []
        self._stillness.reset()
        self.taken, self.seen_s, self._t_s = True, t_s, t_s
        self._missing_s = self._unmeant_s = None
        self._value = self._told = _clipped(value)
        self._values, self._trail = deque([(t_s, self._value)]), deque([(t_s, views)])
        return [self._reading("begin")]

    def turn(self, t_s: float, views: Views) -> list[Reading]:
        """Return what changed, now that the hands are seen."""
        self.seen_s, self._missing_s = t_s, None
        if self._hasty(t_s, views):
            return self.end()
        if not self._control.kept(views):
            return self._let_go(t_s)
        self._unmeant_s = None
        value = self._control.value(views)
        if value is None:
            return []
        self._glide(t_s, _clipped(value))
        at_an_end = self._value != self._told and self._value in (0.0, 1.0)
        if abs(self._value - self._told) < _LEAST_CHANGE and not at_an_end:
            return []
        self._told = self._value
        return [self._reading("change")]

    def miss(self, t_s: float) -> list[Reading]:
        """Return the end once the hands have been gone for too long."""
        self._missing_s = t_s if self._missing_s is None else self._missing_s
        return self.end() if t_s - self._missing_s >= _LOST_S else []

    def end(self) -> list[Reading]:
        """Return the last reading, of where it rested before it was let go."""
        if not self.taken:
            return []
        self.taken = False
        self._told = self._rest()
        return [self._reading("end")]

    def _hasty(self, t_s: float, views: Views) -> bool:
        """Return whether a hand is swept or dropped: that turns nothing, whatever way it takes."""
        self._trail.append((t_s, views))
        while len(self._trail) > 2 and t_s - self._trail[1][0] >= _SPEED_S:
            self._trail.popleft()
        then_s, before = self._trail[0]
        return any(
            math.dist(now.place, then.place) > _HASTY * now.features.size_px * max(t_s - then_s, _SPEED_S)
            for now, then in zip(views, before, strict=True)
        )

    def _let_go(self, t_s: float) -> list[Reading]:
        self._unmeant_s = t_s if self._unmeant_s is None else self._unmeant_s
        return self.end() if t_s - self._unmeant_s >= _LET_GO_S else []

    def _glide(self, t_s: float, value: float) -> None:
        most = _FASTEST_PER_S * min(t_s - self._t_s, _LONGEST_STEP_S)
        self._value += max(-most, min(most, value - self._value))
        self._t_s = t_s
        self._values.append((t_s, self._value))
        while t_s - self._values[0][0] > _RECENT_S + _RESTED_S:
            self._values.popleft()

    def _rest(self) -> float:
        """Return the last value that was held, or the last of all where none was held lately."""
        last_s, last = self._values[-1]
        for end_s, value in reversed(self._values):
            if last_s - end_s > _RECENT_S:
                break
            held = [each for t_s, each in self._values if 0 <= end_s - t_s <= _RESTED_S]
            if end_s - self._values[0][0] >= _RESTED_S and max(held) - min(held) <= _RESTED:
                return value
        return last

    def _reading(self, phase: Literal["begin", "change", "end"]) -> Reading:
        side = self.sides[0] if len(self.sides) == 1 else None
        if phase != "change":
            _LOGGER.info("%s %s, %s, %.2f", self._control.name, phase, side or "both hands", self._told)
        return Reading(self._control.name, self._told, phase, side)


def _clipped(value: float) -> float:
    return max(0.0, min(1.0, value))
