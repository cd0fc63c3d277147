"""One face over time."""

from edgeholo.interpret.changes import Allows, Change, made
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

    @property
    def idle(self) -> bool:
        """Whether forgetting this face changes nothing."""
        return self._held.idle

    def update(self, person: Person, people: People, allows: Allows) -> list[Change]:
        """Return what changed.

        Args:
            person: whose face it is; without one where none was found.
            people: the frame.
            allows: whether a gesture may start now.
        """
        if self._pauses.over("face", people.t_s):
            self._signs.reset()
        features = None if person.face is None else measure_face(person.face, people.size)
        scored, moves = ({}, []) if features is None else self._signs.update(people.t_s, features)
        steps = self._held.update(people.t_s, scored, steady=True, allows=allows)
        return [*map(Change, steps), *made(moves, self._lexicon.confidence, allows)]

    def finish(self) -> list[Change]:
        """Return the end of what has started."""
        return [Change(step) for step in self._held.finish()]
