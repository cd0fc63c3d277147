"""Hands and people for tests of interpretation: recorded ones, and ones built from the angles of their joints."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from edgeholo.config import Gestures, PresenceOptions
from edgeholo.interpret.interpreter import Interpreter
from edgeholo.types import HANDS, Branch, Floats, Gesture, Hand, People, Person, Pose, Side

SIZE = (640, 480)
LOOKED = HANDS | {Branch.POSE}
Array = npt.NDArray[np.float64]

_KNUCKLES = ((-0.3, -0.95), (-0.08, -1.0), (0.13, -0.95), (0.33, -0.83))
_BONES = ((0.45, 0.27, 0.22), (0.5, 0.32, 0.23), (0.46, 0.3, 0.22), (0.36, 0.22, 0.2))
_SPREAD_DEG = (-12.0, 1.0, 8.0, 16.0)
_STRAIGHT, _FOLDED, _BENT = (8.0, 5.0, 4.0), (70.0, 85.0, 35.0), (45.0, 55.0, 25.0)
_THUMBS = {
    "out": ((-0.28, -0.22, -0.05), (-0.55, -0.42, -0.08), (-0.78, -0.6, -0.08), (-1.0, -0.78, -0.08)),
    "on_palm": ((-0.25, -0.22, -0.08), (-0.35, -0.5, -0.18), (-0.15, -0.6, -0.25), (0.08, -0.62, -0.28)),
    "on_fingers": ((-0.25, -0.22, -0.1), (-0.4, -0.5, -0.25), (-0.33, -0.75, -0.45), (-0.1, -0.88, -0.6)),
}

SHAPES = {
    "closed_fist": ("ffff", "on_fingers", 0.0),
    "open_palm": ("ssss", "out", 0.0),
    "pointing_up": ("sfff", "on_fingers", 0.0),
    "pointing_left": ("sfff", "on_fingers", 0.0),
    "pointing_right": ("sfff", "on_fingers", 0.0),
    "pointing_down": ("sfff", "on_fingers", 180.0),
    "thumb_up": ("ffff", "out", 65.0),
    "thumb_down": ("ffff", "out", -115.0),
    "victory": ("ssff", "on_fingers", 0.0),
    "i_love_you": ("sffs", "out", 0.0),
    "ok": ("bsss", "ring", 0.0),
    "call": ("fffs", "out", 30.0),
    "four": ("ssss", "on_palm", 0.0),
    "three": ("sssf", "on_fingers", 0.0),
    "rock": ("sffs", "on_fingers", 0.0),
}
"""Name: index to little finger (straight, folded, bent), the thumb, and how far a left hand is turned clockwise, in degrees.

These count at default settings."""

ASKED_FOR = {
    "palm_towards": ("ssss", "out", 0.0),
    "palm_away": ("ssss", "out", 0.0),
    "pinch": ("bbbb", "ring", 0.0),
}
"""The same for what must be switched on."""

_ASIDE_DEG = {"pointing_left": 90.0, "pointing_right": -90.0}
"""Clockwise, whichever hand it is."""

COUNTS = {
    "closed_fist": 0,
    **dict.fromkeys(("pointing_up", "pointing_left", "pointing_right", "pointing_down", "thumb_up", "thumb_down"), 1),
    **dict.fromkeys(("victory", "rock", "call"), 2),
    **dict.fromkeys(("three", "i_love_you", "ok"), 3),
    "four": 4,
    **dict.fromkeys(("open_palm", "palm_towards", "palm_away"), 5),
}
"""How many fingers each holds up; those of a pinch are half bent."""


def shape(name: str, *, side: Side = Side.LEFT, turn_deg: float = 0.0, tilt_deg: float = 0.0) -> Array:
    """Return a hand that shows a gesture, float64 (21, 3) in hand lengths, the wrist at 0.

    Args:
        name: a key of ``SHAPES`` or of ``ASKED_FOR``.
        side: a right hand is a left one mirrored.
        turn_deg: clockwise in the picture, beyond what the gesture needs.
        tilt_deg: how far it leans towards the camera.
    """
    fingers, thumb, needed_deg = (SHAPES | ASKED_FOR)[name]
    chains = [_finger(number, letter) for number, letter in enumerate(fingers)]
    if thumb == "ring":
        tip = chains[0][-1] + (-0.03, 0.05, 0.0)
        joints = [
            np.array((-0.28, -0.22, -0.05)),
            np.array((-0.45, -0.5, -0.25)),
            (tip + np.array((-0.5, -0.55, -0.3))) / 2,
            tip,
        ]
    else:
        joints = [np.array(joint) for joint in _THUMBS[thumb]]
    points = np.array([np.zeros(3), *joints, *[point for chain in chains for point in chain]])
    if name == "palm_away":
        points *= (-1, 1, -1)
    points = turned(points, needed_deg, tilt_deg)
    if side is Side.RIGHT:
        points[:, 0] *= -1
    return turned(points, turn_deg + _ASIDE_DEG.get(name, 0.0))


def _finger(number: int, letter: str) -> list[Array]:
    bends = {"s": _STRAIGHT, "f": _FOLDED, "b": _BENT}[letter]
    side = np.radians(_SPREAD_DEG[number] if letter == "s" else 0.0)
    places, angle = [np.array((*_KNUCKLES[number], 0.0))], 0.0
    for length, bend in zip(_BONES[number], bends, strict=True):
        angle += np.radians(bend)
        ahead = np.cos(angle)
        places.append(places[-1] + length * np.array((ahead * np.sin(side), -ahead * np.cos(side), -np.sin(angle))))
    return places


def turned(points: Array, turn_deg: float, tilt_deg: float = 0.0) -> Array:
    """Return ``points`` turned clockwise in the picture, and before that tilted towards the camera."""
    tilt, turn = np.radians(tilt_deg), np.radians(turn_deg)
    lean = np.array(((1, 0, 0), (0, np.cos(tilt), np.sin(tilt)), (0, -np.sin(tilt), np.cos(tilt))))
    spin = np.array(((np.cos(turn), -np.sin(turn), 0), (np.sin(turn), np.cos(turn), 0), (0, 0, 1)))
    return np.asarray(points @ lean.T @ spin.T)


def hand(points: Array, *, size_px: float = 40.0, at: tuple[float, float] = (400.0, 250.0)) -> Hand:
    """Return the hand with its wrist ``at`` pixels of a picture of ``SIZE``."""
    pixels = points * size_px + (*at, 0.0)
    return Hand((pixels / (SIZE[0], SIZE[1], SIZE[0])).astype(np.float32))


def person(*, left: Hand | None = None, right: Hand | None = None, pose: Pose | None = None, id_: int = 1) -> Person:
    """Return a person of whom only the given parts are seen."""
    return Person(id_, pose=pose, left_hand=left, right_hand=right)


def shown(name: str, side: Side = Side.LEFT) -> Person:
    """Return a person who shows a gesture."""
    made = hand(shape(name, side=side))
    return person(left=made) if side is Side.LEFT else person(right=made)


def people(t_s: float, *persons: Person, size: tuple[int, int] = SIZE, ran: frozenset[Branch] = LOOKED) -> People:
    """Return what a frame showed."""
    return People(persons, ran, size, round(t_s * 1e9), round(t_s * 1000))


@dataclass(frozen=True)
class Recording:
    """A piece of real footage as the mediapipe engine saw it, at complexity 0, without its pictures."""

    name: str
    expect: tuple[str, ...]
    frames: tuple[People, ...]

    def played(self, rate_hz: float = 10.0, still_s: float = 2.0) -> list[People]:
        """Return its frames at their times; a still is shown for ``still_s`` at ``rate_hz``."""
        if len(self.frames) > 1:
            return list(self.frames)
        times = np.arange(0, still_s, 1 / rate_hz)
        return [replace(self.frames[0], timestamp_ns=round(t * 1e9), seq=seq) for seq, t in enumerate(times)]


def recordings() -> list[Recording]:
    """Return all that is in ``data/gestures.json``."""
    cases = json.loads((Path(__file__).parent / "data" / "gestures.json").read_text())
    return [
        Recording(
            case["name"], tuple(case["expect"]), tuple(_frame(frame, tuple(case["size"])) for frame in case["frames"])
        )
        for case in cases
    ]


def _frame(row: dict[str, list[float]], size: tuple[int, int]) -> People:
    def points(part: str) -> Floats:
        return np.array(row[part], np.float32).reshape(-1, 3)

    t_s = float(np.asarray(row["t"]))
    if "pose" not in row:
        return people(t_s, size=size)
    pose = Pose(points("pose"), np.array(row["visibility"], np.float32))
    hands = {side: Hand(points(side)) if side in row else None for side in Side}
    return people(t_s, Person(0, pose, hands[Side.LEFT], hands[Side.RIGHT]), size=size)


def gestures(frames: list[People], options: Gestures | None = None) -> list[Gesture]:
    """Return the gestures in ``frames``, by an interpreter of their own."""
    interpreter = Interpreter(options or Gestures(), PresenceOptions())
    return [seen for frame in frames for seen in interpreter.update(frame) if isinstance(seen, Gesture)]


def started(frames: list[People], options: Gestures | None = None) -> list[str]:
    """Return the names of the gestures that start in ``frames``."""
    return [gesture.name for gesture in gestures(frames, options) if gesture.phase == "start"]
