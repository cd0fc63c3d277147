"""Conditions under which a gesture counts: facing the camera, hand up, in a zone, near enough, alone."""

import math
from dataclasses import dataclass

import numpy as np

from edgeholo.anatomy import ELBOW, VISIBLE, WRIST, believable
from edgeholo.config import Conditions, Gestures
from edgeholo.types import People, Person, Pose, Side

_NOSE, _EARS, _SHOULDERS, _HIPS = 0, (7, 8), (11, 12), (23, 24)
_PALM = [0, 5, 17]
_KNUCKLES = [5, 9, 13, 17]

_AVERTED = 0.65
"""Nose beside the middle of the ears, in distances of the ears: the nose stands 0.65 of that before them, so this is 45 degrees."""

_FOCAL_WIDTHS = 0.77
"""Focal length in picture widths: a lens of 66 degrees, that of the Raspberry Pi camera module 3."""

_SHOULDERS_M, _TORSO_M, _HAND_M = 0.36, 0.50, 0.09
"""Between the shoulder joints, from shoulders to hips, from wrist to knuckles, of an adult."""

_WHOLE = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Scene:
    """Who does something, and who else is there.

    Attributes:
        person: who.
        side: with which hand; None with the body.
        people: the frame.
    """

    person: Person
    side: Side | None
    people: People


class Requirements:
    """The conditions of every gesture.

    Args:
        options: the ``gestures`` section.
    """

    def __init__(self, options: Gestures) -> None:
        self._all = options.conditions
        self._each = {name: own.conditions for name, own in options.each.items() if own.conditions is not None}

    def unmet(self, name: str, scene: Scene) -> str:
        """Return why a gesture of that name does not count in this scene; empty where it does. What cannot be told is not met."""
        conditions = self._each.get(name, self._all)
        if conditions.alone and (bodies := _bodies(scene.people)) != 1:
            return f"it counts only of one person alone, and {bodies or 'nobody'} can be told apart"
        if conditions.facing and not _facing(scene.person.pose):
            return "the face does not look towards the camera"
        if conditions.hands_up and scene.side is not None and not _hand_up(scene.person.pose, scene.side):
            return "the hand is not above its elbow"
        if conditions.distance_m and (away := _distance_m(scene)) > conditions.distance_m:
            return _too_far(away, conditions.distance_m)
        if conditions.zone != _WHOLE and not _inside(scene, conditions):
            return "it is outside the zone that counts"
        return ""


def _bodies(people: People) -> int:
    """Return how many bodies are in the picture; of those not looked for in this frame the engine's word counts."""
    return sum(person.pose is None or believable(person, people.size) for person in people.persons)


def _facing(pose: Pose | None) -> bool:
    """Return whether the face looks towards the camera: the nose between the ears, the left ear on the picture's right."""
    if pose is None or not pose.visibility[_NOSE] >= VISIBLE:
        return False
    nose, left, right = (float(pose.points[point, 0]) for point in (_NOSE, *_EARS))
    return left > right and abs(nose - (left + right) / 2) <= _AVERTED * (left - right)


def _hand_up(pose: Pose | None, side: Side) -> bool:
    """Return whether the wrist is above the elbow, wherever the model thinks they are: elbows are often below the picture."""
    return pose is not None and bool(pose.points[WRIST[side], 1] < pose.points[ELBOW[side], 1])


def _distance_m(scene: Scene) -> float:
    """Return how far away somebody is; infinite where nobody can tell."""
    pixels_a_metre = _pixels_a_metre(scene)
    return _FOCAL_WIDTHS * scene.people.size[0] / pixels_a_metre if pixels_a_metre > 0 else math.inf


def _too_far(away_m: float, most_m: float) -> str:
    where = f"{away_m:.1f} m away" if math.isfinite(away_m) else "at a distance that cannot be told"
    return f"too far: {where}, and at most {most_m:g} m counts"


def _pixels_a_metre(scene: Scene) -> float:
    """Return the scale at the person's place from what is seen largest: turned away a body only looks smaller."""
    size, pose = scene.people.size, scene.person.pose
    if pose is None:
        hand = None if scene.side is None else scene.person.hand(scene.side)
        if hand is None:
            return 0.0
        places = hand.points[:, :2].astype(np.float64) * size
        return float(np.linalg.norm(places[_KNUCKLES] - places[0], axis=1).mean()) / _HAND_M
    places = pose.points[:, :2].astype(np.float64) * size
    scale = math.dist(places[_SHOULDERS[0]], places[_SHOULDERS[1]]) / _SHOULDERS_M
    if all(pose.visibility[hip] >= VISIBLE for hip in _HIPS):
        torso = math.dist(places[list(_SHOULDERS)].mean(axis=0), places[list(_HIPS)].mean(axis=0))
        scale = max(scale, torso / _TORSO_M)
    return scale


def _inside(scene: Scene, conditions: Conditions) -> bool:
    place = _place(scene)
    if place is None:
        return False
    left, top, width, height = conditions.zone
    return left <= place[0] <= left + width and top <= place[1] <= top + height


def _place(scene: Scene) -> tuple[float, float] | None:
    """Return where the hand is, or the middle of the shoulders, as fractions of the picture."""
    hand = None if scene.side is None else scene.person.hand(scene.side)
    if hand is not None:
        x, y = hand.points[_PALM, :2].mean(axis=0).tolist()
    elif scene.person.pose is not None:
        x, y = scene.person.pose.points[list(_SHOULDERS), :2].mean(axis=0).tolist()
    else:
        return None
    return x, y
