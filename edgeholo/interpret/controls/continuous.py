"""Continuous controls of one person: which hand has which, one at a time."""

from collections.abc import Callable, Collection, Mapping

from edgeholo.interpret.controls.control import Control, Views
from edgeholo.interpret.controls.grip import Grip
from edgeholo.interpret.controls.height import Height
from edgeholo.interpret.controls.pinch import Pinch
from edgeholo.interpret.controls.reading import Reading
from edgeholo.interpret.controls.roll import Roll
from edgeholo.interpret.controls.spread import Spread
from edgeholo.interpret.controls.view import HandView, view
from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.interpret.phases import GAP_S
from edgeholo.types import Hand, Person, Side

__all__ = ["CONTROLS", "Controls", "Reading"]

CONTROLS: dict[str, Callable[[], Control]] = {"spread": Spread, "pinch": Pinch, "roll": Roll, "height": Height}
"""Every control by its name; what comes first goes first where a hand offers two."""

_BOTH = ("spread",)
"""Those that take two hands."""

_STILL_THERE_S = 0.2
"""A hand that this frame did not look for is where it was so long ago: then two hands can be seen together."""

_REST_S = 1.0
"""A hand that has let go takes nothing for so long: opening it, or lowering it, was the end and no new beginning."""


class Controls:
    """Follows the controls of one person. A hand has one at a time.

    Args:
        names: those that count.
    """

    def __init__(self, names: Collection[str]) -> None:
        pairs = [(Side.LEFT, Side.RIGHT)]
        singles = [(side,) for side in Side]
        self._grips = [
            Grip(make(), sides)
            for name, make in CONTROLS.items()
            if name in names
            for sides in (pairs if name in _BOTH else singles)
        ]
        self._t_s: float | None = None
        self._seen: dict[Side, HandView] = {}
        self._rests_until_s: dict[Side, float] = {}

    def update(
        self,
        t_s: float,
        hands: Mapping[Side, tuple[Hand, HandFeatures]],
        looked: Collection[Side],
        person: Person,
        size: tuple[int, int],
    ) -> list[Reading]:
        """Return what changed, ends first.

        Args:
            t_s: seconds; a step back or a pause of more than a second lets everything go.
            hands: those that are seen in this frame.
            looked: the sides that were looked at; a hand of another is as it was.
            person: whose hands they are; the pose may be a moment old.
            size: (width, height) of the picture in pixels.
        """
        passed_s = 0.0 if self._t_s is None else t_s - self._t_s
        if self._t_s is not None and passed_s == 0:
            return []
        self._t_s = t_s
        readings = [] if 0 <= passed_s <= GAP_S else self._restart()
        for side in looked:
            self._seen.pop(side, None)
        self._seen |= {side: view(t_s, side, *hand, person, size) for side, hand in hands.items()}
        readings += [reading for grip in self._grips if grip.taken for reading in self._follow(t_s, grip, looked)]
        return readings + self._offers(t_s)

    def finish(self) -> list[Reading]:
        """Let go of everything, and return the ends."""
        self._seen.clear()
        return [reading for grip in self._grips for reading in grip.end()]

    def _restart(self) -> list[Reading]:
        self._rests_until_s.clear()
        for grip in self._grips:
            grip.withdraw()
        return self.finish()

    def _follow(self, t_s: float, grip: Grip, looked: Collection[Side]) -> list[Reading]:
        """Return what changed of a control that is taken."""
        views = self._views(t_s, grip.sides)
        if views is not None:
            readings = grip.turn(t_s, views)
        elif any(side in looked and side not in self._seen for side in grip.sides):
            readings = grip.miss(t_s)
        else:
            readings = grip.end() if t_s - grip.seen_s > GAP_S else []
        if not grip.taken:
            self._rests_until_s |= dict.fromkeys(grip.sides, t_s + _REST_S)
        return readings

    def _offers(self, t_s: float) -> list[Reading]:
        """Return the beginnings: the first control that a free hand offers keeps those after it from being taken."""
        readings: list[Reading] = []
        busy = {side for grip in self._grips if grip.taken for side in grip.sides}
        busy |= {side for side, until_s in self._rests_until_s.items() if t_s < until_s}
        for grip in self._grips:
            if busy.intersection(grip.sides):
                grip.withdraw()
                continue
            views = self._views(t_s, grip.sides)
            if views is not None and grip.offered(views):
                busy.update(grip.sides)
                readings += grip.take(t_s, views)
        return readings

    def _views(self, t_s: float, sides: tuple[Side, ...]) -> Views | None:
        """Return the hands, if this frame shows one of them and the others were there a moment ago."""
        views = tuple(
            self._seen[side] for side in sides if side in self._seen and t_s - self._seen[side].t_s <= _STILL_THERE_S
        )
        return views if len(views) == len(sides) and any(each.t_s == t_s for each in views) else None
