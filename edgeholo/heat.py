"""Slows down before the firmware does, step by step, and comes back the same way.

A Raspberry Pi's firmware takes the clock down from 80 °C on, and more from 85 °C on (Raspberry Pi documentation, frequency management
and thermal control): what then comes late, comes late at random. Less work that is chosen is better.
"""

from dataclasses import dataclass

from edgeholo.types import Pace

FIRMWARE_C = 80.0
"""Where the firmware of every Raspberry Pi begins to take the clock down."""
HYSTERESIS_C = 4.0
"""A step is taken back so much below where it was taken: a reading's noise is one degree, a frame's work another."""
RISE_S = 15.0
"""Between two steps down: a bare Raspberry Pi 4 follows its load with a time constant of a minute, so this is time to see a trend."""
REST_S = 60.0
"""Cool for so long before a step is taken back; twice as long after a step back that did not last."""
LONGEST_REST_S = 1800.0
"""A room that is too hot by day is tried twice an hour, no more."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step down.

    Attributes:
        at_c: degrees from which it is taken.
        pace: how hard the engine may work then.
        words: what is done less, for a person.
        suffers: which gestures feel it.
    """

    at_c: float
    pace: Pace
    words: str
    suffers: str


STEPS = (
    Step(70.0, Pace(side_by_side=False), "the hands are looked at one after the other", "nothing"),
    Step(
        74.0,
        Pace(side_by_side=False, frames_hz=12.0),
        "twelve frames a second are looked at",
        "how smooth controls are",
    ),
    Step(
        78.0,
        Pace(side_by_side=False, face=False, frames_hz=7.5),
        "seven to eight frames a second are looked at, and no face",
        "swipes, claps, quick waves and all of the face; poses of hand and body still count",
    ),
)
"""Ten, six and two degrees of room before ``FIRMWARE_C``. Frames are spared, not looks: the schedule then still looks at a fast hand in
each. Measured on two swipes, four starts each: at 12 frames a second eight of eight were seen, at 10 seven, at 7.5 six; with looks at
six tenths of their rates one, and open palms that nobody had shown, which six frames a second bring too.
"""


class Governor:
    """Decides how far to slow down: level 0 is not at all, level n is ``STEPS[n - 1]``.

    One step at a time; never to and fro, whatever noise there is in the readings and however much a step cools.

    Attributes:
        level: as of the last reading.
    """

    def __init__(self) -> None:
        self.level = 0
        self._changed_s: float | None = None
        self._cool_since_s: float | None = None
        self._rest_s = REST_S
        self._eased_s: float | None = None

    @property
    def pace(self) -> Pace:
        """How hard the engine may work now."""
        return STEPS[self.level - 1].pace if self.level else Pace()

    def update(self, degrees_c: float | None, now_s: float) -> bool:
        """Take a reading; return whether the level has changed. A machine that does not tell is never hot.

        Args:
            degrees_c: the processor's temperature.
            now_s: of a clock that is never set.
        """
        degrees_c = 0.0 if degrees_c is None else degrees_c
        if self.level < len(STEPS) and degrees_c >= STEPS[self.level].at_c:
            self._cool_since_s = None
            return self._slow(now_s)
        if self.level and degrees_c < STEPS[self.level - 1].at_c - HYSTERESIS_C:
            if self._cool_since_s is None:
                self._cool_since_s = now_s
            return self._ease(now_s, self._cool_since_s)
        self._cool_since_s = None
        return False

    def _slow(self, now_s: float) -> bool:
        if self._changed_s is not None and now_s - self._changed_s < RISE_S:
            return False
        if self._eased_s is not None:
            relapsed = now_s - self._eased_s < max(2 * self._rest_s, LONGEST_REST_S)
            self._rest_s = min(2 * self._rest_s, LONGEST_REST_S) if relapsed else REST_S
            self._eased_s = None
        self._changed_s = now_s
        self.level += 1
        return True

    def _ease(self, now_s: float, since_s: float) -> bool:
        if now_s - since_s < self._rest_s:
            return False
        self._changed_s = self._eased_s = self._cool_since_s = now_s
        self.level -= 1
        return True
