"""One person over time: the parts that are theirs, each under its right name."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from edgeholo.config import Smoothing
from edgeholo.perceive.continuity import Outline, believable, gap, outline
from edgeholo.perceive.fading import FadingPart
from edgeholo.perceive.filters import FILTERS, GAP_S
from edgeholo.perceive.sides import HandSides, wrists
from edgeholo.types import Branch, Face, Floats, Hand, People, Person, Pose, Side

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
    def outlines(self) -> dict[str, Outline]:
        """The parts by name, the one that tells a person best first."""
        parts = (("pose", self.pose), ("face", self.face), *self.hands.items())
        return {name: part[1] for name, part in parts if part is not None}


def sight(person: Person, people: People) -> Sighting:
    """Return what can be believed of ``person``: parts of branches that ran, whose points are sane numbers."""
    hands = {side: _believe(person.hand(side), Branch.HANDS, people) for side in Side}
    return Sighting(
        person.id,
        _believe(person.pose, Branch.POSE, people),
        {side: hand for side, hand in hands.items() if hand is not None},
        _believe(person.face, Branch.FACE, people),
    )


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
        self._outlines: dict[str, Outline] = {}
        self._visibility: Floats = np.zeros(0, np.float32)
        self._pose = FadingPart(new(options.pose), options.fade_s)
        self._face = FadingPart(new(options.face), options.fade_s)
        self._hands = {side: FadingPart(new(options.hands), options.fade_s) for side in Side}
        self._sides = HandSides()

    def distance(self, seen: Sighting) -> float | None:
        """Return how far ``seen`` is from where this person was, in body sizes; None: they show nothing in common.

        The engine's own id decides where nothing can be compared.
        """
        for name, shape in seen.outlines.items():
            before = self._outlines.get(name)
            if before is not None and before.places.shape == shape.places.shape:
                return gap(shape, before) * (1.0 if name == "pose" else SMALL_PART)
        return 0.0 if seen.engine_id == self._engine_id else None

    def update(self, seen: Sighting | None, people: People) -> Person | None:
        """Return the person in this frame, or None when nothing of them is left.

        Args:
            seen: None where the engine did not find them.
            people: the frame.
        """
        seen = seen or Sighting(self._engine_id, None, {}, None)
        if seen.outlines:
            self._engine_id, self.seen_s = seen.engine_id, people.t_s
            # The last pose stays: it is what a person is known by, through frames that show or look for hands only too.
            self._outlines = ({"pose": self._outlines["pose"]} if "pose" in self._outlines else {}) | seen.outlines
        pose = self._follow_pose(seen.pose, people) if Branch.POSE in people.ran else None
        face = self._follow_face(seen.face, people) if Branch.FACE in people.ran else None
        left, right = self._follow_hands(seen, people) if Branch.HANDS in people.ran else (None, None)
        if pose is None and face is None and left is None and right is None:
            return None
        return Person(self.id, pose, left, right, face)

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
        if side in named:
            hand, shape = named[side]
            return Hand(part.see(people.t_s, hand.points, hand.world, shape, people.size), part.world)
        lost = part.miss(people.t_s)
        return None if lost is None else Hand(lost, part.world)

    def _named(self, seen: Sighting, people: People) -> dict[Side, _Found[Hand]]:
        """Return the hands under their true names; where the tracks had the wrong ones those end."""
        tracked = {
            side: part.outline
            for side, part in self._hands.items()
            if part.outline is not None and people.t_s - part.seen_s <= GAP_S
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
