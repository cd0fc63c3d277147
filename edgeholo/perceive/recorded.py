"""The engine that sees what a recording saw: everything behind the engine runs without models."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from edgeholo.errors import ConfigError, EdgeholoError
from edgeholo.perceive.recording import Recording
from edgeholo.perceive.schedule import Decision
from edgeholo.types import Branch, Frame, Mode, Pace, People, Person


class RecordedEngine:
    """Answers each frame with the next recorded people, from the beginning again at the end.

    They get the frame's time and number; ``size`` stays that of the recorded picture, for the points are fractions of it.
    Frames that were not looked at are left out: whether to look at a frame is the gates' decision, now as then.

    Args:
        path: the recording.
        modes: of the branches; on and auto both show what was seen.

    Raises:
        ConfigError: it cannot be read, or nobody ever looked.
    """

    name = "recorded"

    def __init__(self, path: Path, modes: Mapping[Branch, Mode]) -> None:
        try:
            self._recording = Recording(path)
        except EdgeholoError as error:
            raise ConfigError(f"engine.recording: {error}") from None
        self.set_branches(modes)
        self._people = self._round()
        self._ahead = next(self._people, None)
        if self._ahead is None:
            raise ConfigError(f"engine.recording: {path} holds no frame that an engine looked at")

    def detect(self, frame: Frame) -> People:
        """Return the next recorded people, as if they were in ``frame``."""
        people = self._next()
        return People(
            tuple(self._masked(person) for person in people.persons),
            people.ran & self._branches,
            people.size,
            frame.timestamp_ns,
            frame.seq,
        )

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """Return nothing: what ran was decided when the recording was made."""
        return {}

    @property
    def cost_ms(self) -> Mapping[str, float]:
        """Return nothing: a recording costs nothing."""
        return {}

    def set_branches(self, modes: Mapping[Branch, Mode]) -> None:
        """Leave out the parts of branches that are off."""
        self._branches = frozenset(branch for branch, mode in modes.items() if mode is not Mode.OFF)

    def keep_pace(self, pace: Pace) -> None:
        """Do nothing: a recording costs nothing."""

    def reset(self) -> None:
        """Start from the beginning."""
        self._people = self._round()
        self._ahead = None

    def close(self) -> None:
        """Let go of the file."""
        self._people = iter(())

    def _next(self) -> People:
        people, self._ahead = self._ahead or next(self._people, None), None
        if people is None:
            self._people = self._round()
            people = next(self._people, None)
        if people is None:
            raise EdgeholoError("the recording that the engine plays has vanished or was emptied while it played")
        return people

    def _round(self) -> Iterator[People]:
        return (sight.people for sight in self._recording if sight.people is not None)

    def _masked(self, person: Person) -> Person:
        parts = {branch.value: getattr(person, branch) for branch in self._branches}
        return Person(person.id, **parts)
