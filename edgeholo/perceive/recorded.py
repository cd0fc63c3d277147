"""The engine that sees what a recording saw: everything behind the engine runs without models."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from edgeholo.errors import ConfigError, EdgeholoError
from edgeholo.perceive.recording import Recording
from edgeholo.types import Branch, Frame, People, Person


class RecordedEngine:
    """Answers each frame with the next recorded people, from the beginning again at the end.

    They get the frame's time and number; ``size`` stays that of the recorded picture, for the points are fractions of it.
    Frames that were not looked at are left out: whether to look at a frame is the gates' decision, now as then.

    Args:
        path: the recording.

    Raises:
        ConfigError: it cannot be read, or nobody ever looked.
    """

    name = "recorded"

    def __init__(self, path: Path) -> None:
        try:
            self._recording = Recording(path)
        except EdgeholoError as error:
            raise ConfigError(f"engine.recording: {error}") from None
        self._branches = frozenset(Branch)
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

    def set_branches(self, branches: frozenset[Branch]) -> None:
        """Leave out the parts of all other branches."""
        self._branches = branches

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
        if Branch.HANDS not in self._branches:
            person = replace(person, left_hand=None, right_hand=None)
        if Branch.FACE not in self._branches:
            person = replace(person, face=None)
        return person if Branch.POSE in self._branches else replace(person, pose=None)
