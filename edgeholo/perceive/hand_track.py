"""A hand from look to look: where it was last, and where it will be if it goes on as it went."""

from dataclasses import dataclass, replace

import numpy as np

from edgeholo.perceive import hand
from edgeholo.perceive.hand import TrackedHand
from edgeholo.perceive.regions import Region

_FASTEST = 0.8
"""Share of a hand's region by which its crop runs ahead of a fast hand, at most."""


@dataclass(slots=True)
class HandTrack:
    """What is remembered of a hand.

    Attributes:
        last: at the last look, None if it was not found.
        before: at the look before that.
        unchecked: looks since the pose was last asked where the hand is.
    """

    last: TrackedHand | None = None
    before: TrackedHand | None = None
    unchecked: int = 0

    def ahead(self) -> Region | None:
        """Return the region around the last points, moved on as they moved before; None without a movement."""
        if self.last is None or self.before is None:
            return None
        region = hand.region_from_hand(self.last.points)
        step = (self.last.points[:, :2] - self.before.points[:, :2]).mean(axis=0)
        share = min(1.0, _FASTEST * region.width / max(float(np.hypot(*step)), 1e-6))
        return replace(region, x=region.x + share * float(step[0]), y=region.y + share * float(step[1]))
