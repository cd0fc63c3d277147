"""Labelled hands that nobody here made: 4,450 before a webcam, and MediaPipe's own.

The webcam's hands have no depth, are mirrored and turned all ways. So each is mirrored back and turned upright, and only those
count that are seen from the front: the width of the knuckles is then 0.45 to 0.85 of the palm's length.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks import landmark_sets
from edgeholo.interpret.hand import fingers
from edgeholo.interpret.hand.features import HandFeatures, measure
from edgeholo.types import Hand, Side
from tests import pbtxt

FINGERS = {0: (5,), 1: (0,), 2: (1, 2)}
"""Some pointers stretch the thumb as well."""

RECALL = {"open_palm": 0.92, "closed_fist": 0.82, "pointing_up": 0.78}
"""Measured: 0.937, 0.841 and 0.792. What is missed are thumbs away from the fist and pointers that bend at the wrist."""
PRECISION = 0.97
"""Measured: 0.986, 0.993 and 0.994."""
COUNTED = {0: 0.93, 1: 0.95, 2: 0.91}
"""Measured: 0.947, 0.964 and 0.929."""


@pytest.fixture(scope="module")
def hands(shared_media: Path) -> list[tuple[int, list[HandFeatures]]]:
    """Return label and features, as of a left and of a right hand, of the hands that are seen from the front."""
    return list(landmark_sets.hands(shared_media / "landmarks"))


@pytest.mark.shared
def test_strangers_hands_are_named(hands: list[tuple[int, list[HandFeatures]]]) -> None:
    """Without depth, 0.8 to 0.94 of each class; and 0.97 of those that get one of the three names."""
    pairs = [(landmark_sets.HANDS[label], landmark_sets.named(measured)) for label, measured in hands]
    for name, found in landmark_sets.hits(pairs, list(RECALL)).items():
        assert found.recall >= RECALL[name]
        assert found.precision >= PRECISION


@pytest.mark.shared
def test_strangers_fingers_are_counted(hands: list[tuple[int, list[HandFeatures]]]) -> None:
    """Nine in ten are counted rightly, most of the rest not at all."""
    for label, expected in FINGERS.items():
        counts = Counter(fingers.count(measured[0]) for number, measured in hands if number == label)
        right = sum(counts[number] for number in expected)
        assert right / counts.total() >= COUNTED[label]
        assert (counts.total() - right - counts[None]) / counts.total() <= 0.03


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("fist", {"closed_fist"}),
        ("thumb_up", {"thumb_up"}),
        ("thumb_up_rotated", {None}),
        ("pointing_up", {"pointing_up"}),
        ("pointing_up_rotated", {"pointing_left", "pointing_right"}),
    ],
)
def test_mediapipes_own_hands_are_named(shared_media: Path, file: str, expected: set[str | None]) -> None:
    """The hands with which its gesture recogniser is tested; a thumb that is turned aside says nothing."""
    truth = pbtxt.read(shared_media / "groundtruth" / "mediapipe" / f"{file}_landmarks.pbtxt")
    points = [pbtxt.numbers(each, "x", "y", "z") for each in truth["landmarks"][0]["landmark"]]
    made = Hand(np.array(points, np.float32))
    assert landmark_sets.named([each for side in Side if (each := measure(made, side, (1, 1)))]) in expected
