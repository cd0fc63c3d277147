"""How far two sightings of the same part are apart, measured in the part's own size."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgeholo.types import Floats

_LEAST_EXTENT = 1e-3
"""A part whose points are all on one spot is a thousandth of a pixel or a millimetre big: quotients stay finite."""

_FAR = 100.0
"""Pictures or metres from the middle that no part can be away: such a number, or none at all, is an engine's mishap."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A part as it lies in the picture.

    Attributes:
        places: float64 (n, 2), pixels: in fractions a wide picture would squeeze distances across.
        extent: pixels, the diagonal of the bounding box: the part's size wherever "in its own sizes" is said.
    """

    places: npt.NDArray[np.float64]
    extent: float

    def moved(self, way: npt.NDArray[np.float64]) -> "Outline":
        """Return the outline shifted by ``way``, pixels (2,)."""
        return Outline(self.places + way, self.extent)


def outline(points: Floats, size: tuple[int, int]) -> Outline:
    """Return the outline of ``points``, float32 (n, 3) in fractions of a picture of (width, height) pixels."""
    places = np.multiply(points[:, :2], size, dtype=np.float64)
    return Outline(places, extent(places))


def extent(places: npt.NDArray[np.floating]) -> float:
    """Return the diagonal of the bounding box of ``places``, (n, d), in their unit."""
    low, high = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    return max(math.dist(low, high), _LEAST_EXTENT)


def believable(points: Floats) -> bool:
    """Return whether all of ``points`` are numbers, and not absurd ones; one sum of squares tells."""
    return bool(np.vdot(points, points) < _FAR**2)


def gap(one: Outline, other: Outline) -> float:
    """Return the mean distance of like points over the mean size of the two.

    Of the same hand in two frames 1/30 s apart it is below 0.1 at rest and below 0.5 in a fast swing; of a person's two
    hands it is rarely below 0.4 even when they touch, because like points of a mirrored hand do not coincide.
    """
    away = one.places - other.places
    apart = float(np.sqrt(np.einsum("ij,ij->i", away, away)).sum()) / len(away)
    return apart / (0.5 * (one.extent + other.extent))
