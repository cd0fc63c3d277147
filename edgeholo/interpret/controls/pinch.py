"""``pinch``: thumb and index finger together, then how far they are apart."""

import math

from edgeholo.interpret.controls.control import Views, share
from edgeholo.interpret.controls.view import Place

_TOGETHER = 0.3
"""Distance of the tips in hand sizes: fingertips that touch measure 0.1 to 0.25 (webcam rings, signers)."""

_FINGER_OUT = 1.15
"""Reach of the index finger: 1.2 to 1.6 in a ring, 0.9 in a fist, whose thumb may lie at its tip as well."""

_CLOSED, _OPEN = 0.28, 1.1
"""Tips that touch, and thumb and index finger of open hands: 0.95 to 1.3 (home)."""

_FIST = 1.15
"""Reach of each of the four fingers in a fist: 0.6 to 1.1."""

_WIDE, _AWAY, _WIDE_S = 0.9, 1.5, 0.4
"""Fingers left wide open for so long while the hand goes away by so many hand sizes: it no longer turns anything."""


class Pinch:
    """The distance between thumb and index finger of one hand."""

    name = "pinch"
    hold_s = 0.3

    def __init__(self) -> None:
        self._wide_since: tuple[float, Place] | None = None

    def offered(self, views: Views) -> bool:
        """Return whether the tips are together, the hand held up; the other fingers as they like."""
        (hand,) = views
        features = hand.features
        return features.pinch <= _TOGETHER and features.reach[0] >= _FINGER_OUT and hand.free

    def take(self, views: Views) -> None:  # noqa: ARG002 - the protocol's argument
        """Begin with closed fingers."""
        self._wide_since = None

    def kept(self, views: Views) -> bool:
        """Return whether the hand is raised, no fist, and has not gone away with wide fingers."""
        (hand,) = views
        fist = max(hand.features.reach) < _FIST
        return not fist and not self._gone(views) and hand.raised

    def value(self, views: Views) -> float:
        """Return the distance of the tips, 0 closed, 1 wide open."""
        return share(views[0].features.pinch, _CLOSED, _OPEN)

    def _gone(self, views: Views) -> bool:
        (hand,) = views
        if self.value(views) < _WIDE:
            self._wide_since = None
            return False
        if self._wide_since is None:
            self._wide_since = hand.t_s, hand.place
        since_s, there = self._wide_since
        moved = math.dist(hand.place, there) / hand.features.size_px
        return hand.t_s - since_s >= _WIDE_S and moved >= _AWAY
