"""Gestures taught over MQTT: ``set/learn`` begins a lesson, ``state/learn`` tells how it goes, ``set/forget`` undoes it."""

from datetime import UTC, datetime

import msgspec

from edgeholo.errors import ConfigError, EdgeholoError
from edgeholo.interpret.repertoire import lessons, repertoire
from edgeholo.interpret.taught import store as taught_store
from edgeholo.interpret.taught.lessons import Lesson, State
from edgeholo.interpret.taught.recognition import Kind, Taught
from edgeholo.interpret.timing import timings
from edgeholo.line import Line
from edgeholo.types import People, Side

SHOWS = 3
"""How often a gesture is shown unless asked otherwise: it takes half a minute, and one bad show of three is noticed."""


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``set/learn`` takes as a JSON object; see ``Lesson``."""

    name: str
    shows: int = SHOWS
    kind: Kind | None = None
    hand: Side | None = None
    replace: bool = False


class Teaching:
    """The lesson that is given now, if any.

    Args:
        line: whose people are taught, and whose gestures grow.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._lesson: Lesson | None = None
        self._request = Request("")

    def learn(self, value: object) -> None:
        """Begin a lesson, in place of one that was begun before; an empty ``value`` ends that one.

        Raises:
            EdgeholoError: nothing can be learned so.
        """
        if value in ("", None):
            self.cancel("nothing was stored")
            return
        request = _request(value)
        if {self._line.config.engine.left_hand, self._line.config.engine.right_hand} == {"off"}:
            raise EdgeholoError("hands are not looked for; set/hands auto changes that")
        self._lesson = Lesson(
            request.name,
            lessons(self._line.config.gestures),
            shows=request.shows,
            kind=request.kind,
            hand=request.hand,
            replace=request.replace,
            profiles=self._line.config.gestures.profiles,
            when=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        )
        self._request = request
        self._tell(State.WAITING, 0, "stand where the camera sees your hands")

    def cancel(self, hint: str) -> None:
        """End the lesson, if there is one."""
        if self._lesson is not None:
            self._lesson = None
            self._tell("cancelled", 0, hint)

    def forget(self, value: object) -> None:
        """Remove a gesture that was taught.

        Raises:
            EdgeholoError: there is none of that name, the configuration needs it, or it cannot be removed.
        """
        gestures, name = self._line.config.gestures, str(value)
        names = [gesture.name for gesture in lessons(gestures)]
        if name in names:
            timings(gestures, tuple(each for each in names if each != name))
        if not taught_store.forget(taught_store.folder(gestures), name):
            raise EdgeholoError(f"no gesture {name} was taught; there are {', '.join(names) or 'none'}")
        self._line.renew_mind()

    def update(self, people: People) -> None:
        """Go on with the lesson: look at a frame."""
        if self._lesson is None:
            return
        progress = self._lesson.update(people)
        if progress is None:
            return
        lesson, hint, state = self._lesson, progress.hint, progress.state.value
        if lesson.over:
            self._lesson = None
        if (learned := lesson.result()) is not None:
            state, hint = self._keep(learned, hint)
        self._tell(state, progress.shows_done, hint)

    def _keep(self, learned: Taught, hint: str) -> tuple[str, str]:
        """Store what was learned, use it from now on, and return state and hint."""
        gestures = self._line.config.gestures
        try:
            taught_store.save(taught_store.folder(gestures), learned)
            self._line.renew_mind()
            counts = learned.name in repertoire(gestures).enabled
        except EdgeholoError as error:
            return "failed", str(error)
        missing = "" if counts else f"; the gestures that count now, of profile {gestures.profile}, are without it"
        return State.LEARNED.value, hint + missing

    def _tell(self, state: str, done: int, hint: str) -> None:
        self._line.announcer.learning(self._request.name, state, done, self._request.shows, hint)


def _request(value: object) -> Request:
    try:
        return msgspec.convert(value if isinstance(value, dict) else {"name": value}, Request)
    except msgspec.ValidationError as error:
        raise ConfigError(f"write a name, or name, shows, kind, hand, replace as JSON: {error}") from error
