"""What subscribers see of a body whose branches take turns."""

import numpy as np

from edgeholo.publish.newest import STALE_S, Newest
from edgeholo.types import Branch, Hand, People, Person, Pose

_POSE = Pose(np.zeros((33, 3), np.float32), np.ones(33, np.float32))
_HAND = Hand(np.zeros((21, 3), np.float32))


def _frame(t_s: float, person: Person | None, *ran: Branch) -> People:
    return People((person,) if person else (), frozenset(ran), (640, 480), int(t_s * 1e9), 0)


def test_a_part_whose_branch_rests_is_shown_as_it_was() -> None:
    """The pose of one frame and the hand of the next are one skeleton."""
    newest = Newest()
    newest.completed(_frame(0.0, Person(0, pose=_POSE), Branch.POSE))
    (person,) = newest.completed(_frame(0.03, Person(0, left_hand=_HAND), Branch.LEFT_HAND)).persons
    assert person.pose is _POSE
    assert person.left_hand is _HAND
    assert person.right_hand is None


def test_a_part_that_was_looked_for_and_not_found_is_gone() -> None:
    """Absent is not the same as not looked for."""
    newest = Newest()
    newest.completed(_frame(0.0, Person(0, left_hand=_HAND), Branch.LEFT_HAND))
    (person,) = newest.completed(_frame(0.03, Person(0), Branch.LEFT_HAND)).persons
    assert person.left_hand is None


def test_a_stale_part_is_not_shown() -> None:
    """A frozen skeleton would be a lie."""
    newest = Newest()
    newest.completed(_frame(0.0, Person(0, pose=_POSE), Branch.POSE))
    (person,) = newest.completed(_frame(STALE_S + 0.1, Person(0), Branch.LEFT_HAND)).persons
    assert person.pose is None


def test_nobody_inherits_from_somebody_else() -> None:
    """Who left takes the parts along."""
    newest = Newest()
    newest.completed(_frame(0.0, Person(0, pose=_POSE), Branch.POSE))
    newest.completed(_frame(0.03, None, Branch.POSE))
    for id_ in (0, 1):
        (person,) = newest.completed(_frame(0.06, Person(id_), Branch.LEFT_HAND)).persons
        assert person.pose is None
