"""MediaPipe's own HolisticLandmarker on a bundle of ours: the reference engine, and the only module that imports mediapipe.

It runs in a thread of its own that can open no socket, for the library reports usage to its maker.
"""

import atexit
import ctypes
import importlib
import os
import sys
import types
import weakref
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from edgeholo.config import EngineOptions
from edgeholo.errors import EngineUnfitError, ModelError
from edgeholo.perceive.models.bundle import BundleOptions, bundle
from edgeholo.perceive.schedule import Decision
from edgeholo.perceive.seal import seal_this_thread
from edgeholo.pixels import to_rgb
from edgeholo.types import (
    FACE_POINTS,
    FACE_POINTS_WITH_IRISES,
    Branch,
    Face,
    Floats,
    Frame,
    Hand,
    Mode,
    Pace,
    People,
    Person,
    Pose,
)

_LIBRARIES = {"libEGL.so.1": "libegl1", "libGLESv2.so.2": "libgles2"}
"""What the 1.x library loads, and the Debian package of each."""
_ARM_FEATURES = ("atomics", "aes")
"""Processor features that the 1.x Arm wheels demand; without them the process aborts on loading."""
_MACHINE, _CPUINFO = os.uname().machine, Path("/proc/cpuinfo")
_SUPPRESSION = 0.3
"""Overlap above which two detections are one: that of Holistic 0.10 (pose_detection_cpu.pbtxt)."""
_OPEN: weakref.WeakSet[Any] = weakref.WeakSet()
"""Landmarkers that nobody has closed yet."""


class MediapipeEngine:
    """Pose, hands and face of one person; complexity and masks are a choice of models in the bundle."""

    name = "mediapipe"

    def __init__(self, options: EngineOptions, modes: Mapping[Branch, Mode]) -> None:
        """Load the library and the models.

        On and auto are the same here: Holistic runs what it has in every frame. Its pose runs always, its hand models for
        both hands; what is off is left out of the answer.

        Raises:
            ModelError: this machine cannot run the library, or a model cannot be had.
        """
        _check_machine()
        self._options = options
        self._wanted = self._branches = _not_off(modes)
        self._bundle = BundleOptions.of(options, self._branches)
        self._worker = ThreadPoolExecutor(1, "mediapipe")
        self._landmarker: Any = None
        self._last_ms = -1
        self._faceless = False
        self._face_points = FACE_POINTS_WITH_IRISES if options.refine_face else FACE_POINTS
        self._run(seal_this_thread)
        self._reopen(self._bundle)

    def detect(self, frame: Frame) -> People:
        """Return who is in the picture; coordinates as in ``types``."""
        result = self._run(self._detect, frame)
        person = self._person(result)
        return People((person,) if person else (), self._branches, frame.size, frame.timestamp_ns, frame.seq)

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """Return nothing: the library runs all that its bundle holds, on every frame."""
        return {}

    @property
    def cost_ms(self) -> Mapping[str, float]:
        """Return nothing: the library does not tell its branches apart."""
        return {}

    def set_branches(self, modes: Mapping[Branch, Mode]) -> None:
        """Switch branches on and off; takes as long as opening the models where it needs others."""
        wanted = _not_off(modes)
        self._look_for(wanted - {Branch.FACE} if self._faceless else wanted)
        self._wanted = wanted

    def keep_pace(self, pace: Pace) -> None:
        """Look at no face, if need be: the library starts its own threads, and has no say for others.

        Raises:
            ModelError: a model cannot be had; everything stays as it was.
        """
        self._look_for(self._wanted if pace.face else self._wanted - {Branch.FACE})
        self._faceless = not pace.face

    def reset(self) -> None:
        """Forget whoever was tracked: the next frame has nothing to do with the last."""
        self._reopen(self._bundle)

    def close(self) -> None:
        """Free the models; a second call does nothing."""
        if self._landmarker is not None:
            self._run(self._close)
        self._worker.shutdown()

    def _look_for(self, branches: frozenset[Branch]) -> None:
        needed = BundleOptions.of(self._options, branches)
        if needed != self._bundle:
            self._reopen(needed)
        self._branches = branches

    def _run(self, function: Callable[..., Any], *args: Any) -> Any:  # noqa: ANN401
        return self._worker.submit(function, *args).result()

    def _reopen(self, needed: BundleOptions) -> None:
        """Open the models; they are fetched here, for the worker has no network."""
        self._run(self._open, bundle(needed))
        self._bundle = needed

    def _open(self, path: Path) -> None:
        self._close()
        self._landmarker = _open_landmarker(path, self._options)
        _OPEN.add(self._landmarker)
        self._last_ms = -1

    def _close(self) -> None:
        if self._landmarker is not None:
            self._landmarker.close()
            self._landmarker = None

    def _detect(self, frame: Frame) -> Any:  # noqa: ANN401 - the library's own type
        # The graph's clock has milliseconds and must advance.
        self._last_ms = max(self._last_ms + 1, round(frame.timestamp_ns / 1e6))
        mediapipe = sys.modules["mediapipe"]
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=to_rgb(frame))
        return self._landmarker.detect_for_video(image, self._last_ms)

    def _person(self, result: Any) -> Person | None:  # noqa: ANN401 - the library's own type
        if not result.pose_landmarks:
            return None
        parts: dict[Branch, Any] = {
            Branch.POSE: _pose(result.pose_landmarks, result.pose_world_landmarks),
            Branch.LEFT_HAND: _hand(result.left_hand_landmarks, result.left_hand_world_landmarks),
            Branch.RIGHT_HAND: _hand(result.right_hand_landmarks, result.right_hand_world_landmarks),
            Branch.FACE: Face(_points(result.face_landmarks)[: self._face_points]) if result.face_landmarks else None,
        }
        return Person(0, **{branch.value: part for branch, part in parts.items() if branch in self._branches})


@atexit.register
def _forget_open_landmarkers() -> None:
    """Keep the library from closing what is left at exit: its thread has ended by then, and it would raise in ``__del__``."""
    for landmarker in _OPEN:
        landmarker._handle = None  # noqa: SLF001 - the process ends, and the memory with it


def _not_off(modes: Mapping[Branch, Mode]) -> frozenset[Branch]:
    return frozenset(branch for branch, mode in modes.items() if mode is not Mode.OFF)


def _pose(points: Iterable[Any], world: Iterable[Any]) -> Pose:
    return Pose(_points(points), np.array([point.visibility for point in points], np.float32), _points(world))


def _hand(points: Iterable[Any], world: Iterable[Any]) -> Hand | None:
    return Hand(_points(points), _points(world)) if points else None


def _points(landmarks: Iterable[Any]) -> Floats:
    return np.array([(point.x, point.y, point.z) for point in landmarks], np.float32)


def _open_landmarker(path: Path, options: EngineOptions) -> Any:  # noqa: ANN401 - the library's own type
    _import_mediapipe()
    tasks = importlib.import_module("mediapipe.tasks.python")
    vision = importlib.import_module("mediapipe.tasks.python.vision")
    try:
        return vision.HolisticLandmarker.create_from_options(
            vision.HolisticLandmarkerOptions(
                base_options=tasks.BaseOptions(model_asset_path=str(path)),
                running_mode=vision.RunningMode.VIDEO,
                min_pose_detection_confidence=options.detection_confidence,
                min_pose_suppression_threshold=_SUPPRESSION,
                min_pose_landmarks_confidence=options.tracking_confidence,
                min_hand_landmarks_confidence=options.tracking_confidence,
                min_face_detection_confidence=options.detection_confidence,
                min_face_suppression_threshold=_SUPPRESSION,
                min_face_landmarks_confidence=options.tracking_confidence,
            )
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError(f"MediaPipe refuses the models: {str(error).splitlines()[0]}") from error


def _import_mediapipe() -> None:
    """Import the library; matplotlib, which only its plotting wants, is stood in for where it is not loaded already.

    That spares 60 MB of disk, 25 MB of memory and the building of a font cache.
    """
    stand_ins = [name for name in ("matplotlib", "matplotlib.pyplot") if name not in sys.modules]
    sys.modules.update({name: types.ModuleType(name) for name in stand_ins})
    try:
        importlib.import_module("mediapipe")
    except ImportError as error:
        raise EngineUnfitError(f"mediapipe cannot be imported: {error}; install edgeholo[mediapipe]") from error
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _check_machine() -> None:
    """Refuse where loading the library would abort the process or fail."""
    if _MACHINE == "aarch64":
        features = _arm_features(_CPUINFO)
        lacking = [feature for feature in _ARM_FEATURES if feature not in features]
        if lacking:
            raise EngineUnfitError(
                f"MediaPipe 1.x needs a processor with {' and '.join(lacking)} (a Raspberry Pi 5 has it, a 4 has not)"
            )
    missing = [package for library, package in _LIBRARIES.items() if not _loads(library)]
    if missing:
        raise EngineUnfitError(f"MediaPipe needs system libraries: sudo apt install {' '.join(missing)}")


def _arm_features(cpuinfo: Path) -> set[str]:
    for line in cpuinfo.read_text(encoding="utf-8").splitlines():
        if line.startswith("Features"):
            return set(line.partition(":")[2].split())
    return set()


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
