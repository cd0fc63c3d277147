"""One part of one person over time: calmed while it is seen, coasting and fading when it is lost, then gone."""

import math
from collections import deque

import numpy as np
import numpy.typing as npt

from edgeholo.perceive.continuity import Outline, extent
from edgeholo.perceive.filters import GAP_S, Filter
from edgeholo.types import Floats

COAST_S = 0.1
"""Time constant with which a lost part's movement dies away.

On the signing and swiping clips the error 1 to 4 frames after a loss in motion is 17-30 % less than for a part that stands
still, and least around this value; at rest there is no difference.
"""

COAST_SIZES = 0.5
"""Farthest a lost part coasts, in its own sizes: what a glitch just before the loss can do at most."""


class FadingPart:
    """A pose, a hand or a face.

    Points and world points go through one filter side by side, each in their own size: the world ones are what gestures
    are read from, so they are calmed alike.

    Args:
        filter_: of this part alone.
        fade_s: seconds a lost part is kept.

    Attributes:
        outline: where the part was last, coasting included; None when it is gone.
        world: world points that go with the last answer, float32 (n, 3) metres; they do not coast.
        seen_s: time of the last sighting.
    """

    def __init__(self, filter_: Filter, fade_s: float) -> None:
        self._filter = filter_
        self._fade_s = fade_s
        self._sightings: deque[tuple[float, Outline]] = deque(maxlen=3)
        self._size = (1, 1)
        self._points: Floats | None = None
        self.outline: Outline | None = None
        self.world: Floats | None = None
        self.seen_s = 0.0

    def known(self, t_s: float) -> bool:
        """Return whether it was seen, and not missed for good since, within what says something about now."""
        return self.outline is not None and t_s - self.seen_s <= GAP_S

    def forget(self) -> None:
        """Drop everything: the next sighting is another part's."""
        self._filter.reset()
        self._sightings.clear()
        self._points = self.outline = self.world = None

    def see(self, t_s: float, points: Floats, world: Floats | None, seen: Outline, size: tuple[int, int]) -> Floats:
        """Return the calmed points; ``world`` then holds the calmed world points.

        Args:
            t_s: seconds.
            points: float32 (n, 3), fractions of the picture.
            world: float32 (n, 3) metres, or None.
            seen: outline of ``points``.
            size: (width, height) of the picture in pixels.
        """
        width, height = size
        scale = (seen.extent / width, seen.extent / height, seen.extent / width)
        if world is None:
            calm, self.world = self._filter.update(t_s, points, np.array(scale)), None
        else:
            scales = np.array((scale, (extent(world),) * 3))[:, np.newaxis]
            both = np.concatenate((points, world)).reshape(2, -1, 3)
            calm, self.world = self._filter.update(t_s, both, scales)
        self._sightings.append((t_s, seen))
        self.seen_s, self.outline, self._points, self._size = t_s, seen, calm, size
        return calm

    def miss(self, t_s: float) -> Floats | None:
        """Return where the lost part may be by now, or None when it is gone."""
        if self._points is None:
            return None
        if t_s - self.seen_s >= self._fade_s:
            self.forget()
            return None
        way = self._coasted(t_s - self.seen_s)
        self.outline = self._sightings[-1][1].moved(way)
        right, down = way / self._size
        return self._points + np.array((right, down, 0.0), np.float32)

    def share(self, t_s: float) -> float:
        """Return 1 while the part is seen, falling to 0 at the end of the fading."""
        return 1.0 - (t_s - self.seen_s) / self._fade_s if t_s > self.seen_s else 1.0

    def _coasted(self, lost_s: float) -> npt.NDArray[np.float64]:
        """Return how far the part moved on at its last speed, which dies away exponentially; pixels (2,)."""
        (first_s, first), (last_s, last) = self._sightings[0], self._sightings[-1]
        if last_s <= first_s:
            return np.zeros(2)
        speed = (last.places - first.places).mean(axis=0) / (last_s - first_s)
        way = speed * COAST_S * (1 - math.exp(-lost_s / COAST_S))
        limit = COAST_SIZES * last.extent
        return np.asarray(way * min(1.0, limit / max(math.hypot(*way), limit)))
