"""Where the hands were: the middle of the palm over time."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from edgeholo.types import People, Side

_PALM = [0, 5, 17]
"""Wrist and the knuckles of index and little finger: fingers that move are no hand that moves."""
GAP_S = 0.5
"""A hand that was not seen for longer is another stretch of the path."""

Doubles = npt.NDArray[np.float64]


@dataclass(slots=True)
class Path:
    """Where one hand was; x and y are fractions of the picture, NaN where a stretch ends."""

    times: list[float] = field(default_factory=list)
    places: list[tuple[float, float]] = field(default_factory=list)

    def add(self, t_s: float, x: float, y: float) -> None:
        """Go on."""
        if self.times and t_s - self.times[-1] > GAP_S:
            self.times.append(t_s)
            self.places.append((float("nan"), float("nan")))
        self.times.append(t_s)
        self.places.append((x, y))

    def columns(self) -> tuple[Doubles, Doubles, Doubles]:
        """Return times, x and y."""
        places = np.array(self.places, np.float64).reshape(-1, 2)
        return np.array(self.times), places[:, 0], places[:, 1]


@dataclass(slots=True)
class Paths:
    """Of all hands, by person and side, calmed as gestures see them."""

    hands: dict[tuple[int, Side], Path] = field(default_factory=dict)

    def add(self, people: People, t_s: float) -> None:
        """Take a frame."""
        for person in people.persons:
            for side in Side:
                hand = person.hand(side)
                if hand is not None:
                    x, y = hand.points[_PALM, :2].mean(axis=0).tolist()
                    self.hands.setdefault((person.id, side), Path()).add(t_s, x, y)
