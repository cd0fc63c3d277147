"""Hands without a body: found by their palms, followed by their own points, and persons of their own until a body comes.

Holistic sees no hand where it sees no body. Somebody who holds a hand close to the camera hides the rest, and means it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import numpy as np

from edgeholo.perceive import hand
from edgeholo.perceive.hand import TrackedHand
from edgeholo.perceive.hand_shape import belongs, hides, plausible, same
from edgeholo.perceive.hand_track import HandTrack
from edgeholo.perceive.inference import Model
from edgeholo.perceive.palm import PalmDetector
from edgeholo.perceive.palm_schedule import PalmSchedule
from edgeholo.perceive.regions import Points
from edgeholo.perceive.schedule import Decision
from edgeholo.types import Frame, Hand, Person, Side

MOST = 2
"""So many hands are followed: one person's."""
_AGREEING = 3
"""Looks that must find a hand before it counts: cartoons have a palm's look for a frame."""
_SURE = 0.8
"""Least score of a hand that is new: real ones have 0.82 to 1 on a second look, 500 crops of rooms, cats and cars at most 0.63."""
_REMEMBERED_S = 0.5
"""A hand that is found again within so long is the same: a blink, not a new hand."""
_TURN = 0.2
"""Weight of a look in the running opinion about which hand it is; it changes only when sure."""
_CERTAINLY_LEFT, _CERTAINLY_RIGHT = 0.2, 0.8


@dataclass(slots=True)
class _Loose:
    """One hand; ``id`` is None until it counts."""

    track: HandTrack
    right: float
    seen_s: float
    looks: int = 1
    id: int | None = None
    side: Side = field(default=Side.LEFT)

    def saw(self, t_s: float, found: TrackedHand | None) -> None:
        self.track.looked(t_s, found)
        if found is not None:
            self.seen_s, self.looks = t_s, self.looks + 1
            self.right += _TURN * (found.right - self.right)


class LooseHands:
    """Finds and follows hands while no body is there.

    Args:
        detector: of palms.
        landmarks: the hand landmark model.
        least_score: of a hand that is kept.
        new_id: gives the next person's id.
    """

    def __init__(self, detector: PalmDetector, landmarks: Model, least_score: float, new_id: Callable[[], int]) -> None:
        self._detector = detector
        self._landmarks = landmarks
        self._least_score = least_score
        self._new_id = new_id
        self._schedule = PalmSchedule()
        self._hands: list[_Loose] = []
        self.followed = Decision(run=False, why="no hand")
        self.searched = Decision(run=False, why="no search")

    @property
    def any(self) -> bool:
        """Whether a hand is followed, if only since the last look."""
        return bool(self._hands)

    def update(self, frame: Frame, sides: Collection[Side], most: int, *, busy: bool) -> None:
        """Look at a frame in which no body is.

        Args:
            frame: newer than the last.
            sides: hands that may be reported.
            most: persons at most.
            busy: the body detector ran on this frame.
        """
        t_s = frame.timestamp_ns / 1e9
        present = len(self._present())
        self.followed = self._schedule.follow(t_s, fast=any(one.track.fast for one in self._hands), followed=present)
        if self.followed.run:
            self._follow(frame, t_s)
        self.searched = self._schedule.search(t_s, followed=present, most=MOST, busy=busy)
        if self.searched.run:
            self.search(frame)
        self._admit(sides, most)

    def search(self, frame: Frame) -> None:
        """Look for palms in the whole picture now."""
        t_s = frame.timestamp_ns / 1e9
        self._schedule.searched(t_s)
        for region in self._detector.find(frame)[:MOST]:
            found = hand.landmarks(self._landmarks, frame, region, max(_SURE, self._least_score))
            if found is None or not plausible(found, frame.size) or any(same(found, at) for _, at in self._present()):
                continue
            lost = (one for one in self._hands if one.track.last is None and one.track.before is not None)
            gone = next((one for one in lost if one.track.before and same(found, one.track.before)), None)
            if gone is not None:
                gone.saw(t_s, found)
            elif len(self._hands) < MOST:
                self._hands.append(_Loose(HandTrack(found, None, t_s), found.right, t_s))

    def hide(self, pose: Points) -> bool:
        """Return whether a body, points (>= 33, 3) in pixels, is nothing but one of these hands."""
        return any(hides(found, pose) for _, found in self._present())

    def owner(self, pose: Points) -> int | None:
        """Return the id under which a body's hand, points (>= 33, 3) in pixels, is known already, None if it is not."""
        known = (one.id for one, found in self._present() if one.id is not None and belongs(found, pose))
        return next(known, None)

    def forget(self) -> None:
        """Forget all hands: a body is there, which has its own."""
        self._hands = []
        self.followed = Decision(run=False, why="no hand")
        self.searched = Decision(run=False, why="a body is there")

    def persons(self) -> tuple[Person, ...]:
        """Return the owners of the hands that count, without a body."""
        owners: dict[int, dict[Side, Hand]] = {}
        for one, found in self._present():
            if one.id is not None:
                owners.setdefault(one.id, {})[one.side] = found.hand
        return tuple(Person(id_, None, own.get(Side.LEFT), own.get(Side.RIGHT)) for id_, own in owners.items())

    def _present(self) -> list[tuple[_Loose, TrackedHand]]:
        return [(one, one.track.last) for one in self._hands if one.track.last is not None]

    def _follow(self, frame: Frame, t_s: float) -> None:
        for one, _ in self._present():
            if one.seen_s == t_s:
                continue
            places = (one.track.around(), one.track.ahead(t_s) if one.track.fast else None)
            looks = (hand.landmarks(self._landmarks, frame, place, self._least_score) for place in places if place)
            one.saw(t_s, next((found for found in looks if found and plausible(found, frame.size)), None))
        kept: list[_Loose] = []
        for one in self._hands:
            found = one.track.last
            doubled = found is not None and any(same(found, other.track.last) for other in kept if other.track.last)
            remembered = one.id is not None and 0 <= t_s - one.seen_s < _REMEMBERED_S
            if not doubled and (found is not None or remembered):
                kept.append(one)
        self._hands = kept

    def _admit(self, sides: Collection[Side], most: int) -> None:
        """Let hands count that several looks agree about, raised ones first, and give up those that nobody may hear of."""
        for one in sorted(self._hands, key=_fall):
            if one.id is None and one.looks >= _AGREEING:
                one.side = Side.RIGHT if one.right > (_CERTAINLY_LEFT + _CERTAINLY_RIGHT) / 2 else Side.LEFT
                one.id = self._place(one.side, most) if one.side in sides else None
                if one.id is None:
                    self._hands.remove(one)
            elif one.id is not None:
                self._mend_side(one, sides)

    def _place(self, side: Side, most: int) -> int | None:
        """Return the id of a person who may have this hand: one who lacks it, else a new one while there is room."""
        owners = [one.id for one in self._hands if one.id is not None]
        having = {one.id for one in self._hands if one.id is not None and one.side is side}
        lacking = [id_ for id_ in owners if id_ not in having]
        if lacking:
            return lacking[0]
        return self._new_id() if len(set(owners)) < most else None

    def _mend_side(self, one: _Loose, sides: Collection[Side]) -> None:
        """Change the side of a hand that turned out to be the other one, where that place is free."""
        sure = one.right >= _CERTAINLY_RIGHT or one.right <= _CERTAINLY_LEFT
        side = Side.RIGHT if one.right >= _CERTAINLY_RIGHT else Side.LEFT
        taken = any(other.id == one.id and other.side is side for other in self._hands if other is not one)
        if sure and not taken and side in sides:
            one.side = side


def _fall(one: _Loose) -> float:
    """Return how far the fingers point down: 1 straight down, -1 up."""
    found = one.track.last
    if found is None:
        return 1.0
    palm = found.points[9, :2] - found.points[0, :2]
    return float(palm[1]) / max(float(np.hypot(*palm)), 1e-6)
