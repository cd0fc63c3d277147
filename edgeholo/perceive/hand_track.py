"""A hand from look to look: where it was last, and where it will be if it goes on as it went."""

from dataclasses import dataclass, replace

import numpy as np

from edgeholo.perceive import hand
from edgeholo.perceive.hand import TrackedHand
from edgeholo.perceive.regions import Points, Region

_FAST = 3.0
"""Widths of its region a second from which a hand is fast: a swipe does 4 to 9, and blurs; signing is mostly below 2."""
_FARTHEST = 0.8
"""Share of a hand's region by which its crop runs ahead of it, at most."""


@dataclass(slots=True)
class HandTrack:
    """What is remembered of a hand.

    Attributes:
        last: at the last look, None if it was not found.
        before: at the look before that at which it was found.
        last_s: when the last look was.
        before_s: when the look was that ``before`` is from.
        unchecked: looks since the pose was last asked where the hand is.
    """

    last: TrackedHand | None = None
    before: TrackedHand | None = None
    last_s: float = 0.0
    before_s: float = 0.0
    unchecked: int = 0

    @property
    def fast(self) -> bool:
        """Whether the hand moved so fast between the last two looks that it may be blurred, and far from where it was."""
        if self.last is None or self.before is None or self.last_s <= self.before_s:
            return False
        way = float(np.hypot(*_step(self.before, self.last)))
        return way >= _FAST * hand.region_from_hand(self.last.points).width * (self.last_s - self.before_s)

    def looked(self, t_s: float, found: TrackedHand | None) -> None:
        """Remember a look."""
        if self.last is not None:
            self.before, self.before_s = self.last, self.last_s
        self.last, self.last_s = found, t_s

    def around(self) -> Region | None:
        """Return the region around the last points, None if there are none."""
        return None if self.last is None else hand.region_from_hand(self.last.points)

    def ahead(self, t_s: float) -> Region | None:
        """Return the region around the last points, moved on as they moved before; None without a movement."""
        if self.last is None or self.before is None or self.last_s <= self.before_s:
            return None
        region = hand.region_from_hand(self.last.points)
        step = _step(self.before, self.last) * (t_s - self.last_s) / (self.last_s - self.before_s)
        share = min(1.0, _FARTHEST * region.width / max(float(np.hypot(*step)), 1e-6))
        return replace(region, x=region.x + share * float(step[0]), y=region.y + share * float(step[1]))


def _step(before: TrackedHand, last: TrackedHand) -> Points:
    """Return the way of the hand's middle (2,), pixels."""
    way: Points = (last.points[:, :2] - before.points[:, :2]).mean(axis=0)
    return way
