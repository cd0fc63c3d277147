"""The litert engine: Holistic's own models on plain TensorFlow Lite, each run only when it is worth it.

It runs on every 64-bit Arm and x86-64 processor, opens no socket and needs no system library. With every branch "on" it computes
what Google's Holistic 0.10 computes; "auto" leaves to ``schedule`` what runs on which frame.
"""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import cv2

from edgeholo.anatomy import believable
from edgeholo.config import EngineOptions
from edgeholo.perceive.face import FaceDetector
from edgeholo.perceive.followed import Followed, Toolbox
from edgeholo.perceive.hand import HandModels
from edgeholo.perceive.models import lite
from edgeholo.perceive.pose import PoseDetector, PoseTracker
from edgeholo.perceive.regions import Region
from edgeholo.perceive.schedule import Decision, RoomSchedule
from edgeholo.types import Branch, Frame, Mode, People, Person, Side

_SAME = 0.5
"""Share of the smaller body region that two regions have in common when they are one person."""
_IMPLAUSIBLE_S = 0.5
"""A body without human proportions for so long is none."""
_PARALLEL_CORES = 2
"""With so many cores the two hands run side by side."""


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
        self._modes = dict(modes)
        self._beside = ThreadPoolExecutor(1, "left-hand") if (os.cpu_count() or 1) >= _PARALLEL_CORES else None
        self._detector = PoseDetector(lite.pose_detector())
        self._landmarks = lite.pose_landmarks(options.complexity, threads=1)
        self._tools = Toolbox({}, None, None, self._beside, options.tracking_confidence)
        self._open_tools()
        self._face_wanted = False
        self._next_id = 0
        self._people: list[Followed] = []
        self._room = RoomSchedule()
        self._decisions: dict[str, Decision] = {}
        self._strange_since_s: dict[int, float] = {}

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """Return what ran on the last frame and why, by branch, and "detector"."""
        return self._decisions

    def detect(self, frame: Frame) -> People:
        """Return who is in the picture, the nearest first; coordinates as in ``types``."""
        t_s = frame.timestamp_ns / 1e9
        kept = [
            one for one in self._people if one.update(frame, self._modes, self._tools, face_wanted=self._face_wanted)
        ]
        self._people = [one for one in kept if not self._implausible(one, frame, t_s)]
        room = self._room.detect(t_s, self._modes[Branch.POSE], followed=len(self._people), most=self._options.persons)
        self._decisions = {"detector": room}
        if room.run:
            self._find(frame)
        self._people.sort(key=lambda one: -one.region.width)
        for one in reversed(self._people):
            self._decisions |= {branch.value: decision for branch, decision in one.decisions.items()}
        persons = tuple(one.person(self._modes) for one in self._people)
        return People(persons, self._ran(room), frame.size, frame.timestamp_ns, frame.seq)

    def set_branches(self, modes: Mapping[Branch, Mode]) -> None:
        """Switch branches while running; models that are needed now are opened, the others are closed."""
        self._modes = dict(modes)
        self._open_tools()

    def want_face(self, wanted: bool) -> None:
        """Say whether a rule or a subscriber wants the face now: what "auto" goes by."""
        self._face_wanted = wanted

    def reset(self) -> None:
        """Forget everybody: the next frame has nothing to do with the last."""
        self._people = []
        self._room = RoomSchedule()
        self._decisions = {}
        self._strange_since_s = {}

    def close(self) -> None:
        """Free the thread; the models go with the object."""
        if self._beside is not None:
            self._beside.shutdown()

    def _open_tools(self) -> None:
        hands = any(self._modes[side.branch] is not Mode.OFF for side in Side)
        face = self._modes[Branch.FACE] is not Mode.OFF
        if hands and not self._tools.hands:
            self._tools.hands = {side: HandModels(lite.hand_recrop(), lite.hand_landmarks(threads=1)) for side in Side}
        if face and self._tools.face_detector is None:
            self._tools.face_detector = FaceDetector(lite.face_detector())
            self._tools.face_mesh = lite.face_mesh()
        if not hands:
            self._tools.hands = {}
        if not face:
            self._tools.face_detector = self._tools.face_mesh = None

    def _find(self, frame: Frame) -> None:
        """Look for people in the whole picture, and follow those who are not followed yet."""
        for region in self._detector.find(frame):
            if len(self._people) >= self._options.persons:
                return
            if any(_same(region, one.region) for one in self._people):
                continue
            tracker = PoseTracker(self._landmarks, self._options.tracking_confidence)
            one = Followed(self._next_id, tracker, region)
            if one.update(frame, self._modes, self._tools, face_wanted=self._face_wanted):
                self._people.append(one)
                self._next_id += 1

    def _implausible(self, one: Followed, frame: Frame, t_s: float) -> bool:
        """Return whether a body has been none for too long; "on" believes everything, as Holistic does."""
        if self._modes[Branch.POSE] is Mode.ON or one.pose is None:
            return False
        if believable(Person(one.id, one.pose.pose), frame.size):
            self._strange_since_s.pop(one.id, None)
            return False
        return t_s - self._strange_since_s.setdefault(one.id, t_s) > _IMPLAUSIBLE_S

    def _ran(self, room: Decision) -> frozenset[Branch]:
        """Return the branches that looked at everybody; in an empty room all that would have."""
        active = {branch for branch, mode in self._modes.items() if mode is not Mode.OFF}
        if not self._people:
            return frozenset(active if room.run else ())
        return frozenset(branch for branch in active if all(self._settled(one, branch) for one in self._people))

    @staticmethod
    def _settled(one: Followed, branch: Branch) -> bool:
        """Return whether the branch ran, or knows without running that there is nothing."""
        decision = one.decisions[branch]
        return decision.run or decision.why in ("hanging", "wrist not seen")


def _same(one: Region, other: Region) -> bool:
    """Return whether two body regions are of the same person."""
    nearer = abs(one.x - other.x) < _SAME * max(one.width, other.width)
    return nearer and abs(one.y - other.y) < _SAME * max(one.height, other.height)
