"""The bundle that MediaPipe's HolisticLandmarker opens: a zip, stored, of seven models, built by us from the manifest.

Complexity is a choice of pose model, a masked branch is a stand-in.
"""

import io
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from edgeholo.config import EngineOptions
from edgeholo.perceive.models import metadata, standins
from edgeholo.perceive.models.derived import derived
from edgeholo.perceive.models.face import as_one_tensor
from edgeholo.perceive.models.manifest import POSE_MODELS
from edgeholo.perceive.models.surgery import without_segmentation
from edgeholo.types import HANDS, Branch

_RECIPE = 1
"""Counts up when the surgery below changes, so that bundles in the cache are built anew."""
_ALIGNMENT = 16
"""Members start at multiples of this: MediaPipe maps the file and runs the weights in place."""
_PADDING_ID = 0xD935
"""Id of an extra field that pads, as Android's zipalign writes it."""
_LOCAL_HEADER = 30
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class BundleOptions:
    """What goes into a bundle.

    Attributes:
        complexity: 0, 1 or 2: the pose landmark model.
        hands: whether the hand models run, for both hands.
        face: whether the face models run. The pose always does, since it leads to hands and face.
        refine_face: 478 points with irises.
    """

    complexity: int
    hands: bool
    face: bool
    refine_face: bool

    @classmethod
    def of(cls, options: EngineOptions, branches: frozenset[Branch]) -> Self:
        """Return what an engine with these options needs for ``branches``."""
        return cls(options.complexity, bool(branches & HANDS), Branch.FACE in branches, options.refine_face)

    @property
    def assets(self) -> tuple[str, ...]:
        """Names of the model files that this bundle is made from."""
        names = ["pose_detection.tflite", POSE_MODELS[self.complexity]]
        if self.hands:
            names += ["hand_recrop.tflite", "hand_landmark_full.tflite"]
        if self.face:
            names += ["face_detection_short_range.tflite", self.face_model]
        return tuple(names)

    @property
    def face_model(self) -> str:
        """Name of the face mesh."""
        return "face_landmark_with_attention.tflite" if self.refine_face else "face_landmark.tflite"


def bundle(options: BundleOptions) -> Path:
    """Return the path of a bundle, from the cache or built; every model in it was verified.

    Raises:
        ModelError: a model is missing or corrupt and cannot be fetched.
    """
    recipe = f"bundle {_RECIPE} {options.hands} {options.face} {options.refine_face}"
    return derived("holistic.task", recipe, options.assets, lambda files: _zip(_members(options, files)))


def _members(options: BundleOptions, models: dict[str, bytes]) -> dict[str, bytes]:
    """Return the seven models by the names that HolisticLandmarkerGraph looks for."""
    hands, face = options.hands, options.face
    pose = POSE_MODELS[options.complexity]
    mesh = as_one_tensor(models[options.face_model], options.face_model) if face else standins.face_landmarks()
    raw = {
        "face_detector.tflite": models["face_detection_short_range.tflite"] if face else standins.face_detector(),
        "face_landmarks_detector.tflite": mesh,
        "hand_landmarks_detector.tflite": models["hand_landmark_full.tflite"] if hands else standins.hand_landmarks(),
        "hand_roi_refinement.tflite": models["hand_recrop.tflite"] if hands else standins.hand_recrop(),
        "pose_detector.tflite": models["pose_detection.tflite"],
        "pose_landmarks_detector.tflite": without_segmentation(models[pose], pose),
    }
    members = {name: metadata.with_normalization(content, name, _range(name)) for name, content in raw.items()}
    return {**members, "face_blendshapes.tflite": standins.face_blendshapes()}


def _range(member: str) -> tuple[float, float]:
    detectors = ("face_detector.tflite", "pose_detector.tflite")
    return metadata.MINUS_ONE_TO_ONE if member in detectors else metadata.ZERO_TO_ONE


def _zip(members: dict[str, bytes]) -> bytes:
    """Return a stored zip whose members are aligned and whose bytes depend on nothing but the members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _STAMP)
            start = out.tell() + _LOCAL_HEADER + len(name) + 4
            padding = -start % _ALIGNMENT
            info.extra = struct.pack("<HH", _PADDING_ID, padding) + bytes(padding)
            archive.writestr(info, content)
    return out.getvalue()
