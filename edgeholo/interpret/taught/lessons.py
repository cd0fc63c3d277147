"""Learning one gesture from somebody who shows it a few times, frame by frame: for a terminal and for MQTT alike."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from edgeholo.errors import ConfigError
from edgeholo.interpret.bodies import Bodies
from edgeholo.interpret.finite import finite
from edgeholo.interpret.phases import GAP_S
from edgeholo.interpret.taught.checks import alike, too_close, too_simple
from edgeholo.interpret.taught.movements import Way
from edgeholo.interpret.taught.recognition import Kind, Taught
from edgeholo.interpret.taught.shapes import HandShape
from edgeholo.interpret.taught.shows import Show, ShowReader
from edgeholo.interpret.taught.store import NAME
from edgeholo.interpret.timing import ALL, EVERYDAY
from edgeholo.interpret.vocabulary import CONTROLS, VOCABULARY
from edgeholo.types import People, Person, Side

_LOGGER = logging.getLogger(__name__)

MOST_SHOWS = 10
"""More shows than that teach nothing, and tire."""

_SURE_SHOWS = 2
"""A gesture is too close to another one if so many of its shows are: one may be a hand at rest between two of them."""

_HOW = {
    None: "hold the pose still for a second, or make the movement from rest to rest",
    Kind.POSE: "hold it still for a second",
    Kind.MOVEMENT: "hold the hand up and still, make the movement, hold still again",
}
_NOW = {
    None: "hold still, or begin the movement",
    Kind.POSE: "hold still",
    Kind.MOVEMENT: "make the movement, then hold still",
}


class State(StrEnum):
    """Where a lesson is; the value is what a message says."""

    WAITING = "waiting"
    """For the next show."""
    RECORDING = "recording"
    """A show may be under way."""
    SHOWN = "shown"
    """One more was understood."""
    LEARNED = "learned"
    """Over: there is a result."""
    REJECTED = "rejected"
    """Over: too close to another gesture, or the shows differ."""
    TIMEOUT = "timeout"
    """Over: nothing was shown for too long, or the clip has ended."""


OVER = frozenset({State.LEARNED, State.REJECTED, State.TIMEOUT})
"""States after which nothing more comes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is new of a lesson.

    Attributes:
        state: where it is.
        shows_done: shows that were understood and are alike.
        shows_wanted: shows that are needed.
        hint: what to do next, or what came out, in words.
    """

    state: State
    shows_done: int
    shows_wanted: int
    hint: str


class Lesson:
    """Learns one gesture.

    Shows are gathered in groups of alike ones, and the first group that is large enough is the gesture: the way back of a movement, or a
    hand that rests in between, spoils nothing.

    Args:
        name: of the gesture.
        existing: what was taught before.
        shows: how many are wanted.
        kind: pose or movement; None finds out from the first show.
        hand: the only hand to look at, and the only one that counts later; None for either.
        replace: whether ``name`` may be a gesture that was taught before.
        profiles: names of the configuration's own profiles, which are taken.
        when: the time of the lesson, RFC 3339, to be kept with the gesture.
        patience_s: seconds without a new show after which the lesson is over.

    Raises:
        ConfigError: the name is taken or none, or the number of shows is out of range.
    """

    def __init__(
        self,
        name: str,
        existing: Sequence[Taught] = (),
        *,
        shows: int = 3,
        kind: Kind | None = None,
        hand: Side | None = None,
        replace: bool = False,
        profiles: Collection[str] = (),
        when: str = "",
        patience_s: float = 60.0,
    ) -> None:
        check_name(name, () if replace else [gesture.name for gesture in existing], profiles)
        if not 1 <= shows <= MOST_SHOWS:
            raise ConfigError(f"{shows} shows: choose 1 to {MOST_SHOWS}; 3 are a good number")
        self._name, self._wanted, self._kind, self._hand, self._when = name, shows, kind, hand, when
        self._others = [gesture for gesture in existing if gesture.name != name]
        self._patience_s = patience_s
        self._bodies = Bodies()
        self._readers: dict[tuple[int, Side], ShowReader] = {}
        self._groups: list[list[Show]] = []
        self._last: Progress | None = None
        self._taught: Taught | None = None
        self._t_s: float | None = None
        self._since_s = 0.0

    @property
    def over(self) -> bool:
        """Whether nothing more comes."""
        return self._last is not None and self._last.state in OVER

    def result(self) -> Taught | None:
        """Return what was learned, or None where nothing was."""
        return self._taught

    def update(self, people: People) -> Progress | None:
        """Return what changed with a frame of tracked people, or None."""
        if self.over:
            return None
        t_s = people.t_s
        if self._t_s is None or not 0 < t_s - self._t_s <= GAP_S:
            if t_s == self._t_s:
                return None
            self._start_over(t_s)
        self._t_s = t_s
        progress = self._taken(self._read(self._bodies.recall(finite(people))))
        if progress is not None:
            self._since_s = t_s
            return self._tell(progress)
        if t_s - self._since_s > self._patience_s:
            return self._tell(
                self._progress(State.TIMEOUT, f"nothing was shown for {self._patience_s:.0f} s; start again")
            )
        return self._tell(self._waiting())

    def finish(self) -> Progress | None:
        """Return what comes out where nothing more is to be seen: the clip is over."""
        if self.over:
            return None
        shows = [reader.finish(self._kind) for reader in self._readers.values()]
        progress = self._taken([show for show in shows if show is not None])
        if progress is not None and progress.state in OVER:
            return self._tell(progress)
        if self._groups and (close := self._close(max(self._groups, key=len), least=1)) is not None:
            return self._tell(close)
        if len(self._groups) > 1 and sum(map(len, self._groups)) >= self._wanted:
            return self._tell(self._differing())
        return self._tell(
            self._progress(State.TIMEOUT, f"only {self._done} of {self._wanted} shows were seen: {_HOW[self._kind]}")
        )

    @property
    def _done(self) -> int:
        return max(map(len, self._groups), default=0)

    def _start_over(self, t_s: float) -> None:
        """Forget what hands were doing: the time before says nothing of what they do now."""
        if self._t_s is None or t_s < self._t_s:
            self._since_s = t_s
        for reader in self._readers.values():
            reader.reset()

    def _read(self, people: People) -> list[Show]:
        persons = {person.id: person for person in people.persons}
        for id_ in persons:
            for side in Side:
                if self._hand in (None, side) and (id_, side) not in self._readers:
                    self._readers[id_, side] = ShowReader(side)
        shows = [
            reader.update(people.t_s, persons.get(id_, Person(id_)), people.size, self._kind)
            for (id_, side), reader in self._readers.items()
            if side.branch in people.ran
        ]
        return [show for show in shows if show is not None]

    def _taken(self, shows: Sequence[Show]) -> Progress | None:
        """Take the shows of one frame, of which one is new if both hands show the same, and return what that changes."""
        return next((progress for show in shows if (progress := self._take(show)) is not None), None)

    def _take(self, show: Show) -> Progress | None:
        """Take a show into its group and return what that changes."""
        if any(other.end_s > show.start_s for group in self._groups for other in group):
            return None
        self._kind = self._kind or show.kind
        group = next((group for group in self._groups if all(alike(show, other) for other in group)), None)
        if group is None:
            group = []
            self._groups.append(group)
        group.append(show)
        _LOGGER.info("%s was shown with the %s hand, %s alike so far", show.kind, show.side, len(group))
        if (close := self._close(group, least=min(_SURE_SHOWS, self._wanted))) is not None:
            return close
        if len(group) == self._wanted:
            return self._learned(group)
        if sum(map(len, self._groups)) >= 2 * self._wanted + 1:
            return self._differing()
        if len(group) < self._done or (len(self._groups) > 1 and len(group) == 1):
            return self._progress(State.SHOWN, f"that was another {show.kind} than before; show the same one again")
        return self._progress(
            State.SHOWN, f"{show.kind} seen, {self._done} of {self._wanted}; lower the hand, then again"
        )

    def _close(self, group: Sequence[Show], least: int) -> Progress | None:
        """Return the rejection of shows that would be taken for something else."""
        if sum(too_simple(show) for show in group) >= least:
            return self._progress(
                State.REJECTED, "too simple: hands go straight all day; nothing is stored; add a corner or a turn"
            )
        names = [name for show in group if (name := too_close(show, self._others)) is not None]
        if len(names) < least:
            return None
        return self._progress(
            State.REJECTED, f"too close to {names[0]}: nothing is stored; choose something that looks different"
        )

    def _differing(self) -> Progress:
        return self._progress(
            State.REJECTED,
            f"the shows differ too much: of {sum(map(len, self._groups))} only {self._done} are alike; nothing is stored; "
            "show it the same way each time, or choose something simpler",
        )

    def _learned(self, group: Sequence[Show]) -> Progress:
        things = [show.thing for show in group]
        self._taught = Taught(
            self._name,
            group[0].kind,
            self._hand,
            self._when,
            tuple(thing for thing in things if isinstance(thing, HandShape)),
            tuple(thing for thing in things if isinstance(thing, Way)),
        )
        return self._progress(State.LEARNED, f"{self._name} is learned: a {group[0].kind}, from {len(group)} shows")

    def _waiting(self) -> Progress | None:
        if any(reader.busy for reader in self._readers.values()):
            if self._last is not None and self._last.state is State.SHOWN:
                return None
            return self._progress(State.RECORDING, _NOW[self._kind])
        return self._progress(State.WAITING, f"show it, {self._done + 1} of {self._wanted}: {_HOW[self._kind]}")

    def _progress(self, state: State, hint: str) -> Progress:
        return Progress(state, self._done, self._wanted, hint)

    def _tell(self, progress: Progress | None) -> Progress | None:
        """Return what is new, or None where it is what was said last."""
        if progress is None or progress == self._last:
            return None
        self._last = progress
        return progress


def check_name(name: str, existing: Collection[str], profiles: Collection[str] = ()) -> None:
    """Check that a gesture may be called ``name``.

    Raises:
        ConfigError: it is no name, or it is taken.
    """
    if not NAME.fullmatch(name):
        raise ConfigError(
            f"{name!r} is no name for a gesture: a small letter, then small letters, digits and _, at most 32 in all"
        )
    if name in VOCABULARY or name in CONTROLS or name in (EVERYDAY, ALL, *profiles):
        raise ConfigError(f"{name} is taken: a gesture, control or profile has this name; choose another one")
    if name in existing:
        raise ConfigError(f"{name} was taught already; forget it first, or replace it")
