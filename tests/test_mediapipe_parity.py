"""The mediapipe engine against Google's own Holistic, frame by frame, on the signing clips."""

import importlib.util
import statistics
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from edgeholo.config import EngineOptions
from edgeholo.perceive.engine import open_engine
from edgeholo.types import HANDS, Branch, Mode, People
from tests.footage import PARTS, frames, points_of

POSE_AND_HANDS = dict.fromkeys(HANDS | {Branch.POSE}, Mode.ON)
WITH_FACE = ("walk", "yes")
SIGNS = ("again", "book", "brother", "eat", "help", "learn", "night", "no", "school", "sister", "student", *WITH_FACE)


@pytest.fixture(scope="module")
def scoring(shared_tools: Path) -> ModuleType:
    """Return compare_landmarks.py as a module."""
    spec = importlib.util.spec_from_file_location("compare_landmarks", shared_tools / "compare_landmarks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _row(people: People) -> dict[str, Any]:
    """Return a frame as `edgeholo landmarks --json` prints it."""
    row: dict[str, Any] = {"seq": people.seq, "size": people.size, **dict.fromkeys(PARTS)}
    for person in people.persons:
        row.update({part: points.tolist() for part in PARTS if (points := points_of(person, part)) is not None})
    return row


@pytest.fixture(scope="module")
def gaps(shared_media: Path, scoring: ModuleType) -> dict[str, list[float | None]]:
    """Return, part by part, our distance in every frame where the reference has the part; None where we have not."""
    result: dict[str, list[float | None]] = {part: [] for part in PARTS}
    engine = open_engine(EngineOptions())
    for sign in SIGNS:
        engine.set_branches(POSE_AND_HANDS | {Branch.FACE: Mode.ON} if sign in WITH_FACE else POSE_AND_HANDS)
        engine.reset()
        reference = scoring.frames(str(shared_media / f"reference/signing.{sign}.jsonl"))
        for frame in frames(shared_media / f"clips/signing/{sign}.mkv"):
            theirs, ours = reference[frame.seq], _row(engine.detect(frame))
            for part in PARTS:
                if theirs.get(part):
                    gap = (
                        scoring.distance_percent(theirs[part], ours[part], theirs["size"], part) if ours[part] else None
                    )
                    result[part].append(gap)
    engine.close()
    return result


@pytest.mark.shared
@pytest.mark.timeout(600)  # 900 frames, on a busy machine
@pytest.mark.parametrize(
    ("parts", "found", "median_percent"),
    [(("pose",), 0.99, 1.0), (("left_hand", "right_hand"), 0.92, 2.5), (("face",), 0.95, 2.0)],
    ids=["pose", "hands", "face"],
)
def test_landmarks_equal_those_of_googles_holistic(
    gaps: dict[str, list[float | None]], parts: tuple[str, ...], found: float, median_percent: float
) -> None:
    """Over all signing clips together, against MediaPipe 0.10.18 at complexity 0; distances in percent of the part."""
    all_gaps = [gap for part in parts for gap in gaps[part]]
    common = [gap for gap in all_gaps if gap is not None]
    assert len(common) >= found * len(all_gaps) > 0
    assert statistics.median(common) <= median_percent
