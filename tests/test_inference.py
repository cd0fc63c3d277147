"""Models on the processor: what is no model is one line, what is one answers the same from any thread."""

import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from edgeholo.errors import ModelError
from edgeholo.perceive.inference import Model, Shape
from edgeholo.perceive.models import graph, standins
from edgeholo.perceive.models.fetch import fetch
from tests.model_file import answers

Array = npt.NDArray[np.float32]

INT8 = 9
"""TensorType of the schema."""
RECROP_INPUT: Shape = (1, 256, 256, 3)
RECROP_OUTPUTS: tuple[Shape, ...] = ((1, 1, 1, 4),)
HAND_INPUT: Shape = (1, 224, 224, 3)
HAND_OUTPUTS: tuple[Shape, ...] = ((1, 63), (1, 1), (1, 1), (1, 63))


def _noise(seed: int, shape: Shape = RECROP_INPUT) -> Array:
    return np.random.default_rng(seed).random(shape, np.float32)


def _recrop(threads: int = 1) -> Model:
    return Model(fetch("hand_recrop.tflite"), RECROP_INPUT, RECROP_OUTPUTS, threads)


def _refused(path: Path) -> str:
    """Return the one line with which a file is refused."""
    with pytest.raises(ModelError) as error:
        Model(path, RECROP_INPUT, RECROP_OUTPUTS)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("share", [0.0, 0.0001, 0.01, 0.5, 0.9, 0.999])
def test_a_truncated_model_is_one_line(tmp_path: Path, share: float) -> None:
    """Wherever it was cut, the line names the file and what to do."""
    whole = fetch("hand_recrop.tflite").read_bytes()
    path = tmp_path / "cut.tflite"
    path.write_bytes(whole[: int(share * len(whole))])
    line = _refused(path)
    assert line.startswith("cut.tflite cannot be run: ")
    assert f"delete {path}" in line


@pytest.mark.parametrize("content", [b"<!DOCTYPE html>\n<html>" * 50, b"text\n", b"\0\0\0\0TFL3" + b"\xff" * 400])
def test_what_is_no_model_is_one_line(tmp_path: Path, content: bytes) -> None:
    """An error page saved under a model's name, for one."""
    path = tmp_path / "a.tflite"
    path.write_bytes(content)
    assert _refused(path).startswith("a.tflite cannot be run: ")


def test_a_missing_model_is_one_line(tmp_path: Path) -> None:
    """A folder is none either."""
    assert _refused(tmp_path / "gone.tflite").startswith("gone.tflite cannot be run: ")
    (tmp_path / "folder.tflite").mkdir()
    assert _refused(tmp_path / "folder.tflite").startswith("folder.tflite cannot be run: ")


def test_another_models_file_is_named_with_what_was_expected(tmp_path: Path) -> None:
    """Input first, then outputs."""
    (tmp_path / "face.tflite").write_bytes(standins.face_detector())
    assert _refused(tmp_path / "face.tflite") == (
        "face.tflite: expected input [(1, 256, 256, 3)], got [(1, 128, 128, 3)]; this is another version of it"
    )
    path = fetch("hand_recrop.tflite")
    with pytest.raises(
        ModelError, match=r"^hand_recrop\.tflite: expected outputs \[\(1, 63\)\], got \[\(1, 1, 1, 4\)\]"
    ):
        Model(path, RECROP_INPUT, [(1, 63)])


def test_a_model_of_other_numbers_is_refused(tmp_path: Path) -> None:
    """A quantised one of the same shapes, whose bytes would be misread."""
    model = graph.empty("what is put in comes out")
    tensor = graph.placeholder(model, "bytes", RECROP_INPUT)
    model.subgraphs[0].inputs = model.subgraphs[0].outputs = [tensor]
    model.subgraphs[0].tensors[tensor].type = INT8
    (tmp_path / "small.tflite").write_bytes(graph.save(model))
    with pytest.raises(ModelError, match=r"^small\.tflite: expected input of float32, got \['int8'\]"):
        Model(tmp_path / "small.tflite", RECROP_INPUT, [RECROP_INPUT])


def test_outputs_are_views_that_must_not_be_kept() -> None:
    """No copies are made; what is kept over the next run is an error, never a value that changes unseen."""
    model = _recrop()
    first = answers(model, _noise(1))
    kept = model.run(lambda tensor: np.copyto(tensor, _noise(2)))
    assert not any(np.array_equal(one, other) for one, other in zip(first, kept, strict=True))
    with pytest.raises(RuntimeError, match="reference to internal data"):
        answers(model, _noise(1))
    del kept
    assert all(np.array_equal(one, other) for one, other in zip(first, answers(model, _noise(1)), strict=True))


def test_two_models_in_two_threads_answer_as_one_after_another() -> None:
    """Each has its own memory."""
    seeds = list(range(8))
    model = _recrop()
    expected = [answers(model, _noise(seed))[0] for seed in seeds]
    found: dict[int, list[Array]] = {}

    def work(number: int) -> None:
        own = _recrop()
        found[number] = [answers(own, _noise(seed))[0] for seed in seeds]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for outputs in found.values():
        assert all(np.array_equal(one, other) for one, other in zip(outputs, expected, strict=True))
    assert len(found) == 2


def test_more_threads_for_one_inference_change_noanswers() -> None:
    """To the precision of float32."""
    hand = fetch("hand_landmark_full.tflite")
    one, two = (Model(hand, HAND_INPUT, HAND_OUTPUTS, threads) for threads in (1, 2))
    values = _noise(3, HAND_INPUT)
    for left, right in zip(answers(one, values), answers(two, values), strict=True):
        assert np.allclose(left, right, rtol=1e-4, atol=1e-4)
