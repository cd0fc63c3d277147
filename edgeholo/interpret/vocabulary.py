"""The gestures that edgeholo knows: one table that recognition, topics, discovery and docs read."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a gesture is made with, and so which module recognises it."""

    STATIC = "static"
    """A hand held in a shape."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A gesture as it is written everywhere.

    Attributes:
        name: snake_case.
        kind: what it is made with.
        description: how to make it, in words for a person.
        onset_s: seconds below which its onset never falls unless it is set for this gesture by name: longer for what
            hands also do without meaning it.
    """

    name: str
    kind: Kind
    description: str
    onset_s: float = 0.0


# An open hand also waves, reaches and starts a swipe; in the swipes of the test footage it rests for 0.4 to 1.1 s before.
# Fists are made in passing: 0.3 s is common among signers and talkers.
_ENTRIES = (
    Entry("closed_fist", Kind.STATIC, "A fist held up, the thumb over the fingers.", onset_s=0.5),
    Entry("open_palm", Kind.STATIC, "An open hand held up, its palm to the camera, for a good second.", onset_s=1.2),
    Entry("pointing_up", Kind.STATIC, "The index finger straight up, the others folded."),
    Entry("thumb_up", Kind.STATIC, "The thumb straight up, the fingers folded."),
    Entry("thumb_down", Kind.STATIC, "The thumb straight down, the fingers folded; the hand is held up, not hanging."),
    Entry("victory", Kind.STATIC, "Index and middle finger spread to a V, the others and the thumb folded."),
    Entry("i_love_you", Kind.STATIC, "Thumb, index and little finger stretched out, the two between them folded."),
    Entry("ok", Kind.STATIC, "Thumb and index finger closed to a ring, the others stretched out."),
    Entry("call", Kind.STATIC, "Thumb and little finger stretched out, the others folded: a telephone."),
    Entry("four", Kind.STATIC, "Four fingers up, the thumb folded over the palm."),
    Entry("three", Kind.STATIC, "Index, middle and ring finger up; or thumb, index and middle finger."),
    Entry("rock", Kind.STATIC, "Index and little finger up, the two between them folded, the thumb over them."),
)

VOCABULARY: dict[str, Entry] = {entry.name: entry for entry in _ENTRIES}
"""Every gesture by its name."""


def names(kind: Kind) -> tuple[str, ...]:
    """Return the names of one kind, in the order of the table."""
    return tuple(entry.name for entry in _ENTRIES if entry.kind is kind)
