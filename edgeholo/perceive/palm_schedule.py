"""When hands that have no body are searched and looked at, and why."""

from edgeholo.perceive.schedule import FAST, HAND_HZ, IDLE_S, Decision, Rate

PALM_HZ = 2.5
"""Nobody there, but something moves: a hand held up to the camera counts after 0.6 s."""
FURTHER_HZ = 1.0
"""A second hand beside one."""
IDLE_PALM_HZ = 0.5
"""Something has moved for a while, and it was nobody: a street, a tree, a screen."""
GLANCE_S = 1.5
"""A frame so long after the last one is the motion gate's glance at a still room: no hand is raised in it."""


class PalmSchedule:
    """Decides when the whole picture is searched for hands that have no body, and when those are looked at."""

    def __init__(self) -> None:
        self._search = Rate()
        self._follow = Rate()
        self._moving_since_s: float | None = None
        self._frame_s: float | None = None

    def search(self, t_s: float, *, followed: int, most: int, busy: bool) -> Decision:
        """Decide about the palm detector; it gives way to the body detector, so that no frame costs both.

        Args:
            t_s: of the frame.
            followed: hands without a body that are followed.
            most: hands that may be.
            busy: the body detector runs on this frame.
        """
        glance = self._frame_s is not None and not 0 <= t_s - self._frame_s < GLANCE_S
        if self._moving_since_s is None or followed or glance:
            self._moving_since_s = t_s
        self._frame_s = t_s
        if followed >= most:
            return Decision(run=False, why="both hands followed")
        if glance and not followed:
            return Decision(run=False, why="a glance")
        idle = t_s - self._moving_since_s > IDLE_S
        hz = FURTHER_HZ if followed else IDLE_PALM_HZ if idle else PALM_HZ
        if not self._search.due(t_s, hz):
            return Decision(run=False, why="resting")
        if busy and not self._search.due(t_s, hz / 2):
            return Decision(run=False, why="body detector's turn")
        return Decision(run=True, why="further hand" if followed else "idle room" if idle else "hand without a body")

    def searched(self, t_s: float) -> None:
        """Remember a search, whoever asked for it."""
        self._search.looked(t_s)

    def follow(self, t_s: float, *, followed: int, fast: bool) -> Decision:
        """Decide about the hands that are followed without a body."""
        if not followed:
            return Decision(run=False, why="no hand")
        if not fast and not self._follow.due(t_s, HAND_HZ):
            return Decision(run=False, why="resting")
        self._follow.looked(t_s)
        return Decision(run=True, why=FAST if fast else "following alone")
