"""Claps: hands that meet fast before the chest, and part again.

The one real clap at hand is a signed word (school): the rest is geometry, tried on hands made by tests. Signers also strike
one hand with the other; so it is off unless asked for.
"""

import math

from edgeholo.interpret.membership import membership
from edgeholo.interpret.movement.pair import Pair, Pairs
from edgeholo.interpret.moves import Move

_TOGETHER = 1.4
"""Distance of palms that touch, in hand sizes: 0.2 when signers clap; a slow camera sees
them a moment before or after."""

_APART = 2.2
"""From here on hands are apart."""

_CLOSING_S = 0.6
"""Hands clapped together come from ``_APART`` in less than half of this (signers: 0.3 s)."""

_PARTING_S = 0.5
"""Clapped hands part again in less; folded ones stay."""

_PARTED = 0.6
"""So much farther apart than they met, they have parted."""

_REST_S = 0.4
"""After a clap: the hands part, and whoever applauds has clapped already."""


class Claps:
    """Finds the claps of two hands."""

    def __init__(self) -> None:
        self._pairs = Pairs(_CLOSING_S + _PARTING_S)
        self._clapped_s: float | None = None

    def reset(self) -> None:
        """Forget where the hands were."""
        self._pairs.known.clear()
        self._clapped_s = None

    def update(self, now: Pair) -> Move | None:
        """Return the clap from which the hands now part."""
        self._pairs.add(now)
        met = min(self._pairs.since(now.t_s - _PARTING_S), key=lambda each: each.apart)
        if met is now or met.apart > _TOGETHER or now.apart < met.apart + _PARTED:
            return None
        before = [each for each in self._pairs.known if 0 < met.t_s - each.t_s <= _CLOSING_S]
        start = next((each for each in reversed(before) if each.apart >= _APART), None)
        if start is None or (self._clapped_s is not None and start.t_s - self._clapped_s < _REST_S):
            return None
        confidence = _confidence(start, met, now)
        if confidence < 0.5:
            return None
        self._clapped_s = now.t_s
        return Move("clap", confidence, now.t_s - start.t_s)


def _confidence(start: Pair, met: Pair, now: Pair) -> float:
    speed = (start.apart - met.apart) / (met.t_s - start.t_s)
    before_chest = 1.0 if met.below is None else min(membership(met.below, 1.1, 0.9), membership(met.below, -0.3, 0.0))
    shares = [
        math.dist(*places) / start.unit_px / start.apart
        for places in ((start.left, met.left), (start.right, met.right))
    ]
    return min(
        membership(min(shares), 0.1, 0.25),  # both come; signers strike one hand with the other
        membership(
            speed, 3.0, 6.0
        ),  # hand sizes a second, both hands together: 6.6 when signers clap; hands fold gently
        membership(met.apart, 1.5, 1.15),
        membership(min(start.open, now.open), 1.2, 1.45),  # palms, not fists
        before_chest,
    )
