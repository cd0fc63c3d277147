"""Rules at work: fed with what is observed and heard, carried out, and told of.

The only module that joins act to publish.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import datetime

from edgeholo.act.action import Command, Request
from edgeholo.act.errands import Errands
from edgeholo.act.report import Report
from edgeholo.act.responder import Firing, Responder
from edgeholo.act.rules import questions, subscriptions
from edgeholo.act.words import doing
from edgeholo.clock import Clock
from edgeholo.config import Config
from edgeholo.errors import EdgeholoError
from edgeholo.publish.announcer import Announcer
from edgeholo.publish.client import Received
from edgeholo.publish.publisher import Sender
from edgeholo.rulebook import Rulebook
from edgeholo.types import Message, MessageKind, Observation, People, Value

_LOGGER = logging.getLogger(__name__)

_FLUSH_S = 2.0
"""How long a stop waits for web requests and programs: as long as for the last messages."""


class Reactions:
    """The rules of this house.

    Its methods belong to the line's thread.

    Args:
        config: to begin with.
        book: of rules.

    Raises:
        ConfigError: the rules are wrong, or not where the configuration says.
    """

    def __init__(self, config: Config, book: Rulebook) -> None:
        self._config = config
        self._book = book
        self._rules = book.load(config)
        self._errands = Errands(config.publish.expire_s)
        self._lock = threading.Lock()
        self._fired = self._failed = 0
        self._troubled: set[str] = set()
        self._heard: set[str] = set()
        self._trouble = ""
        if self._rules.rules:
            self._say()

    def open(self, sender: Sender, announcer: Announcer, clock: Clock) -> None:
        """Begin."""
        self._announcer = announcer
        self._responder = Responder(self._rules, _local(clock))
        self.begin(self._config)
        self.move(sender)

    def begin(self, config: Config) -> None:
        """Go on with a mind that knows of no gesture yet."""
        self._responder.armed = not config.gestures.arming.enabled
        self._responder.profile = config.gestures.profile

    def understood(self, people: People, observations: Iterable[Observation]) -> None:
        """Do what a frame leads to."""
        for observation in observations:
            self._carry_out(self._responder.observe(observation, people))
        self._carry_out(self._responder.tick(people.timestamp_ns, people))

    def ended(self, observations: Iterable[Observation]) -> None:
        """Do what the end of all that was in progress leads to."""
        for observation in observations:
            self._carry_out(self._responder.observe(observation))

    def blind(self) -> None:
        """Forget who is there: the camera was closed, and nobody has gone."""
        self._responder.reset()

    def move(self, sender: Sender) -> None:
        """Go on with another connection."""
        self._sender = sender
        self._heard = set()
        self._listen()

    def take(self, config: Config) -> None:
        """Follow another configuration, and gestures that were learned or forgotten: rules that speak of them may be right now."""
        self._config = config
        self._errands.expire_s = config.publish.expire_s
        self.reload(again=False)

    def look(self, now_s: float) -> None:
        """Take rules that have changed on disk.

        Args:
            now_s: of any clock.
        """
        if self._book.changed(self._config, now_s):
            self.reload()

    def reload(self, *, again: bool = True) -> None:
        """Read the rules; where they are wrong, the old ones stay and the house is told.

        Args:
            again: whether to repeat what was said before.
        """
        try:
            rules = self._book.load(self._config)
        except EdgeholoError as error:
            if again or str(error) != self._trouble:
                self._refuse(str(error))
            return
        self._trouble = ""
        if rules != self._rules:
            self._rules = rules
            self._responder.take(rules)
            self._listen()
            self._say()

    def counts(self) -> dict[str, int]:
        """Return how often a rule has fired and an action has failed, and how many are being carried out.

        Raises:
            Exception: what ended a thread that must not end.
        """
        waiting = self._errands.waiting()
        with self._lock:
            return {"fired": self._fired, "failed": self._failed, "waiting": waiting}

    def close(self) -> None:
        """End what is being carried out."""
        self._errands.close(_FLUSH_S)

    def _refuse(self, error: str) -> None:
        self._trouble = error
        _LOGGER.error("rules not taken, the old ones go on: %s", error)
        self._announcer.refused("rules", str(self._book.file(self._config)), error)

    def _say(self) -> None:
        _LOGGER.info("rules: %s in %s", len(self._rules.rules) or "none", self._book.file(self._config))

    def _listen(self) -> None:
        """Hear what conditions and toggles need, and have devices tell it, now and after every reconnect."""
        for topic in subscriptions(self._rules):
            if topic not in self._heard:
                self._heard.add(topic)
                self._sender.subscribe(topic, self._receive)
        for topic, payload in questions(self._rules):
            self._sender.send(Message(topic, payload.encode(), MessageKind.STATE, qos=1, retain=False))

    def _receive(self, message: Received) -> None:
        self._responder.receive(message.topic, message.payload)

    def _carry_out(self, firings: Iterable[Firing]) -> None:
        for firing in firings:
            self._failures(firing)
            passing = firing.passing
            report = None if passing else Report(self._telling(firing), list(firing.failures))
            for order, place in zip(firing.orders, firing.places, strict=True):
                if isinstance(order, Message):
                    self._sender.send(order)
                else:
                    self._run(order, (firing.rule.name, place), report)
            if report:
                report.close()
            elif isinstance(firing.trigger, Value) and firing.trigger.phase == "begin":
                self._telling(firing)(firing.failures)

    def _run(self, order: Request | Command, action: tuple[str, int], report: Report | None) -> None:
        """Have something done that takes time, and count it where it fails."""
        settle = report.open() if report else None

        def done(trouble: str) -> None:
            if trouble:
                self._fail(1)
            if settle:
                settle(trouble)

        self._errands.run(order, action, done, passing=report is None)

    def _failures(self, firing: Firing) -> None:
        """Count the actions that came to nothing, and log them when that begins and ends."""
        name = firing.rule.name
        if not firing.failures:
            self._troubled.discard(name)
            return
        self._fail(len(firing.failures))
        if name not in self._troubled:
            self._troubled.add(name)
            _LOGGER.warning("rule %s: %s", name, firing.failures[0])

    def _fail(self, count: int) -> None:
        with self._lock:
            self._failed += count

    def _telling(self, firing: Firing) -> Callable[[Iterable[str]], None]:
        """Count a rule that fired, and return what tells the house how it ended."""
        with self._lock:
            self._fired += 1
        words = [doing(action) for action in firing.rule.then]
        told = self._announcer.acting(firing.rule.name, firing.trigger, words)
        return lambda troubles: told("; ".join(troubles))


def _local(clock: Clock) -> Callable[[int], datetime]:
    """Return what tells the time of day where the house is."""
    return lambda timestamp_ns: clock.wall_time(timestamp_ns).astimezone()
