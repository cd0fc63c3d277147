"""Landmarks that are numbers: an engine or a recording may hold others, and no recogniser need know."""

import math
from dataclasses import replace

from edgeholo.types import Face, Hand, People, Person, Pose


def finite(people: People) -> People:
    """Return the same people without the parts in which a number is missing or infinite."""
    if all(_sound(part) for person in people.persons for part in _parts(person)):
        return people
    return replace(people, persons=tuple(_without_the_unsound(person) for person in people.persons))


def _parts(person: Person) -> tuple[Pose | Hand | Face | None, ...]:
    return person.pose, person.left_hand, person.right_hand, person.face


def _without_the_unsound(person: Person) -> Person:
    pose, left, right, face = person.pose, person.left_hand, person.right_hand, person.face
    return Person(
        person.id,
        pose if _sound(pose) else None,
        left if _sound(left) else None,
        right if _sound(right) else None,
        face if _sound(face) else None,
    )


def _sound(part: Pose | Hand | Face | None) -> bool:
    """Return whether every point is a number; a sum is one only then, and costs a tenth of looking at each."""
    if part is None:
        return True
    seen = float(part.visibility.sum()) if isinstance(part, Pose) else 0.0
    return math.isfinite(float(part.points.sum()) + seen)
