"""The quality gate: whether a picture can be understood at all, and what to do where it cannot."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from edgeholo.capture.thumbnail import thumbnail
from edgeholo.config import QualityGate as Options
from edgeholo.types import Frame, Pixels, QualityState, Verdict

_LOOK_EVERY_S = 0.2
"""Light and lenses change slowly: five looks a second leave five to a hold of one second."""
_SLACK = 1.15
"""A state is left only where the picture is 15 % better than what it is entered with, lest it flicker at the border."""
_BURNT = 250
"""From this brightness on nothing is told apart any more."""
_WASHED_OUT_MEAN = 215.0
"""A picture as bright as this on average counts as over-exposed at half the share of burnt-out pixels. Real pictures of
people in front of white walls reach a mean of 208; the same over-exposed threefold have 226 (median of 50)."""
_UNIFORM = 0.2
"""Contrast over mean brightness: a darkened scene keeps its 0.35 to 1, a covered lens has below 0.1."""
_HOPELESS_RANGE = 10.0
"""Steps of brightness between the darkest and the brightest percent. Darkening real pictures step by step, MediaPipe's
body detector still finds people at 11 to 16 steps and nobody at 7."""
_SAME_MEAN = 0.15
_SAME_MOST = 6
"""Difference, in steps of brightness, of two thumbnails of one picture that was compressed twice: on average, and at
most: a frozen MPEG-4 stream has up to 0.07 and 4. A sensor's noise is more: no real clip stays within both for 0.2 s."""

HINTS: dict[QualityState, str] = {
    "ok": "",
    "dark": "too dark: turn a light on",
    "bright": "too bright: turn the camera away from the window or lamp, or draw a curtain",
    "blurred": "out of focus: clean or focus the lens, and take off its protective film",
    "covered": "nothing to be seen: uncover the lens; if it is uncovered, it is pitch dark",
    "frozen": "the picture stands still: the camera hangs; unplug it and plug it in again",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What is measured of a thumbnail.

    Attributes:
        mean: brightness, 0..255.
        contrast: standard deviation of the brightness.
        sharpness: variance of the Laplacian over the variance of the brightness; free of the light's strength.
        burnt: share of burnt-out pixels.
        span: steps of brightness from the darkest to the brightest percent of the pixels.
    """

    mean: float
    contrast: float
    sharpness: float
    burnt: float
    span: float


def measure(small: Pixels) -> Look:
    """Return the measures of a thumbnail, uint8 (h, w)."""
    histogram = np.bincount(small.ravel(), minlength=256)
    cumulated = np.cumsum(histogram) / small.size
    span = float(np.searchsorted(cumulated, 0.99) - np.searchsorted(cumulated, 0.01))
    burnt = 1.0 - float(cumulated[_BURNT - 1])
    mean, deviation = (float(value[0, 0]) for value in cv2.meanStdDev(small))
    edges = float(cv2.meanStdDev(cv2.Laplacian(small, cv2.CV_16S))[1][0, 0])
    sharpness = (edges / deviation) ** 2 if deviation > 0 else 0.0
    return Look(mean, deviation, sharpness, burnt, span)


class QualityGate:
    """Watches the pictures; a state settles only after it lasted ``hold_s``.

    The first state is ``ok``. ``usable`` is False only where the state has settled, this very picture is as bad, and
    nobody could be seen in it: covered, frozen, or so dark or bright that next to no contrast is left.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._state: QualityState = "ok"
        self._raw: QualityState = "ok"
        self._span = 255.0
        self._looked_ns: int | None = None
        self._candidate: QualityState = "ok"
        self._candidate_since_ns = 0
        self._still: Pixels | None = None
        self._still_since_ns = 0

    def check(self, frame: Frame) -> Verdict:
        """Return the verdict on a frame; time comes from its time stamp."""
        now_ns = frame.timestamp_ns
        before = self._state
        if self._due(now_ns):
            self._looked_ns = now_ns
            small = thumbnail(frame)
            look = measure(small)
            self._span = look.span
            self._raw = self._judge(look, small, now_ns)
            self._settle(self._raw, now_ns)
        return Verdict(self._state, HINTS[self._state], self._usable(), self._state != before)

    def _due(self, now_ns: int) -> bool:
        """Tell whether it is time for a look: at first, every 0.2 s, and when time jumps back."""
        return self._looked_ns is None or not 0 <= now_ns - self._looked_ns < _LOOK_EVERY_S * 1e9

    def _judge(self, look: Look, small: Pixels, now_ns: int) -> QualityState:
        """Return the state of this one picture: the first that holds, the most telling first."""
        frozen = self._frozen(small, now_ns)
        for state, holds in _RULES:
            if holds(look, self._options, _SLACK if state == self._state else 1.0):
                return state
        return "frozen" if frozen else "ok"

    def _frozen(self, small: Pixels, now_ns: int) -> bool:
        """Tell whether the picture has not changed at all for ``frozen_s``, down to the sensor's noise."""
        same = (
            self._still is not None
            and self._still.shape == small.shape
            and now_ns >= self._still_since_ns
            and _alike(self._still, small)
        )
        if not same:
            self._still, self._still_since_ns = small, now_ns
        return 0 < self._options.frozen_s <= (now_ns - self._still_since_ns) / 1e9

    def _settle(self, raw: QualityState, now_ns: int) -> None:
        """Change the state once the same other one lasted ``hold_s``; ``frozen`` has waited already."""
        if raw != self._candidate or now_ns < self._candidate_since_ns:
            self._candidate, self._candidate_since_ns = raw, now_ns
        held_s = (now_ns - self._candidate_since_ns) / 1e9
        if raw != self._state and (raw == "frozen" or held_s >= self._options.hold_s):
            self._state = raw

    def _usable(self) -> bool:
        if self._state == "ok" or self._raw != self._state:
            return True
        return self._state not in ("covered", "frozen") and (self._state == "blurred" or self._span >= _HOPELESS_RANGE)


def _alike(one: Pixels, other: Pixels) -> bool:
    difference = cv2.absdiff(one, other)
    return float(cv2.mean(difference)[0]) < _SAME_MEAN and int(difference.max()) <= _SAME_MOST


def _bright(look: Look, options: Options, slack: float) -> bool:
    limit = options.bright / slack
    return look.burnt > limit or (look.burnt > limit / 2 and look.mean > _WASHED_OUT_MEAN)


def _covered(look: Look, options: Options, slack: float) -> bool:
    return look.contrast < options.covered * slack and look.contrast <= _UNIFORM * look.mean


def _dark(look: Look, options: Options, slack: float) -> bool:
    return look.mean < options.dark * slack


def _blurred(look: Look, options: Options, slack: float) -> bool:
    return look.sharpness < options.blurred * slack


_RULES: list[tuple[QualityState, Callable[[Look, Options, float], bool]]] = [
    ("bright", _bright),
    ("covered", _covered),
    ("dark", _dark),
    ("blurred", _blurred),
]
