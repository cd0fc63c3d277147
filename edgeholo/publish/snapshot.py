"""A picture for those who want to see what is seen: skeletons on a plain ground, and nothing of the room."""

import cv2

from edgeholo.draw import draw_on_plain
from edgeholo.publish.newest import STALE_S, Newest
from edgeholo.types import People

_LONGEST_PX = 640
"""Of the longer side: a skeleton is clear at that, and a PNG of it has some 10 kB."""


class Snapshot:
    """Draws whoever is there, once for every time it is asked."""

    def __init__(self) -> None:
        self._newest: Newest | None = None
        self._asked_ns: int | None = None

    def ask(self) -> None:
        """Ask for a drawing."""
        self._newest, self._asked_ns = Newest(), None

    def update(self, people: People) -> bytes | None:
        """Return the drawing, a PNG, when every part that is followed had its turn; None otherwise."""
        if self._newest is None:
            return None
        shown = self._newest.completed(people)
        if self._asked_ns is None:
            self._asked_ns = people.timestamp_ns
        if 0 <= people.timestamp_ns - self._asked_ns < STALE_S * 1e9:
            return None
        self._newest = None
        width, height = shown.size
        scale = min(1.0, _LONGEST_PX / max(width, height))
        picture = draw_on_plain(shown, (max(1, round(width * scale)), max(1, round(height * scale))))
        return cv2.imencode(".png", picture)[1].tobytes()
