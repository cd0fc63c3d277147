"""The engines: one protocol, one table."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from edgeholo.config import EngineOptions
from edgeholo.errors import ConfigError
from edgeholo.types import Branch, Frame, Mode, People


class Engine(Protocol):
    """Finds people in frames."""

    name: str

    def detect(self, frame: Frame) -> People:
        """Return who is in the picture; frames come in the order of time."""

    def set_branches(self, modes: Mapping[Branch, Mode]) -> None:
        """Switch branches off, on or to the engine's own judgement while running; one that is not named is off."""

    def reset(self) -> None:
        """Forget whoever was tracked."""

    def close(self) -> None:
        """Free the models."""


def modes_of(options: EngineOptions) -> dict[Branch, Mode]:
    """Return the mode of every branch."""
    return {branch: Mode(getattr(options, branch)) for branch in Branch}


def branches_of(options: EngineOptions) -> frozenset[Branch]:
    """Return the branches that are looked for, always or now and then."""
    return frozenset(branch for branch, mode in modes_of(options).items() if mode is not Mode.OFF)


def open_engine(options: EngineOptions) -> Engine:
    """Return the engine that the options name.

    Raises:
        ModelError: it cannot run here.
        ConfigError: the options do not fit it.
    """
    return ENGINES[options.name](options)


def _open_mediapipe(options: EngineOptions) -> Engine:
    from edgeholo.perceive.mediapipe import MediapipeEngine

    return MediapipeEngine(options, modes_of(options))


def _open_recorded(options: EngineOptions) -> Engine:
    from edgeholo.perceive.recorded import RecordedEngine

    if not options.recording:
        raise ConfigError("engine.name is `recorded`, but engine.recording names no file")
    return RecordedEngine(Path(options.recording), modes_of(options))


ENGINES: dict[str, Callable[[EngineOptions], Engine]] = {
    "mediapipe": _open_mediapipe,
    "recorded": _open_recorded,
}
