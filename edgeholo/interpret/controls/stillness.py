"""Whether what is offered is meant: kept up, in one place, for long enough."""

import math
from collections import deque

from edgeholo.interpret.controls.view import HandView, Place

_SAME_PLACE = 0.3
"""Hand sizes, about 3 cm, within which a hand is held still: hands that are shown sway by 0.1, those of talkers rest nowhere."""

_GAP_S = 0.25
"""An offer that is not seen for longer begins anew; one misread frame in a camera's fifteen a second is forgiven."""


class Stillness:
    """Follows an offer of one hand, or of two.

    Args:
        hold_s: for how long it must last, seconds.
    """

    def __init__(self, hold_s: float) -> None:
        self._hold_s = hold_s
        self._trail: deque[tuple[float, tuple[Place, ...]]] = deque()

    def reset(self) -> None:
        """Forget the offer."""
        self._trail.clear()

    def update(self, t_s: float, hands: tuple[HandView, ...]) -> bool:
        """Return whether the offer has lasted, the hands in their places, for long enough.

        Args:
            t_s: seconds.
            hands: that make the offer in this frame.
        """
        if self._trail and t_s - self._trail[-1][0] > _GAP_S:
            self._trail.clear()
        places = tuple(hand.place for hand in hands)
        reach_px = _SAME_PLACE * min(hand.features.size_px for hand in hands)
        while self._trail and _moved(places, self._trail[0][1]) > reach_px:
            self._trail.popleft()
        self._trail.append((t_s, places))
        return t_s - self._trail[0][0] >= self._hold_s


def _moved(now: tuple[Place, ...], then: tuple[Place, ...]) -> float:
    return max(math.dist(here, there) for here, there in zip(now, then, strict=True))
