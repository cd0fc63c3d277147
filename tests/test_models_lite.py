"""The litert engine's models: derived files that are verified, and surgery that changes no answer."""

import hashlib
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgeholo.errors import ModelError
from edgeholo.perceive.inference import Model
from edgeholo.perceive.models import cache, graph, lite, standins
from edgeholo.perceive.models.derived import derived
from edgeholo.perceive.models.fetch import fetch, fetch_all, state
from edgeholo.perceive.models.manifest import ASSETS, POSE_MODELS
from edgeholo.perceive.models.surgery import for_half_precision, without_segmentation_output
from tests.model_file import answers, weight_offsets

Array = npt.NDArray[np.float32]

ROOT = Path(__file__).parents[1]
ASSET = "hand_recrop.tflite"
POSE_INPUT, POSE_OUTPUTS = (1, 256, 256, 3), ((1, 195), (1, 1), (1, 64, 64, 39), (1, 117))
SEGMENTATION = (1, 256, 256, 1)
HALVED = ("hand_recrop.tflite", "hand_landmark_full.tflite", "face_landmark.tflite")


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache that has the engine's assets and nothing derived from them, and no way to fetch more."""
    assets = fetch_all([*lite.assets(0, hands=True, face=True), *lite.assets(1, hands=False, face=False)])
    monkeypatch.setenv("EDGEHOLO_CACHE", str(tmp_path / "cache"))
    folder = cache.cache_folder("assets")
    for name, path in assets.items():
        (folder / name).symlink_to(path)
    monkeypatch.setattr("edgeholo.perceive.models.packages.client", lambda _package: None)
    return tmp_path / "cache"


class _Recipe:
    """Makes something of an asset, and counts how often."""

    def __init__(self, content: bytes = b"made") -> None:
        self.content = content
        self.made = 0

    def __call__(self, files: dict[str, bytes]) -> bytes:
        assert {name: hashlib.sha256(content).hexdigest() for name, content in files.items()} == {
            ASSET: ASSETS[ASSET].sha256
        }
        self.made += 1
        return self.content


def _derived(make: _Recipe, recipe: str = "recipe 1") -> Path:
    return derived("thing.tflite", recipe, [ASSET], make)


def test_a_derived_file_is_made_once(own_cache: Path) -> None:
    """From the verified assets, with its digest beside it."""
    make = _Recipe()
    path = _derived(make)
    assert _derived(make) == path
    assert make.made == 1
    assert path.read_bytes() == b"made"
    assert re.fullmatch(r"thing-[0-9a-f]{16}\.tflite", path.name)
    assert path.is_relative_to(own_cache)
    assert path.with_suffix(".sha256").read_text() == hashlib.sha256(b"made").hexdigest()


@pytest.mark.parametrize("damage", [b"", b"mad", b"madf"])
def test_a_corrupt_derived_file_is_named_and_made_again(
    own_cache: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """As after a power cut."""
    make = _Recipe()
    path = _derived(make)
    path.write_bytes(damage)
    with caplog.at_level(logging.WARNING):
        assert _derived(make) == path
    assert path.read_bytes() == b"made"
    assert make.made == 2
    assert f"{path} is corrupt: made again" in caplog.text


@pytest.mark.parametrize("damage", [b"", b"0" * 64, b"\xff\xfe\x00"])
def test_a_derived_file_with_a_corrupt_digest_is_made_again(own_cache: Path, damage: bytes) -> None:
    """Either of the two may be the damaged one."""
    make = _Recipe()
    digest = _derived(make).with_suffix(".sha256")
    digest.write_bytes(damage)
    _derived(make)
    assert make.made == 2
    assert digest.read_text() == hashlib.sha256(b"made").hexdigest()


def test_a_derived_file_without_its_digest_is_made_again(own_cache: Path) -> None:
    """Nobody can say whether it is whole."""
    make = _Recipe()
    _derived(make).with_suffix(".sha256").unlink()
    _derived(make)
    assert make.made == 2


def test_another_recipe_makes_another_file(own_cache: Path) -> None:
    """An update of edgeholo does not run on yesterday's surgery."""
    old, new = _Recipe(b"old"), _Recipe(b"new")
    first, second = _derived(old, "recipe 1"), _derived(new, "recipe 2")
    assert first != second
    assert (first.read_bytes(), second.read_bytes()) == (b"old", b"new")


def test_another_version_of_an_asset_makes_another_file(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The manifest's digest is part of the key."""
    first = _derived(_Recipe(b"old"))
    content = standins.hand_recrop()
    digest = hashlib.sha256(content).hexdigest()
    asset = cache.cache_folder("assets") / ASSET
    asset.unlink()
    asset.write_bytes(content)
    monkeypatch.setitem(ASSETS, ASSET, replace(ASSETS[ASSET], sha256=digest, size=len(content)))
    assert _derived(_Recipe(b"new")) != first


def test_a_cache_that_cannot_be_written_is_one_line(own_cache: Path) -> None:
    """A file where the folder should be."""
    (own_cache / "derived").write_bytes(b"")
    with pytest.raises(ModelError, match=r"^cannot make the cache .*derived: .+; set EDGEHOLO_CACHE to a folder$"):
        _derived(_Recipe())


def test_a_cache_that_is_only_to_be_read_is_enough() -> None:
    """The page runs on the daemon's: what is not made yet is made in memory."""
    asset = fetch_all([ASSET])[ASSET]
    with tempfile.TemporaryDirectory() as folder:
        # Root may write everywhere, so it steps down.
        code = f"""
import os
from edgeholo.perceive.models.derived import derived
if os.geteuid() == 0:
    os.setuid(65534)
path = derived("thing.tflite", "recipe 1", ["{ASSET}"], lambda files: b"made")
print(path.read_bytes().decode(), str(path).startswith("/proc/self/fd/"))
"""
        for name in ("assets", "derived"):
            (Path(folder) / name).mkdir(mode=0o755)
        shutil.copy(asset, Path(folder) / "assets" / ASSET)
        for path in (Path(folder), Path(folder) / "derived"):
            path.chmod(0o555)
        environment = {**os.environ, "EDGEHOLO_CACHE": folder}
        command = [sys.executable, "-c", code]
        said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT).stdout
        (Path(folder) / "derived").chmod(0o755)
    assert said == "made True\n"


@pytest.mark.parametrize(
    "open_model",
    [
        lite.pose_detector,
        lambda: lite.pose_landmarks(0, threads=1),
        lambda: lite.pose_landmarks(1, threads=2),
        lite.hand_recrop,
        lambda: lite.hand_landmarks(threads=1),
        lite.face_detector,
        lite.face_mesh,
    ],
    ids=["pose detector", "pose lite", "pose full", "re-crop", "hand", "face detector", "face mesh"],
)
def test_every_model_opens_with_the_assets_that_are_named(own_cache: Path, open_model: Callable[[], Model]) -> None:
    """What `assets` names is all that an engine needs; shapes are checked when a model is opened."""
    model = open_model()
    assert all(np.isfinite(output).all() for output in model.run(lambda tensor: tensor.fill(0)))


def test_branches_that_are_off_need_no_files() -> None:
    """A Pi that follows bodies fetches two models."""
    assert len(lite.assets(0, hands=False, face=False)) == 2
    both = {*lite.assets(0, hands=True, face=False), *lite.assets(0, hands=False, face=True)}
    assert both == set(lite.assets(0, hands=True, face=True))


def _pictures(path: Path, size: int) -> Iterator[Array]:
    """Yield noise, black, white and real pictures, 0..1."""
    noise = np.random.default_rng(1).random((size, size, 3), np.float32)
    yield from (noise, np.zeros_like(noise), np.ones_like(noise))
    clip = cv2.VideoCapture(str(path))
    for number in (5, 20, 40):
        clip.set(cv2.CAP_PROP_POS_FRAMES, number)
        shown = cv2.cvtColor(clip.read()[1], cv2.COLOR_BGR2RGB)
        yield (cv2.resize(shown, (size, size)) / np.float32(255)).astype(np.float32)


def _shapes(content: bytes, ends: str) -> list[tuple[int, ...]]:
    subgraph = graph.load(content, "a model").subgraphs[0]
    return [tuple(int(n) for n in subgraph.tensors[index].shape) for index in getattr(subgraph, ends)]


def _largest_gap(before: Path, after: Path, demo_clip: Path, *, left_out: tuple[int, ...] = ()) -> float:
    """Return how far two models' outputs are apart at most, but for an output of the first that the second has not."""
    content = before.read_bytes()
    (taken,), given = _shapes(content, "inputs"), _shapes(content, "outputs")
    old, new = Model(before, taken, given), Model(after, taken, [shape for shape in given if shape != left_out])
    largest = 0.0
    for picture in _pictures(demo_clip, taken[1]):
        expected = [output for output in answers(old, picture[None]) if output.shape != left_out]
        for one, other in zip(expected, answers(new, picture[None]), strict=True):
            largest = max(largest, float(np.abs(one - other).max()))
    return largest


@pytest.fixture(params=[0, 1, 2])
def pose(request: pytest.FixtureRequest) -> str:
    """Return a pose model's name; the heavy one only where it is cached already."""
    name = POSE_MODELS[request.param]
    return POSE_MODELS[0] if request.param == 2 and state(ASSETS[name]) != "ok" else name


def test_a_pose_model_without_segmentation_answers_bit_for_bit_the_same(
    pose: str, demo_clip: Path, tmp_path: Path
) -> None:
    """Points, score, heatmap and world points, in their order."""
    pruned = tmp_path / pose
    pruned.write_bytes(without_segmentation_output(fetch(pose).read_bytes(), pose))
    assert tuple(_shapes(pruned.read_bytes(), "outputs")) == POSE_OUTPUTS
    assert _largest_gap(fetch(pose), pruned, demo_clip, left_out=SEGMENTATION) == 0


def test_a_pose_model_without_segmentation_is_smaller_and_does_less(pose: str) -> None:
    """The mask's decoder is gone, weights and all."""
    whole = fetch(pose).read_bytes()
    pruned = without_segmentation_output(whole, pose)
    assert len(pruned) < len(whole)
    before, after = (len(graph.load(content, pose).subgraphs[0].operators) for content in (whole, pruned))
    assert after <= before - 40


def test_segmentation_is_cut_out_once() -> None:
    """A model that has none is another version of the model, in one line."""
    name = POSE_MODELS[0]
    pruned = without_segmentation_output(fetch(name).read_bytes(), name)
    with pytest.raises(
        ModelError, match=r"^pose_landmark_lite\.tflite: expected an output of shape \(1, 256, 256, 1\)"
    ):
        without_segmentation_output(pruned, name)


@pytest.mark.parametrize("name", HALVED)
def test_half_precision_is_said_in_metadata_that_can_be_read(name: str) -> None:
    """One entry of the name and the words that TensorFlow Lite looks for, however often it is done; weights stay aligned."""
    once = for_half_precision(fetch(name).read_bytes(), name)
    for content in (once, for_half_precision(once, name)):
        model = graph.load(content, name)
        entries = [entry for entry in model.metadata if entry.name == b"reduced_precision_support"]
        assert [bytes(model.buffers[entry.buffer].data) for entry in entries] == [b"fp16accfp16"]
        assert {offset % 16 for offset in weight_offsets(content)} == {0}


@pytest.mark.parametrize("name", HALVED)
def test_a_model_that_may_be_halved_answers_the_same(name: str, demo_clip: Path, tmp_path: Path) -> None:
    """Bit for bit on a core without half precision, as x86-64 and the Pi 4's; within half a pixel of the input on others."""
    tagged = tmp_path / name
    tagged.write_bytes(for_half_precision(fetch(name).read_bytes(), name))
    has_half = "asimdhp" in Path("/proc/cpuinfo").read_text(encoding="utf-8")
    assert _largest_gap(fetch(name), tagged, demo_clip) <= (0.5 if has_half else 0.0)


@pytest.mark.parametrize("operation", [without_segmentation_output, for_half_precision])
@pytest.mark.parametrize("content", [b"", b"TFL3", b"<!DOCTYPE html>\n<html>" * 50])
def test_surgery_on_what_is_no_model_is_one_line(operation: Callable[[bytes, str], bytes], content: bytes) -> None:
    """The line names the file."""
    with pytest.raises(ModelError, match=r"^a\.tflite is (no TensorFlow Lite model|cut short or damaged); .+$"):
        operation(content, "a.tflite")
