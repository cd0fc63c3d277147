"""The engines: one protocol, one table."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from edgeholo.config import EngineOptions
from edgeholo.errors import ConfigError, EngineUnfitError
from edgeholo.perceive.models import lite
from edgeholo.perceive.models.bundle import BundleOptions
from edgeholo.perceive.schedule import Decision
from edgeholo.types import HANDS, Branch, Frame, Mode, Pace, People

_LOGGER = logging.getLogger(__name__)


class Engine(Protocol):
    """Finds people in frames."""

    name: str

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """Return what ran on the last frame and why, by branch; empty where nothing was decided."""

    @property
    def cost_ms(self) -> Mapping[str, float]:
        """Return the milliseconds of processor time that the last frame took, by branch; empty where nobody can tell them apart."""

    def detect(self, frame: Frame) -> People:
        """Return who is in the picture; frames come in the order of time."""

    def set_branches(self, modes: Mapping[Branch, Mode]) -> None:
        """Switch branches off, on or to the engine's own judgement while running; one that is not named is off."""

    def keep_pace(self, pace: Pace) -> None:
        """Work no harder than that from now on."""

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
    """Return the engine that the options name, or the one for all processors where it cannot run.

    Raises:
        ModelError: a model cannot be had.
        ConfigError: the options do not fit the engine.
    """
    try:
        return ENGINES[options.name].open(options)
    except EngineUnfitError as error:
        _LOGGER.warning("engine litert instead of %s: %s", options.name, error)
        return _open_litert(options)


def assets_of(options: EngineOptions) -> tuple[str, ...]:
    """Return the names of the files that the engine is made from."""
    return ENGINES[options.name].assets(options)


def _open_litert(options: EngineOptions) -> Engine:
    from edgeholo.perceive.litert import LitertEngine

    return LitertEngine(options, modes_of(options))


def _litert_assets(options: EngineOptions) -> tuple[str, ...]:
    branches = branches_of(options)
    return lite.assets(
        options.complexity, hands=bool(branches & HANDS), face=Branch.FACE in branches, irises=options.refine_face
    )


def _open_mediapipe(options: EngineOptions) -> Engine:
    from edgeholo.perceive.mediapipe import MediapipeEngine

    return MediapipeEngine(options, modes_of(options))


def _mediapipe_assets(options: EngineOptions) -> tuple[str, ...]:
    return BundleOptions.of(options, branches_of(options)).assets


def _open_recorded(options: EngineOptions) -> Engine:
    from edgeholo.perceive.recorded import RecordedEngine

    if not options.recording:
        raise ConfigError("engine.name is `recorded`, but engine.recording names no file")
    return RecordedEngine(Path(options.recording), modes_of(options))


@dataclass(frozen=True, slots=True)
class Kind:
    """How an engine is opened, and which files of the manifest it needs."""

    open: Callable[[EngineOptions], Engine]
    assets: Callable[[EngineOptions], tuple[str, ...]]


ENGINES: dict[str, Kind] = {
    "litert": Kind(_open_litert, _litert_assets),
    "mediapipe": Kind(_open_mediapipe, _mediapipe_assets),
    "recorded": Kind(_open_recorded, lambda _options: ()),
}
