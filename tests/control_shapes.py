"""Hands that take, turn and let go of continuous controls, as trajectories in seconds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from edgeholo.config import Smoothing
from edgeholo.interpret.bodies import Bodies
from edgeholo.interpret.controls.continuous import CONTROLS, Controls, Reading
from edgeholo.interpret.hand.features import HandFeatures, measure
from edgeholo.perceive.tracking import Tracker
from edgeholo.types import Branch, Hand, People, Person, Pose, Side
from tests.hand_shapes import LOOKED, SIZE, Array, hand, shape, turned

Told = list[tuple[float, Reading]]

HIP_Y, SHOULDER_Y, NOSE_Y = 400.0, 240.0, 150.0
"""Pixels of the body below; the top of the head is at 82.5."""

_BODY = {
    0: (320, NOSE_Y),
    7: (345, NOSE_Y),
    8: (295, NOSE_Y),
    11: (375, SHOULDER_Y),
    12: (265, SHOULDER_Y),
    23: (350, HIP_Y),
    24: (290, HIP_Y),
}
_HAND_PX = 30.0
_KNOB_BENDS = (30.0, 35.0, 20.0)
_KNOB_SPREAD_DEG = (-18.0, -4.0, 8.0, 20.0)
_KNOB_THUMB = ((-0.3, -0.2, -0.12), (-0.55, -0.4, -0.3), (-0.68, -0.62, -0.5), (-0.72, -0.8, -0.62))
_KNUCKLES = ((-0.3, -0.95), (-0.08, -1.0), (0.13, -0.95), (0.33, -0.83))
_BONES = ((0.45, 0.27, 0.22), (0.5, 0.32, 0.23), (0.46, 0.3, 0.22), (0.36, 0.22, 0.2))


@dataclass(frozen=True)
class Held:
    """A hand at one time: its shape, float64 (21, 3) in hand sizes of a left hand, and where its wrist is in pixels."""

    points: Array
    at: tuple[float, float]


Plan = Callable[[float], dict[Side, Held | None]]
"""What the hands do at a time in seconds."""


def pinched(opening: float) -> Array:
    """Return a hand whose thumb and index finger are closed to a ring (0) or stretched (1), or on the way."""
    return np.asarray(shape("ok") * (1 - opening) + shape("open_palm") * opening)


def knob(turn_deg: float) -> Array:
    """Return a left hand around a knob, its palm to the camera, turned clockwise in the picture."""
    fingers = [_around(number) for number in range(4)]
    points = np.array([np.zeros(3), *map(np.array, _KNOB_THUMB), *[point for finger in fingers for point in finger]])
    return turned(points, turn_deg)


def _around(number: int) -> list[Array]:
    side, angle = np.radians(_KNOB_SPREAD_DEG[number]), 0.0
    places = [np.array((*_KNUCKLES[number], 0.0))]
    for length, bend in zip(_BONES[number], _KNOB_BENDS, strict=True):
        angle += np.radians(bend)
        ahead = np.cos(angle)
        places.append(places[-1] + length * np.array((ahead * np.sin(side), -ahead * np.cos(side), -np.sin(angle))))
    return places


def body(wrists: dict[Side, tuple[float, float] | None]) -> Pose:
    """Return somebody who faces the camera; the arms reach for the wrists, or hang."""
    points, visibility = np.zeros((33, 3), np.float32), np.zeros(33, np.float32)
    places = dict(_BODY)
    for side, shoulder, elbow, wrist, out in ((Side.LEFT, 11, 13, 15, 30), (Side.RIGHT, 12, 14, 16, -30)):
        x, y = _BODY[shoulder]
        at = wrists.get(side)
        places[elbow] = (x + out, y + 85)
        places[wrist] = (x + out, y + 170) if at is None else (int(at[0]), int(at[1]))
    for number, (x, y) in places.items():
        points[number] = (x / SIZE[0], y / SIZE[1], 0)
        visibility[number] = 0.99
    return Pose(points, visibility)


def frames(
    plan: Plan, duration_s: float, rate_hz: float = 15.0, *, noise: float = 0.01, pose: bool = True
) -> list[People]:
    """Return the pictures of a plan; ``noise`` in hand sizes."""
    random = np.random.default_rng(3)
    seen = []
    for seq, t_s in enumerate(np.arange(0, duration_s, 1 / rate_hz)):
        hands = plan(float(t_s))
        made = {side: _made(held, side, random.normal(0, noise, (21, 3))) for side, held in hands.items() if held}
        wrists = {side: held.at if held else None for side, held in hands.items()}
        person = Person(1, body(wrists) if pose else None, made.get(Side.LEFT), made.get(Side.RIGHT))
        seen.append(People((person,), LOOKED, SIZE, round(t_s * 1e9), seq))
    return seen


def _made(held: Held, side: Side, noise: Array) -> Hand:
    points = held.points * (1 if side is Side.LEFT else -1, 1, 1)
    return hand(points + noise, size_px=_HAND_PX, at=held.at)


def told(
    seen: list[People], names: tuple[str, ...] = tuple(CONTROLS), *, calm: bool = True, finish: bool = False
) -> Told:
    """Return every reading with its time.

    Args:
        seen: the frames.
        names: the controls that count.
        calm: whether points are calmed as those of a camera are.
        finish: whether all is let go in the end.
    """
    tracker, bodies, controls = Tracker(Smoothing()), Bodies(), Controls(names)
    readings: Told = []
    t_s = 0.0
    for people in seen:
        t_s = people.t_s
        now = bodies.recall(tracker.update(people) if calm else people)
        person = now.persons[0] if now.persons else Person(1)
        looked = [side for side in Side if side.branch in now.ran]
        hands = dict(_measured(person, looked, now.size))
        readings += [(t_s, each) for each in controls.update(t_s, hands, looked, person, now.size)]
    return readings + [(t_s, each) for each in controls.finish()] if finish else readings


def _measured(
    person: Person, looked: list[Side], size: tuple[int, int]
) -> Iterator[tuple[Side, tuple[Hand, HandFeatures]]]:
    for side in looked:
        found = person.hand(side)
        features = None if found is None else measure(found, side, size)
        if found is not None and features is not None:
            yield side, (found, features)


def without(seen: list[People], start_s: float, end_s: float, *, looked: bool = True) -> list[People]:
    """Return the same with the hands lost, or not looked for, from then till then."""

    def bare(people: People) -> People:
        persons = tuple(replace(person, left_hand=None, right_hand=None) for person in people.persons)
        return replace(people, persons=persons, ran=people.ran if looked else frozenset({Branch.POSE}))

    return [bare(people) if start_s <= people.t_s < end_s else people for people in seen]
