"""The hand branch: a crop from the pose, refined by a model of its own, or the crop around the last landmarks while they hold.

Source: modules/holistic_landmark/hand_landmarks_from_pose_cpu.pbtxt and the graphs it names, in google-ai-edge/mediapipe.
"""

import math
from dataclasses import dataclass

import numpy as np

from edgeholo.perceive import regions
from edgeholo.perceive.crops import crop, unit
from edgeholo.perceive.inference import Model
from edgeholo.perceive.regions import Points, Region, Requirements
from edgeholo.types import HAND_POINTS, Frame, Hand, Side

_WRIST_PINKY_INDEX = {Side.LEFT: (15, 17, 19), Side.RIGHT: (16, 18, 20)}
"""Points of the pose."""
LEAST_VISIBILITY = 0.1
"""Of the wrist (hand_visibility_from_hand_landmarks_from_pose.pbtxt)."""
_FROM_POSE, _FROM_RECROP, _FROM_HAND = 2.7, 1.0, 2.0
"""Growth of the regions (hand_landmarks_from_pose_to_recrop_roi, hand_recrop_by_roi_cpu, hand_landmarks_to_roi)."""
_TOWARDS_FINGERS = -0.1
_RECROP_SIDE, _SIDE = 256, 224
_UP, _RECROP_UP = math.pi / 2, -math.pi / 2
_DEPTH = 0.4
"""Hand depths are divided by this (normalize_z)."""
_KEPT = Requirements(rotation=math.radians(40), translation=0.2, scale=0.4, margin=-0.1)
_PALM = (0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18)
"""Points of the hand that hold still while fingers move (hand_landmarks_to_rect_calculator.cc)."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackedHand:
    """A hand and the region around it.

    Attributes:
        hand: in fractions of the picture.
        points: (21, 3), pixels.
        score: 0..1, that a hand is there.
        right: 0..1, that it is a right one, as an unmirrored camera sees it. The model learnt from mirrored pictures, so what it
            and MediaPipe call "left" is the person's right hand here (signing clips: 0.98 of right hands, 0.01 of left ones).
    """

    hand: Hand
    points: Points
    score: float
    right: float


@dataclass(frozen=True, slots=True)
class HandModels:
    """The two models of the branch."""

    recrop: Model
    landmarks: Model


def region_from_pose(points: Points, visibility: Points, side: Side) -> Region | None:
    """Return the region of a hand by the pose's points in pixels, None if the wrist is not seen."""
    wrist, pinky, index = _WRIST_PINKY_INDEX[side]
    if visibility[wrist] <= LEAST_VISIBILITY:
        return None
    middle = (2 * points[index, :2] + points[pinky, :2]) / 3
    size = 2 * math.dist(middle, points[wrist, :2])
    rotation = regions.angle_between(points[wrist], middle, _UP)
    region = Region(float(middle[0]), float(middle[1]), size, size, rotation)
    return regions.grown(region, _FROM_POSE, _TOWARDS_FINGERS)


def region_from_hand(points: Points) -> Region:
    """Return the region around the last landmarks (21, 3) in pixels."""
    knuckles = ((points[5, :2] + points[13, :2]) / 2 + points[9, :2]) / 2
    rotation = regions.angle_between(points[0], knuckles, _UP)
    return regions.grown(regions.rotated_box(points[_PALM, :2], rotation), _FROM_HAND, _TOWARDS_FINGERS)


def recropped(model: Model, frame: Frame, region: Region) -> Region:
    """Return the region that the re-crop model sees in one from the pose."""
    (output,) = model.run(unit(crop(frame, region, _RECROP_SIDE)))
    middle, tip = regions.from_crop(output.reshape(2, 2) / np.float32(_RECROP_SIDE), region)
    return regions.grown(regions.aligned(middle, tip, _RECROP_UP), _FROM_RECROP, _TOWARDS_FINGERS)


def chosen(last: TrackedHand | None, found: Region) -> Region:
    """Return the region of this frame: that around the last landmarks while it holds, else the one found anew."""
    if last is None:
        return found
    tracked = region_from_hand(last.points)
    return tracked if regions.still_tracked(last.points[:, :2], tracked, found, _KEPT) else found


def landmarks(model: Model, frame: Frame, region: Region, least_score: float) -> TrackedHand | None:
    """Return the hand in the region, or None if there is none."""
    if region.width < 1:
        return None
    points, score, right, world = model.run(unit(crop(frame, region, _SIDE)))
    if float(score[0, 0]) < least_score:
        return None
    inside = points.reshape(HAND_POINTS, 3) / np.float32(_SIDE) / np.array([1, 1, _DEPTH], np.float32)
    pixels = regions.from_crop(inside, region)
    width, height = frame.size
    fractions = (pixels / np.array([width, height, width], np.float32)).astype(np.float32)
    hand = Hand(fractions, regions.world(world.reshape(HAND_POINTS, 3), region))
    return TrackedHand(hand, pixels, float(score[0, 0]), float(right[0, 0]))
