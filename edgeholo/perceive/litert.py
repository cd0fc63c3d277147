"""TensorFlow Lite models on the processor: the only module that runs ai_edge_litert."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from edgeholo.errors import ModelError

Tensor = npt.NDArray[np.float32]
Shape = tuple[int, ...]


class Model:
    """A model with one input.

    Args:
        path: the file.
        input_shape: what it has to take.
        output_shapes: what it has to return, in the order of its outputs.
        threads: for one inference.

    Raises:
        ModelError: the file is none, or of another shape.
    """

    def __init__(self, path: Path, input_shape: Shape, output_shapes: Sequence[Shape], threads: int = 1) -> None:
        try:
            self._interpreter = Interpreter(str(path), num_threads=threads)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(
                f"{path.name} cannot be run: {str(error).splitlines()[0]}; delete it, it is fetched again"
            ) from error
        (taken,) = self._interpreter.get_input_details()
        given = self._interpreter.get_output_details()
        self._check(path, "input", [input_shape], [taken])
        self._check(path, "outputs", output_shapes, given)
        self._input = int(taken["index"])
        self._outputs = [int(details["index"]) for details in given]

    def run(self, tensor: Tensor) -> list[Tensor]:
        """Return the outputs; they are valid until the next call."""
        self._interpreter.set_tensor(self._input, tensor)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index) for index in self._outputs]

    @staticmethod
    def _check(path: Path, what: str, expected: Sequence[Shape], details: Sequence[dict[str, object]]) -> None:
        shapes = [tuple(int(n) for n in np.atleast_1d(np.asarray(one["shape"]))) for one in details]
        if shapes != list(expected):
            raise ModelError(f"{path.name}: expected {what} {list(expected)}, got {shapes}; this is another version")
