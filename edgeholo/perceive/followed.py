"""One person as the litert engine follows it: the pose leads, hands and face hang on it, the schedule says what runs."""

import math
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field

from edgeholo.perceive import face, hand, iris
from edgeholo.perceive.costs import Costs
from edgeholo.perceive.face import FaceDetector, TrackedFace
from edgeholo.perceive.hand import HandModels, TrackedHand
from edgeholo.perceive.hand_track import HandTrack
from edgeholo.perceive.inference import Model
from edgeholo.perceive.pose import PoseTracker, TrackedPose
from edgeholo.perceive.regions import Points, Region
from edgeholo.perceive.schedule import Decision, HandFacts, PersonSchedule
from edgeholo.types import FACE_POINTS, Branch, Frame, Mode, Person, Side

_ARM = {Side.LEFT: (13, 15), Side.RIGHT: (14, 16)}
"""Elbow and wrist of the pose."""
_WRIST_SEEN = 0.5
"""Visibility from which a wrist is rather in view than not; Holistic itself looks from 0.1 on."""
_HANGING = 0.85
"""Share of the forearm's length that points down: within 32 degrees of straight down it hangs."""
_DOUBTFUL_SCORE = 0.9
"""A hand less sure than this is looked for anew."""
_DOUBTFUL_OFFSET = 0.25
"""Share of the pose's hand region by which a followed hand may be off before it is looked for anew."""
_CHECK_EVERY = 5
"""So many looks without doubt, then one to make sure that a track has not drifted off the hand."""
_OFF_THE_WRIST = 0.75
"""Share of a hand's region between its wrist and the pose's, which lags: up to 0.7 in swipes; the other hand's is farther."""
_BLURRED = 0.7
"""Share of the least score that is enough for a fast hand beside the pose's wrist: motion blur takes 0.45 of a swipe's 0.99."""


@dataclass(slots=True)
class Toolbox:
    """The models that all persons share.

    Attributes:
        hands: by side, for they run at the same time.
        face_detector: None while the face is off.
        face_mesh: None while the face is off.
        irises: None unless the face is refined.
        beside: runs the left hand while this thread runs the right one; None on a single core.
        least_score: of a part that is kept.
        costs: of the frame, so far.
    """

    hands: Mapping[Side, HandModels]
    face_detector: FaceDetector | None
    face_mesh: Model | None
    irises: Model | None
    beside: Executor | None
    least_score: float
    costs: Costs = field(default_factory=Costs)


@dataclass(slots=True)
class Followed:
    """A person from frame to frame.

    Attributes:
        id: as published.
        tracker: of the pose.
        region: where the body is looked for in the next frame.
        pose: at the last look.
        decisions: of the last frame, for every branch.
        strange_since_s: when the body began to have no human proportions, None while it has.
    """

    id: int
    tracker: PoseTracker
    region: Region
    pose: TrackedPose | None = None
    decisions: dict[Branch, Decision] = field(default_factory=dict)
    strange_since_s: float | None = None
    _schedule: PersonSchedule = field(default_factory=PersonSchedule)
    _hands: dict[Side, HandTrack] = field(default_factory=lambda: {side: HandTrack() for side in Side})
    _face: TrackedFace | None = None
    _hand_lost: bool = False

    def update(self, frame: Frame, modes: Mapping[Branch, Mode], tools: Toolbox, *, face_wanted: bool) -> bool:
        """Look at a frame as far as the schedule says; return False when the person is lost."""
        t_s = frame.timestamp_ns / 1e9
        self._schedule.begin(t_s)
        tracked = any(track.last for track in self._hands.values())
        decision = self._schedule.pose(t_s, modes[Branch.POSE], hands_tracked=tracked, hand_lost=self._hand_lost)
        self.decisions = {Branch.POSE: decision}
        if decision.run or self.pose is None:
            with tools.costs.of(Branch.POSE):
                self.pose = self.tracker.update(frame, self.region)
            if self.pose is None:
                return False
            self.region = self.pose.region
        self._look_at_hands(frame, modes, tools, self.pose, t_s, pose_is_new=decision.run)
        self._look_at_face(frame, modes, tools, self.pose, t_s, wanted=face_wanted)
        return True

    def person(self, modes: Mapping[Branch, Mode]) -> Person:
        """Return the person as last seen, without what is switched off."""
        left, right = (self._hands[side].last for side in (Side.LEFT, Side.RIGHT))
        return Person(
            self.id,
            self.pose.pose if self.pose and modes[Branch.POSE] is not Mode.OFF else None,
            left.hand if left else None,
            right.hand if right else None,
            self._face.face if self._face else None,
        )

    def _look_at_hands(
        self,
        frame: Frame,
        modes: Mapping[Branch, Mode],
        tools: Toolbox,
        pose: TrackedPose,
        t_s: float,
        *,
        pose_is_new: bool,
    ) -> None:
        facts = {side.branch: self._facts(side, pose, modes[side.branch]) for side in Side}
        decisions = self._schedule.hands(t_s, modes, facts)
        self.decisions |= decisions
        self._hand_lost = False
        sides = [side for side in Side if decisions[side.branch].run]
        if len(sides) == 2 and tools.beside is not None:
            left = tools.beside.submit(self._look_at_hand, frame, Side.LEFT, tools, pose, pose_is_new)
            self._look_at_hand(frame, Side.RIGHT, tools, pose, pose_is_new)
            left.result()
        else:
            for side in sides:
                self._look_at_hand(frame, side, tools, pose, pose_is_new)
        for side in Side:
            if facts[side.branch].tracked and not self._hands[side].last:
                self._hand_lost = True
            elif modes[side.branch] is Mode.OFF or not (decisions[side.branch].run or facts[side.branch].tracked):
                self._hands[side] = HandTrack()

    def _facts(self, side: Side, pose: TrackedPose, mode: Mode) -> HandFacts:
        elbow, wrist = _ARM[side]
        least = hand.LEAST_VISIBILITY if mode is Mode.ON else _WRIST_SEEN
        seen = bool(pose.pose.visibility[wrist] > least)
        return HandFacts(
            # A hand whose wrist has left the view is given up, as Holistic does: its crop would follow anything.
            tracked=seen and self._hands[side].last is not None,
            wrist_seen=seen,
            fast=self._hands[side].fast,
            hanging=_hangs(pose.points[elbow], pose.points[wrist]),
        )

    def _look_at_hand(
        self,
        frame: Frame,
        side: Side,
        tools: Toolbox,
        pose: TrackedPose,
        pose_is_new: bool,
    ) -> None:
        track, models = self._hands[side], tools.hands[side]
        with tools.costs.of(side.branch):
            # A pose of some frames ago corrects no hand that is followed, but says well enough where to search for one.
            asked = pose_is_new or track.last is None
            from_pose = hand.region_from_pose(pose.points, pose.pose.visibility, side) if asked else None
            region = _region(frame, track, models, from_pose)
            found = hand.landmarks(models.landmarks, frame, region, tools.least_score) if region else None
            if found is None and track.fast:
                found = self._caught_up(frame, side, track, tools, pose, from_pose)
            track.looked(frame.timestamp_ns / 1e9, found)

    @staticmethod
    def _caught_up(
        frame: Frame, side: Side, track: HandTrack, tools: Toolbox, pose: TrackedPose, from_pose: Region | None
    ) -> TrackedHand | None:
        """Return a fast hand where it is bound for, or where the pose has it now: both lag, and blur makes it unsure."""
        models, wrist = tools.hands[side], pose.points[_ARM[side][1]]
        for region in (track.ahead(frame.timestamp_ns / 1e9), _recropped(frame, models, from_pose)):
            found = hand.landmarks(models.landmarks, frame, region, tools.least_score * _BLURRED) if region else None
            if region and found and math.dist(found.points[0, :2], wrist[:2]) < _OFF_THE_WRIST * region.width:
                return found
        return None

    def _look_at_face(
        self, frame: Frame, modes: Mapping[Branch, Mode], tools: Toolbox, pose: TrackedPose, t_s: float, *, wanted: bool
    ) -> None:
        decision = self._schedule.face(t_s, modes[Branch.FACE], wanted=wanted)
        self.decisions[Branch.FACE] = decision
        if modes[Branch.FACE] is Mode.OFF or tools.face_detector is None or tools.face_mesh is None:
            self._face = None
        elif decision.run:
            with tools.costs.of(Branch.FACE):
                found = tools.face_detector.find(frame, pose.points)
                region = face.chosen(self._face, found) if found else None
                self._face = (
                    face.mesh(tools.face_mesh, frame, region, tools.least_score, FACE_POINTS) if region else None
                )
                if self._face is not None and tools.irises is not None:
                    self._face = iris.refined(tools.irises, frame, self._face)


def _region(frame: Frame, track: HandTrack, models: HandModels, from_pose: Region | None) -> Region | None:
    """Return where to look for a hand: around its last points, unless there is doubt and the pose knows better.

    Holistic re-crops in every frame, and then keeps the region around the last points where the two agree. That it would is
    known without the re-crop while the hand is sure and near where the pose has it: docs/performance.md has what that saves.
    """
    if track.last is not None and not _doubtful(track, from_pose):
        track.unchecked += 1
        return hand.region_from_hand(track.last.points)
    track.unchecked = 0
    anew = _recropped(frame, models, from_pose)
    return track.around() if anew is None else hand.chosen(track.last, anew)


def _recropped(frame: Frame, models: HandModels, from_pose: Region | None) -> Region | None:
    return None if from_pose is None or from_pose.width < 1 else hand.recropped(models.recrop, frame, from_pose)


def _doubtful(track: HandTrack, from_pose: Region | None) -> bool:
    """Return whether a followed hand is to be looked for anew."""
    if track.last is None or from_pose is None:
        return track.last is None
    if track.fast:
        return False
    if track.last.score < _DOUBTFUL_SCORE or track.unchecked >= _CHECK_EVERY:
        return True
    region = hand.region_from_hand(track.last.points)
    return math.hypot(region.x - from_pose.x, region.y - from_pose.y) > _DOUBTFUL_OFFSET * from_pose.width


def _hangs(elbow: Points, wrist: Points) -> bool:
    length = math.dist(elbow[:2], wrist[:2])
    return bool(wrist[1] - elbow[1] > _HANGING * length)
