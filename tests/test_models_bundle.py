"""The bundle: seven models by MediaPipe's names, aligned, the same bytes every time, and never a corrupt one."""

import hashlib
import io
import logging
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from edgeholo.config import EngineOptions
from edgeholo.errors import ModelError
from edgeholo.perceive.models import cache, graph, standins
from edgeholo.perceive.models.bundle import BundleOptions, bundle
from edgeholo.perceive.models.fetch import fetch_all
from edgeholo.perceive.models.manifest import ASSETS
from edgeholo.types import Branch
from tests.model_file import weight_offsets

MEMBERS = {
    "face_blendshapes.tflite",
    "face_detector.tflite",
    "face_landmarks_detector.tflite",
    "hand_landmarks_detector.tflite",
    "hand_roi_refinement.tflite",
    "pose_detector.tflite",
    "pose_landmarks_detector.tflite",
}
DEFAULT = BundleOptions(0, hands=True, face=False, refine_face=False)
EVERYTHING = BundleOptions(1, hands=True, face=True, refine_face=True)


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the models' folder of a cache that has the real models, and no bundle yet."""
    models = fetch_all({*DEFAULT.assets, *EVERYTHING.assets})
    monkeypatch.setenv("EDGEHOLO_CACHE", str(tmp_path / "cache"))
    folder = cache.cache_folder("assets")
    for name, path in models.items():
        (folder / name).write_bytes(path.read_bytes())
    return folder


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())
        return {info.filename: archive.read(info) for info in archive.infolist()}


def _starts(path: Path) -> dict[str, int]:
    """Return where each member's content starts, read from its local header."""
    content = path.read_bytes()
    starts = {}
    for info in zipfile.ZipFile(io.BytesIO(content)).infolist():
        name, extra = struct.unpack_from("<HH", content, info.header_offset + 26)
        starts[info.filename] = info.header_offset + 30 + name + extra
    return starts


@pytest.mark.parametrize("options", [DEFAULT, EVERYTHING], ids=["default", "everything"])
def test_a_bundle_holds_the_seven_models_aligned(assets: Path, options: BundleOptions) -> None:
    """Weights that MediaPipe maps from the file start at multiples of 16 bytes; stored, not compressed."""
    path = bundle(options)
    members, starts = _members(path), _starts(path)
    assert members.keys() == MEMBERS
    for name, content in members.items():
        assert {(starts[name] + offset) % 16 for offset in [0, *weight_offsets(content)]} == {0}


def test_every_image_model_has_metadata(assets: Path) -> None:
    """MediaPipe refuses those without; the blendshapes take no picture."""
    for name, content in _members(bundle(EVERYTHING)).items():
        entries = [entry.name for entry in graph.load(content, name).metadata or []]
        assert (b"TFLITE_METADATA" in entries) == (name != "face_blendshapes.tflite")


@pytest.mark.parametrize(
    ("hands", "face", "masked"),
    [
        (False, False, {"hand_landmarks_detector", "hand_roi_refinement", "face_detector", "face_landmarks_detector"}),
        (True, False, {"face_detector", "face_landmarks_detector"}),
        (False, True, {"hand_landmarks_detector", "hand_roi_refinement"}),
        (True, True, set()),
    ],
)
def test_a_masked_branch_is_a_stand_in(assets: Path, hands: bool, face: bool, masked: set[str]) -> None:
    """It has no operator at all, so it costs nothing."""
    members = _members(bundle(BundleOptions(0, hands=hands, face=face, refine_face=False)))
    idle = {name for name, content in members.items() if not graph.load(content, name).subgraphs[0].operators}
    assert idle == {f"{name}.tflite" for name in masked} | {"face_blendshapes.tflite"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (BundleOptions(0, hands=False, face=False, refine_face=False), {"pose_landmark_lite.tflite"}),
        (BundleOptions(1, hands=False, face=False, refine_face=True), {"pose_landmark_full.tflite"}),
        (
            BundleOptions(2, hands=True, face=False, refine_face=False),
            {"pose_landmark_heavy.tflite", "hand_recrop.tflite", "hand_landmark_full.tflite"},
        ),
        (
            BundleOptions(0, hands=False, face=True, refine_face=False),
            {"pose_landmark_lite.tflite", "face_detection_short_range.tflite", "face_landmark.tflite"},
        ),
        (
            BundleOptions(0, hands=False, face=True, refine_face=True),
            {"pose_landmark_lite.tflite", "face_detection_short_range.tflite", "face_landmark_with_attention.tflite"},
        ),
    ],
)
def test_a_bundle_asks_for_no_more_models_than_it_needs(options: BundleOptions, expected: set[str]) -> None:
    """Complexity is the choice of the pose model; a masked branch needs none."""
    assert set(options.assets) == expected | {"pose_detection.tflite"}
    assert set(options.assets) <= ASSETS.keys()


@pytest.mark.parametrize(
    ("branches", "hands", "face"),
    [
        ({Branch.POSE}, False, False),
        ({Branch.POSE, Branch.LEFT_HAND}, True, False),
        ({Branch.RIGHT_HAND}, True, False),
        ({Branch.FACE}, False, True),
        (set(Branch), True, True),
    ],
)
def test_one_hand_needs_the_hand_models(branches: set[Branch], hands: bool, face: bool) -> None:
    """They are the same for both; the body's are always in it."""
    options = EngineOptions(complexity=1, refine_face=True)
    assert BundleOptions.of(options, frozenset(branches)) == BundleOptions(1, hands, face, refine_face=True)


def test_a_bundle_is_built_once(assets: Path) -> None:
    """The second call returns the same file untouched; a new build would be the same bytes."""
    path = bundle(DEFAULT)
    before = (path.stat().st_mtime_ns, path.read_bytes())
    assert bundle(DEFAULT) == path
    assert path.stat().st_mtime_ns == before[0]
    path.unlink()
    assert bundle(DEFAULT).read_bytes() == before[1]


def test_every_choice_has_a_bundle_of_its_own(assets: Path) -> None:
    """Nothing is mistaken for something else."""
    choices = [
        DEFAULT,
        EVERYTHING,
        BundleOptions(0, hands=False, face=False, refine_face=False),
        BundleOptions(1, hands=False, face=False, refine_face=False),
    ]
    assert len({bundle(options) for options in choices}) == len(choices)


@pytest.mark.parametrize("damage", ["flipped", "truncated", "empty", "no digest"])
def test_a_corrupt_bundle_is_named_and_built_again(assets: Path, caplog: pytest.LogCaptureFixture, damage: str) -> None:
    """A power cut on an SD card, for one."""
    path = bundle(DEFAULT)
    good = path.read_bytes()
    bad = {"flipped": good[:-1] + bytes([good[-1] ^ 1]), "truncated": good[:1000], "empty": b"", "no digest": good}
    path.write_bytes(bad[damage])
    if damage == "no digest":
        path.with_suffix(".sha256").unlink()
    with caplog.at_level(logging.WARNING):
        assert bundle(DEFAULT).read_bytes() == good
    assert [record.getMessage() for record in caplog.records] == [f"{path} is corrupt: made again"]
    assert path.with_suffix(".sha256").read_text() == hashlib.sha256(good).hexdigest()


def test_a_corrupt_model_never_gets_into_a_bundle(
    assets: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is fetched again, which fails here for want of any client and any network: one line."""
    name = "hand_recrop.tflite"
    (assets / name).write_bytes(standins.hand_recrop())
    monkeypatch.setattr("edgeholo.perceive.models.packages.client", lambda _package: None)
    monkeypatch.setitem(ASSETS, name, replace(ASSETS[name], url="http://127.0.0.1:1/model"))
    with caplog.at_level(logging.WARNING), pytest.raises(ModelError) as error:
        bundle(DEFAULT)
    assert str(error.value).startswith(f"cannot fetch {name}: pip is not installed; ")
    assert f"{assets / name} is corrupt: fetching it again" in caplog.text
    assert list(cache.cache_folder("derived").iterdir()) == []
