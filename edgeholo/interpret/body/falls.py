"""Falls: down fast, level at the floor, and lying there for some seconds."""

import math
from collections import deque
from dataclasses import dataclass

from edgeholo.interpret.body.features import clearly, in_pixels
from edgeholo.interpret.membership import membership
from edgeholo.interpret.moves import Move
from edgeholo.types import Pose

CONFIRM_S = 3.0
"""Lying for so long makes a fall: who stumbles, plays with a child or does an exercise is up or moving by then."""

_TRUNK = [11, 12, 23, 24]
"""Shoulders and hips, left before right, BlazePose order."""

_WINDOW_S = 2.0
"""A fall from standing to the floor takes 0.5 to 1.5 s."""

_FAST_S, _FAST = 0.7, 1.1
"""Torsos by which the shoulders drop within these seconds: 0.8 m/s on average, for a peak of 1.3 m/s of the trunk parts falls
from daily life (Bourke, O'Donovan and OLaighin, Medical Engineering and Physics 30, 2008). Lying down slowly takes 2 s and more."""

_DEEP_NO, _DEEP = 1.4, 1.8
"""Torsos by which the shoulders drop in all: 2.1 from standing to the floor, 1.3 onto a sofa, 1.0 onto a chair or in a squat."""

_LEVEL, _LEVEL_NO = 0.35, 0.65
"""Height of the shoulders over the hips in torsos: 0 to 0.3 of a lying trunk, whichever way it lies, 0.8 and more of a seated one."""

_UPRIGHT = 0.8
"""The same of a trunk that can fall."""

_SURE = 0.5
"""Where the memberships are halfway."""

_UP_AGAIN_S = 1.0
"""Lying is interrupted by no more than this: bodies on the floor are often misread for some frames."""


@dataclass(frozen=True, slots=True)
class _Trunk:
    """Where the trunk is: seconds, and pixels that grow downwards."""

    t_s: float
    shoulders: float
    rise: float
    length: float


@dataclass(slots=True)
class _Down:
    """Somebody who has come down: from where, since when, when last seen lying, how surely."""

    standing: _Trunk
    torso: float
    since_s: float
    seen_s: float
    confidence: float
    told: bool = False


class Falls:
    """Follows one person's trunk."""

    def __init__(self) -> None:
        self._trail: deque[_Trunk] = deque()
        self._down: _Down | None = None

    def reset(self) -> None:
        """Forget everything."""
        self._trail.clear()
        self._down = None

    def update(self, t_s: float, pose: Pose, size: tuple[int, int]) -> list[Move]:
        """Return the fall, in the frame in which it is sure.

        Args:
            t_s: seconds, later than before.
            pose: all numbers finite; without shoulders and hips in view it says nothing.
            size: (width, height) of the picture in pixels.
        """
        if not all(clearly(pose, _TRUNK)):
            return []
        trunk = _trunk(t_s, pose, size)
        self._trail.append(trunk)
        while t_s - self._trail[0].t_s > _WINDOW_S:
            self._trail.popleft()
        if self._down is None:
            self._down = self._came_down(trunk)
            return []
        return self._lie(self._down, trunk)

    def _came_down(self, now: _Trunk) -> _Down | None:
        """Return the fall that may be under way, or None."""
        standing = min(self._trail, key=lambda trunk: trunk.shoulders)
        torso = standing.length
        lying = _lying(now, standing, torso)
        if lying < _SURE or standing.rise < _UPRIGHT * torso or not self._fast(torso):
            return None
        return _Down(standing, torso, now.t_s, now.t_s, lying)

    def _fast(self, torso: float) -> bool:
        return any(
            later.shoulders - before.shoulders >= _FAST * torso and 0 < later.t_s - before.t_s <= _FAST_S
            for later in self._trail
            for before in self._trail
        )

    def _lie(self, down: _Down, now: _Trunk) -> list[Move]:
        """Wait until the fall is sure, or the person up again."""
        lying = _lying(now, down.standing, down.torso)
        if lying < _SURE:
            if now.t_s - down.seen_s > _UP_AGAIN_S:
                self._down = None
                self._trail.clear()
            return []
        down.seen_s = now.t_s
        down.confidence = max(down.confidence, lying)
        if down.told or now.t_s - down.since_s < CONFIRM_S:
            return []
        down.told = True
        return [Move("fall", down.confidence, now.t_s - down.standing.t_s)]


def _trunk(t_s: float, pose: Pose, size: tuple[int, int]) -> _Trunk:
    left, right, left_hip, right_hip = in_pixels(pose, _TRUNK, size)
    shoulders, hips = (left[1] + right[1]) / 2, (left_hip[1] + right_hip[1]) / 2
    across = (left[0] + right[0] - left_hip[0] - right_hip[0]) / 2
    return _Trunk(t_s, shoulders, hips - shoulders, math.hypot(across, hips - shoulders))


def _lying(now: _Trunk, standing: _Trunk, torso: float) -> float:
    """Return how far the trunk is level and as low as the floor, 0..1."""
    if torso <= 0:
        return 0.0
    deep = membership((now.shoulders - standing.shoulders) / torso, _DEEP_NO, _DEEP)
    return min(deep, membership(abs(now.rise) / torso, _LEVEL_NO, _LEVEL))
