"""Recordings as tests play them: read, mirrored, moved, at other rates, and what the mind makes of them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from edgeholo.config import Config
from edgeholo.pipeline import Mind
from edgeholo.types import (
    HANDS,
    Branch,
    Face,
    Floats,
    Gesture,
    Hand,
    Observation,
    People,
    Person,
    Phase,
    Pose,
    Side,
    Sight,
    Value,
    Verdict,
)

OTHER: dict[Side | None, Side | None] = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, None: None}
MIRRORED_BODY = [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, *[n + 1 if n % 2 else n - 1 for n in range(11, 33)]]
_OK = Verdict("ok", "", usable=True, changed=False)

Move = Callable[[Floats], Floats]
"""Points (n, 3), as fractions, to other points."""


def reference(path: Path) -> list[People]:
    """Return a stream of landmarks as ``edgeholo landmarks --json`` prints it."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if '"seq"' in line]
    return [_people(row) for row in rows if "seq" in row]


def _people(row: dict[str, object]) -> People:
    parts = {name: None if row.get(name) is None else np.array(row[name], np.float32) for name in Branch}
    pose, left, right, face = (parts[name] for name in Branch)
    person = Person(
        0,
        None if pose is None else Pose(pose[:, :3], pose[:, 3]),
        None if left is None else Hand(left),
        None if right is None else Hand(right),
        None if face is None else Face(face),
    )
    width, height = np.asarray(row["size"]).tolist()
    t_s, seq = float(np.asarray(row["t"])), int(np.asarray(row["seq"]))
    found = () if pose is None and left is None and right is None else (person,)
    ran = HANDS | {Branch.POSE} | ({Branch.FACE} if face is not None else set())
    return People(found, ran, (width, height), round(t_s * 1e9), seq)


def observed(frames: Sequence[People], config: Config | None = None) -> list[Observation]:
    """Return all that a mind observes."""
    mind = Mind(config or Config())
    sights = (Sight(each.timestamp_ns, each.seq, each.size, _OK, each) for each in frames)
    return [seen for sight in sights for seen in mind.think(sight).observations]


def triggers(frames: Sequence[People], config: Config | None = None) -> list[str]:
    """Return the names of the gestures that start or happen, in order."""
    seen = observed(frames, config)
    return [each.name for each in seen if isinstance(each, Gesture) and each.phase in (Phase.START, Phase.ONCE)]


def moved(frames: Sequence[People], move: Move) -> list[People]:
    """Return the same people elsewhere in the picture."""
    return [replace(each, persons=tuple(_moved(person, move) for person in each.persons)) for each in frames]


def _moved(person: Person, move: Move) -> Person:
    pose, left, right, face = person.pose, person.left_hand, person.right_hand, person.face
    return Person(
        person.id,
        None if pose is None else Pose(move(pose.points), pose.visibility),
        None if left is None else Hand(move(left.points)),
        None if right is None else Hand(move(right.points)),
        None if face is None else Face(move(face.points)),
    )


def zoomed(scale: float, x: float = 0.0, y: float = 0.0) -> Move:
    """Return the move that brings somebody nearer to the camera, and to another place of the picture.

    Args:
        scale: larger is nearer; about the middle of the picture.
        x: fraction of the width.
        y: fraction of the height.
    """
    middle, shift = np.array((0.5, 0.5, 0.0)), np.array((x, y, 0.0))
    return lambda points: np.asarray((points - middle) * scale + middle + shift, np.float32)


def mirrored(frames: Sequence[People]) -> list[People]:
    """Return what the same scene in a mirror would be: left and right change places."""
    return [
        replace(each, persons=tuple(_mirrored(person) for person in each.persons), ran=_swapped(each.ran))
        for each in frames
    ]


def _swapped(ran: frozenset[Branch]) -> frozenset[Branch]:
    other = {Branch.LEFT_HAND: Branch.RIGHT_HAND, Branch.RIGHT_HAND: Branch.LEFT_HAND}
    return frozenset(other.get(branch, branch) for branch in ran)


def flipped(points: Floats) -> Floats:
    """Return points in a mirror."""
    return np.asarray(points * np.array([-1, 1, 1]) + np.array([1, 0, 0]), np.float32)


def _mirrored(person: Person) -> Person:
    made = _moved(person, flipped)
    pose = made.pose
    body = None if pose is None else Pose(pose.points[MIRRORED_BODY], pose.visibility[MIRRORED_BODY])
    return Person(person.id, body, made.right_hand, made.left_hand)


def in_the_mirror(observation: Gesture | Value) -> tuple[object, ...]:
    """Return what a mirror makes of an observation: the other hand, the other side, clockwise the other way round."""
    if isinstance(observation, Value):
        value = 1 - observation.value if observation.name == "roll" else observation.value
        return observation.name, observation.phase, OTHER[observation.hand], round(value, 3), observation.timestamp_ns
    angle = None if observation.angle_deg is None else round(-observation.angle_deg, 1)
    side = OTHER[observation.hand]
    return _other_name(observation.name), observation.phase, side, observation.count, angle, observation.timestamp_ns


def as_it_is(observation: Gesture | Value) -> tuple[object, ...]:
    """Return the same without a mirror."""
    if isinstance(observation, Value):
        value = round(observation.value, 3)
        return observation.name, observation.phase, observation.hand, value, observation.timestamp_ns
    angle = None if observation.angle_deg is None else round(observation.angle_deg, 1)
    count = observation.count
    return observation.name, observation.phase, observation.hand, count, angle, observation.timestamp_ns


def _other_name(name: str) -> str:
    for one, other in (
        ("left", "right"),
        ("right", "left"),
        ("counterclockwise", "clockwise"),
        ("clockwise", "counterclockwise"),
    ):
        if one in name.split("_"):
            return "_".join(other if word == one else word for word in name.split("_"))
    return name


def at_rate(frames: Sequence[People], rate_hz: float) -> list[People]:
    """Return the same scene at another rate; points between two frames lie between theirs where both have the part."""
    times = np.arange(frames[0].timestamp_ns, frames[-1].timestamp_ns + 1, round(1e9 / rate_hz)).tolist()
    stamps = [each.timestamp_ns for each in frames]
    out = []
    for seq, t in enumerate(times):
        later = min(int(np.searchsorted(stamps, t)), len(frames) - 1)
        before = max(later - 1, 0)
        span = stamps[later] - stamps[before]
        share = (t - stamps[before]) / span if span else 0.0
        out.append(replace(_between(frames[before], frames[later], share), timestamp_ns=int(t), seq=seq))
    return out


def _between(one: People, other: People, share: float) -> People:
    nearer = one if share < 0.5 else other
    if [person.id for person in one.persons] != [person.id for person in other.persons]:
        return nearer
    return replace(
        nearer,
        persons=tuple(
            _mixed(a, b, n, share) for a, b, n in zip(one.persons, other.persons, nearer.persons, strict=True)
        ),
    )


def _mixed(one: Person, other: Person, nearer: Person, share: float) -> Person:
    def mix(a: Floats, b: Floats) -> Floats:
        return np.asarray(a * (1 - share) + b * share, np.float32)

    def hand(a: Hand | None, b: Hand | None, n: Hand | None) -> Hand | None:
        return n if a is None or b is None else Hand(mix(a.points, b.points))

    pose = nearer.pose
    if one.pose is not None and other.pose is not None:
        pose = Pose(mix(one.pose.points, other.pose.points), mix(one.pose.visibility, other.pose.visibility))
    left = hand(one.left_hand, other.left_hand, nearer.left_hand)
    right = hand(one.right_hand, other.right_hand, nearer.right_hand)
    return replace(nearer, pose=pose, left_hand=left, right_hand=right)
