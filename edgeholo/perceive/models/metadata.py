"""The metadata that MediaPipe 1.x wants in every image model: how pixel values 0..255 become the model's input.

Written by hand, for mediapipe 1.x has no writer. Source: metadata_schema.fbs of google-ai-edge/mediapipe
(mediapipe/tasks/metadata): ModelMetadata > SubGraphMetadata > TensorMetadata > ProcessUnit > NormalizationOptions.
"""

import flatbuffers

from edgeholo.perceive.models import graph

_NAME = "TFLITE_METADATA"
_IDENTIFIER = b"M001"
_CHANNELS = 3
_NORMALIZATION_OPTIONS = 1
"""Number of NormalizationOptions in the union ProcessUnitOptions."""

MINUS_ONE_TO_ONE = (127.5, 127.5)
"""Mean and standard deviation for inputs -1..1: the detectors."""
ZERO_TO_ONE = (0.0, 255.0)
"""Mean and standard deviation for inputs 0..1: the landmark models."""


def with_normalization(content: bytes, name: str, mean_std: tuple[float, float]) -> bytes:
    """Return the model with metadata saying that its input is (pixel - mean) / std on each of three channels."""
    model = graph.load(content, name)
    graph.set_metadata(model, _NAME, _model_metadata(*mean_std))
    return graph.save(model)


def _model_metadata(mean: float, std: float) -> bytes:
    builder = flatbuffers.Builder(256)
    options = _table(builder, {0: _floats(builder, mean), 1: _floats(builder, std)})
    unit = _table(builder, {1: options}, union={0: _NORMALIZATION_OPTIONS})
    tensor = _table(builder, {4: _tables(builder, unit)})
    subgraph = _table(builder, {2: _tables(builder, tensor)})
    root = _table(builder, {3: _tables(builder, subgraph)})
    builder.Finish(root, file_identifier=_IDENTIFIER)
    return bytes(builder.Output())


def _floats(builder: flatbuffers.Builder, value: float) -> int:
    builder.StartVector(4, _CHANNELS, 4)
    for _ in range(_CHANNELS):
        builder.PrependFloat32(value)
    return int(builder.EndVector())


def _tables(builder: flatbuffers.Builder, offset: int) -> int:
    builder.StartVector(4, 1, 4)
    builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())


def _table(builder: flatbuffers.Builder, offsets: dict[int, int], union: dict[int, int] | None = None) -> int:
    """Write a table: ``offsets`` and ``union`` (type bytes) by field number of the schema."""
    union = union or {}
    builder.StartObject(max([*offsets, *union]) + 1)
    for slot, offset in offsets.items():
        builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
    for slot, kind in union.items():
        builder.PrependUint8Slot(slot, kind, 0)
    return int(builder.EndObject())
