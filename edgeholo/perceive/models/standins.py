"""Stand-ins: models of a kilobyte that answer "nothing there" and so mask a branch of MediaPipe's holistic graph."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from edgeholo.perceive.models import graph

_NEVER = -100.0
"""Score before the sigmoid, that is a probability of zero."""


def face_detector() -> bytes:
    """Return a stand-in for face_detection_short_range: 896 anchors, none of them a face."""
    regressors, scores = np.zeros((1, 896, 16), np.float32), np.full((1, 896, 1), _NEVER, np.float32)
    return _constant_model((1, 128, 128, 3), {"regressors": regressors, "classificators": scores})


def face_blendshapes() -> bytes:
    """Return a stand-in for the blendshapes, which MediaPipe runs even if nobody asks for them."""
    return _constant_model((1, 146, 2), {"blendshapes": np.zeros((52,), np.float32)})


def face_landmarks() -> bytes:
    """Return a stand-in for face_landmark: it has to be in the bundle, though it never runs without a detected face."""
    outputs = {
        "conv2d_21": np.zeros((1, 1, 1, 1404), np.float32),
        "conv2d_31": np.full((1, 1, 1, 1), _NEVER, np.float32),
    }
    return _constant_model((1, 192, 192, 3), outputs)


def hand_recrop() -> bytes:
    """Return a stand-in for hand_recrop: a crop of no size."""
    return _constant_model((1, 256, 256, 3), {"output_crop": np.zeros((1, 1, 1, 4), np.float32)})


def hand_landmarks() -> bytes:
    """Return a stand-in for hand_landmark_full: presence zero, so that no hand is ever reported."""
    points, score = np.zeros((1, 63), np.float32), np.zeros((1, 1), np.float32)
    outputs = {"Identity": points, "Identity_1": score, "Identity_2": score, "Identity_3": points}
    return _constant_model((1, 224, 224, 3), outputs)


def _constant_model(input_shape: graph.Shape, outputs: Mapping[str, npt.NDArray[np.float32]]) -> bytes:
    model = graph.empty("edgeholo stand-in")
    subgraph = model.subgraphs[0]
    subgraph.inputs = [graph.placeholder(model, "input", input_shape)]
    subgraph.outputs = [graph.constant(model, name, values) for name, values in outputs.items()]
    return graph.save(model)
