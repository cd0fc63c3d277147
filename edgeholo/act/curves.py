"""From a continuous control to a device's range: the curve between them, and how often a value goes out."""

import math
from collections.abc import Callable
from typing import Annotated, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

Item = TypeVar("Item")

_GAMMA = 2.2
"""Perceived brightness grows about with the 1/2.2th power of light (sRGB): with this, a lamp brightens evenly to the eye."""

CURVES: dict[str, Callable[[float], float]] = {
    "linear": lambda share: share,
    "gamma": lambda share: math.pow(share, _GAMMA),
    "inverse_gamma": lambda share: math.pow(share, 1 / _GAMMA),
    "smooth": lambda share: share * share * (3 - 2 * share),
}
"""Every curve by its name: from 0..1 to 0..1, rising, with its ends at the ends."""


_EARLY_S = 0.001
"""A value may be so much early: at ten frames a second and ten values a second every frame has one, whatever rounding does."""


class Sweep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a control's value becomes a number for a device.

    Attributes:
        source: ``from``, the part of the control's 0..1 that is used; beyond it the value stays at the end. May fall.
        to: the numbers at its two ends; may fall.
        curve: how it goes from the one to the other.
        step: the number is rounded to multiples of it; 0 leaves it as it is.
    """

    to: tuple[float, float]
    source: tuple[Annotated[float, Meta(ge=0, le=1)], Annotated[float, Meta(ge=0, le=1)]] = msgspec.field(
        name="from", default=(0.0, 1.0)
    )
    curve: Literal["linear", "gamma", "inverse_gamma", "smooth"] = "linear"
    step: Annotated[float, Meta(ge=0)] = 0.0

    def __post_init__(self) -> None:
        """Refuse a range of no width: it has no middle."""
        if self.source[0] == self.source[1]:
            raise ValueError("from: its two ends are the same")
        if not all(map(math.isfinite, (*self.source, *self.to, self.step))):
            raise ValueError("to: all its numbers must be finite")

    def at(self, value: float) -> float:
        """Return the number for a control's ``value``, 0..1; always between the two of ``to``."""
        share = (value - self.source[0]) / (self.source[1] - self.source[0])
        bent = CURVES[self.curve](min(max(share, 0.0), 1.0))
        low, high = sorted(self.to)
        number = self.to[0] * (1 - bent) + self.to[1] * bent
        if self.step:
            number = round(number / self.step) * self.step
        return round(min(max(number, low), high), 4)


class Pace(Generic[Item]):
    """Lets a value through at most so often, and always the last one.

    Args:
        every_s: least seconds between two.
    """

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._sent_s: float | None = None
        self._waiting: Item | None = None

    def offer(self, t_s: float, item: Item, *, last: bool) -> Item | None:
        """Return what is to be sent now: ``item`` where it is due or the last one; else it waits for ``tick``."""
        self._waiting = item
        if last:
            self._sent_s = None
            return self._take()
        return self.tick(t_s)

    def tick(self, t_s: float) -> Item | None:
        """Return what has waited, where it is due; time that steps back makes it so."""
        if self._waiting is None or (self._sent_s is not None and 0 <= t_s - self._sent_s < self._every_s - _EARLY_S):
            return None
        self._sent_s = t_s
        return self._take()

    def _take(self) -> Item | None:
        item, self._waiting = self._waiting, None
        return item
