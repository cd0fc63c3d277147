"""What the filter does: how much hands and bodies shake at rest, as the engine gave them and after."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from edgeholo.cli.plotting.rest import Doubles, rests, shake, size
from edgeholo.types import Branch, People, Person

PARTS = (Branch.LEFT_HAND, Branch.RIGHT_HAND, Branch.POSE)
_STEADY = {Branch.POSE: slice(0, 13)}
"""Of a body only head and shoulders rest while hands move."""
_SETTLED = 3
"""First frames that are not judged: a filter starts as what it is given."""
_GAP_S = 0.3
"""A part that was not looked at for longer begins anew: the filter has begun anew, too."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A part that rested for a moment.

    Attributes:
        t_s: its middle.
        before: root mean square of the second difference between frames, as a share of the part's size.
        after: the same, calmed.
    """

    t_s: float
    before: float
    after: float


@dataclass(slots=True)
class _Run:
    """A part without a break: times, and places (n, 2) in pixels, before and after."""

    times: list[float] = field(default_factory=list)
    before: list[Doubles] = field(default_factory=list)
    after: list[Doubles] = field(default_factory=list)


@dataclass(slots=True)
class Calming:
    """Gathers the parts that were looked at, and says how they shook."""

    _runs: dict[Branch, list[_Run]] = field(default_factory=dict)
    _open: dict[tuple[int, Branch], _Run] = field(default_factory=dict)

    def add(self, seen: People, calm: People, t_s: float) -> None:
        """Take a frame, as the engine gave it and as gestures see it."""
        for person in seen.persons:
            for part in PARTS:
                if part in seen.ran and (before := _places(person, part, seen.size)) is not None:
                    after = _nearest(before, calm, part)
                    if after is not None:
                        self._add((person.id, part), t_s, before, after)

    def rests(self, part: Branch) -> list[Rest]:
        """Return the moments in which a part rested, in order."""
        return [rest for run in self._runs.get(part, []) for rest in _rests(run, part)]

    def _add(self, key: tuple[int, Branch], t_s: float, before: Doubles, after: Doubles) -> None:
        run = self._open.get(key)
        if run is None or t_s - run.times[-1] > _GAP_S:
            run = self._open[key] = _Run()
            self._runs.setdefault(key[1], []).append(run)
        run.times.append(t_s)
        run.before.append(before)
        run.after.append(after)


def usual(rests_: list[Rest]) -> tuple[float, float]:
    """Return the median before and after: in some moments fingers move while the hand rests."""
    return statistics.median(rest.before for rest in rests_), statistics.median(rest.after for rest in rests_)


def _rests(run: _Run, part: Branch) -> Iterator[Rest]:
    times, before, after = np.array(run.times), np.stack(run.before), np.stack(run.after)
    scale, steady = size(before) or 1.0, _STEADY.get(part, slice(None))
    before, after = before[:, steady] / scale, after[:, steady] / scale
    for window in rests(times, before, _SETTLED):
        middle_s = float(times[window].mean())
        yield Rest(middle_s, shake(before[window]) ** 0.5, shake(after[window]) ** 0.5)


def _places(person: Person, part: Branch, picture: tuple[int, int]) -> Doubles | None:
    """Return where the points of a part are, float64 (n, 2) in pixels."""
    seen = getattr(person, part)
    return None if seen is None else seen.points[:, :2].astype(np.float64) * picture


def _nearest(before: Doubles, calm: People, part: Branch) -> Doubles | None:
    """Return the same part in the calmed frame, which may know it under another number, or as the other hand."""
    names = (Branch.POSE,) if part is Branch.POSE else (Branch.LEFT_HAND, Branch.RIGHT_HAND)
    found = [_places(person, name, calm.size) for person in calm.persons for name in names]
    places = [each for each in found if each is not None]
    return min(places, key=lambda each: float(np.linalg.norm(each.mean(axis=0) - before.mean(axis=0))), default=None)
