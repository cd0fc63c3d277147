"""The models of the litert engine: the manifest's, relieved of what nobody reads and allowed half precision."""

from pathlib import Path

from edgeholo.perceive.inference import Model, Shape
from edgeholo.perceive.models.derived import derived
from edgeholo.perceive.models.fetch import fetch
from edgeholo.perceive.models.manifest import POSE_MODELS
from edgeholo.perceive.models.surgery import for_half_precision, without_segmentation_output

_RECIPE = "1"
"""Counts up when what is done below changes, so that files in the cache are made anew."""

_HAND_OUTPUTS: tuple[Shape, ...] = ((1, 63), (1, 1), (1, 1), (1, 63))
_MESH_OUTPUTS: tuple[Shape, ...] = ((1, 1, 1, 1404), (1, 1, 1, 1))


def assets(complexity: int, *, hands: bool, face: bool, irises: bool = False) -> tuple[str, ...]:
    """Return the names of the files that an engine with these branches is made from."""
    names = ["pose_detection.tflite", POSE_MODELS[complexity]]
    if hands:
        names += ["hand_recrop.tflite", "hand_landmark_full.tflite", "palm_detection_full.tflite"]
    if face:
        names += ["face_detection_short_range.tflite", "face_landmark.tflite"]
    if face and irises:
        names += ["iris_landmark.tflite"]
    return tuple(names)


def pose_detector() -> Model:
    """Open the model that finds bodies."""
    return Model(fetch("pose_detection.tflite"), (1, 224, 224, 3), ((1, 2254, 12), (1, 2254, 1)))


def pose_landmarks(complexity: int, threads: int) -> Model:
    """Open a pose landmark model: landmarks, score, heatmap, world landmarks."""
    name = POSE_MODELS[complexity]
    # Not in half precision: on a Cortex-A76 that moves the body by up to 4 % of its shoulders, and the hands' crops with it.
    path = derived(name, f"pose float {_RECIPE}", [name], lambda files: without_segmentation_output(files[name], name))
    return Model(path, (1, 256, 256, 3), ((1, 195), (1, 1), (1, 64, 64, 39), (1, 117)), threads)


def hand_recrop() -> Model:
    """Open the model that refines a hand's region."""
    return Model(_half("hand_recrop.tflite"), (1, 256, 256, 3), ((1, 1, 1, 4),))


def hand_landmarks(threads: int) -> Model:
    """Open the hand landmark model: landmarks, score, chance that it is a right hand, world landmarks."""
    return Model(_half("hand_landmark_full.tflite"), (1, 224, 224, 3), _HAND_OUTPUTS, threads)


def palm_detector() -> Model:
    """Open the model that finds hands without a body; the lite one sees hands in cats, cars and cartoons, the full one hardly."""
    return Model(_half("palm_detection_full.tflite"), (1, 192, 192, 3), ((1, 2016, 18), (1, 2016, 1)))


def face_detector() -> Model:
    """Open the model that finds a face."""
    return Model(fetch("face_detection_short_range.tflite"), (1, 128, 128, 3), ((1, 896, 16), (1, 896, 1)))


def face_mesh() -> Model:
    """Open the face mesh: landmarks and flag."""
    return Model(_half("face_landmark.tflite"), (1, 192, 192, 3), _MESH_OUTPUTS)


def irises() -> Model:
    """Open the model of an eye: 71 points around it, 5 of the iris."""
    return Model(_half("iris_landmark.tflite"), (1, 64, 64, 3), ((1, 213), (1, 15)))


def _half(name: str) -> Path:
    return derived(name, f"half {_RECIPE}", [name], lambda files: for_half_precision(files[name], name))
