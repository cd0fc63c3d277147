"""Whether it sees somebody, what it takes that for, and why it does not react: the vocabulary of that answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How far what a part of somebody shows has come."""

    NONE = "none"
    """It looks like nothing that is known."""
    MOVING = "moving"
    """The hand is not held still."""
    UNSURE = "unsure"
    """It is not shown clearly enough."""
    OFF = "off"
    """It is none of the gestures that count now."""
    REFUSED = "refused"
    """A condition is not met, or commands are waited for, or another gesture has just begun."""
    ONSET = "onset"
    """It counts as soon as it was shown for long enough."""
    ACTIVE = "active"
    """It counts."""
    RESTING = "resting"
    """It has just ended, and may not begin again yet."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of somebody is taken for.

    Attributes:
        shape: name of the best candidate; None where there is none.
        confidence: of it, 0..1.
        state: how far it has come.
        progress: 0..1 of the time until it starts, or of ``hold_s`` while it is active.
        why: one sentence why it does not count; empty where it does.
    """

    shape: str | None
    confidence: float
    state: State
    progress: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Somebody:
    """What one person is taken to do.

    Attributes:
        person: id.
        parts: ``left_hand``, ``right_hand``, ``body``, ``face``; None where it is not seen or not looked for.
    """

    person: int
    parts: Mapping[str, Part | None]


@dataclass(frozen=True, slots=True)
class Look:
    """Whether a branch runs now, and why."""

    run: bool
    why: str


@dataclass(frozen=True, slots=True)
class Insight:
    """What was made of a frame.

    Attributes:
        timestamp_ns: of the frame.
        t_ms: milliseconds it took in the engine; None where it was not looked at.
        branches: by name.
        why_not: why it was not looked at; empty where it was.
        pace: what is done less because of the heat, in words; empty at full pace.
        persons: those who are followed.
    """

    timestamp_ns: int
    t_ms: float | None
    branches: Mapping[str, Look]
    why_not: str
    pace: str
    persons: tuple[Somebody, ...]

    @property
    def looking(self) -> bool:
        """Whether the frame was given to the engine."""
        return not self.why_not
