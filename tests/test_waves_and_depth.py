"""Waving, pushing and pulling with one hand, and what only looks like it."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from edgeholo.interpret.hand.features import measure
from edgeholo.interpret.movement.one_hand import HandMovement
from edgeholo.types import Person, Side
from tests.hand_shapes import SIZE
from tests.moving_hands import CAMERAS, IDS, Camera, Shown, Way, bell, moves_of, reach, standing


def _swinging(width: float, rate_hz: float) -> Way:
    return lambda t_s: (width / 2 * math.sin(2 * math.pi * rate_hz * max(0.0, t_s - 0.5)), 0.0)


def _still(_: float) -> tuple[float, float]:
    return 0.0, 0.0


def _grown(before: float, after: float, start_s: float = 0.6) -> Callable[[float], float]:
    return lambda t_s: before + (after - before) * bell(t_s, start_s, 0.35)


HIGH = (2.5, -0.8)
NO_WAVES = {
    "up and down": Shown(lambda t_s: (0.0, 0.8 * math.sin(12 * t_s)), start=HIGH),
    "before the belly": Shown(_swinging(1.6, 2.0), start=(2.5, 3.2)),
    "a fist": Shown(_swinging(1.6, 2.0), start=HIGH, name="closed_fist"),
    "a pointing finger": Shown(_swinging(1.6, 2.0), start=HIGH, name="pointing_up"),
    "trembling": Shown(_swinging(0.3, 3.0), start=HIGH),
    "swaying": Shown(_swinging(1.6, 0.4), start=HIGH),
    "to and back": Shown(lambda t_s: (1.8 * math.sin(math.pi * bell(t_s, 0.6, 0.8)), 0.0), start=HIGH),
    "fingers sideways": Shown(_swinging(1.6, 2.0), start=HIGH, turn_deg=lambda _: 90.0),
}
NO_PUSHES = {
    "a palm that tilts": Shown(_still, start=(1.5, 0.0), tilt_deg=lambda t_s: 50 - 50 * bell(t_s, 0.6, 0.35)),
    "a fist": Shown(_still, start=(1.5, 0.0), name="closed_fist", grown=_grown(1.0, 1.6)),
    "a palm that is raised as well": Shown(reach((0.0, -3.0)), start=(1.5, 2.0), grown=_grown(1.0, 1.5)),
    "a palm that hardly grows": Shown(_still, start=(1.5, 0.0), grown=_grown(1.0, 1.12)),
    "a palm that creeps": Shown(_still, start=(1.5, 0.0), grown=lambda t_s: 1.0 + 0.1 * t_s),
}


@pytest.mark.parametrize("camera", CAMERAS, ids=IDS)
@pytest.mark.parametrize(("width", "rate_hz"), [(1.0, 2.0), (1.5, 1.5), (2.5, 1.2)])
def test_waving_is_told_once_however_long_it_lasts(camera: Camera, width: float, rate_hz: float) -> None:
    """Four seconds of it are one greeting."""
    waving = Shown(_swinging(width, rate_hz), start=HIGH)
    assert [move.name for move in moves_of(waving, camera, lasts_s=4.5, pose=standing(camera))] == ["wave"]


def test_waving_from_the_wrist_is_waving() -> None:
    """The palm then hardly moves."""
    wagging = Shown(_still, start=HIGH, turn_deg=lambda t_s: 20 * math.sin(12 * max(0.0, t_s - 0.5)))
    assert [move.name for move in moves_of(wagging, CAMERAS[0])] == ["wave"]


def test_waving_is_the_same_in_a_mirror() -> None:
    """To and fro has no direction."""
    waving = Shown(_swinging(1.5, 2.0), start=HIGH)
    assert [move.name for move in moves_of(waving, replace(CAMERAS[0], mirrored=True))] == ["wave"]


@pytest.mark.parametrize("camera", CAMERAS, ids=IDS)
@pytest.mark.parametrize("what", NO_WAVES)
def test_what_looks_like_waving_is_none(what: str, camera: Camera) -> None:
    """Conversing, pointing and trembling hands."""
    assert moves_of(NO_WAVES[what], camera, lasts_s=3.5, pose=standing(camera)) == []


@pytest.mark.parametrize("camera", CAMERAS, ids=IDS)
@pytest.mark.parametrize("ratio", [1.4, 1.7])
def test_a_palm_that_grows_is_pushed_and_one_that_shrinks_is_pulled(camera: Camera, ratio: float) -> None:
    """As it does 1 to 1.5 m from the camera."""
    seen = replace(camera, lost=0.0, noise=0.012)
    for name, grown in (("push", _grown(1.0, ratio)), ("pull", _grown(ratio, 1.0))):
        shown = Shown(_still, start=(1.5, 0.0), grown=grown)
        assert [move.name for move in moves_of(shown, seen, pose=standing(camera))] == [name]


def test_the_way_back_of_a_push_is_no_pull() -> None:
    """The arm always goes back."""
    grown, shrunk = _grown(1.0, 1.5), _grown(1.0, 1 / 1.5, start_s=1.4)
    shown = Shown(_still, start=(1.5, 0.0), grown=lambda t_s: grown(t_s) * shrunk(t_s))
    assert [move.name for move in moves_of(shown, CAMERAS[0], lasts_s=3.0)] == ["push"]


@pytest.mark.parametrize("camera", CAMERAS, ids=IDS)
@pytest.mark.parametrize("what", NO_PUSHES)
def test_what_looks_like_a_push_is_none(what: str, camera: Camera) -> None:
    """A palm grows for other reasons too."""
    assert [move.name for move in moves_of(NO_PUSHES[what], camera, pose=standing(camera)) if "pu" in move.name] == []


def test_somebody_who_walks_up_pushes_nothing() -> None:
    """Body and palm grow together."""
    camera, recogniser = CAMERAS[0], HandMovement(Side.LEFT)
    chance = np.random.default_rng(1)
    for t_s in camera.times(2.5):
        nearer = replace(camera, size_px=camera.size_px * _grown(1.0, 1.5)(t_s - 1.0))
        hand = Shown(_still, start=(1.5, 0.0)).hand(t_s, Side.LEFT, nearer, chance)
        features = measure(hand, Side.LEFT, SIZE)
        assert recogniser.update(t_s, hand, features, Person(0, standing(nearer)), SIZE) == []


def test_a_hand_that_waves_or_goes_fast_is_moving_and_a_resting_one_is_not() -> None:
    """So that no sign starts in the middle of it."""
    for way, moving in ((_swinging(1.5, 2.0), True), (_still, False)):
        camera, recogniser = CAMERAS[0], HandMovement(Side.LEFT)
        chance = np.random.default_rng(1)
        for t_s in camera.times(1.6):
            hand = Shown(way, start=HIGH).hand(t_s - 1.0, Side.LEFT, camera, chance)
            recogniser.update(t_s, hand, measure(hand, Side.LEFT, SIZE), Person(0), SIZE)
        assert recogniser.moving is moving
        recogniser.reset()
        assert recogniser.moving is False
