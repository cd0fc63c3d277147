"""What a control says."""

from dataclasses import dataclass
from typing import Literal

from edgeholo.types import Side


@dataclass(frozen=True, slots=True)
class Reading:
    """A control in one frame.

    Attributes:
        name: of the control.
        value: 0..1.
        phase: ``begin`` when it is taken, ``change``, ``end`` when it is let go.
        side: the hand that has it, None for both together.
    """

    name: str
    value: float
    phase: Literal["begin", "change", "end"]
    side: Side | None
