"""The motion gate: spares the engine while nobody is there and nothing moves."""

import math

import cv2
import numpy as np

from edgeholo.capture.thumbnail import thumbnail
from edgeholo.config import MotionGate as Options
from edgeholo.types import Floats, Frame, Pixels

_CHANGED = 12.0
"""Steps of brightness by which a pixel must differ: sensor noise averages to below 3 in a thumbnail, even in the dark."""
_DARKEST = 1.0
"""Below this brightness the ratio of two pictures means nothing."""
_SAMPLE = 4
"""Every fourth pixel of every fourth line is plenty to tell how the light changed."""
_FORGET_S = 1.0
"""Time constant of the remembered background: long enough for slow movement to add up, short for clouds and dusk."""
_WHOLE_PICTURE_OFF_S = 10.0
"""After a gap of so long the background is of another time, and the frame is looked at."""


class MotionGate:
    """Compares thumbnails with a remembered background whose brightness is fitted to the picture first.

    So automatic exposure and lamps that dim do not count as motion, nor does the sensor's noise. True for the first
    frame, while somebody is there, for ``linger_s`` after the last motion, and for one frame every ``glance_s``.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._background: Floats | None = None
        self._seen_ns = 0
        self._moved_ns: int | None = None
        self._looked_ns: int | None = None

    def check(self, frame: Frame, occupied: bool) -> bool:
        """Return whether to look at this frame; time comes from its time stamp.

        Args:
            frame: the picture.
            occupied: whether somebody is known to be there.
        """
        if not self._options.enabled:
            return True
        now_ns = frame.timestamp_ns
        if occupied or self._moves(thumbnail(frame), now_ns):
            self._moved_ns = now_ns
        if not (self._lingers(now_ns) or self._glances(now_ns)):
            return False
        self._looked_ns = now_ns
        return True

    def _moves(self, small: Pixels, now_ns: int) -> bool:
        """Tell whether the picture changed, and remember it."""
        picture = cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32)
        elapsed_s = (now_ns - self._seen_ns) / 1e9
        self._seen_ns = now_ns
        background = self._background
        if background is None or background.shape != picture.shape or not 0 <= elapsed_s < _WHOLE_PICTURE_OFF_S:
            self._background = picture
            return True
        fitted: Floats = np.minimum(background * _gain(background, picture), np.float32(255.0))
        apart = cv2.absdiff(picture, fitted)
        changed = float(np.count_nonzero(apart > _CHANGED)) / picture.size
        self._background = fitted + np.float32(1.0 - math.exp(-elapsed_s / _FORGET_S)) * (picture - fitted)
        return changed > self._options.threshold

    def _lingers(self, now_ns: int) -> bool:
        return self._moved_ns is not None and 0 <= now_ns - self._moved_ns <= self._options.linger_s * 1e9

    def _glances(self, now_ns: int) -> bool:
        return self._looked_ns is None or not 0 <= now_ns - self._looked_ns < self._options.glance_s * 1e9


def _gain(background: Floats, picture: Floats) -> np.float32:
    """Return by which factor the light changed: the median over the pixels, so that what moves does not count."""
    before, after = background[::_SAMPLE, ::_SAMPLE], picture[::_SAMPLE, ::_SAMPLE]
    lit = before > _DARKEST
    if not lit.any():
        return np.float32(1.0)
    return np.float32(np.median(after[lit] / before[lit]))
