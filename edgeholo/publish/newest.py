"""The newest of every part: a branch that rested on this frame is no part that went away, and a skeleton should not flicker."""

from edgeholo.types import Branch, Face, Hand, People, Person, Pose

STALE_S = 0.3
"""A part that was not looked at for longer is not shown: at the scheduler's slowest rate for a followed part two looks may fail."""

_Part = Pose | Hand | Face | None


class Newest:
    """Completes frames for those who look at them; gestures and presence are told apart by ``People.ran`` instead."""

    def __init__(self) -> None:
        self._parts: dict[tuple[int, Branch], tuple[float, _Part]] = {}

    def completed(self, people: People) -> People:
        """Return the frame with the last known parts of branches that did not run; call it for every frame."""
        ids = {person.id for person in people.persons}
        self._parts = {key: seen for key, seen in self._parts.items() if key[0] in ids}
        for person in people.persons:
            for branch in people.ran:
                self._parts[person.id, branch] = people.t_s, getattr(person, branch)
        persons = tuple(self._complete(person, people.t_s) for person in people.persons)
        return People(persons, people.ran, people.size, people.timestamp_ns, people.seq)

    def _complete(self, person: Person, t_s: float) -> Person:
        parts = {}
        for branch in Branch:
            seen_s, part = self._parts.get((person.id, branch), (t_s, None))
            parts[branch.value] = part if 0 <= t_s - seen_s <= STALE_S else None
        return Person(person.id, **parts)  # type: ignore[arg-type]
