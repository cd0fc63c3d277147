"""Faces for tests: a recorded one at rest, which can be turned, blink, smile, gape and raise its brows."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from edgeholo.config import Smoothing
from edgeholo.interpret.face.features import measure_face
from edgeholo.interpret.face.signs import FaceSigns
from edgeholo.interpret.moves import Move
from edgeholo.perceive.tracking import Tracker
from edgeholo.types import FACE_POINTS, FACE_POINTS_WITH_IRISES, Branch, Face, People, Person

Array = npt.NDArray[np.float64]

SIZE = (640, 480)
REST: Array = np.array(json.loads((Path(__file__).parent / "data" / "face.json").read_text())["points"])
"""(468, 3), in eye distances from the middle of the eyes, seen from the front."""

_EYES = (((160, 159, 158), (144, 145, 153)), ((387, 386, 385), (373, 374, 380)))
_LOWER_LIP, _CORNERS = (14, 17), ((61, -1.0), (291, 1.0))
_BROWS = [334, 296, 293, 105, 66, 63]
_MIRROR = [(33, 263), (133, 362), (234, 454), (127, 356), (61, 291), (105, 334), (66, 296), (63, 293)]
_MIRROR += [(160, 387), (159, 386), (158, 385), (144, 373), (145, 374), (153, 380)]


@dataclass(frozen=True)
class Look:
    """What a face does: degrees; eyes 1 open, 0 closed; the rest in eye distances beyond rest."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    eyes: float = 1.0
    mouth: float = 0.0
    smile: float = 0.0
    brows: float = 0.0


def shaped(look: Look) -> Array:
    """Return the face, (468, 3) in eye distances, turned as asked."""
    points = REST.copy()
    for upper, lower in _EYES:
        for above, below in zip(upper, lower, strict=True):
            middle = (points[above] + points[below]) / 2
            points[above] = middle + (points[above] - middle) * look.eyes
            points[below] = middle + (points[below] - middle) * look.eyes
    points[list(_LOWER_LIP), 1] += look.mouth
    for corner, side in _CORNERS:
        points[corner] += (side * look.smile / 2, -look.smile / 2, 0.0)
    points[_BROWS, 1] -= look.brows
    return turned(points, look)


def turned(points: Array, look: Look) -> Array:
    """Return ``points`` turned: yaw to the person's left, pitch down, roll clockwise in the picture."""
    yaw, pitch, roll = np.radians((look.yaw_deg, look.pitch_deg, look.roll_deg))
    left = np.array(((np.cos(yaw), 0, -np.sin(yaw)), (0, 1, 0), (np.sin(yaw), 0, np.cos(yaw))))
    down = np.array(((1, 0, 0), (0, np.cos(pitch), -np.sin(pitch)), (0, np.sin(pitch), np.cos(pitch))))
    tilt = np.array(((np.cos(roll), -np.sin(roll), 0), (np.sin(roll), np.cos(roll), 0), (0, 0, 1)))
    return np.asarray(points @ down.T @ left.T @ tilt.T)


def mirrored(points: Array) -> Array:
    """Return the points that expressions are read from as a mirror shows them."""
    swapped = points * (-1, 1, 1)
    for one, other in _MIRROR:
        swapped[[one, other]] = swapped[[other, one]]
    return swapped


def face(
    points: Array,
    *,
    apart_px: float = 60.0,
    at: tuple[float, float] = (320.0, 200.0),
    size: tuple[int, int] = SIZE,
    irises: bool = False,
) -> Face:
    """Return the face with the middle of its eyes ``at`` pixels."""
    pixels = points * apart_px + (*at, 0.0)
    whole = (pixels / (size[0], size[1], size[0])).astype(np.float32)
    more = np.repeat(whole[:1], FACE_POINTS_WITH_IRISES - FACE_POINTS, axis=0)
    return Face(np.concatenate([whole, more]) if irises else whole)


def played(
    looks: list[tuple[float, Look]], *, noise_px: float = 0.2, irises: bool = False, apart_px: float = 60.0
) -> list[tuple[float, dict[str, float], list[Move]]]:
    """Return time, signs and moves of every frame of a face that does ``looks``, calmed as faces of a camera are."""
    tracker, signs, random = Tracker(Smoothing()), FaceSigns(), np.random.default_rng(7)
    answers = []
    for seq, (t_s, look) in enumerate(looks):
        trembling = shaped(look) + random.normal(0, noise_px / apart_px, REST.shape)
        person = Person(0, face=face(trembling, irises=irises, apart_px=apart_px))
        people = tracker.update(People((person,), frozenset({Branch.FACE}), SIZE, round(t_s * 1e9), seq))
        seen = people.persons[0].face
        features = None if seen is None else measure_face(seen, SIZE)
        if features is not None:
            answers.append((t_s, *signs.update(t_s, features)))
    return answers


def moves(answers: list[tuple[float, dict[str, float], list[Move]]]) -> list[str]:
    """Return the names of the moves."""
    return [move.name for _, _, found in answers for move in found]
