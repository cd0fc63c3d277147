"""The bodies behind the hands: remembered through frames in which the pose was not looked for."""

from dataclasses import replace

from edgeholo.interpret.phases import GAP_S
from edgeholo.types import Branch, People, Person, Pose


class Bodies:
    """Keeps everybody's last pose: where an arm is raised and where the face is holds for the next frames too."""

    def __init__(self) -> None:
        self._poses: dict[int, tuple[float, Pose]] = {}

    def recall(self, people: People) -> People:
        """Return the same people, each with the pose of at most ``phases.GAP_S`` ago where this frame did not look for it."""
        t_s = people.t_s
        if Branch.POSE in people.ran:
            self._poses = {person.id: (t_s, person.pose) for person in people.persons if person.pose is not None}
            return people
        self._poses = {id_: known for id_, known in self._poses.items() if 0 <= t_s - known[0] <= GAP_S}
        return replace(people, persons=tuple(self._with_pose(person) for person in people.persons))

    def _with_pose(self, person: Person) -> Person:
        known = self._poses.get(person.id)
        return person if known is None else replace(person, pose=known[1])
