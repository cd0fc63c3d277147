"""One face over time."""

from edgeholo.insight import Part
from edgeholo.interpret.changes import Change, made
from edgeholo.interpret.doubts import Doubts, Missed
from edgeholo.interpret.face.features import measure_face
from edgeholo.interpret.face.signs import FaceSigns
from edgeholo.interpret.held import Held
from edgeholo.interpret.lexicon import Lexicon
from edgeholo.interpret.pauses import Pauses
from edgeholo.types import People, Person


class FollowedFace:
    """Follows the face of one person.

    Args:
        lexicon: what is looked for.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._held = Held(lexicon)
        self._signs = FaceSigns()
        self._pauses = Pauses()
        self._missed = Missed()
        self._seen = False

    @property
    def idle(self) -> bool:
        """Whether forgetting this face changes nothing."""
        return self._held.idle

    def update(self, person: Person, people: People, doubts: Doubts) -> list[Change]:
        """Return what changed.

        Args:
            person: whose face it is; without one where none was found.
            people: the frame.
            doubts: what is in the way of a gesture that starts now.
        """
        if self._pauses.over("face", people.t_s):
            self._signs.reset()
        features = None if person.face is None else measure_face(person.face, people.size)
        self._seen = features is not None
        scored, moves = ({}, []) if features is None else self._signs.update(people.t_s, features)
        steps = self._held.update(people.t_s, scored, steady=True, doubts=doubts)
        return [*map(Change, steps), *made(people.t_s, moves, self._lexicon.confidence, doubts, self._missed)]

    def part(self, t_s: float) -> Part | None:
        """Return what was made of the last look at this face; None where it was not there.

        Args:
            t_s: seconds; the present.
        """
        if not self._seen or self._held.active:
            return self._held.part() if self._held.active else None
        return self._missed.told(t_s) or self._held.part()

    def finish(self) -> list[Change]:
        """Return the end of what has started."""
        return [Change(step) for step in self._held.finish()]
