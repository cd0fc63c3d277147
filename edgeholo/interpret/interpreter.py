"""From what is seen to what is meant: people in, observations out, frame by frame."""

from edgeholo.config import Gestures, PresenceOptions
from edgeholo.interpret.bodies import Bodies
from edgeholo.interpret.followed import FollowedHand
from edgeholo.interpret.phases import GAP_S
from edgeholo.interpret.presence import Presence
from edgeholo.interpret.timing import Timing, timings
from edgeholo.types import HANDS, Observation, People, Person, Side

_OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}


class Interpreter:
    """Recognises presence and gestures.

    Every number has its time from the frame, so a recording gives the same observations as the live picture.
    A hand that was not looked at (``People.ran``) is as it was for up to ``phases.GAP_S``, whatever the other one does.

    Args:
        gestures: the ``gestures`` section.
        presence: the ``presence`` section.

    Raises:
        ConfigError: the options name a gesture that does not exist.
    """

    def __init__(self, gestures: Gestures, presence: PresenceOptions) -> None:
        self._timings: dict[str, Timing] = timings(gestures)
        self._confidence = gestures.confidence
        self._presence = Presence(presence)
        self._hands: dict[tuple[int, Side], FollowedHand] = {}
        self._bodies = Bodies()
        self._looked_s: dict[Side, float] = {}

    def update(self, people: People) -> list[Observation]:
        """Return what is new in this frame, presence first."""
        people = self._bodies.recall(people)
        change = self._presence.update(people)
        observations: list[Observation] = [] if change is None else [change]
        known = [side for side in Side if self._knows(side, people)]
        persons = {person.id: person for person in people.persons}
        for person in people.persons:
            self._meet(person)
            self._mend_sides(person, people)
        for (id_, side), hand in list(self._hands.items()):
            if side in known:
                observations += hand.update(persons.get(id_, Person(id_)), side, people)
            if hand.idle and id_ not in persons:
                del self._hands[id_, side]
        return observations

    def _knows(self, side: Side, people: People) -> bool:
        """Return whether this frame says something about that hand: it was looked at, or has not been for too long."""
        looked = side.branch in people.ran
        if looked or side not in self._looked_s:
            self._looked_s[side] = people.t_s
            return looked
        return not 0 <= people.t_s - self._looked_s[side] <= GAP_S

    def _meet(self, person: Person) -> None:
        """Follow both hands of a person from the first one seen."""
        if any(person.hand(side) for side in Side):
            for side in Side:
                if (person.id, side) not in self._hands:
                    self._hands[person.id, side] = FollowedHand(self._timings, self._confidence)

    def _mend_sides(self, person: Person, people: People) -> None:
        """Let a hand that is now found under the other side's name go on where it was: nobody raised a second one.

        Only a frame in which both were looked at can tell: the other one may still be where it was.
        """
        if not people.ran >= HANDS:
            return
        for side in Side:
            now, before = (person.id, side), (person.id, _OTHER[side])
            hand = person.hand(side)
            if hand is None or person.hand(_OTHER[side]) is not None or now not in self._hands:
                continue
            if not self._hands[now].seen and self._hands[before].was_at(hand, people):
                self._hands[now], self._hands[before] = self._hands[before], self._hands[now]
