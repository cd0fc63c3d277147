"""Why something that was shown or done does not count: whoever decides says why, so that words and decisions cannot drift apart."""

from collections.abc import Callable
from typing import NamedTuple

from edgeholo.insight import Part, State
from edgeholo.interpret.moves import Move

_SAID_S = 1.5
"""A movement is over before anybody can read why it did not count: it is told of for so long."""


class Doubt(NamedTuple):
    """What is in the way of a gesture.

    Attributes:
        state: how far it has come.
        why: one sentence.
    """

    state: State
    why: str


Doubts = Callable[[str], Doubt | None]
"""What is in the way of a gesture of that name, which would start now; None where it may."""


class Missed:
    """The last movement that did not count."""

    def __init__(self) -> None:
        self._at_s = float("-inf")
        self._part: Part | None = None

    def note(self, t_s: float, move: Move, doubt: Doubt) -> None:
        """Remember a movement."""
        self._at_s, self._part = t_s, Part(move.name, move.confidence, doubt.state, why=doubt.why)

    def told(self, t_s: float) -> Part | None:
        """Return it, if that was only a moment ago."""
        return self._part if 0 <= t_s - self._at_s <= _SAID_S else None


def unsure(confidence: float, least: float) -> Doubt:
    """Return that more confidence is needed, both 0..1."""
    return Doubt(State.UNSURE, f"only {confidence:.0%} sure, and {least:.0%} is needed")
