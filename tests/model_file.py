"""What a test reads out of a model file, past the code that wrote it, and what a model answers."""

import numpy as np
import numpy.typing as npt

from edgeholo.perceive.inference import Model
from edgeholo.perceive.models import graph


def answers(model: Model, values: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
    """Return copies of a model's outputs for an input."""
    return [output.copy() for output in model.run(lambda tensor: np.copyto(tensor, values))]


def weight_offsets(content: bytes) -> list[int]:
    """Return where each buffer with content starts in a TensorFlow Lite file."""
    model = graph.schema.Model.GetRootAs(content, 0)  # type: ignore[attr-defined]
    tables = [model.Buffers(index)._tab for index in range(model.BuffersLength())]
    return [table.Vector(place) for table in tables if (place := table.Offset(4)) and table.VectorLen(place)]
