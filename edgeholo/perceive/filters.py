"""Filters that calm a cloud of points over time; which one runs is ``smoothing.filter`` in the configuration.

All of them are handed the time, so a recording gives the same numbers at any speed, and the size of the part, so speeds
are in part sizes a second and neither the distance to the camera nor the size of the picture changes the behaviour.
Where a coordinate is not finite a filter goes on with what it knew; one never seen stays NaN. Time that stands still
changes nothing; time that jumps, back or by more than ``GAP_S``, starts afresh.
"""

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from edgeholo.config import PartSmoothing
from edgeholo.types import Floats

Doubles = npt.NDArray[np.float64]
Scale = float | npt.NDArray[np.floating]

GAP_S = 1.0
"""What was seen more than a second ago says nothing about where a hand is now."""

_LEAST_STEP_S = 1e-10
"""Time stamps are whole nanoseconds: a shorter step is rounding, and no time at all."""

_SPEED_CUTOFF_HZ = 1.0
"""Cut-off of the speed estimate; Casiez et al. recommend 1 Hz and tune the other two."""

_LEAST_SCALE = 1e-9
"""Below this a part has no size (one point, or none): it keeps speeds finite."""

_MOST_SCALE = 1e12
"""No part is bigger: it keeps squares finite."""


class Filter(Protocol):
    """One part of one person over time."""

    def update(self, t_s: float, points: Floats, scale: Scale) -> Floats:
        """Return the calmed points.

        Args:
            t_s: time of the points, seconds; any origin.
            points: (n, 3), or several such side by side, (m, n, 3); NaN where unknown. Another shape starts afresh.
            scale: size of the part in the unit of ``points``: a number, or an array that broadcasts to their shape.

        Returns:
            float32, the shape of ``points``.
        """
        ...

    def reset(self) -> None:
        """Forget everything: the next points come out as they went in."""
        ...


class NoFilter:
    """Points as the engine gave them."""

    def update(self, t_s: float, points: Floats, scale: Scale) -> Floats:  # noqa: ARG002 - the protocol's arguments
        """Return ``points``; see ``Filter``."""
        return points

    def reset(self) -> None:
        """Nothing to forget."""


class OneEuro:
    """One Euro filter: a low-pass whose cut-off rises with speed, so it is calm at rest and quick in motion.

    Source: Casiez, Roussel, Vogel, "1 € Filter", CHI 2012. Different from the paper, speed is the length of the point's
    velocity rather than each coordinate's own: all coordinates of a point lag alike, and its path is not bent.

    Args:
        min_cutoff_hz: cut-off at rest.
        beta: rise of the cut-off, hertz for one part size a second.
    """

    def __init__(self, min_cutoff_hz: float, beta: float) -> None:
        self._min_cutoff_hz = min_cutoff_hz
        self._beta = beta
        self._t_s = 0.0
        self._points: Doubles | None = None
        self._velocity: Doubles = np.zeros((0, 3))

    def reset(self) -> None:
        """Forget everything."""
        self._points = None

    def update(self, t_s: float, points: Floats, scale: Scale) -> Floats:
        """Return the calmed points; see ``Filter``."""
        before = self._points
        step_s = t_s - self._t_s
        if before is None or before.shape != points.shape or not 0 <= step_s <= GAP_S:
            return self._start(t_s, points)
        if step_s > _LEAST_STEP_S:
            self._t_s = t_s
            self._points = self._advance(step_s, before, points, scale)
        return _single(self._points)

    def _start(self, t_s: float, points: Floats) -> Floats:
        self._t_s = t_s
        self._points = _known(points, np.full(points.shape, np.nan))
        self._velocity = np.zeros(points.shape)
        return _single(self._points)

    def _advance(self, step_s: float, before: Doubles, points: Floats, scale: Scale) -> Doubles:
        move = points - before
        if not math.isfinite(np.vdot(move, move)):
            before = np.where(np.isnan(before), _known(points, before), before)
            move = np.nan_to_num(points - before, nan=0.0, posinf=0.0, neginf=0.0)
        speed = move / (step_s * _usable(scale))
        self._velocity += _alpha(step_s, _SPEED_CUTOFF_HZ) * (speed - self._velocity)
        fast = np.sqrt(np.einsum("...j,...j->...", self._velocity, self._velocity))[..., np.newaxis]
        return before + _alpha(step_s, self._min_cutoff_hz + self._beta * fast) * move


class ConstantVelocityKalman:
    """Kalman filter per coordinate whose state is position and velocity, pushed about by white acceleration.

    Source: Bar-Shalom, Li, Kirubarajan, "Estimation with Applications to Tracking and Navigation", 2001, section 6.2.2
    (continuous white noise acceleration). Predicts, so at steady speed it does not lag; at a sudden stop it overshoots.

    Args:
        noise: standard deviation of a measured coordinate, part sizes.
        agility: root of the power density of the acceleration, part sizes / s^1.5.
    """

    def __init__(self, noise: float = 0.03, agility: float = 2.0) -> None:
        self._noise = noise
        self._agility = agility
        self._t_s = 0.0
        self._points: Doubles | None = None
        self._velocity: Doubles = np.zeros((0, 3))
        self._spread: tuple[Doubles, Doubles, Doubles] = (self._velocity, self._velocity, self._velocity)

    def reset(self) -> None:
        """Forget everything."""
        self._points = None

    def update(self, t_s: float, points: Floats, scale: Scale) -> Floats:
        """Return the calmed points; see ``Filter``."""
        before = self._points
        step_s = t_s - self._t_s
        if before is None or before.shape != points.shape or not 0 <= step_s <= GAP_S:
            return self._start(t_s, points, scale)
        if step_s > _LEAST_STEP_S:
            self._t_s = t_s
            self._points = self._advance(step_s, before, points, scale)
        return _single(self._points)

    def _start(self, t_s: float, points: Floats, scale: Scale) -> Floats:
        self._t_s = t_s
        self._points = _known(points, np.full(points.shape, np.nan))
        self._velocity = np.zeros(points.shape)
        variance = np.broadcast_to((self._noise * _usable(scale)) ** 2, points.shape)
        # A part that appears may already move, by one part size a second as likely as not.
        self._spread = (variance, np.zeros(points.shape), np.broadcast_to(_usable(scale) ** 2, points.shape))
        return _single(self._points)

    def _advance(self, step_s: float, before: Doubles, points: Floats, scale: Scale) -> Doubles:
        power = (self._agility * _usable(scale)) ** 2
        place, cross, velocity = self._spread
        place = place + step_s * (2 * cross + step_s * velocity) + power * step_s**3 / 3
        cross = cross + step_s * velocity + power * step_s**2 / 2
        velocity = velocity + power * step_s
        predicted = before + step_s * self._velocity
        surprise = points - predicted
        trust = np.where(np.isfinite(surprise), 1.0 / (place + (self._noise * _usable(scale)) ** 2), 0.0)
        surprise = np.nan_to_num(surprise, posinf=0.0, neginf=0.0)
        gain, push = place * trust, cross * trust
        self._velocity = self._velocity + push * surprise
        self._spread = ((1 - gain) * place, (1 - gain) * cross, velocity - push * cross)
        return np.where(np.isnan(before), _known(points, before), predicted + gain * surprise)


def _one_euro(part: PartSmoothing) -> Filter:
    return OneEuro(part.min_cutoff_hz, part.beta)


def _kalman(part: PartSmoothing) -> Filter:  # noqa: ARG001 - its noise is in part sizes, so it is the same for all parts
    return ConstantVelocityKalman()


def _none(part: PartSmoothing) -> Filter:  # noqa: ARG001 - nothing to set
    return NoFilter()


FILTERS: dict[str, Callable[[PartSmoothing], Filter]] = {"one_euro": _one_euro, "kalman": _kalman, "none": _none}


def _alpha(step_s: float, cutoff_hz: Scale) -> Scale:
    """Weight of the new sample in an exponential low-pass (equation 5 of the paper)."""
    turn = 2 * math.pi * step_s * cutoff_hz
    return turn / (turn + 1)


def _known(points: Floats, before: Doubles) -> Doubles:
    """Return ``points`` with what is not finite taken from ``before``."""
    return np.where(np.isfinite(points), points.astype(np.float64), before)


def _usable(scale: Scale) -> Doubles:
    return np.asarray(np.fmin(np.fmax(scale, _LEAST_SCALE), _MOST_SCALE))


def _single(points: Doubles | None) -> Floats:
    return np.asarray(points, np.float32)
