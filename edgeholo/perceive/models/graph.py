"""TensorFlow Lite files as objects and back: the only module that knows the flatbuffer schema."""

import struct
from typing import TypeAlias

import flatbuffers
import numpy as np
import numpy.typing as npt
from ai_edge_litert import schema_py_generated as schema

from edgeholo.errors import ModelError

_IDENTIFIER = b"TFL3"
_ALIGNMENT = 16
"""Weights start at multiples of 16 bytes (``force_align`` in schema.fbs): vector loads on Arm need it."""

Model: TypeAlias = schema.ModelT
"""A model as a tree of objects that can be changed."""
Shape = tuple[int, ...]


class _AlignedBuffer(schema.BufferT):  # type: ignore[misc]
    """A buffer that keeps the schema's alignment, which the generated writer forgets."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data

    def Pack(self, builder: flatbuffers.Builder) -> int:  # noqa: N802 - the generated code calls this name
        """Write the bytes, aligned, and the table around them."""
        vector = None
        if self.data:
            size = len(self.data)
            builder.StartVector(1, size, _ALIGNMENT)
            builder.head -= size
            builder.Bytes[builder.head : builder.head + size] = self.data
            vector = builder.EndVector()
        schema.BufferStart(builder)
        if vector is not None:
            schema.BufferAddData(builder, vector)
        return int(schema.BufferEnd(builder))


def load(content: bytes, name: str) -> Model:
    """Return the model as an object tree.

    Raises:
        ModelError: the content is no TensorFlow Lite model.
    """
    if content[4:8] != _IDENTIFIER:
        raise ModelError(f"{name} is no TensorFlow Lite model; delete it and run `edgeholo models fetch`")
    try:
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
        model.buffers = [_AlignedBuffer(_content(buffer)) for buffer in model.buffers]
    except (struct.error, TypeError, ValueError, IndexError) as error:
        raise ModelError(f"{name} is cut short or damaged; delete it and run `edgeholo models fetch`") from error
    for subgraph in model.subgraphs:
        subgraph.inputs, subgraph.outputs = [int(i) for i in subgraph.inputs], [int(i) for i in subgraph.outputs]
    return model


def save(model: Model) -> bytes:
    """Return the model as the content of a file."""
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), file_identifier=_IDENTIFIER)
    return bytes(builder.Output())


def add_buffer(model: Model, data: bytes) -> int:
    """Append a buffer and return its index."""
    model.buffers.append(_AlignedBuffer(data))
    return len(model.buffers) - 1


def constant(model: Model, name: str, values: npt.NDArray[np.float32] | npt.NDArray[np.int32]) -> int:
    """Append a constant float32 or int32 tensor to the (only) subgraph and return its index."""
    kind = schema.TensorType.INT32 if values.dtype == np.int32 else schema.TensorType.FLOAT32
    data = values.astype(values.dtype.newbyteorder("<")).tobytes()
    return _add_tensor(model, name, values.shape, add_buffer(model, data), kind)


def set_metadata(model: Model, name: str, data: bytes) -> None:
    """Attach a named block of metadata, in place of one of that name."""
    entry = schema.MetadataT()
    entry.name, entry.buffer = name, add_buffer(model, data)
    kept = [old for old in model.metadata or [] if _text(old.name) != name]
    model.metadata = [*kept, entry]


def empty(description: str) -> Model:
    """Return a model of one subgraph that does nothing yet."""
    graph = schema.SubGraphT()
    graph.tensors, graph.operators, graph.inputs, graph.outputs = [], [], [], []
    model = schema.ModelT()
    model.version, model.description = 3, description
    model.operatorCodes, model.subgraphs, model.buffers = [], [graph], [_AlignedBuffer(b"")]
    return model


def placeholder(model: Model, name: str, shape: Shape) -> int:
    """Append a float32 tensor without content to the (only) subgraph and return its index."""
    return _add_tensor(model, name, shape, 0)


def gather(model: Model, values: int, indices: npt.NDArray[np.int32], name: str) -> int:
    """Append an operator that picks ``indices`` along the last axis of a tensor; return its output's index."""
    shape = tuple(model.subgraphs[0].tensors[values].shape)
    options = schema.GatherOptionsT()
    options.axis = len(shape) - 1
    inputs = [values, constant(model, f"{name}_indices", indices)]
    return _add_operator(model, ("GATHER", "GatherOptions", options), inputs, (*shape[:-1], len(indices)), name)


def concatenate(model: Model, tensors: list[int], name: str) -> int:
    """Append an operator that joins tensors along their last axis; return its output's index."""
    shapes = [tuple(model.subgraphs[0].tensors[tensor].shape) for tensor in tensors]
    options = schema.ConcatenationOptionsT()
    options.axis = len(shapes[0]) - 1
    shape = (*shapes[0][:-1], sum(shape[-1] for shape in shapes))
    return _add_operator(model, ("CONCATENATION", "ConcatenationOptions", options), tensors, shape, name)


def mean(model: Model, values: int, name: str) -> int:
    """Append an operator that averages a tensor along its last axis, which it keeps; return its output's index."""
    shape = tuple(model.subgraphs[0].tensors[values].shape)
    options = schema.ReducerOptionsT()
    options.keepDims = True
    inputs = [values, constant(model, f"{name}_axis", np.array([len(shape) - 1], np.int32))]
    return _add_operator(model, ("MEAN", "ReducerOptions", options), inputs, (*shape[:-1], 1), name)


def _add_operator(model: Model, kind: tuple[str, str, object], inputs: list[int], shape: Shape, name: str) -> int:
    code, options_name, options = kind
    operator = schema.OperatorT()
    operator.opcodeIndex = _operator_code(model, getattr(schema.BuiltinOperator, code))
    output = placeholder(model, name, shape)
    operator.inputs, operator.outputs = inputs, [output]
    operator.builtinOptionsType = getattr(schema.BuiltinOptions, options_name)
    operator.builtinOptions = options
    model.subgraphs[0].operators.append(operator)
    return output


def _operator_code(model: Model, builtin: int) -> int:
    code = schema.OperatorCodeT()
    code.builtinCode, code.deprecatedBuiltinCode, code.version = builtin, builtin, 1
    model.operatorCodes.append(code)
    return len(model.operatorCodes) - 1


def _add_tensor(model: Model, name: str, shape: Shape, buffer: int, kind: int = schema.TensorType.FLOAT32) -> int:
    tensor = schema.TensorT()
    tensor.name, tensor.shape, tensor.type, tensor.buffer = name, list(shape), kind, buffer
    tensors = model.subgraphs[0].tensors
    tensors.append(tensor)
    return len(tensors) - 1


def _content(buffer: schema.BufferT) -> bytes:
    return b"" if buffer.data is None else np.asarray(buffer.data, dtype=np.uint8).tobytes()


def _text(name: bytes | str) -> str:
    return name.decode() if isinstance(name, bytes) else name
