"""Surgery on a model: outputs nobody reads are cut out, with all that only they need."""

import numpy as np

from edgeholo.errors import ModelError
from edgeholo.perceive.models import graph

_SEGMENTATION_SHAPE = (1, 256, 256, 1)
"""The output of the pose landmark models that tells person from background, pixel by pixel."""


def without_segmentation(content: bytes, name: str) -> bytes:
    """Return a pose landmark model whose segmentation output is a constant; the other outputs stay bit-identical.

    The constant keeps the number and shapes of the outputs, which MediaPipe checks.

    Raises:
        ModelError: the model has no such output.
    """
    model = graph.load(content, name)
    place = _segmentation(model, name)
    outputs = model.subgraphs[0].outputs
    nothing = graph.constant(model, "segmentation_masked", np.zeros(_SEGMENTATION_SHAPE, np.float32))
    _follow_signatures(model, int(outputs[place]), nothing)
    outputs[place] = nothing
    _drop_unused(model)
    return graph.save(model)


def without_segmentation_output(content: bytes, name: str) -> bytes:
    """Return a pose landmark model without the segmentation output; the other four stay bit-identical, in their order.

    Raises:
        ModelError: the model has no such output.
    """
    model = graph.load(content, name)
    del model.subgraphs[0].outputs[_segmentation(model, name)]
    model.signatureDefs = None
    _drop_unused(model)
    return graph.save(model)


def for_half_precision(content: bytes, name: str) -> bytes:
    """Return a model that says it may be computed in half precision, which XNNPACK does on cores that have it.

    Source: kReducedPrecisionSupportMetadataKey in tensorflow/compiler/mlir/lite/tools/optimize/reduced_precision_metadata.h.
    """
    model = graph.load(content, name)
    graph.set_metadata(model, "reduced_precision_support", b"fp16accfp16")
    return graph.save(model)


def _segmentation(model: graph.Model, name: str) -> int:
    """Return the place of the segmentation among the outputs."""
    subgraph = model.subgraphs[0]
    for place, tensor in enumerate(subgraph.outputs):
        if tuple(subgraph.tensors[tensor].shape) == _SEGMENTATION_SHAPE:
            return place
    raise ModelError(f"{name}: expected an output of shape {_SEGMENTATION_SHAPE}; this is another version of the model")


def _follow_signatures(model: graph.Model, old: int, new: int) -> None:
    for signature in model.signatureDefs or []:
        for output in signature.outputs or []:
            if output.tensorIndex == old:
                output.tensorIndex = new


def _drop_unused(model: graph.Model) -> None:
    """Drop operators that no output needs, and the weights that no operator needs any more."""
    subgraph = model.subgraphs[0]
    needed = {int(tensor) for tensor in subgraph.outputs}
    kept = []
    for operator in reversed(subgraph.operators):
        if needed & {int(tensor) for tensor in operator.outputs}:
            needed |= {int(tensor) for tensor in operator.inputs}
            kept.append(operator)
    subgraph.operators = kept[::-1]
    _empty_buffers(model, needed)


def _empty_buffers(model: graph.Model, needed: set[int]) -> None:
    """Empty the buffers of dropped tensors; indices stay, so nothing else has to be renumbered."""
    tensors = model.subgraphs[0].tensors
    in_use = {tensors[index].buffer for index in needed if index >= 0}
    in_use |= {entry.buffer for entry in model.metadata or []}
    for index, buffer in enumerate(model.buffers):
        if index not in in_use:
            buffer.data = b""
