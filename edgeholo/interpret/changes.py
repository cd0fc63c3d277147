"""What a part of somebody says: a gesture goes into its next phase, or was made."""

from collections.abc import Callable, Iterable
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


def made(moves: Iterable[Move], confidence: float, allows: Allows, side: Side | None = None) -> list[Change]:
    """Return the changes that movements are: each happened, once. Those that are not sure or not allowed are none.

    Args:
        moves: that are over.
        confidence: the least that counts.
        allows: whether a gesture may start now.
        side: with which hand; None for the body or both.
    """
    return [
        Change(Step(move.name, Phase.ONCE, move.confidence, move.duration_s), side)
        for move in moves
        if move.confidence >= confidence and allows(move.name)
    ]
