"""What a test reads out of a model file, past the code that wrote it."""

from edgeholo.perceive.models import graph


def weight_offsets(content: bytes) -> list[int]:
    """Return where each buffer with content starts in a TensorFlow Lite file."""
    model = graph.schema.Model.GetRootAs(content, 0)  # type: ignore[attr-defined]
    tables = [model.Buffers(index)._tab for index in range(model.BuffersLength())]
    return [table.Vector(place) for table in tables if (place := table.Offset(4)) and table.VectorLen(place)]
