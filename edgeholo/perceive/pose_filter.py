"""Holistic's own pose filter. It belongs to the graph: the crops of the next frame and of the hands are cut by what it returns.

Source: modules/pose_landmark/pose_landmark_filtering.pbtxt, landmarks_smoothing_calculator_utils.cc, one_euro_filter.cc and
low_pass_filter.cc in google-ai-edge/mediapipe. ``filters.OneEuro``, which calms what is published, differs: it limits speed per point.
"""

import math
from dataclasses import dataclass

import numpy as np

from edgeholo.perceive.regions import Points

_DERIVATIVE_CUTOFF_HZ = 1.0
_VISIBILITY_ALPHA = 0.1


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """One Euro's parameters.

    Attributes:
        min_cutoff_hz: at rest.
        beta: how fast it rises with speed, in object sizes a second.
    """

    min_cutoff_hz: float
    beta: float


LANDMARKS = Cutoffs(0.05, 80.0)
AUXILIARY = Cutoffs(0.01, 10.0)
WORLD = Cutoffs(0.1, 40.0)


class GraphOneEuro:
    """One Euro as MediaPipe computes it: each coordinate by itself, speed from unfiltered values."""

    def __init__(self, cutoffs: Cutoffs) -> None:
        self._cutoffs = cutoffs
        self._t_s: float | None = None
        self._raw: Points = np.zeros(0)
        self._smooth: Points = np.zeros(0)
        self._speed: Points = np.zeros(0)

    def update(self, t_s: float, values: Points, scale: float) -> Points:
        """Return filtered values (n, m); ``scale`` is the object's size in their unit, time in seconds."""
        if self._t_s is None:
            self._t_s, self._raw, self._smooth, self._speed = t_s, values, values, np.zeros_like(values)
            return values
        if t_s <= self._t_s:
            return values
        rate_hz = 1 / (t_s - self._t_s)
        speed = (values - self._raw) * (rate_hz / scale)
        alpha = _alpha(np.array(_DERIVATIVE_CUTOFF_HZ), rate_hz)
        self._speed = alpha * speed + (1 - alpha) * self._speed
        share = _alpha(self._cutoffs.min_cutoff_hz + self._cutoffs.beta * np.abs(self._speed), rate_hz)
        self._smooth = share * values + (1 - share) * self._smooth
        self._t_s, self._raw = t_s, values
        return self._smooth


class PoseFilter:
    """Filters body points, the two auxiliary points, world points and visibility of one person."""

    def __init__(self) -> None:
        self._points, self._auxiliary = GraphOneEuro(LANDMARKS), GraphOneEuro(AUXILIARY)
        self._world = GraphOneEuro(WORLD)
        self._visibility: Points | None = None

    def update(self, t_s: float, points: Points, world: Points, visibility: Points) -> tuple[Points, Points, Points]:
        """Return points (35, 3) in pixels, world points (33, 3) and visibility (33,), filtered.

        The scale is twice the distance of the auxiliary points, the size of the region that they align.
        """
        scale = max(2 * math.dist(points[33, :2], points[34, :2]), 1e-6)
        body = self._points.update(t_s, points[:33], scale)
        auxiliary = self._auxiliary.update(t_s, points[33:], scale)
        self._visibility = visibility if self._visibility is None else _mixed(visibility, self._visibility)
        return np.vstack([body, auxiliary]), self._world.update(t_s, world, 1.0), self._visibility


def _mixed(new: Points, old: Points) -> Points:
    mixed: Points = np.float32(_VISIBILITY_ALPHA) * new + np.float32(1 - _VISIBILITY_ALPHA) * old
    return mixed


def _alpha(cutoff_hz: Points, rate_hz: float) -> Points:
    """Return the share of the new value (OneEuroFilter::GetAlpha)."""
    share: Points = 1 / (1 + rate_hz / (2 * math.pi * cutoff_hz))
    return share
