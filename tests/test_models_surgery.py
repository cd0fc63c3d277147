"""Surgery on model files: what is read stays as it was, what nobody reads is gone."""

import math
import struct
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from ai_edge_litert.interpreter import Interpreter
from flatbuffers.table import Table

from edgeholo.errors import ModelError
from edgeholo.perceive.models import graph, metadata, standins
from edgeholo.perceive.models.face import as_one_tensor
from edgeholo.perceive.models.fetch import fetch, state
from edgeholo.perceive.models.manifest import ASSETS, POSE_MODELS
from edgeholo.perceive.models.surgery import without_segmentation
from tests.model_file import weight_offsets

Array = npt.NDArray[np.float32]

SEGMENTATION = (1, 256, 256, 1)
MESH, LIPS, EYE, IRIS = 468, 80, 71, 5
# landmarks_refinement of MediaPipe: rows of the mesh that a part's points replace in x and y, ring by ring.
LIP_RINGS = """
61 146 91 181 84 17 314 405 321 375 291 / 185 40 39 37 0 267 269 270 409
78 95 88 178 87 14 317 402 318 324 308 / 191 80 81 82 13 312 311 310 415
76 77 90 180 85 16 315 404 320 307 306 / 184 74 73 72 11 302 303 304 408
62 96 89 179 86 15 316 403 319 325 292 / 183 42 41 38 12 268 271 272 407
"""
LEFT_EYE_RINGS = """
33 7 163 144 145 153 154 155 133 / 246 161 160 159 158 157 173
130 25 110 24 23 22 26 112 243 / 247 30 29 27 28 56 190
226 31 228 229 230 231 232 233 244 / 113 225 224 223 222 221 189 / 35 124 46 53 52 65
143 111 117 118 119 120 121 128 245 / 156 70 63 105 66 107 55 193
"""
RIGHT_EYE_RINGS = """
263 249 390 373 374 380 381 382 362 / 466 388 387 386 385 384 398
359 255 339 254 253 252 256 341 463 / 467 260 259 257 258 286 414
446 261 448 449 450 451 452 453 464 / 342 445 444 443 442 441 413 / 265 353 276 283 282 295
372 340 346 347 348 349 350 357 465 / 383 300 293 334 296 336 285 417
"""


def _rows(rings: str) -> list[int]:
    return [int(word) for word in rings.replace("/", " ").split()]


def _frames(path: Path, size: int) -> Iterator[Array]:
    """Yield inputs for a model: noise, black, white, and real pictures of the clip, 0..1."""
    noise = np.random.default_rng(1).random((size, size, 3), np.float32)
    yield from (noise, np.zeros_like(noise), np.ones_like(noise))
    clip = cv2.VideoCapture(str(path))
    for number in (0, 20, 40):
        clip.set(cv2.CAP_PROP_POS_FRAMES, number)
        shown = cv2.cvtColor(clip.read()[1], cv2.COLOR_BGR2RGB)
        for crop in (shown, shown[20:140, 100:220]):  # the whole picture, and the man's head
            yield (cv2.resize(crop, (size, size)) / np.float32(255)).astype(np.float32)


def _outputs(content: bytes, pictures: list[Array]) -> list[list[Array]]:
    """Return all outputs of a model, picture by picture."""
    interpreter = Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    given = interpreter.get_input_details()[0]["index"]
    wanted = [detail["index"] for detail in interpreter.get_output_details()]
    results = []
    for picture in pictures:
        interpreter.set_tensor(given, picture[None])
        interpreter.invoke()
        results.append([interpreter.get_tensor(index).copy() for index in wanted])
    return results


def _operators(content: bytes) -> int:
    return len(graph.load(content, "a model").subgraphs[0].operators)


@pytest.fixture(scope="module", params=[0, 1, 2])
def pose(request: pytest.FixtureRequest) -> tuple[str, bytes, bytes]:
    """Return a pose model's name, as shipped and pruned; the heavy one only where it is cached already."""
    name = POSE_MODELS[request.param]
    if request.param == 2 and state(ASSETS[name]) != "ok":
        name = POSE_MODELS[0]
    content = fetch(name).read_bytes()
    return name, content, without_segmentation(content, name)


def test_a_pruned_pose_model_answers_bit_for_bit_the_same(pose: tuple[str, bytes, bytes], demo_clip: Path) -> None:
    """On noise, black, white and real pictures: points, score, heatmap and world points; only the mask is empty."""
    pictures = list(_frames(demo_clip, 256))
    for before, after in zip(_outputs(pose[1], pictures), _outputs(pose[2], pictures), strict=True):
        assert [output.shape for output in after] == [output.shape for output in before]
        for old, new in zip(before, after, strict=True):
            assert np.array_equal(new, np.zeros(SEGMENTATION) if old.shape == SEGMENTATION else old)


def test_a_pruned_pose_model_is_smaller_and_does_less(pose: tuple[str, bytes, bytes]) -> None:
    """The decoder of the mask is a seventh of the operators of the lite model."""
    _, before, after = pose
    assert len(after) < len(before) + 256 * 256 * 4  # the constant mask is stored, the decoder's weights are not
    assert _operators(after) <= _operators(before) - 40


def test_a_pruned_pose_model_keeps_its_names(pose: tuple[str, bytes, bytes]) -> None:
    """Inputs and signatures are found as before."""
    old, new = (graph.load(content, pose[0]) for content in pose[1:])
    assert [old.subgraphs[0].tensors[i].name for i in old.subgraphs[0].inputs] == [
        new.subgraphs[0].tensors[i].name for i in new.subgraphs[0].inputs
    ]
    for before, after in zip(old.signatureDefs or [], new.signatureDefs or [], strict=True):
        assert [output.name for output in before.outputs] == [output.name for output in after.outputs]


def test_pruning_again_changes_no_answer(demo_clip: Path) -> None:
    """A pruned model has the output still, and gives it a constant again."""
    once = without_segmentation(fetch(POSE_MODELS[0]).read_bytes(), "pose")
    pictures = list(_frames(demo_clip, 256))[:4]
    for before, after in zip(
        _outputs(once, pictures), _outputs(without_segmentation(once, "pose"), pictures), strict=True
    ):
        assert all(np.array_equal(old, new) for old, new in zip(before, after, strict=True))


def test_the_plain_mesh_keeps_its_468_points(demo_clip: Path) -> None:
    """The ten iris points are the tip of the nose, the flag is untouched."""
    content = fetch("face_landmark.tflite").read_bytes()
    pictures = list(_frames(demo_clip, 192))
    merged = _outputs(as_one_tensor(content, "mesh"), pictures)
    for (mesh, flag), (points, same_flag) in zip(_outputs(content, pictures), merged, strict=True):
        assert points.shape == (1, 1, 1, 3 * (MESH + 2 * IRIS))
        assert np.array_equal(points.reshape(-1, 3)[:MESH], mesh.reshape(-1, 3))
        assert np.array_equal(points.reshape(-1, 3)[MESH:], np.repeat(mesh.reshape(-1, 3)[1:2], 10, axis=0))
        assert np.array_equal(flag, same_flag)


def _merged(parts: dict[str, Array]) -> Array:
    """Merge the attention mesh's outputs as MediaPipe's LandmarksRefinementCalculator does."""
    points = np.zeros((MESH + 2 * IRIS, 3), np.float32)
    points[:MESH] = parts["mesh"].reshape(-1, 3)
    for part, rings in (("lips", LIP_RINGS), ("left_eye", LEFT_EYE_RINGS), ("right_eye", RIGHT_EYE_RINGS)):
        for row, xy in zip(_rows(rings), parts[part].reshape(-1, 2), strict=True):
            points[row, :2] = xy
    for number, (part, rings) in enumerate((("left_iris", LEFT_EYE_RINGS), ("right_iris", RIGHT_EYE_RINGS))):
        start = MESH + number * IRIS
        points[start : start + IRIS, :2] = parts[part].reshape(-1, 2)
        points[start : start + IRIS, 2] = points[_rows(rings)[:16], 2].mean()
    return points


def _ends_of(model: graph.Model) -> bytes:
    """Return a model that is nothing but the outputs of another: what is put in comes out.

    The attention mesh itself has operators that only MediaPipe knows; what we append to it runs anywhere.
    """
    ends = graph.empty("the attention mesh's outputs")
    tensors = [model.subgraphs[0].tensors[index] for index in model.subgraphs[0].outputs]
    ends.subgraphs[0].outputs = [graph.placeholder(ends, tensor.name, tuple(tensor.shape)) for tensor in tensors]
    ends.subgraphs[0].inputs = list(ends.subgraphs[0].outputs)
    return graph.save(ends)


def test_the_attention_mesh_is_merged_as_mediapipe_merges_it() -> None:
    """Lips, eyes and irises replace x and y; an iris lies as deep as its eye's contour on average."""
    ends = _ends_of(graph.load(fetch("face_landmark_with_attention.tflite").read_bytes(), "attention"))
    interpreter = Interpreter(model_content=as_one_tensor(ends, "ends"), num_threads=1)
    interpreter.allocate_tensors()
    random = np.random.default_rng(2)
    parts: dict[str, Array] = {}
    for detail in interpreter.get_input_details():
        values = random.uniform(-20, 212, detail["shape"]).astype(np.float32)
        parts[detail["name"].removeprefix("output_").removesuffix("_identity")] = values
        interpreter.set_tensor(detail["index"], values)
    interpreter.invoke()
    points, flag = (interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details())
    assert points.shape == (1, 1, 1, 3 * (MESH + 2 * IRIS))
    expected = _merged(parts)
    assert np.array_equal(points.reshape(-1, 3)[:MESH], expected[:MESH])
    assert np.allclose(points.reshape(-1, 3), expected, rtol=0, atol=1e-4)
    assert np.array_equal(flag, parts["conv_faceflag"])


def test_every_weight_of_a_saved_model_is_aligned(pose: tuple[str, bytes, bytes]) -> None:
    """To 16 bytes, from the file's first."""
    with_metadata = metadata.with_normalization(pose[2], pose[0], metadata.ZERO_TO_ONE)
    for content in (pose[2], with_metadata, standins.face_detector()):
        offsets = weight_offsets(content)
        assert offsets
        assert {offset % 16 for offset in offsets} == {0}


@pytest.mark.parametrize("name", ["hand_recrop.tflite", "face_landmark.tflite", "pose_landmark_lite.tflite"])
def test_loading_and_saving_changes_nothing(name: str, demo_clip: Path) -> None:
    """Saved twice it is the same file, and it answers as the shipped one does."""
    shipped = fetch(name).read_bytes()
    saved = graph.save(graph.load(shipped, name))
    assert graph.save(graph.load(saved, name)) == saved
    size = int(
        graph.load(shipped, name).subgraphs[0].tensors[graph.load(shipped, name).subgraphs[0].inputs[0]].shape[1]
    )
    pictures = list(_frames(demo_clip, size))[:4]
    for before, after in zip(_outputs(shipped, pictures), _outputs(saved, pictures), strict=True):
        assert all(np.array_equal(old, new) for old, new in zip(before, after, strict=True))


def _child(table: Table, slot: int) -> Table:
    """Return a table's field that is a table."""
    return Table(table.Bytes, table.Indirect(table.Pos + table.Offset(4 + 2 * slot)))


def _first(table: Table, slot: int) -> Table:
    """Return the first of a table's field that is a vector of tables."""
    return Table(table.Bytes, table.Indirect(table.Vector(table.Offset(4 + 2 * slot))))


def _numbers(table: Table, slot: int) -> tuple[float, ...]:
    place = table.Offset(4 + 2 * slot)
    start, count = table.Vector(place), table.VectorLen(place)
    return struct.unpack(f"<{count}f", table.Bytes[start : start + 4 * count])


@pytest.mark.parametrize("mean_std", [metadata.MINUS_ONE_TO_ONE, metadata.ZERO_TO_ONE])
def test_the_metadata_can_be_read_back(mean_std: tuple[float, float]) -> None:
    """ModelMetadata > SubGraphMetadata > TensorMetadata > ProcessUnit > NormalizationOptions of three channels."""
    content = metadata.with_normalization(standins.hand_recrop(), "stand-in", mean_std)
    twice = graph.load(metadata.with_normalization(content, "stand-in", mean_std), "stand-in")
    assert [entry.name for entry in twice.metadata] == [b"TFLITE_METADATA"]
    block = bytes(twice.buffers[twice.metadata[0].buffer].data)
    assert block[4:8] == b"M001"
    root = Table(bytearray(block), struct.unpack_from("<I", block)[0])
    unit = _first(_first(_first(root, 3), 2), 4)
    assert unit.Bytes[unit.Pos + unit.Offset(4)] == 1  # ProcessUnitOptions.NormalizationOptions
    options = _child(unit, 1)
    assert (_numbers(options, 0), _numbers(options, 1)) == ((mean_std[0],) * 3, (mean_std[1],) * 3)


@pytest.mark.parametrize(
    ("stand_in", "size", "expected"),
    [
        (standins.face_detector(), 128, [(1, 896, 16), (1, 896, 1)]),
        (standins.face_landmarks(), 192, [(1, 1, 1, 1404), (1, 1, 1, 1)]),
        (standins.hand_recrop(), 256, [(1, 1, 1, 4)]),
        (standins.hand_landmarks(), 224, [(1, 63), (1, 1), (1, 1), (1, 63)]),
    ],
)
def test_a_stand_in_runs_and_answers_nothing(
    stand_in: bytes, size: int, expected: list[tuple[int, ...]], demo_clip: Path
) -> None:
    """It takes the same input, gives outputs of the same shapes, and no probability in them is above a half."""
    assert len(stand_in) < 64_000
    for outputs in _outputs(stand_in, list(_frames(demo_clip, size))[:4]):
        assert [output.shape for output in outputs] == expected
        assert all(output.max() <= 0 for output in outputs)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_model_is_one_line(share: float) -> None:
    """The line names the file and what to do."""
    whole = fetch("hand_recrop.tflite").read_bytes()
    with pytest.raises(ModelError) as error:
        graph.load(whole[: math.floor(len(whole) * share)], "hand_recrop.tflite")
    assert str(error.value).startswith("hand_recrop.tflite is ")
    assert str(error.value).endswith("delete it and run `edgeholo models fetch`")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "content", [b"", b"TFL3", b"<!DOCTYPE html>\n<html>" * 50, b"\0" * 4 + b"TFL3" + b"\xff" * 400]
)
def test_what_is_no_model_is_one_line(content: bytes) -> None:
    """An error page saved under a model's name, for one."""
    for operation in (without_segmentation, as_one_tensor, graph.load):
        with pytest.raises(ModelError, match=r"^a\.tflite is (no TensorFlow Lite model|cut short or damaged); .+$"):
            operation(content, "a.tflite")


def test_a_model_of_another_shape_is_one_line() -> None:
    """The line names the file and the shape that was expected."""
    hand = standins.hand_landmarks()
    with pytest.raises(ModelError, match=r"^hand\.tflite: expected an output of shape \(1, 256, 256, 1\)"):
        without_segmentation(hand, "hand.tflite")
    for other in (hand, standins.face_detector()):
        with pytest.raises(
            ModelError, match=r"^hand\.tflite: expected outputs of \(1404, 1\) or \(1404, 160, 142, .+, got "
        ):
            as_one_tensor(other, "hand.tflite")
