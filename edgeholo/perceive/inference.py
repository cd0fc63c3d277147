"""TensorFlow Lite models on the processor: the only module that runs ai_edge_litert."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from edgeholo import chatter
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
            with chatter.caught("info: created tensorflow lite"):
                self._interpreter = Interpreter(str(path), num_threads=threads)
                self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            reason = str(error).splitlines()[0]
            raise ModelError(f"{path.name} cannot be run: {reason}; delete {path}, it is made again") from error
        taken = self._interpreter.get_input_details()
        given = self._interpreter.get_output_details()
        _check(path, "input", [input_shape], taken)
        _check(path, "outputs", output_shapes, given)
        # Views of the model's own memory, made anew for every use: none may be alive while it runs.
        self._input: Callable[[], Tensor] = self._interpreter.tensor(taken[0]["index"])
        self._outputs: list[Callable[[], Tensor]] = [self._interpreter.tensor(one["index"]) for one in given]

    def run(self, fill: Callable[[Tensor], None]) -> list[Tensor]:
        """Return the outputs, after ``fill`` has written the input in place.

        They are views of the model's memory: use them up before the next run, and keep none.
        """
        fill(self._input())
        self._interpreter.invoke()
        return [view() for view in self._outputs]


def _check(
    path: Path, what: str, expected: Sequence[Shape], details: Sequence[dict[str, npt.NDArray[np.int32]]]
) -> None:
    shapes = [tuple(int(n) for n in one["shape"]) for one in details]
    if shapes != list(expected):
        raise ModelError(f"{path.name}: expected {what} {list(expected)}, got {shapes}; this is another version of it")
    kinds = {np.dtype(one["dtype"]).name for one in details}
    if kinds != {"float32"}:
        raise ModelError(f"{path.name}: expected {what} of float32, got {sorted(kinds)}; this is another version of it")
