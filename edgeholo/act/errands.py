"""What takes time is done beside the line: web requests and programs, each place's in order, a few places at once."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from edgeholo.act import program, web
from edgeholo.act.action import Command, Request
from edgeholo.act.web import NotNowError
from edgeholo.backoff import Backoff
from edgeholo.errors import ActionError

_LOGGER = logging.getLogger(__name__)

WAITING = 64
"""Errands that wait: a minute of a rule that fires every second, at a server that hangs."""
WORKERS = 4
"""Places that may hang at once before others have to wait for them."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 30.0
"""Between two tries: a server that restarts is back within seconds."""

Done = Callable[[str], None]
"""Called in a worker's thread when an errand is over; with what went wrong, empty where it was done."""


@dataclass(slots=True, eq=False)
class Errand:
    """Something to be done.

    Attributes:
        order: what.
        action: which action wants it: the rule's name, and its place there.
        done: told of the end.
        put_s: when it was wanted, seconds.
        passing: whether a newer one of the same action makes it needless.
        tries: how often it may still fail before it has failed.
        backoff: pauses between the tries.
    """

    order: Request | Command
    action: tuple[str, int]
    done: Done
    put_s: float
    passing: bool
    tries: int
    backoff: Backoff = field(default_factory=lambda: Backoff(_FIRST_PAUSE_S, _LONGEST_PAUSE_S))

    @property
    def place(self) -> str:
        """Where it is done: errands of one place are done one after the other."""
        return self.order.arguments[0] if isinstance(self.order, Command) else urlsplit(self.order.url).netloc


class Errands:
    """A bounded queue, and a few threads that come when they are needed and stay.

    Args:
        expire_s: what could not be done within so many seconds has failed: nobody wants it any more; may be changed.
    """

    def __init__(self, expire_s: float) -> None:
        self.expire_s = expire_s
        self._changed = threading.Condition()
        self._waiting: deque[Errand] = deque()
        self._busy: set[str] = set()
        self._resting: dict[str, float] = {}
        self._failing: set[tuple[str, int]] = set()
        self._workers: list[threading.Thread] = []
        self._idle = 0
        self._stopping = False
        self._crash: Exception | None = None

    def run(self, order: Request | Command, action: tuple[str, int], done: Done, *, passing: bool = False) -> None:
        """Have something done, and return at once.

        Args:
            order: what.
            action: which action wants it: the rule's name, and its place there.
            done: called when it is over, mostly from another thread; never where a newer one took its place.
            passing: whether further ones of this action are about to follow.
        """
        tries = order.retries if isinstance(order, Request) else 0
        errand = Errand(order, action, done, time.monotonic(), passing, tries)
        with self._changed:
            lost = self._make_room(errand)
            self._waiting.append(errand)
            if len(self._waiting) > self._idle and len(self._workers) < WORKERS:
                self._hire()
            self._changed.notify()
        if lost:
            self._settle(lost, f"more than {WAITING} were waiting; the oldest made room")

    def waiting(self) -> int:
        """Return how many are not done yet.

        Raises:
            Exception: what ended a worker that must not end.
        """
        if self._crash:
            raise self._crash
        with self._changed:
            return len(self._waiting) + len(self._busy)

    def close(self, timeout_s: float) -> None:
        """Do what waits, for at most so long; the rest is left."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not (self._waiting or self._busy), timeout_s)
            lost = len(self._waiting) + len(self._busy)
            self._waiting.clear()
        if lost:
            _LOGGER.warning("rules: stopped with %s web requests or programs that were not done", lost)

    def _make_room(self, errand: Errand) -> Errand | None:
        """Drop what the new one makes needless; return what had to be given up for it."""
        self._waiting = deque(other for other in self._waiting if not (other.passing and other.action == errand.action))
        if len(self._waiting) < WAITING:
            return None
        oldest = next((other for other in self._waiting if other.passing), self._waiting[0])
        self._waiting.remove(oldest)
        return oldest

    def _hire(self) -> None:
        worker = threading.Thread(target=self._work, name="errands", daemon=True)
        self._workers.append(worker)
        worker.start()

    def _work(self) -> None:
        try:
            while (errand := self._next()) is not None:
                self._attempt(errand)
        except Exception as error:  # noqa: BLE001 - the thread's outermost edge; raised again in the line's thread
            self._crash = error

    def _next(self) -> Errand | None:
        """Wait for the next errand whose place is free; None where all is over."""
        with self._changed:
            while (errand := self._free()) is None:
                if self._stopping and not self._waiting:
                    return None
                pause_s = min(self._resting.values()) - time.monotonic() if self._resting else None
                self._idle += 1
                self._changed.wait(pause_s)
                self._idle -= 1
            self._waiting.remove(errand)
            self._busy.add(errand.place)
            return errand

    def _free(self) -> Errand | None:
        """Return the first errand whose place is neither busy nor resting after a failure."""
        now_s = time.monotonic()
        self._resting = {place: due_s for place, due_s in self._resting.items() if due_s > now_s}
        return next(
            (each for each in self._waiting if each.place not in self._busy and each.place not in self._resting), None
        )

    def _attempt(self, errand: Errand) -> None:
        """Do it, and tell how it ended, unless another try may help."""
        trouble = ""
        try:
            self._carry_out(errand)
        except NotNowError as error:
            trouble = str(error)
            if errand.tries and not self._stopping:
                self._put_back(errand)
                return
        except ActionError as error:
            trouble = str(error)
        self._settle(errand, trouble)
        with self._changed:
            self._busy.discard(errand.place)
            self._changed.notify_all()

    def _carry_out(self, errand: Errand) -> None:
        if time.monotonic() - errand.put_s > self.expire_s:
            raise ActionError(f"it could not be done within {self.expire_s:g} s")
        if isinstance(errand.order, Command):
            program.run(errand.order)
        else:
            web.send(errand.order)

    def _put_back(self, errand: Errand) -> None:
        """Have its place rest, and try again before anything else there."""
        errand.tries -= 1
        with self._changed:
            self._busy.discard(errand.place)
            self._resting[errand.place] = time.monotonic() + errand.backoff.next_s()
            self._waiting.appendleft(errand)
            self._changed.notify_all()

    def _settle(self, errand: Errand, trouble: str) -> None:
        """Tell how it ended; the log is told when that changes."""
        rule = errand.action[0]
        if trouble and errand.action not in self._failing:
            self._failing.add(errand.action)
            _LOGGER.warning("rule %s: %s", rule, trouble)
        elif not trouble and errand.action in self._failing:
            self._failing.discard(errand.action)
            _LOGGER.info("rule %s: %s obeys again", rule, errand.place.rpartition("@")[2])
        errand.done(trouble)
