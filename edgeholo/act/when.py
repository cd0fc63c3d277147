"""What sets a rule off, and under which conditions: the table ``when``."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from edgeholo.act import patterns
from edgeholo.types import Phase

Share = Annotated[float, Meta(ge=0, le=1)]
TimeOfDay = Annotated[str, Meta(pattern=patterns.TIME)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PhaseName = Literal["start", "hold", "repeat", "end", "once"]

AT_ONCE = frozenset({Phase.START, Phase.ONCE})
"""The phases that set a rule off unless it says otherwise: a gesture begins, or a movement is over."""


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What sets a rule off: the first of ``gesture``, ``value``, ``presence``, ``armed``; the rest are conditions.

    Attributes:
        gesture: its name, or several of which any will do.
        value: a continuous control that is followed.
        presence: somebody is there; alone, it is their coming or going that counts.
        armed: gestures count; alone, it is the change.
        phase: of the gesture; its start, unless told otherwise.
        hold_s: the gesture has been held for so long.
        hand: the person's own.
        person: the number of one that is followed.
        profile: the set of gestures that is chosen, or several.
        confidence: least, of the gesture.
        count: fingers held up.
        zone: left, top, width, height, as fractions of the picture, of where the hand (the body's middle) is.
        after: from this time of day on; a span that ends the next morning belongs to the day it began.
        before: until then.
        days: of the week.
        topic: what was last heard on topics: text or number, or a table that JSON is compared with.
    """

    gesture: str | tuple[str, ...] | None = None
    value: str | None = None
    presence: bool | None = None
    armed: bool | None = None
    phase: PhaseName | None = None
    hold_s: Annotated[float, Meta(gt=0, le=3600)] | None = None
    hand: Literal["left", "right"] | None = None
    person: int | None = None
    profile: str | tuple[str, ...] | None = None
    confidence: Share | None = None
    count: Annotated[int, Meta(ge=0, le=10)] | None = None
    zone: tuple[Share, Share, Share, Share] | None = None
    after: TimeOfDay | None = None
    before: TimeOfDay | None = None
    days: tuple[Day, ...] | None = None
    topic: dict[str, object] = msgspec.field(default_factory=dict)

    @property
    def gestures(self) -> tuple[str, ...]:
        """The gestures that set it off; empty where something else does."""
        return _several(self.gesture)

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles in which it counts; empty for all."""
        return _several(self.profile)

    @property
    def phases(self) -> frozenset[Phase]:
        """The phases that set it off."""
        return AT_ONCE if self.phase is None else frozenset({Phase(self.phase)})


def _several(names: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return () if names is None else (names,) if isinstance(names, str) else names
