"""Landmarks that strangers labelled: how many of their hands, fingertip tracks and bodies are recognised.

    python -m benchmarks.landmark_sets [FOLDER, default ../shared/media/landmarks]

Hands and tracks: Kazuhito00's hand-gesture-recognition-using-mediapipe; bodies: ML Kit's fitness poses. Neither has depth or
time stamps worth the name, and both are single frames or half a second: shapes are judged, not their life.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from edgeholo.interpret.body.postures import Postures
from edgeholo.interpret.hand import static
from edgeholo.interpret.hand.features import HandFeatures, measure
from edgeholo.interpret.movement import circles
from edgeholo.types import Hand, Pose, Side

LANDMARKS = Path(__file__).parents[2] / "shared/media/landmarks"
ENOUGH = 0.6
"""The confidence with which gestures start by default."""
HANDS = {0: "open_palm", 1: "closed_fist", 2: "pointing_up"}
TRACKS = {0: "stop", 1: "circle_clockwise", 2: "circle_counterclockwise", 3: "move"}
_TRACK_SIZE = (960, 540)
"""Pixels of the picture, of whose sides the tracks are fractions."""
_STEP_PX, _LEAST_TURN_DEG = 8.0, 180.0
"""A fingertip that stays within so many pixels goes nowhere; half a turn in half a second is a circle that has begun."""
_FRONTAL = (0.45, 0.85)
"""Width of the knuckles over the palm's length, of a hand that is seen from the front."""

_Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hits:
    """How many of a class there are, how many were found, and how many were taken for it."""

    labelled: int
    found: int
    taken: int

    @property
    def recall(self) -> float:
        """Found of labelled."""
        return self.found / max(1, self.labelled)

    @property
    def precision(self) -> float:
        """Found of taken."""
        return self.found / max(1, self.taken)


def hits(pairs: list[tuple[str, str | None]], names: list[str]) -> dict[str, Hits]:
    """Return the hits by name, of pairs of what was labelled and what was found."""
    both = Counter(pairs)
    return {
        name: Hits(
            sum(count for (label, _), count in both.items() if label == name),
            both[name, name],
            sum(count for (_, seen), count in both.items() if seen == name),
        )
        for name in names
    }


def hands(folder: Path, *, frontal: bool = True) -> Iterator[tuple[int, list[HandFeatures]]]:
    """Yield label and features, as of a left and of a right hand, for the labels do not say which it is.

    The hands were seen in a mirror and are turned all ways: each is mirrored back and turned upright.
    """
    table = np.loadtxt(folder / "kazuhito/keypoint.csv", delimiter=",")
    for row, points in zip(table, table[:, 1:].reshape(-1, 21, 2), strict=True):
        width = np.hypot(*(points[5] - points[17])) / np.hypot(*points[[5, 9, 13, 17]].T).mean()
        if not frontal or _FRONTAL[0] < width < _FRONTAL[1]:
            yield int(row[0]), _features(_upright(points))


def _upright(points: _Array) -> _Array:
    mirrored = points * (-1, 1)
    angle = np.arctan2(mirrored[9, 0], -mirrored[9, 1])
    turn = np.array(((np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))))
    return np.asarray(mirrored @ turn)


def _features(points: _Array) -> list[HandFeatures]:
    flat = Hand(np.column_stack([points, np.zeros(21)]).astype(np.float32))
    return [each for side in Side if (each := measure(flat, side, (1, 1)))]


def named(measured: list[HandFeatures]) -> str | None:
    """Return the shape with the higher score of either side, or None where none is sure."""
    sure = {
        best: scored[best]
        for scored in map(static.scores, measured)
        if (best := static.best(scored, ())) and scored[best] >= ENOUGH
    }
    return max(sure, key=sure.__getitem__, default=None)


def hand_hits(folder: Path) -> dict[str, Hits]:
    """Return the hits of hands that are seen from the front."""
    return hits([(HANDS[label], named(measured)) for label, measured in hands(folder)], list(HANDS.values()))


def track_hits(folder: Path) -> dict[str, Hits]:
    """Return the hits of fingertip tracks of half a second that are circles; they were seen in a mirror, as one sees oneself."""
    table = np.loadtxt(folder / "kazuhito/point_history.csv", delimiter=",")
    tracks = table[:, 1:].reshape(len(table), -1, 2) * _TRACK_SIZE
    pairs = [(TRACKS[int(label)], _circle(track)) for label, track in zip(table[:, 0], tracks, strict=True)]
    return hits(pairs, [TRACKS[1], TRACKS[2]])


def _circle(track: _Array) -> str | None:
    found = circles.turn(track, _STEP_PX)
    if found is None or found.confidence < ENOUGH or abs(found.turned_deg) < _LEAST_TURN_DEG:
        return None
    return TRACKS[1] if found.turned_deg > 0 else TRACKS[2]


def bodies(folder: Path) -> list[tuple[str, Pose, tuple[int, int]]]:
    """Return the bodies of people who exercise: label, pose, size of a picture around it."""
    with (folder / "mlkit/fitness_pose_samples.csv").open(encoding="utf-8") as file:
        rows = [(row[1], np.array(row[2:], np.float64).reshape(33, 3)) for row in csv.reader(file)]
    found = []
    for label, points in rows:
        low = np.array((*points[:, :2].min(axis=0) - 10, 0.0))
        width, height = (int(side) for side in points[:, :2].max(axis=0) + 10 - low[:2])
        fractions = ((points - low) / (width, height, width)).astype(np.float32)
        found.append((label, Pose(fractions, np.ones(33, np.float32)), (width, height)))
    return found


def body_hits(folder: Path) -> dict[str, Hits]:
    """Return the hits of squats among people who squat and do push-ups."""
    pairs = [
        ("squat" if label == "squats_down" else label, "squat" if squat >= ENOUGH else None)
        for label, pose, size in bodies(folder)
        for squat, _ in (Postures().update(0.0, pose, size),)
    ]
    return hits(pairs, ["squat"])


def table(folder: Path) -> str:
    """Return all figures as a table in Markdown."""
    rows = [
        f"| {what} | `{name}` | {each.labelled} | {each.recall:.3f} | {each.precision:.3f} |"
        for what, found in (
            ("hands, seen from the front, no depth", hand_hits(folder)),
            ("fingertip tracks of half a second", track_hits(folder)),
            ("bodies that exercise", body_hits(folder)),
        )
        for name, each in found.items()
    ]
    head = "| landmarks that strangers labelled | gesture | labelled | recall | precision |\n|---|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(table(Path(sys.argv[1]) if len(sys.argv) > 1 else LANDMARKS))
