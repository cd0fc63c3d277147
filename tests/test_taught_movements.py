"""Taught movements: known again at other sizes and speeds, as soon as the hand rests, and nothing else is taken for them."""

import csv
from pathlib import Path

import numpy as np
import pytest

from edgeholo.interpret.taught import movements as taught_movements
from edgeholo.interpret.taught.recognition import Taught
from edgeholo.types import Hand, Side
from tests.hand_shapes import SIZE
from tests.taught_shows import LETTERS, STROKE, Look, drawn, letter, recognised


@pytest.fixture(scope="module")
def letters() -> list[Taught]:
    """Return all letters, each learned from three shows."""
    return [letter(name) for name in LETTERS]


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize(("scale", "speed"), [(1.0, 1.0), (0.75, 1.35), (1.3, 0.85)])
@pytest.mark.parametrize("rate_hz", [10.0, 30.0])
def test_a_movement_is_known_again(
    letters: list[Taught], name: str, scale: float, speed: float, rate_hz: float
) -> None:
    """Larger or smaller, faster or slower, at any rate, among others: once, and as soon as the hand has come to rest."""
    looks = drawn(LETTERS[name], scale=scale, speed=speed, rate_hz=rate_hz, seed=12)
    moves = recognised(letters, looks)
    assert [move.name for _, move in moves] == [name]
    assert moves[0][1].confidence >= 0.6
    rest_s = [t_s for t_s, seen in looks if seen is not None][-1] - 1.0
    assert moves[0][0] - rest_s <= 0.35 + 1 / rate_hz


@pytest.mark.parametrize("name", LETTERS)
def test_the_other_hand_makes_it_mirrored(letters: list[Taught], name: str) -> None:
    """Mirroring the picture swaps the hands and nothing else."""
    moves = recognised(letters, drawn(LETTERS[name], side=Side.RIGHT, seed=7), Side.RIGHT)
    assert [move.name for _, move in moves] == [name]


@pytest.mark.parametrize("name", ["letter_n", "letter_v"])
def test_what_was_not_taught_is_unknown(letters: list[Taught], name: str) -> None:
    """Of all others, none is near enough."""
    others = [gesture for gesture in letters if gesture.name != name]
    assert recognised(others, drawn(LETTERS[name], seed=5)) == []


@pytest.mark.parametrize("seed", range(4))
def test_a_stroke_is_no_letter(letters: list[Taught], seed: int) -> None:
    """Hands go straight all day."""
    assert recognised(letters, drawn(STROKE, seed=seed)) == []


def test_a_hand_that_was_lost_on_its_way_did_nothing(letters: list[Taught]) -> None:
    """What happened in half a second without a hand is not guessed."""
    looks: list[Look] = [(t_s, None if 1.3 < t_s < 2.0 else seen) for t_s, seen in drawn(LETTERS["letter_z"], seed=1)]
    assert recognised(letters, looks) == []


def test_distance_is_nothing_to_itself_and_grows_with_the_difference(letters: list[Taught]) -> None:
    """And another size or pace within what people vary costs nothing."""
    zed, vee = (next(gesture for gesture in letters if gesture.name == name) for name in ("letter_z", "letter_v"))
    way = zed.ways[0]
    larger = taught_movements.of_even_points(way.path * (1.3, 1.3, 1.0, 1.0, 1.0), way.duration_s * 1.5)
    assert taught_movements.distance(way, way) == 0.0
    assert taught_movements.distance(way, larger) < 0.1
    assert taught_movements.distance(way, vee.ways[0]) > 0.6


def test_a_way_of_nothing_is_none() -> None:
    """A hand that stays has gone nowhere."""
    still = Hand(np.tile(np.linspace(0.4, 0.5, 21, dtype=np.float32)[:, np.newaxis], 3))
    samples = [taught_movements.sample(t_s, still, Side.LEFT, SIZE, 30.0) for t_s in (0.0, 0.1, 0.2, 0.3)]
    assert taught_movements.way(samples) is None
    assert taught_movements.way(samples[:2]) is None


@pytest.mark.shared
def test_fingertips_of_a_stranger_are_no_letters(letters: list[Taught], shared_media: Path) -> None:
    """5,296 tracks of 16 frames, circles and wandering, between two rests: of those that are no circle, none is taken for a letter."""
    with (shared_media / "landmarks/kazuhito/point_history.csv").open(newline="") as file:
        rows = [[float(cell) for cell in row] for row in csv.reader(file)]
    taken = 0
    for label, *places in rows:
        if label in (0, 3):
            track = np.array(places).reshape(-1, 2) * (960, 540) / 60
            points = np.column_stack([track, np.tile((0.0, -1.5, 0.0), (len(track), 1))])
            way = taught_movements.of_points(points, 0.5)
            taken += way is not None and not way.is_stroke and _nearest(letters, way) < 1.0
    assert taken <= 0.002 * len(rows)


def _nearest(letters: list[Taught], way: taught_movements.Way) -> float:
    return min(taught_movements.distance(way, show) / gesture.reach for gesture in letters for show in gesture.ways)
