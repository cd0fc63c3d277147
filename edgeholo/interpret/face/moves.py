"""What a head does once: a nod, a shake, a blink."""

from collections import deque
from dataclasses import dataclass

from edgeholo.interpret.face.features import FaceFeatures
from edgeholo.interpret.membership import membership
from edgeholo.interpret.moves import Move

_SWINGS = 4
"""Down, up, down, up: twice is meant, once is looking at one's hands."""

_SWING_S = 0.6
"""Longest time from turn to turn: nods and shakes take 0.15 to 0.4 s each way, who looks around rests in between."""

_SHORTEST_SWING_S = 0.06
"""Quicker than any neck: noise."""

_QUIET_S = 0.8
"""The head must be quiet for so long before the next one: going on nodding is one nod."""

_ASIDE = 0.6
"""Most that the head may move about its other axes, compared with this one: a talker's head goes all ways."""

_MEMORY_S = 3.0
"""Longer than four swings take."""

_BLINK_S = 0.4
"""Longest blink, between the moments in which the eyes are half closed: blinks take 0.1 to 0.3 s and seem longer smoothed."""

_LID_S = 0.5
"""Within this before and after the eyes are open; smoothed lids need up to 0.25 s each way in every frame, 0.45 at 10 looks a second."""

_OPEN = 0.85
"""Share of this person's usual opening that counts as open, before and after: eyes that only look down come back elsewhere."""

_CLOSED = {False: (0.86, 0.74), True: (0.75, 0.6)}
"""Opening in the blink over that around it, by whether the mesh is refined. Of the plain one real blinks measured 0.66 to 0.83
(it follows lids reluctantly, and smoothing takes some), steady eyes tremble down to 0.9; of the refined one 0.2 to 0.7."""

_STILL_DEG = 6.0
"""Most that the head may turn over a blink: lids go down with the head as well. Blinks themselves shake the mesh by up to 5."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a head is turned at a time.

    Attributes:
        t_s: seconds.
        deg: about the axis that counts.
        aside_deg: about the other two.
    """

    t_s: float
    deg: float
    aside_deg: tuple[float, float]


class Swings:
    """Finds a head that swings to and fro about one axis, twice and more, and little about the others.

    Args:
        name: of the gesture.
        least_deg: smallest swing.
    """

    def __init__(self, name: str, least_deg: float) -> None:
        self._name = name
        self._least_deg = least_deg
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._trail: deque[Head] = deque()
        self._lowest: Head | None = None
        self._highest: Head | None = None
        self._rising: bool | None = None
        self._turned_s: list[float] = []
        self._told = False

    def update(self, head: Head) -> Move | None:
        """Return the move in the frame in which the fourth swing is sure."""
        self._trail.append(head)
        while head.t_s - self._trail[0].t_s > _MEMORY_S:
            self._trail.popleft()
        if self._turned_s and head.t_s - self._turned_s[-1] > _QUIET_S:
            self._turned_s, self._told = [], False
        if not self._turns(head):
            return None
        self._count(head.t_s)
        return self._move(head) if len(self._turned_s) >= _SWINGS and not self._told else None

    def _turns(self, head: Head) -> bool:
        """Return whether it is sure in this frame that the head goes the other way: it did so by the least angle."""
        lowest, highest = self._lowest or head, self._highest or head
        self._lowest = head if head.deg <= lowest.deg else lowest
        self._highest = head if head.deg >= highest.deg else highest
        up = self._rising is not True and head.deg - self._lowest.deg >= self._least_deg
        down = self._rising is not False and self._highest.deg - head.deg >= self._least_deg
        if up or down:
            self._rising = up
            self._lowest = self._highest = head
        return up or down

    def _count(self, t_s: float) -> None:
        if self._turned_s and not _SHORTEST_SWING_S <= t_s - self._turned_s[-1] <= _SWING_S:
            self._turned_s = []
        self._turned_s.append(t_s)

    def _move(self, head: Head) -> Move | None:
        since_s = self._turned_s[-_SWINGS] - _SWING_S / 2
        seen = [each for each in self._trail if each.t_s >= since_s]
        swing = _range([each.deg for each in seen])
        aside = max(_range([each.aside_deg[axis] for each in seen]) for axis in range(2))
        if aside > _ASIDE * swing:
            return None
        self._told = True
        return Move(self._name, membership(swing, self._least_deg / 2, self._least_deg * 1.25), head.t_s - since_s)


@dataclass(frozen=True, slots=True)
class _Look:
    t_s: float
    opening: float
    pitch_deg: float
    yaw_deg: float


class Blinks:
    """Finds eyes that close and open again within a fraction of a second.

    Sure or silent: a blink of 0.1 s between two looks ten times a second is not seen.
    """

    def __init__(self) -> None:
        self._trail: deque[_Look] = deque()

    def reset(self) -> None:
        """Forget everything."""
        self._trail.clear()

    def update(self, t_s: float, opening: float, features: FaceFeatures) -> Move | None:
        """Return the blink in the frame in which the eyes are open again.

        Args:
            t_s: seconds.
            opening: of the eyes, 1 as far as usual.
            features: of the face.
        """
        now = _Look(t_s, opening, features.pitch_deg, features.yaw_deg)
        self._trail.append(now)
        while t_s - self._trail[0].t_s > _BLINK_S + 2 * _LID_S:
            self._trail.popleft()
        lowest = min(self._trail, key=lambda look: look.opening)
        earlier = [look for look in self._trail if 0 < lowest.t_s - look.t_s <= _LID_S]
        if not earlier or not 0 < t_s - lowest.t_s <= _LID_S:
            return None
        before = max(earlier, key=lambda look: look.opening)
        edge = min(before.opening, opening)
        sure = membership(lowest.opening / edge, *_CLOSED[features.refined]) if edge >= _OPEN else 0.0
        duration_s = self._closed_s((edge + lowest.opening) / 2)
        if sure < 0.5 or duration_s > _BLINK_S or _turned(before, now):
            return None
        self._trail.clear()
        self._trail.append(now)
        return Move("blink", sure, duration_s)

    def _closed_s(self, opening: float) -> float:
        """Return for how long the eyes were less open than that: until they were found open again."""
        closed = [index for index, look in enumerate(self._trail) if look.opening < opening]
        return self._trail[closed[-1] + 1].t_s - self._trail[closed[0]].t_s


def _turned(before: _Look, now: _Look) -> bool:
    return max(abs(now.pitch_deg - before.pitch_deg), abs(now.yaw_deg - before.yaw_deg)) > _STILL_DEG


def _range(values: list[float]) -> float:
    return max(values) - min(values)
