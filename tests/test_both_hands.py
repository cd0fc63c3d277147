"""Claps, spreads and squeezes of two hands, and hands that only come together."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from edgeholo.interpret.movement.both_hands import BothHands
from edgeholo.types import Person
from tests.hand_shapes import SIZE, hand, shape
from tests.moving_hands import CAMERAS, IDS, Camera, Shown, bell, moves_of_both, standing

FAST_CAMERAS = [camera for camera in CAMERAS if camera.rate_hz > 10]

Distance = Callable[[float], float]
"""Time in seconds to the distance of either hand from the middle, in hand sizes."""


def _both(distance: Distance, height: float, name: str = "open_palm") -> tuple[Shown, Shown]:
    """Return left and right hand, their wrists so far from the middle, so far below the shoulders (hand sizes)."""
    left = Shown(lambda t_s: (distance(t_s), 0.0), start=(0.0, height), name=name)
    right = Shown(lambda t_s: (-distance(t_s), 0.0), start=(0.0, height), name=name)
    return left, right


def _clapping(times: int, lasts_s: float) -> Distance:
    def distance(t_s: float) -> float:
        claps = (t_s - 0.5) / lasts_s
        return 1.6 if claps < 0 or claps > times else 0.35 + 1.25 * abs(math.cos(math.pi * claps))

    return distance


def _going(before: float, after: float, lasts_s: float) -> Distance:
    return lambda t_s: before + (after - before) * bell(t_s, 0.6, lasts_s)


def _dropped() -> tuple[Shown, Shown]:
    """Return hands that part on their way down."""
    left, right = _both(lambda _: 0.9, 1.0)

    def down(t_s: float) -> float:
        return 4.5 * bell(t_s, 0.6, 0.5)

    def out(t_s: float) -> float:
        return 0.9 + 1.8 * bell(t_s, 0.6, 0.5)

    return replace(left, way=lambda t_s: (out(t_s), down(t_s))), replace(right, way=lambda t_s: (-out(t_s), down(t_s)))


NOTHING = {
    "folded hands": _both(lambda _: 0.4, 2.8),
    "hands that fold": _both(_going(1.8, 0.5, 0.9), 3.6),
    "fists that meet": _both(_clapping(1, 0.5), 1.5, "closed_fist"),
    "fists drawn apart": _both(_going(0.9, 3.0, 0.5), 1.0, "closed_fist"),
    "hands drawn apart a little": _both(_going(0.9, 1.6, 0.5), 1.0),
    "hands that rest apart": _both(lambda _: 2.5, 1.0),
    "hands before the belly drawn apart": _both(_going(0.9, 3.0, 0.5), 4.5),
    "one hand drawn away": (_both(_going(0.9, 5.0, 0.5), 1.0)[0], _both(lambda _: 0.9, 1.0)[1]),
    "hands dropped": _dropped(),
}


@pytest.mark.parametrize("camera", FAST_CAMERAS, ids=[f"{camera.rate_hz:g}Hz" for camera in FAST_CAMERAS])
def test_a_clap_is_told_when_the_hands_part(camera: Camera) -> None:
    """Once, however noisy the camera; the touch is too short for one of 8 Hz."""
    left, right = _both(_clapping(1, 0.6), 1.5)
    assert moves_of_both(left, right, replace(camera, lost=0.0), pose=standing(camera)) == ["clap"]


def test_applause_is_told_now_and_then() -> None:
    """Not at every clap."""
    left, right = _both(_clapping(8, 0.3), 1.5)
    assert 1 <= len(moves_of_both(left, right, Camera(rate_hz=30), lasts_s=4.0)) <= 6


@pytest.mark.parametrize("camera", CAMERAS, ids=IDS)
@pytest.mark.parametrize("lasts_s", [0.4, 0.7])
def test_hands_drawn_apart_spread_and_brought_together_squeeze(camera: Camera, lasts_s: float) -> None:
    """Open hands, from rest to rest, both of them."""
    for name, distance in (("spread", _going(0.9, 3.0, lasts_s)), ("squeeze", _going(3.0, 0.9, lasts_s))):
        left, right = _both(distance, 1.0)
        seen = replace(camera, lost=min(camera.lost, 0.05))
        assert moves_of_both(left, right, seen, pose=standing(camera)) == [name]


def test_both_hands_do_the_same_in_a_mirror() -> None:
    """Apart is apart."""
    left, right = _both(_going(0.9, 3.0, 0.5), 1.0)
    assert moves_of_both(left, right, CAMERAS[0]) == ["spread"]
    assert moves_of_both(right, left, replace(CAMERAS[0], mirrored=True)) == ["spread"]


def test_the_way_back_of_a_spread_is_no_squeeze() -> None:
    """Hands go back afterwards."""
    left, right = _both(lambda t_s: 0.9 + 2.1 * (bell(t_s, 0.6, 0.5) - bell(t_s, 1.6, 0.5)), 1.0)
    assert moves_of_both(left, right, CAMERAS[0], lasts_s=3.5) == ["spread"]


@pytest.mark.parametrize("camera", CAMERAS, ids=IDS)
@pytest.mark.parametrize("what", NOTHING)
def test_other_ways_of_two_hands_are_nothing(what: str, camera: Camera) -> None:
    """Folded, dropped, closed and single hands."""
    left, right = NOTHING[what]
    assert moves_of_both(left, right, camera, pose=standing(camera)) == []


def test_one_hand_alone_does_nothing() -> None:
    """A pair has two."""
    recogniser = BothHands()
    assert recogniser.update(1.0, hand(shape("open_palm")), None, Person(0), SIZE) == []
    assert recogniser.update(1.1, None, None, Person(0), SIZE) == []
