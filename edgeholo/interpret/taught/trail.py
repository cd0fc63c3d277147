"""Where a hand went lately, cut where it rests: what lies between two rests is a movement."""

import math
from collections import deque

from edgeholo.interpret.taught.movements import Sample

_WINDOW_S = 0.12
"""Speed is taken over at least this: between two frames of a fast camera it is mostly noise."""

_PALM_STILL, _TIPS_STILL = 0.7, 1.5
"""Hand sizes a second: held hands measure below 0.4 and 0.4 (demo clip, before and after swipes), moving ones 2 and more,
and in the corners of a letter less than 0.7 for a tenth of a second or two."""

_LOST_S = 0.4
"""A hand that was away for longer did not go its way under our eyes; blur hides it for 0.1 to 0.2 s."""

_LONGEST_S = 6.0
"""A hand under way for longer does something else: it works, or talks."""


class Trail:
    """Follows one hand.

    Args:
        rest_s: seconds of stillness before and after a movement.
    """

    def __init__(self, rest_s: float) -> None:
        self._rest_s = rest_s
        self._recent: deque[Sample] = deque()
        self.reset()

    def reset(self) -> None:
        """Forget where the hand was."""
        self._recent.clear()
        self._way: list[Sample] = []
        self._still_since_s: float | None = None

    @property
    def still_s(self) -> float:
        """Seconds for which the hand has been still; 0 while it moves or was lost."""
        return self._recent[-1].t_s - self._still_since_s if self._recent and self._still_since_s is not None else 0.0

    @property
    def moving(self) -> bool:
        """Whether the hand is on its way from a rest."""
        return bool(self._way) and self._still_since_s is None

    def lost(self, t_s: float) -> bool:
        """Forget a hand that has not been seen for too long; return whether it is forgotten."""
        if self._recent and not 0 <= t_s - self._recent[-1].t_s <= _LOST_S:
            self.reset()
        return not self._recent

    def update(self, sample: Sample) -> list[Sample] | None:
        """Return the movement that is over with this sample: from the last of the rest before to the first of that after."""
        self.lost(sample.t_s)
        still_since_s = self._still_since(sample)
        if still_since_s is None:
            self._still_since_s = None
            if self._way:
                self._way.append(sample)
                if sample.t_s - self._way[0].t_s > _LONGEST_S:
                    self._way = []
            return None
        if self._still_since_s is None:
            self._still_since_s = still_since_s
        if self._way:
            self._way.append(sample)
        if sample.t_s - self._still_since_s < self._rest_s:
            return None
        over = self.finish()
        self._way = [sample]
        return over

    def finish(self) -> list[Sample] | None:
        """Return the movement that is over if nothing more comes: the hand is still, though not yet for long."""
        if self._still_since_s is None:
            return None
        over = [each for each in self._way if each.t_s <= self._still_since_s]
        self._way = []
        return over if len(over) > 1 else None

    def _still_since(self, sample: Sample) -> float | None:
        """Return since when at least the hand is still, or None where it moves."""
        self._recent.append(sample)
        while len(self._recent) > 2 and sample.t_s - self._recent[1].t_s >= _WINDOW_S:
            self._recent.popleft()
        before = self._recent[0]
        seconds = sample.t_s - before.t_s
        if seconds <= 0:
            return None
        palm = math.dist(sample.palm, before.palm) / (sample.size_px * seconds)
        tips = math.dist(sample.tips, before.tips) / seconds
        return before.t_s if palm <= _PALM_STILL and tips <= _TIPS_STILL else None
