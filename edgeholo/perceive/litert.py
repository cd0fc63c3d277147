"""The litert engine: Holistic's own models on plain TensorFlow Lite, each run only when it is worth it.

It runs on every 64-bit Arm and x86-64 processor, opens no socket and needs no system library. With every branch "on" it computes
what Google's Holistic 0.10 computes; "auto" leaves to ``schedule`` what runs on which frame.
"""

import math
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import cv2

from edgeholo.anatomy import believable
from edgeholo.config import EngineOptions
from edgeholo.perceive.face import FaceDetector
from edgeholo.perceive.followed import Followed, Toolbox
from edgeholo.perceive.hand import HandModels
from edgeholo.perceive.loose_hands import LooseHands
from edgeholo.perceive.models import lite
from edgeholo.perceive.palm import PalmDetector
from edgeholo.perceive.palm_schedule import PALM_HZ
from edgeholo.perceive.pose import PoseDetector, PoseTracker, TrackedPose
from edgeholo.perceive.regions import Points, Region
from edgeholo.perceive.schedule import Decision, Rate, RoomSchedule
from edgeholo.types import HANDS, Branch, Frame, Mode, Pace, People, Person, Side

_SAME = 0.5
"""Shoulders so near, in lengths of shoulders or neck, are one body's: those of people side by side are 0.64 and more apart."""
_NOSE, _SHOULDERS = 0, (11, 12)
"""Points of the pose."""
_IMPLAUSIBLE_S = 0.5
"""A body without human proportions for so long is none."""
_CORES, _ENOUGH_CORES = 2, 4
"""Hands that are looked at in every frame run side by side from two cores on, any hands from four on. Two threads on the halves of one
core take a third more time each, which was measured, and a second pair of hand models 25 MB.
"""


class LitertEngine:
    """Pose, hands and face of up to ``engine.persons`` people."""

    name = "litert"

    def __init__(self, options: EngineOptions, modes: Mapping[Branch, Mode]) -> None:
        """Open the models that the modes need.

        Raises:
            ModelError: a model cannot be had or run.
        """
        # A crop is too small to share: OpenCV's further threads cost more than they save.
        cv2.setNumThreads(1)
        self._options = options
        self._wanted = self._modes = _of_every_branch(modes)
        self._pace = Pace()
        self._left = ThreadPoolExecutor(1, "left-hand")
        self._detector = PoseDetector(lite.pose_detector(), options.detection_confidence)
        self._landmarks = lite.pose_landmarks(options.complexity, threads=1)
        self._tools = Toolbox({}, None, None, None, None, options.tracking_confidence)
        self._next_id = 0
        self._loose: LooseHands | None = None
        self._doubts = Rate()
        self._open_tools(self._modes)
        self._face_wanted = False
        self._people: list[Followed] = []
        self._room = RoomSchedule()
        self._decisions: dict[str, Decision] = {}

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """Return what ran on the last frame and why, by branch, and "detector"."""
        return self._decisions

    @property
    def cost_ms(self) -> Mapping[str, float]:
        """Return what the last frame cost, by branch, "detector", and "palms" for hands without a body."""
        return self._tools.costs.ms()

    def detect(self, frame: Frame) -> People:
        """Return who is in the picture, the nearest first; coordinates as in ``types``."""
        t_s = frame.timestamp_ns / 1e9
        self._tools.costs.begin()
        kept = [
            one for one in self._people if one.update(frame, self._modes, self._tools, face_wanted=self._face_wanted)
        ]
        self._people = [one for one in _distinct(kept) if not self._implausible(one, frame, t_s)]
        room = self._room.detect(t_s, self._modes[Branch.POSE], followed=len(self._people), most=self._options.persons)
        self._decisions = {"detector": room}
        if room.run:
            self._find(frame)
        self._look_for_loose_hands(frame, room)
        self._people.sort(key=lambda one: -one.region.width)
        for one in reversed(self._people):
            self._decisions |= {branch.value: decision for branch, decision in one.decisions.items()}
        persons = tuple(one.person(self._modes) for one in self._people)
        if self._loose is not None and not self._people:
            persons = self._loose.persons()
        return People(persons, self._ran(room), frame.size, frame.timestamp_ns, frame.seq)

    def set_branches(self, modes: Mapping[Branch, Mode]) -> None:
        """Switch branches while running; models that are needed now are opened, the others are closed.

        Raises:
            ModelError: a model cannot be had or run; everything stays as it was.
        """
        wanted = _of_every_branch(modes)
        self._open_tools(_at_pace(wanted, self._pace))
        self._wanted, self._modes = wanted, _at_pace(wanted, self._pace)

    def want_face(self, wanted: bool) -> None:
        """Say whether a rule or a subscriber wants the face now: what "auto" goes by."""
        self._face_wanted = wanted

    def keep_pace(self, pace: Pace) -> None:
        """Look at one hand after the other, or at no face.

        Raises:
            ModelError: a model cannot be had or run; everything stays as it was.
        """
        modes = _at_pace(self._wanted, pace)
        self._open_tools(modes)
        self._modes, self._pace = modes, pace
        self._share_cores()

    def reset(self) -> None:
        """Forget everybody: the next frame has nothing to do with the last."""
        self._people = []
        self._room = RoomSchedule()
        self._decisions = {}
        if self._loose is not None:
            self._loose.forget()

    def close(self) -> None:
        """Free the thread; the models go with the object."""
        self._left.shutdown()

    def _open_tools(self, modes: Mapping[Branch, Mode]) -> None:
        hands = any(modes[side.branch] is not Mode.OFF for side in Side)
        face = modes[Branch.FACE] is not Mode.OFF
        if hands and (not self._tools.hands or self._side_by_side != _side_by_side(modes)):
            self._tools.hands, self._loose = _hand_models(2 if _side_by_side(modes) else 1), None
        if face and self._tools.face_detector is None:
            self._tools.face_mesh = lite.face_mesh()
            self._tools.irises = lite.irises() if self._options.refine_face else None
            self._tools.face_detector = FaceDetector(lite.face_detector())
        if not hands:
            self._tools.hands = {}
        if not any(modes[side.branch] is Mode.AUTO for side in Side):
            self._loose = None
        elif self._loose is None:
            palms, model = PalmDetector(lite.palm_detector()), self._tools.hands[Side.LEFT].landmarks
            self._loose = LooseHands(palms, model, self._options.tracking_confidence, self._new_id)
        if not face:
            self._tools.face_detector = self._tools.face_mesh = self._tools.irises = None
        self._share_cores()

    @property
    def _side_by_side(self) -> bool:
        """Whether each hand has models of its own, so that both can run at once."""
        models = self._tools.hands
        return bool(models) and models[Side.LEFT] is not models[Side.RIGHT]

    def _share_cores(self) -> None:
        """Let both hands run at once where they can and may."""
        self._tools.beside = self._left if self._side_by_side and self._pace.side_by_side else None

    def _find(self, frame: Frame) -> None:
        """Look for people in the whole picture, and follow those who are not followed yet."""
        with self._tools.costs.of("detector"):
            regions = self._detector.find(frame)
        for region in regions:
            if len(self._people) >= self._options.persons:
                return
            if not self._is_new(frame, region):
                continue
            tracker = PoseTracker(self._landmarks, self._options.tracking_confidence)
            one = Followed(0, tracker, region)
            seen = one.update(frame, self._modes, self._tools, face_wanted=self._face_wanted)
            if seen and not self._is_a_hand(one, frame):
                known = self._loose.owner(one.pose.points) if self._loose and one.pose else None
                one.id = self._new_id() if known is None else known
                self._people.append(one)

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def _is_a_hand(self, one: Followed, frame: Frame) -> bool:
        """Return whether a new or strange body is only a hand close to the camera, looking for one now and then."""
        if self._loose is None or one.pose is None or self._modes[Branch.POSE] is Mode.ON:
            return False
        t_s = frame.timestamp_ns / 1e9
        if not self._loose.any and self._doubts.due(t_s, PALM_HZ):
            self._doubts.looked(t_s)
            with self._tools.costs.of("palms"):
                self._loose.search(frame)
        return self._loose.hide(one.pose.points)

    def _look_for_loose_hands(self, frame: Frame, room: Decision) -> None:
        """Look for hands without a body while no body is followed."""
        if self._loose is None:
            return
        if self._people:
            self._loose.forget()
            return
        sides = [side for side in Side if self._modes[side.branch] is not Mode.OFF]
        with self._tools.costs.of("palms"):
            self._loose.update(frame, sides, self._options.persons, busy=room.run)
        self._decisions["palms"] = self._loose.searched
        self._decisions |= {side.branch.value: self._loose.followed for side in sides}

    def _is_new(self, frame: Frame, region: Region) -> bool:
        """Return whether nobody who is followed is the body in a region: a look tells, for regions of neighbours overlap."""
        if not self._people:
            return True
        with self._tools.costs.of(Branch.POSE):
            seen = PoseTracker(self._landmarks, self._options.tracking_confidence).update(frame, region)
        return seen is not None and not any(_same(seen, one.pose) for one in self._people)

    def _implausible(self, one: Followed, frame: Frame, t_s: float) -> bool:
        """Return whether a body has been none for too long; "on" believes everything, as Holistic does."""
        if (
            self._modes[Branch.POSE] is Mode.ON
            or one.pose is None
            or believable(Person(one.id, one.pose.pose), frame.size)
        ):
            one.strange_since_s = None
            return False
        if one.strange_since_s is None or t_s < one.strange_since_s:
            one.strange_since_s = t_s
        if self._is_a_hand(one, frame):
            return True
        return t_s - one.strange_since_s > _IMPLAUSIBLE_S

    def _ran(self, room: Decision) -> frozenset[Branch]:
        """Return the branches that looked at everybody; in an empty room all that would have."""
        active = {branch for branch, mode in self._modes.items() if mode is not Mode.OFF}
        if not self._people:
            ran = active if room.run else set()
            if self._loose is None or not self._loose.any:
                return frozenset(ran)
            return frozenset((ran - HANDS) | (active & HANDS if self._loose.followed.run else set()))
        return frozenset(branch for branch in active if all(self._settled(one, branch) for one in self._people))

    @staticmethod
    def _settled(one: Followed, branch: Branch) -> bool:
        """Return whether the branch ran, or knows without running that there is nothing."""
        decision = one.decisions[branch]
        return decision.run or decision.why in ("hanging", "wrist not seen")


def _of_every_branch(modes: Mapping[Branch, Mode]) -> dict[Branch, Mode]:
    """Return the mode of every branch; one that is not named is off."""
    return {branch: modes.get(branch, Mode.OFF) for branch in Branch}


def _at_pace(wanted: Mapping[Branch, Mode], pace: Pace) -> dict[Branch, Mode]:
    """Return the modes that the pace leaves of those that are wanted."""
    return {**wanted} if pace.face else {**wanted, Branch.FACE: Mode.OFF}


def _distinct(people: list[Followed]) -> list[Followed]:
    """Return the people without the younger of two who have become one body: its region held both."""
    kept: list[Followed] = []
    for one in sorted(people, key=lambda person: person.id):
        if one.pose is None or not any(_same(one.pose, other.pose) for other in kept):
            kept.append(one)
    return kept


def _same(one: TrackedPose, other: TrackedPose | None) -> bool:
    """Return whether two poses are of the same body."""
    if other is None:
        return False
    (here, size), (there, other_size) = _shoulders(one.points), _shoulders(other.points)
    return math.dist(here, there) < _SAME * max(size, other_size)


def _shoulders(points: Points) -> tuple[Points, float]:
    """Return the middle (2,) of the shoulders and the longer of their distance and the neck, pixels: one shows from the side."""
    nose, left, right = points[_NOSE, :2], points[_SHOULDERS[0], :2], points[_SHOULDERS[1], :2]
    middle: Points = (left + right) / 2
    return middle, max(math.dist(left, right), math.dist(nose, middle))


def _side_by_side(modes: Mapping[Branch, Mode]) -> bool:
    """Return whether both hands are to run at the same time."""
    cores, always = os.cpu_count() or 1, all(modes[side.branch] is Mode.ON for side in Side)
    return cores >= _ENOUGH_CORES or (always and cores >= _CORES)


def _hand_models(pairs: int) -> dict[Side, HandModels]:
    """Open the hand models, one pair or two."""
    opened = [HandModels(lite.hand_recrop(), lite.hand_landmarks(threads=1)) for _ in range(pairs)]
    return {Side.LEFT: opened[0], Side.RIGHT: opened[-1]}
