"""What a control is: how it is taken, what it says, how it is let go."""

from typing import Protocol

from edgeholo.interpret.controls.view import HandView

Views = tuple[HandView, ...]
"""The hand that a control is made with; of one for two hands the left one, then the right one."""


class Control(Protocol):
    """One continuous control of one hand, or of one pair. What it remembers is from when it was taken."""

    name: str
    hold_s: float
    """Offered and held still for so long it is taken."""

    def offered(self, views: Views) -> bool:
        """Return whether the hand is shaped and placed as to take it."""
        ...

    def take(self, views: Views) -> None:
        """Remember what must be known from the moment in which it is taken."""
        ...

    def kept(self, views: Views) -> bool:
        """Return whether the hand still means it."""
        ...

    def value(self, views: Views) -> float | None:
        """Return 0..1, None where this frame does not tell; beyond is cut off by the caller."""
        ...


def share(value: float, nothing: float, everything: float) -> float:
    """Return how far ``value`` is on the way from ``nothing`` to ``everything``, 0..1 on the way."""
    return (value - nothing) / (everything - nothing)
