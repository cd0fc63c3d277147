"""From frame to frame: who is who, which hand is which, and calm landmarks that fade when they are lost."""

from edgeholo.config import Smoothing
from edgeholo.perceive.persons import Sighting, TrackedPerson, sight
from edgeholo.types import People

REMEMBER_S = 3.0
"""Who comes back within this time where they were keeps their id; longer than two glances of the motion gate are apart."""

_REACH = 0.25
"""How far a person is from their last place at most, in body sizes, with no time between."""

_PACE = 1.5
"""Body sizes a second that reach grows by: a run."""

_PACE_S = 0.5
"""It stops growing here: later, a person elsewhere in the picture is somebody else."""


class Tracker:
    """Gives every person an id that stays, and calms and fades each part of theirs.

    Ids are this tracker's own and rise: the engine's are only asked where nothing else connects two frames. A part whose
    branch did not run is left out of the answer, for it is unknown and not absent, but what is known of it is kept: it
    neither fades nor ends, and goes on when the branch runs again. Somebody may so be there with no part at all.
    With the filter ``none`` points come through as they are, but hands still keep their names and lost parts still fade.

    Args:
        options: the ``smoothing`` section.
    """

    def __init__(self, options: Smoothing) -> None:
        self._options = options
        self._tracked: list[TrackedPerson] = []
        self._next_id = 0
        self._t_s = 0.0

    def reset(self) -> None:
        """Forget everybody; ids go on rising."""
        self._tracked = []

    def update(self, people: People) -> People:
        """Return the same frame, calmed; persons in the order of their ids."""
        t_s = people.t_s
        if t_s < self._t_s:
            self.reset()
        self._t_s = t_s
        self._tracked = [tracked for tracked in self._tracked if t_s - tracked.seen_s <= REMEMBER_S]
        sightings = [seen for person in people.persons if (seen := sight(person, people)) is not None]
        pairs = self._pair(sightings, t_s)
        persons = [tracked.update(pairs.get(tracked.id), people) for tracked in self._tracked]
        present = tuple(person for person in persons if person is not None)
        return People(present, people.ran, people.size, people.timestamp_ns, people.seq)

    def _pair(self, sightings: list[Sighting], t_s: float) -> dict[int, Sighting]:
        """Return who was seen, by id: nearest first, those who fit nobody as newcomers."""
        pairs: dict[int, Sighting] = {}
        for _, _, name, index in sorted(self._distances(sightings, t_s)):
            if name not in pairs and sightings[index] not in pairs.values():
                pairs[name] = sightings[index]
        known = list(pairs.values())
        for seen in sightings:
            if seen not in known:
                self._tracked.append(TrackedPerson(self._next_id, self._options))
                pairs[self._next_id] = seen
                self._next_id += 1
        return pairs

    def _distances(self, sightings: list[Sighting], t_s: float) -> list[tuple[float, float, int, int]]:
        """Return distance, seconds since, id and index of the sighting for all who can be the same."""
        return [
            (distance, t_s - before_s, tracked.id, index)
            for tracked in self._tracked
            for index, seen in enumerate(sightings)
            if (place := tracked.distance(seen)) is not None
            for distance, before_s in (place,)
            if distance <= _REACH + _PACE * min(t_s - before_s, _PACE_S)
        ]
