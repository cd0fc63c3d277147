"""Fingers that are held up: how many, and when that cannot be said."""

import numpy as np
import pytest

from edgeholo.interpret.hand import fingers
from edgeholo.interpret.hand.features import measure
from edgeholo.types import Side
from tests.hand_shapes import COUNTS, SIZE, Array, Recording, hand, recordings, shape

STILLS = [each for each in recordings() if each.name.startswith(("home", "studio"))]


def counted(points: Array, side: Side = Side.LEFT) -> int | None:
    """Return the count of a hand made of ``points``."""
    features = measure(hand(points), side, SIZE)
    assert features is not None
    return fingers.count(features)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("name", COUNTS)
def test_every_gesture_has_its_number(name: str, side: Side) -> None:
    """From the fist's none to the palm's five, the thumb among them."""
    assert counted(shape(name, side=side), side) == COUNTS[name]


@pytest.mark.parametrize("name", COUNTS)
def test_noise_makes_a_hand_uncounted_rather_than_miscounted(name: str) -> None:
    """At noise of a fortieth of a hand 95 in 100 are counted rightly, and hardly one wrongly."""
    random = np.random.default_rng(3)
    counts = [counted(shape(name) + random.normal(0, 0.025, (21, 3)) * (1, 1, 2)) for _ in range(100)]
    assert counts.count(COUNTS[name]) >= 95
    assert counts.count(None) >= 100 - counts.count(COUNTS[name]) - 2


@pytest.mark.parametrize("still", STILLS, ids=lambda still: still.name)
def test_people_at_home_hold_up_what_their_gesture_says(still: Recording) -> None:
    """Real hands, 1.5 to 3 m away: one of the two is counted as the label says."""
    frame = still.frames[0]
    seen = {
        fingers.count(features)
        for person in frame.persons
        for side in Side
        if (found := person.hand(side)) and (features := measure(found, side, frame.size))
    }
    assert COUNTS[still.expect[0]] in seen


def test_fingers_need_not_be_a_gesture_to_be_counted() -> None:
    """Ring and little finger alone have no name, and are two; an L is two too."""
    points = shape("closed_fist")
    points[13:21] = shape("open_palm")[13:21]
    assert counted(points) == 2
    points = shape("pointing_up")
    points[1:5] = shape("open_palm")[1:5]
    assert counted(points) == 2


def test_a_half_bent_finger_is_not_counted() -> None:
    """Between four and three there is no number."""
    counts = [counted(shape("four") * (1 - share) + shape("three") * share) for share in np.linspace(0, 1, 21)]
    assert counts[0] == 4
    assert counts[-1] == 3
    assert None in counts
    assert set(counts) == {4, 3, None}


def test_a_hand_on_edge_is_not_counted() -> None:
    """Its fingers hide each other."""
    points = shape("open_palm")
    on_edge = np.stack([points[:, 2], points[:, 1], -points[:, 0]], axis=1)
    assert counted(on_edge) is None
