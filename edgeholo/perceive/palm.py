"""The palm detector: finds hands in the whole picture, with or without a body.

Source: modules/palm_detection/palm_detection_cpu.pbtxt and modules/hand_landmark/palm_detection_detection_to_roi.pbtxt,
in google-ai-edge/mediapipe.
"""

import math
from dataclasses import replace

from edgeholo.perceive import detectors, regions
from edgeholo.perceive.crops import crop, unit
from edgeholo.perceive.detectors import Detection
from edgeholo.perceive.inference import Model
from edgeholo.perceive.regions import Region
from edgeholo.types import Frame

_WRIST, _MIDDLE_KNUCKLE = 0, 2
"""Keypoints of the detector."""
_UPRIGHT = math.pi / 2
"""The vector from the wrist to the fingers (rotation_vector_target_angle_degrees: 90)."""
_GROWTH, _TOWARDS_FINGERS = 2.6, -0.5
"""From the palm's box to the whole hand's."""


class PalmDetector:
    """Finds hands by their palms.

    Args:
        model: palm_detection, lite or full.
        threshold: least score of a palm.
    """

    def __init__(self, model: Model, threshold: float = detectors.PALM.threshold) -> None:
        self._model = model
        self._layout = replace(detectors.PALM, threshold=threshold)
        self._anchors = detectors.anchors(self._layout)

    def find(self, frame: Frame) -> list[Region]:
        """Return the region of each hand, the surest first."""
        whole = regions.whole(frame.size)
        tensor = unit(crop(frame, whole, self._layout.side, replicate=False))
        boxes, scores = self._model.run(tensor)
        found = detectors.decode(self._layout, self._anchors, boxes[0], scores[0, :, 0])
        return [_region(detection, whole) for detection in found]


def _region(found: Detection, whole: Region) -> Region:
    keypoints = regions.from_crop(found.keypoints, whole)
    corners = regions.from_crop(found.box.reshape(2, 2), whole)
    rotation = regions.angle_between(keypoints[_WRIST], keypoints[_MIDDLE_KNUCKLE], _UPRIGHT)
    return regions.grown(regions.box(corners, rotation), _GROWTH, _TOWARDS_FINGERS)
