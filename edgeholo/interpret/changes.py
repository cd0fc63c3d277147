"""What a part of somebody says: a gesture goes into its next phase, or was made."""

from collections.abc import Iterable
from dataclasses import dataclass

from edgeholo.interpret.doubts import Doubts, Missed, unsure
from edgeholo.interpret.moves import Move
from edgeholo.interpret.phases import Step
from edgeholo.types import Phase, Side


@dataclass(frozen=True, slots=True)
class Change:
    """A change in a gesture's life, and what only the part that makes it knows; see ``types.Gesture``."""

    step: Step
    side: Side | None = None
    count: int | None = None
    angle_deg: float | None = None


def made(
    t_s: float, moves: Iterable[Move], confidence: float, doubts: Doubts, missed: Missed, side: Side | None = None
) -> list[Change]:
    """Return the changes that movements are: each happened, once. Those that are not sure or not allowed are none.

    Args:
        t_s: seconds.
        moves: that are over.
        confidence: the least that counts.
        doubts: what is in the way of a gesture that starts now.
        missed: told of those that do not count.
        side: with which hand; None for the body or both.
    """
    changes = []
    for move in moves:
        doubt = unsure(move.confidence, confidence) if move.confidence < confidence else doubts(move.name)
        if doubt is None:
            changes.append(Change(Step(move.name, Phase.ONCE, move.confidence, move.duration_s), side))
        else:
            missed.note(t_s, move, doubt)
    return changes
