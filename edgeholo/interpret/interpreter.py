"""From what is seen to what is meant: people in, observations out, frame by frame."""

from edgeholo.config import Gestures, PresenceOptions
from edgeholo.interpret.followed import FollowedHand
from edgeholo.interpret.phases import GAP_S
from edgeholo.interpret.presence import Presence
from edgeholo.interpret.timing import Timing, timings
from edgeholo.types import Branch, Observation, People, Person, Side

_OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}


class Interpreter:
    """Recognises presence and gestures.

    Every number has its time from the frame, so a recording gives the same observations as the live picture.
    Frames in which the hands were not looked at (``People.ran``) change nothing about them for up to ``phases.GAP_S``.

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
        self._looked_s: float | None = None

    def update(self, people: People) -> list[Observation]:
        """Return what is new in this frame, presence first."""
        change = self._presence.update(people)
        observations: list[Observation] = [] if change is None else [change]
        if not self._knows_hands(people):
            return observations
        persons = {person.id: person for person in people.persons}
        for person in people.persons:
            self._meet(person)
            self._mend_sides(person, people)
        for (id_, side), hand in list(self._hands.items()):
            observations += hand.update(persons.get(id_, Person(id_)), side, people)
            if hand.idle and id_ not in persons:
                del self._hands[id_, side]
        return observations

    def _knows_hands(self, people: People) -> bool:
        """Return whether this frame says something about hands: they were looked at, or have not been for too long."""
        looked = Branch.HANDS in people.ran
        if looked or self._looked_s is None:
            self._looked_s = people.t_s
            return looked
        return not 0 <= people.t_s - self._looked_s <= GAP_S

    def _meet(self, person: Person) -> None:
        """Follow both hands of a person from the first one seen."""
        if any(person.hand(side) for side in Side):
            for side in Side:
                if (person.id, side) not in self._hands:
                    self._hands[person.id, side] = FollowedHand(self._timings, self._confidence)

    def _mend_sides(self, person: Person, people: People) -> None:
        """Let a hand that is now found under the other side's name go on where it was: nobody raised a second one."""
        for side in Side:
            now, before = (person.id, side), (person.id, _OTHER[side])
            hand = person.hand(side)
            if hand is None or person.hand(_OTHER[side]) is not None or now not in self._hands:
                continue
            if not self._hands[now].seen and self._hands[before].was_at(hand, people):
                self._hands[now], self._hands[before] = self._hands[before], self._hands[now]
