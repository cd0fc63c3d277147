"""One person over time: the parts that are theirs, each under its right name."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from edgeholo.config import Smoothing
from edgeholo.perceive.continuity import Outline, believable, gap, outline
from edgeholo.perceive.fading import FadingPart
from edgeholo.perceive.filters import FILTERS, GAP_S
from edgeholo.perceive.sides import HandSides, wrists
from edgeholo.types import HANDS, Branch, Face, Floats, Hand, People, Person, Pose, Side

SMALL_PART = 1 / 6
"""A hand or a face in body sizes: both measure a quarter of a metre across where the body measures one and a half."""

_Part = TypeVar("_Part", Pose, Hand, Face)
_Found = tuple[_Part, Outline]


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """A person in one frame as the engine found them: what can be believed of it, each part with its outline."""

    engine_id: int
    pose: _Found[Pose] | None
    hands: dict[Side, _Found[Hand]]
    face: _Found[Face] | None

    @property
    def outlines(self) -> dict[Branch, Outline]:
        """The parts, the one that tells a person best first."""
        hands = ((side.branch, hand) for side, hand in self.hands.items())
        parts = ((Branch.POSE, self.pose), (Branch.FACE, self.face), *hands)
        return {branch: part[1] for branch, part in parts if part is not None}


def sight(person: Person, people: People) -> Sighting | None:
    """Return what can be believed of ``person``: parts of branches that ran, whose points are sane numbers.

    None where nothing can, unless the engine knows them by a body that it did not look for in this frame.
    """
    given = {branch: part for branch in people.ran if (part := getattr(person, branch)) is not None}
    hands = {side: _believe(person.hand(side), side.branch, people) for side in Side}
    seen = Sighting(
        person.id,
        _believe(person.pose, Branch.POSE, people),
        {side: hand for side, hand in hands.items() if hand is not None},
        _believe(person.face, Branch.FACE, people),
    )
    return seen if seen.outlines or not (given or Branch.POSE in people.ran) else None


class TrackedPerson:
    """A person who was seen, and may be lost for a moment.

    Visibilities pass through unsmoothed: MediaPipe calms its own, and where they decide something there is hysteresis.
    Of a lost pose they fall to 0 while it fades.

    Args:
        id_: the id that stays.
        options: the ``smoothing`` section.
    """

    def __init__(self, id_: int, options: Smoothing) -> None:
        new = FILTERS[options.filter]
        self.id = id_
        self.seen_s = 0.0
        self._engine_id = -1
        self._outlines: dict[Branch, tuple[float, Outline]] = {}
        self._visibility: Floats = np.zeros(0, np.float32)
        self._pose = FadingPart(new(options.pose), options.fade_s)
        self._face = FadingPart(new(options.face), options.fade_s)
        self._hands = {side: FadingPart(new(options.hands), options.fade_s) for side in Side}
        self._sides = HandSides()

    def distance(self, seen: Sighting) -> tuple[float, float] | None:
        """Return how far ``seen`` is from where this person was, in body sizes, and when they were there.

        The engine's own id decides where nothing can be compared; None: somebody else.
        """
        for branch, shape in seen.outlines.items():
            before_s, before = self._outlines.get(branch, (0.0, None))
            if before is not None and before.places.shape == shape.places.shape:
                return gap(shape, before) * (1.0 if branch is Branch.POSE else SMALL_PART), before_s
        return (0.0, self.seen_s) if seen.engine_id == self._engine_id else None

    def update(self, seen: Sighting | None, people: People) -> Person | None:
        """Return the person in this frame, or None when nothing of them is left.

        Args:
            seen: None where the engine did not find them.
            people: the frame.
        """
        if seen is not None:
            self._engine_id, self.seen_s = seen.engine_id, people.t_s
            self._outlines = self._lasting(people) | {
                branch: (people.t_s, shape) for branch, shape in seen.outlines.items()
            }
        found = seen or Sighting(self._engine_id, None, {}, None)
        pose = self._follow_pose(found.pose, people) if Branch.POSE in people.ran else None
        face = self._follow_face(found.face, people) if Branch.FACE in people.ran else None
        left, right = self._follow_hands(found, people)
        nothing = pose is None and face is None and left is None and right is None
        if nothing and seen is None and not self._may_be_there(people):
            return None
        return Person(self.id, pose, left, right, face)

    def _lasting(self, people: People) -> dict[Branch, tuple[float, Outline]]:
        """Return the outlines that a new sighting does not outdate: of parts that were not looked for, and any pose.

        The last pose is what a person is known by, through frames that show hands only too.
        """
        return {
            branch: (before_s, shape)
            for branch, (before_s, shape) in self._outlines.items()
            if branch is Branch.POSE or (branch not in people.ran and people.t_s - before_s <= GAP_S)
        }

    def _may_be_there(self, people: People) -> bool:
        """Return whether somebody who was not found may only not have been looked at where they would be."""
        if not people.ran or Branch.POSE in people.ran:
            return False
        parts = {Branch.POSE: self._pose, Branch.FACE: self._face, **{s.branch: p for s, p in self._hands.items()}}
        return any(part.known(people.t_s) for branch, part in parts.items() if branch not in people.ran)

    def _follow_pose(self, found: _Found[Pose] | None, people: People) -> Pose | None:
        part = self._pose
        if found is not None:
            pose, shape = found
            self._visibility = pose.visibility
            points = part.see(people.t_s, pose.points, pose.world, shape, people.size)
            return Pose(points, pose.visibility, part.world)
        lost = part.miss(people.t_s)
        return None if lost is None else Pose(lost, self._visibility * np.float32(part.share(people.t_s)), part.world)

    def _follow_face(self, found: _Found[Face] | None, people: People) -> Face | None:
        if found is not None:
            return Face(self._face.see(people.t_s, found[0].points, None, found[1], people.size))
        lost = self._face.miss(people.t_s)
        return None if lost is None else Face(lost)

    def _follow_hands(self, seen: Sighting, people: People) -> tuple[Hand | None, Hand | None]:
        named = self._named(seen, people)
        return self._follow_hand(Side.LEFT, named, people), self._follow_hand(Side.RIGHT, named, people)

    def _follow_hand(self, side: Side, named: dict[Side, _Found[Hand]], people: People) -> Hand | None:
        part = self._hands[side]
        if side.branch not in people.ran:
            return None
        if side in named:
            hand, shape = named[side]
            return Hand(part.see(people.t_s, hand.points, hand.world, shape, people.size), part.world)
        lost = part.miss(people.t_s)
        return None if lost is None else Hand(lost, part.world)

    def _named(self, seen: Sighting, people: People) -> dict[Side, _Found[Hand]]:
        """Return the hands under their true names; where the tracks had the wrong ones those end.

        Where only one was looked for, what turns out to be the other one is left out: it is looked for in a frame of its own.
        """
        if not seen.hands and not people.ran >= HANDS:
            return {}
        tracked = {
            side: part.outline
            for side, part in self._hands.items()
            if part.outline is not None and part.known(people.t_s)
        }
        shapes = {side: shape for side, (_, shape) in seen.hands.items()}
        body = wrists(seen.pose[0] if seen.pose else None, people.size)
        names, misnamed = self._sides.assign(people.t_s, shapes, tracked, body)
        if misnamed:
            for part in self._hands.values():
                part.forget()
        return {side: seen.hands[name] for side, name in names.items()}


def _believe(part: _Part | None, branch: Branch, people: People) -> _Found[_Part] | None:
    if part is None or branch not in people.ran or not believable(part.points):
        return None
    world = None if isinstance(part, Face) else part.world
    if world is not None and not believable(world):
        return None
    return part, outline(part.points, people.size)
