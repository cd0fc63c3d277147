"""Every gesture that can be recognised, with how to make it: for lists and drop-downs."""

from collections.abc import Iterable

import msgspec

from edgeholo.interpret.vocabulary import CONTROLS, VOCABULARY, Kind

_TAUGHT = "Shown by the people of this house."


class GestureEntry(msgspec.Struct, frozen=True):
    """A gesture.

    Attributes:
        name: as it is written everywhere.
        kind: what it is made with: ``static``, ``movement``, ``both_hands``, ``body``, ``posture``, ``face`` or ``taught``.
        description: how to make it.
        everyday: whether it counts unless asked otherwise.
        taught: whether the people of the house have taught it.
        once: whether it is over when it is recognised; null where nobody can tell.
    """

    name: str
    kind: Kind
    description: str
    everyday: bool
    taught: bool
    once: bool | None


class ControlWords(msgspec.Struct, frozen=True):
    """A continuous control.

    Attributes:
        name: as it is written.
        description: how to take it, turn it and let go.
    """

    name: str
    description: str


def gestures(taught: Iterable[str]) -> list[GestureEntry]:
    """Return all of them.

    Args:
        taught: names of those that were taught.
    """
    built_in = [
        GestureEntry(one.name, one.kind, one.description.replace("`", ""), one.everyday, taught=False, once=one.once)
        for one in VOCABULARY.values()
    ]
    own = [
        GestureEntry(name, Kind.TAUGHT, _TAUGHT, everyday=True, taught=True, once=None)
        for name in taught
        if name not in VOCABULARY
    ]
    return [*built_in, *own]


def controls() -> list[ControlWords]:
    """Return the continuous controls."""
    return [ControlWords(control.name, control.description) for control in CONTROLS.values()]
