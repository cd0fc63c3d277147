"""What a recogniser of movements says: something was done, once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """A movement that is over.

    Attributes:
        name: of the gesture.
        confidence: 0..1.
        duration_s: from its start to its end.
    """

    name: str
    confidence: float
    duration_s: float
