"""``roll``: a hand as if around a knob, and how far it is turned."""

import cmath
import math

from edgeholo.interpret.controls.control import Views, share
from edgeholo.interpret.controls.view import HandView
from edgeholo.types import Side

_TURN_DEG = 65.0
"""From upright to either end: wrist and forearm turn 70 to 80 degrees without pain."""

_UPRIGHT_PALM = (
    complex(0.0, 0.0),
    complex(-0.3, -0.95),
    complex(-0.08, -1.0),
    complex(0.13, -0.95),
    complex(0.33, -0.83),
)
"""Wrist and knuckles of a left hand held upright, its palm to the camera, x + iy in hand sizes; others are its mirror image."""

_BENT_DEG = (50.0, 145.0)
"""Curl of each finger around a knob: stretched ones bend up to 60 degrees in all, relaxed ones 80 to 110, folded 145 and more."""

_ALIKE_DEG = 60.0
"""Most by which the curls differ: fingers around a knob bend together; a pointing or counting hand's do not."""

_REACH = (1.2, 1.8)
"""Of each finger: folded ones reach below 1.2, stretched ones 1.6 to 2."""

_THUMB_CLEAR = 0.55
"""Distance of the thumb's tip from the nearer middle joint of index and middle finger: relaxed hands 0.2 to 0.5."""

_GRIP = (0.4, 1.1)
"""Distance of thumb and index finger around a knob, hand sizes: below they pinch, beyond the hand is open."""

_THUMB_OUT = 0.85
"""Distance of the thumb's tip from the little finger's knuckle: over the palm 0.4, opposed to the fingers 0.9 to 1.3."""

_OPEN_REACH, _FIST_REACH = 1.8, 1.05
"""All fingers stretched, or all folded: the knob is let go."""

_FACING = 0.35
"""On edge nobody can say how far a hand is turned."""

_FORESHORTENED = 0.35
"""Extent of the palm in the picture over that of one seen in full, below which its angle is noise."""


class Roll:
    """The angle of one hand."""

    name = "roll"
    hold_s = 0.5

    def __init__(self) -> None:
        self._palm_shown = True
        self._deg = 0.0

    def offered(self, views: Views) -> bool:
        """Return whether the fingers are half bent around something, the thumb opposed, the hand held up."""
        (hand,) = views
        features = hand.features
        curls = features.curl_deg
        around = _BENT_DEG[0] <= min(curls) and max(curls) <= _BENT_DEG[1] and max(curls) - min(curls) <= _ALIKE_DEG
        reaching = _REACH[0] <= min(features.reach) and max(features.reach) <= _REACH[1]
        opposed = (
            _GRIP[0] <= features.pinch <= _GRIP[1]
            and features.thumb_across >= _THUMB_OUT
            and features.thumb_clear >= _THUMB_CLEAR
        )
        shown = abs(features.facing) >= _FACING
        return around and reaching and opposed and shown and hand.free

    def take(self, views: Views) -> None:
        """Remember which side of the hand is seen, and how far it is turned."""
        (hand,) = views
        self._palm_shown = hand.features.facing > 0
        self._deg = self._turn(hand, palm_shown=self._palm_shown) or 0.0

    def kept(self, views: Views) -> bool:
        """Return whether the hand is raised and neither opened nor closed."""
        (hand,) = views
        reach = hand.features.reach
        return min(reach) < _OPEN_REACH and max(reach) >= _FIST_REACH and hand.raised

    def value(self, views: Views) -> float | None:
        """Return how far it is turned: 0.5 upright, more clockwise as its owner sees it, who faces the camera."""
        deg = self._turn(views[0], palm_shown=self._palm_shown)
        if deg is None:
            return None
        self._deg += (deg - self._deg + 180.0) % 360.0 - 180.0
        return share(-self._deg, -_TURN_DEG, _TURN_DEG)

    def _turn(self, hand: HandView, *, palm_shown: bool) -> float | None:
        """Return by how many degrees the palm is turned from upright, clockwise in the picture, -180..180.

        The best rotation of an upright palm onto this one (orthogonal Procrustes in the plane), so palms that lean towards
        the camera turn by their width, those seen from the front by both. None where hardly anything is seen of it.
        """
        mirrored = palm_shown != (hand.side is Side.LEFT)
        upright = [complex(-each.real, each.imag) if mirrored else each for each in _UPRIGHT_PALM]
        seen = [complex(x, y) / hand.features.size_px for x, y in hand.palm]
        middle, centre = sum(upright) / len(upright), sum(seen) / len(seen)
        fit = sum((to - centre) * (of - middle).conjugate() for of, to in zip(upright, seen, strict=True))
        extent = sum(abs(of - middle) ** 2 for of in upright)
        return None if abs(fit) < _FORESHORTENED * extent else math.degrees(cmath.phase(fit))
