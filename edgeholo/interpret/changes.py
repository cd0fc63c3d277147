"""What a part of somebody says: a gesture goes into its next phase, or was made."""

from collections.abc import Callable
from dataclasses import dataclass

from edgeholo.interpret.moves import Move
from edgeholo.interpret.phases import Step
from edgeholo.types import Phase, Side

Allows = Callable[[str], bool]
"""Whether a gesture of that name may start now."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change in a gesture's life, and what only the part that makes it knows; see ``types.Gesture``."""

    step: Step
    side: Side | None = None
    count: int | None = None
    angle_deg: float | None = None


def made(move: Move, side: Side | None = None) -> Change:
    """Return the change that a movement is: it happened, once."""
    return Change(Step(move.name, Phase.ONCE, move.confidence, move.duration_s), side)
