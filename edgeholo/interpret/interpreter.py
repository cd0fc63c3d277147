"""From what is seen to what is meant: people in, observations out, frame by frame."""

from collections.abc import Collection, Sequence

from edgeholo.config import Gestures, PresenceOptions
from edgeholo.insight import Somebody
from edgeholo.interpret.arming import Arming
from edgeholo.interpret.bodies import Bodies
from edgeholo.interpret.conditions import Requirements
from edgeholo.interpret.finite import finite
from edgeholo.interpret.followed_person import FollowedPerson
from edgeholo.interpret.lexicon import Lexicon
from edgeholo.interpret.permits import Permits
from edgeholo.interpret.phases import GAP_S
from edgeholo.interpret.presence import Presence
from edgeholo.interpret.taught.recognition import Taught
from edgeholo.interpret.timing import timings
from edgeholo.types import Branch, Observation, People, Person


class Interpreter:
    """Recognises presence, gestures and controls.

    Every number has its time from the frame, so a recording gives the same observations as the live picture. A frame with
    the time of the one before says nothing; after a step back in time everything ends and begins anew.
    A part that was not looked at (``People.ran``) is as it was for up to ``phases.GAP_S``, whatever the others do.

    Args:
        gestures: the ``gestures`` section.
        presence: the ``presence`` section.
        taught: the gestures that were taught.

    Raises:
        ConfigError: the options name a gesture that does not exist.
    """

    def __init__(self, gestures: Gestures, presence: PresenceOptions, taught: Sequence[Taught] = ()) -> None:
        self._gestures = gestures
        times = timings(gestures, tuple(each.name for each in taught))
        self._lexicon = Lexicon(times, gestures.confidence, gestures.values, tuple(taught))
        self._presence = Presence(presence)
        self._last_ns: int | None = None
        self._begin()

    def _begin(self) -> None:
        """Know nothing of gestures yet."""
        self._arming = Arming(self._gestures.arming)
        self._permits = Permits(
            self._lexicon.timings, Requirements(self._gestures), self._arming, _absent(self._gestures)
        )
        self._persons: dict[int, FollowedPerson] = {}
        self._there: Collection[int] = ()
        self._bodies = Bodies()
        self._looked_s: dict[Branch, float] = {}

    def update(self, people: People) -> list[Observation]:
        """Return what is new in this frame, presence first."""
        if people.timestamp_ns == self._last_ns:
            return []
        ended: list[Observation] = []
        if self._last_ns is not None and people.timestamp_ns < self._last_ns:
            ended = self._end(people.timestamp_ns)
            self._begin()
        self._last_ns = people.timestamp_ns
        people = self._bodies.recall(finite(people))
        change = self._presence.update(people)
        armed = self._arming.expire(people.t_s, people.timestamp_ns)
        heard = self._arming.pass_on(people.t_s, people.timestamp_ns, self._follow(people))
        return [*ended, *([] if change is None else [change]), *armed, *heard]

    def insight(self) -> tuple[Somebody, ...]:
        """Return what everybody who is followed was taken for, as of the last frame, and why what does not count does not."""
        t_s = (self._last_ns or 0) / 1e9
        everybody = [followed.insight(t_s) for followed in self._persons.values()]
        return tuple(each for each in everybody if each.person in self._there or any(each.parts.values()))

    def finish(self) -> list[Observation]:
        """Return the ends of all that is in progress; the interpreter then knows of no gesture."""
        ended = [] if self._last_ns is None else self._end(self._last_ns)
        self._begin()
        return ended

    def _end(self, timestamp_ns: int) -> list[Observation]:
        ends: list[Observation] = [end for person in self._persons.values() for end in person.finish(timestamp_ns)]
        heard = self._arming.pass_on(timestamp_ns / 1e9, timestamp_ns, ends)
        return [*heard, *self._arming.disarm(timestamp_ns)]

    def _follow(self, people: People) -> list[Observation]:
        known = frozenset(branch for branch in Branch if self._knows(branch, people))
        persons = {person.id: person for person in people.persons}
        self._there = persons
        for id_ in persons:
            if id_ not in self._persons:
                self._persons[id_] = FollowedPerson(id_, self._lexicon, self._permits)
        seen: list[Observation] = []
        for id_, followed in list(self._persons.items()):
            seen += followed.update(persons.get(id_, Person(id_)), known, people)
            if followed.idle and id_ not in persons:
                seen += followed.finish(people.timestamp_ns)
                del self._persons[id_]
        self._permits.forget(set(self._persons))
        return seen

    def _knows(self, branch: Branch, people: People) -> bool:
        """Return whether this frame says something about that part: it was looked at, or has not been for too long."""
        looked = branch in people.ran
        if looked or branch not in self._looked_s:
            self._looked_s[branch] = people.t_s
            return looked
        return people.t_s - self._looked_s[branch] > GAP_S


def _absent(options: Gestures) -> str:
    """Return what is the matter with a gesture that does not count, in words."""
    return (
        "it is not among the gestures that were chosen"
        if options.enabled
        else f"it is not in the profile {options.profile}"
    )
