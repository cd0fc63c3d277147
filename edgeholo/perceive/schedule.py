"""What runs on this frame, and why: a branch that nobody needs now costs nothing.

A decision is a word or two; ``--explain`` prints it and health counts it. "on" runs a branch in every frame, as Holistic does;
"auto" is decided here, from time and from what the last frames showed, so the load is even and follows the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from edgeholo.types import Branch, Mode

POSE_HZ = 10.0
"""Without a hand in view: a raised hand is noticed within 0.1 s, and a nod lasts longer."""
POSE_WITH_HANDS_HZ = 8.0
"""While hands are followed by themselves: the body only says where they hang together."""
HAND_HZ = 12.5
"""A swipe lasts 0.3 s: four looks, and a hand that moves fast is looked at in every frame."""
SEARCH_HZ = 8.0
"""A hand that is up but was not found: it may be turned away."""
TIRED_HZ = 2.0
"""The same after a while."""
TIRED_S = 1.5
"""Searching in vain for so long is a while."""
DETECT_HZ = 5.0
"""Nobody there: a person who enters is found within 0.2 s."""
IDLE_HZ = 1.0
"""Something has moved for a while, and it was nobody: a street, a tree, a screen."""
IDLE_S = 3.0
"""Searching an empty room for so long is a while."""
PAUSE_S = 1.5
"""After so long without a frame the motion gate was closed: this is its glance at a still room, or something moves anew."""
STILL_S = 6.0
"""A still room in which nobody was found is searched again after so long; what moves anew is searched with its second frame."""
MORE_HZ = 2.0
"""Further people, while some are followed: whoever joins is found within half a second."""
FACE_HZ = 10.0
"""Nods and smiles last longer."""
CATCH_UP_S = 0.3
"""A fast hand that was lost is searched in every frame for so long: then the swipe is over."""
FAST, _ESCAPED = "moving fast", "lost on the move"
"""Reasons to look in every frame, out of turn: half as many looks would lose the hand."""
_SLACK = 0.8
"""A frame this share of a period after the last one is due: frames do not come at multiples of periods."""
_TURNS_HZ = 2.0
"""Frames at least this many times as fast as hands are looked at take left and right in turns."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a branch runs on this frame, and why."""

    run: bool
    why: str


class Rate:
    """Looks at most so often, on average: a look that came a little early delays the next."""

    def __init__(self) -> None:
        self.last_s: float | None = None
        self._early_s = 0.0

    def due(self, t_s: float, hz: float) -> bool:
        """Return whether it is time again; time that went backwards is."""
        period_s, self._early_s = 1 / hz, 0.0
        if self.last_s is None:
            return True
        since_s = t_s - self.last_s
        if (_SLACK - 1) * period_s <= since_s < _SLACK * period_s:
            return False
        self._early_s = max(0.0, period_s - since_s) if since_s > 0 else 0.0
        return True

    def looked(self, t_s: float) -> None:
        """Remember a look."""
        self.last_s, self._early_s = t_s + self._early_s, 0.0


@dataclass(frozen=True, slots=True)
class HandFacts:
    """What is known of a hand before this frame is looked at.

    Attributes:
        tracked: it was found at the last look.
        wrist_seen: the pose shows its wrist.
        hanging: the forearm hangs down.
        fast: it moved far between the last two looks.
    """

    tracked: bool
    wrist_seen: bool
    hanging: bool
    fast: bool = False


class PersonSchedule:
    """Decides for one person."""

    def __init__(self) -> None:
        self._rates = {branch: Rate() for branch in Branch}
        self._searching_s: dict[Branch, float] = {}
        self._fast_s: dict[Branch, float] = {}
        self._frame_s: float | None = None
        self._interval_s = 0.0

    def begin(self, t_s: float) -> None:
        """Begin a frame."""
        if self._frame_s is not None:
            self._interval_s = max(0.0, t_s - self._frame_s)
        self._frame_s = t_s

    def pose(self, t_s: float, mode: Mode, *, hands_tracked: bool, hand_lost: bool) -> Decision:
        """Decide about the pose; it leads to hands and face, so "off" only hides it."""
        if mode is Mode.ON:
            return self._look(Branch.POSE, t_s, "on")
        if hand_lost:
            return self._look(Branch.POSE, t_s, "a hand was lost")
        hz = POSE_WITH_HANDS_HZ if hands_tracked else POSE_HZ
        return self._at(Branch.POSE, t_s, hz, "hands lead" if hands_tracked else "following")

    def hands(
        self, t_s: float, modes: Mapping[Branch, Mode], facts: Mapping[Branch, HandFacts]
    ) -> dict[Branch, Decision]:
        """Decide about both hands; where frames come fast enough they take turns, so that no frame costs two."""
        decisions = {branch: self._hand(branch, t_s, modes[branch], fact) for branch, fact in facts.items()}
        wanted = [
            branch
            for branch, decision in decisions.items()
            if decision.run and modes[branch] is Mode.AUTO and decision.why not in (FAST, _ESCAPED)
        ]
        if len(wanted) == 2 and 0 < self._interval_s * HAND_HZ * _TURNS_HZ <= 1 / _SLACK:
            later = max(wanted, key=lambda branch: self._rates[branch].last_s or float("-inf"))
            decisions[later] = Decision(run=False, why="other hand's turn")
        for branch, decision in decisions.items():
            if decision.run:
                self._rates[branch].looked(t_s)
        return decisions

    def face(self, t_s: float, mode: Mode, *, wanted: bool) -> Decision:
        """Decide about the face: "auto" looks only while a rule or a subscriber wants it."""
        if mode is Mode.OFF:
            return Decision(run=False, why="off")
        if mode is Mode.ON:
            return self._look(Branch.FACE, t_s, "on")
        return self._at(Branch.FACE, t_s, FACE_HZ, "wanted") if wanted else Decision(run=False, why="nobody wants it")

    def _hand(self, branch: Branch, t_s: float, mode: Mode, facts: HandFacts) -> Decision:
        if mode is Mode.OFF:
            return Decision(run=False, why="off")
        if not facts.wrist_seen and not facts.tracked:
            return Decision(run=False, why="wrist not seen")
        if mode is Mode.ON:
            return Decision(run=True, why="on")
        return self._follow(branch, t_s, facts) if facts.tracked else self._search(branch, t_s, facts)

    def _follow(self, branch: Branch, t_s: float, facts: HandFacts) -> Decision:
        self._searching_s.pop(branch, None)
        if facts.fast:
            self._fast_s[branch] = t_s
            return Decision(run=True, why=FAST)
        return self._is_due(branch, t_s, HAND_HZ, "following")

    def _search(self, branch: Branch, t_s: float, facts: HandFacts) -> Decision:
        if 0 <= t_s - self._fast_s.get(branch, float("-inf")) < CATCH_UP_S:
            return Decision(run=True, why=_ESCAPED)
        if facts.hanging:
            self._searching_s.pop(branch, None)
            return Decision(run=False, why="hanging")
        tired = t_s - self._searching_s.setdefault(branch, t_s) > TIRED_S
        return self._is_due(
            branch, t_s, TIRED_HZ if tired else SEARCH_HZ, "searching in vain" if tired else "searching"
        )

    def _is_due(self, branch: Branch, t_s: float, hz: float, why: str) -> Decision:
        return Decision(run=True, why=why) if self._rates[branch].due(t_s, hz) else Decision(run=False, why="resting")

    def _at(self, branch: Branch, t_s: float, hz: float, why: str) -> Decision:
        decision = self._is_due(branch, t_s, hz, why)
        return self._look(branch, t_s, why) if decision.run else decision

    def _look(self, branch: Branch, t_s: float, why: str) -> Decision:
        self._rates[branch].looked(t_s)
        return Decision(run=True, why=why)


class RoomSchedule:
    """Decides when the whole picture is searched for people."""

    def __init__(self) -> None:
        self._rate = Rate()
        self._empty_s: float | None = None
        self._frame_s: float | None = None

    def detect(self, t_s: float, mode: Mode, *, followed: int, most: int) -> Decision:
        """Decide about the body detector: never while a track holds and no further person is wanted."""
        paused = self._frame_s is None or not 0 <= t_s - self._frame_s < PAUSE_S
        self._frame_s = t_s
        if followed >= most:
            self._empty_s = None
            return Decision(run=False, why="tracking holds")
        if followed:
            self._empty_s = None
            return self._at(t_s, MORE_HZ, "further people")
        if mode is Mode.ON:
            return self._look(t_s, "on")
        if self._empty_s is None or paused:
            self._empty_s = t_s
        if paused and not self._rate.due(t_s, 1 / STILL_S):
            return Decision(run=False, why="a glance")
        idle = t_s - self._empty_s > IDLE_S
        return self._at(t_s, IDLE_HZ if idle else DETECT_HZ, "idle room" if idle else "searching")

    def _at(self, t_s: float, hz: float, why: str) -> Decision:
        return self._look(t_s, why) if self._rate.due(t_s, hz) else Decision(run=False, why="resting")

    def _look(self, t_s: float, why: str) -> Decision:
        self._rate.looked(t_s)
        return Decision(run=True, why=why)
