"""Surgery on the face meshes: 478 points in one tensor, the only form that MediaPipe 1.x decodes.

Its TensorsToFaceLandmarksGraph reads [478 x 3] from the first output, whatever model it is given. The mesh of Holistic 0.10 has 468
points in one tensor: the ten of the irises are filled with the tip of the nose, for the engine to cut off, and so that the box
around the points stays true. The mesh with attention has six tensors (mesh, lips, eyes, irises), which a calculator of 0.10
merged: mediapipe/modules/face_landmark/tensors_to_face_landmarks_with_attention.pbtxt and landmarks_refinement_calculator.cc
in google-ai-edge/mediapipe. The same merging is appended to the model as operators.
"""

import math

import numpy as np
import numpy.typing as npt

from edgeholo.errors import ModelError
from edgeholo.perceive.models import graph

_MESH, _IRIS = 468, 5
_NOSE_TIP = 1

_LIPS = (
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409,
    78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415,
    76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306, 184, 74, 73, 72, 11, 302, 303, 304, 408,
    62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292, 183, 42, 41, 38, 12, 268, 271, 272, 407,
)  # fmt: skip
_LEFT_EYE = (
    33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173, 130, 25, 110, 24, 23, 22, 26, 112,
    243, 247, 30, 29, 27, 28, 56, 190, 226, 31, 228, 229, 230, 231, 232, 233, 244, 113, 225, 224, 223, 222, 221, 189,
    35, 124, 46, 53, 52, 65, 143, 111, 117, 118, 119, 120, 121, 128, 245, 156, 70, 63, 105, 66, 107, 55, 193,
)  # fmt: skip
_RIGHT_EYE = (
    263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398, 359, 255, 339, 254, 253, 252, 256,
    341, 463, 467, 260, 259, 257, 258, 286, 414, 446, 261, 448, 449, 450, 451, 452, 453, 464, 342, 445, 444, 443, 442,
    441, 413, 265, 353, 276, 283, 282, 295, 372, 340, 346, 347, 348, 349, 350, 357, 465, 383, 300, 293, 334, 296, 336,
    285, 417,
)  # fmt: skip
_CONTOUR = 16
"""The first sixteen points of an eye are its contour; their mean depth is the iris'."""

_PLAIN_SIZES = (3 * _MESH, 1)
_ATTENTION_SIZES = (3 * _MESH, 2 * len(_LIPS), 2 * len(_LEFT_EYE), 2 * len(_RIGHT_EYE), 2 * _IRIS, 2 * _IRIS, 1)
"""Numbers in each output of the two meshes: three coordinates a point of the mesh, two a point of a part, the face flag."""


def as_one_tensor(content: bytes, name: str) -> bytes:
    """Return a face mesh whose outputs are float32 [1, 1, 1, 1434] (478 x 3, pixels of its input) and the face flag.

    Raises:
        ModelError: the model is none of the two that Holistic has.
    """
    model = graph.load(content, name)
    outputs = model.subgraphs[0].outputs
    sizes = tuple(math.prod(model.subgraphs[0].tensors[output].shape) for output in outputs)
    if sizes == _PLAIN_SIZES:
        points = graph.gather(model, outputs[0], _flat([*range(_MESH), *[_NOSE_TIP] * 2 * _IRIS]), "points")
    elif sizes == _ATTENTION_SIZES:
        points = _merged(model, outputs)
    else:
        raise ModelError(
            f"{name}: expected outputs of {_PLAIN_SIZES} or {_ATTENTION_SIZES} numbers, got {sizes}; "
            "this is another version of the model"
        )
    model.subgraphs[0].outputs = [points, outputs[-1]]
    model.signatureDefs = None
    return graph.save(model)


def _merged(model: graph.Model, outputs: list[int]) -> int:
    """Append the operators that merge the six tensors; return the index of the merged one."""
    mesh = outputs[0]
    depths = [
        graph.mean(model, graph.gather(model, mesh, _depth_of(eye[:_CONTOUR]), f"{side}_contour"), f"{side}_iris_depth")
        for side, eye in (("left", _LEFT_EYE), ("right", _RIGHT_EYE))
    ]
    everything = graph.concatenate(model, [*outputs[:-1], *depths], "all_outputs")
    return graph.gather(model, everything, _merge_plan(), "points")


def _merge_plan() -> npt.NDArray[np.int32]:
    """Return, for each of 478 x 3 numbers, where it stands in mesh, lips, eyes, irises and iris depths laid end to end."""
    plan = _flat([*range(_MESH), *[0] * 2 * _IRIS]).reshape(-1, 3)
    start = 3 * _MESH
    irises = (tuple(range(_MESH, _MESH + _IRIS)), tuple(range(_MESH + _IRIS, _MESH + 2 * _IRIS)))
    for part in (_LIPS, _LEFT_EYE, _RIGHT_EYE, *irises):
        plan[list(part), 0] = start + 2 * np.arange(len(part))
        plan[list(part), 1] = plan[list(part), 0] + 1
        start += 2 * len(part)
    for depth, part in enumerate(irises):
        plan[list(part), 2] = start + depth
    return plan.reshape(-1)


def _flat(points: list[int]) -> npt.NDArray[np.int32]:
    """Return the places of x, y, z of points in a flat tensor."""
    return (3 * np.array(points, np.int32)[:, None] + np.arange(3, dtype=np.int32)).reshape(-1)


def _depth_of(points: tuple[int, ...]) -> npt.NDArray[np.int32]:
    return 3 * np.array(points, np.int32) + 2
