"""The engines: one protocol, one table."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from edgeholo.config import EngineOptions
from edgeholo.errors import ConfigError
from edgeholo.types import Branch, Frame, People


class Engine(Protocol):
    """Finds people in frames."""

    name: str

    def detect(self, frame: Frame) -> People:
        """Return who is in the picture; frames come in the order of time."""

    def set_branches(self, branches: frozenset[Branch]) -> None:
        """Switch branches on and off while running."""

    def reset(self) -> None:
        """Forget whoever was tracked."""

    def close(self) -> None:
        """Free the models."""


def branches_of(options: EngineOptions) -> frozenset[Branch]:
    """Return the branches that the options switch on; the pose always runs."""
    wanted = {Branch.POSE: True, Branch.HANDS: options.hands, Branch.FACE: options.face}
    return frozenset(branch for branch, on in wanted.items() if on)


def open_engine(options: EngineOptions) -> Engine:
    """Return the engine that the options name.

    Raises:
        ModelError: it cannot run here.
        ConfigError: the options do not fit it.
    """
    return ENGINES[options.name](options)


def _open_mediapipe(options: EngineOptions) -> Engine:
    from edgeholo.perceive.mediapipe import MediapipeEngine

    return MediapipeEngine(options, branches_of(options))


def _open_recorded(options: EngineOptions) -> Engine:
    from edgeholo.perceive.recorded import RecordedEngine

    if not options.recording:
        raise ConfigError("engine.name is `recorded`, but engine.recording names no file")
    return RecordedEngine(Path(options.recording))


ENGINES: dict[str, Callable[[EngineOptions], Engine]] = {
    "mediapipe": _open_mediapipe,
    "recorded": _open_recorded,
}
