"""An engine's landmarks against Google's own Holistic, frame by frame, on the signing clips."""

import importlib.util
import statistics
from pathlib import Path
from types import ModuleType
from typing import Any

from edgeholo.perceive.engine import Engine
from edgeholo.types import HANDS, Branch, Mode, People
from tests.footage import PARTS, frames, points_of

Gaps = dict[str, list[float | None]]
"""By part our distance, in percent of its size, in every frame where the reference has it; None where we have not."""

_WITH_FACE = ("walk", "yes")
_SIGNS = ("again", "book", "brother", "eat", "help", "learn", "night", "no", "school", "sister", "student", *_WITH_FACE)


def compare(engine: Engine, media: Path, tools: Path) -> Gaps:
    """Return the gaps over all signing clips, every branch looking in every frame; the face where the reference has it."""
    scoring = _scoring(tools)
    gaps: Gaps = {part: [] for part in PARTS}
    for sign in _SIGNS:
        face = Mode.ON if sign in _WITH_FACE else Mode.OFF
        engine.set_branches(dict.fromkeys(HANDS | {Branch.POSE}, Mode.ON) | {Branch.FACE: face})
        engine.reset()
        reference = scoring.frames(str(media / f"reference/signing.{sign}.jsonl"))
        for frame in frames(media / f"clips/signing/{sign}.mkv"):
            theirs, ours = reference[frame.seq], _row(engine.detect(frame))
            for part in PARTS:
                if theirs.get(part):
                    gaps[part].append(
                        scoring.distance_percent(theirs[part], ours[part], theirs["size"], part) if ours[part] else None
                    )
    return gaps


def found_and_median(gaps: Gaps, parts: tuple[str, ...]) -> tuple[float, float]:
    """Return the share of the reference's parts that we found too, and the median of their distances in percent."""
    both = [gap for part in parts for gap in gaps[part]]
    common = [gap for gap in both if gap is not None]
    return len(common) / len(both), statistics.median(common)


def _scoring(tools: Path) -> ModuleType:
    """Return compare_landmarks.py as a module."""
    spec = importlib.util.spec_from_file_location("compare_landmarks", tools / "compare_landmarks.py")
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
