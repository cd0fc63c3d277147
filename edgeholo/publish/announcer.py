"""What the house is told, and when: observations, landmarks at their rate, health at its interval."""

import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from edgeholo.cadence import Cadence
from edgeholo.clock import Clock, boot_ns, time_of
from edgeholo.config import Publish
from edgeholo.health import Health
from edgeholo.insight import Insight
from edgeholo.publish.commands import Command
from edgeholo.publish.newest import Newest
from edgeholo.publish.publisher import Sender
from edgeholo.publish.rhythm import Rhythm
from edgeholo.publish.snapshot import Snapshot
from edgeholo.publish.topics import Topics
from edgeholo.publish.watching import Watching
from edgeholo.types import Armed, CameraState, Gesture, Message, Observation, People, Presence, Quality, Value
from edgeholo.update.versions import Report

_INSIGHTS_HZ = 5.0
"""Words are read, and a word that stands for less than a fifth of a second is not."""


class Announcer:
    """Turns what was understood into messages and sends them.

    Args:
        topics: of this device.
        sender: where they go.
        clock: that of the frames.
        options: rates.

    Attributes:
        watching: who looks on, and gets skeletons and insight whatever the options say.
    """

    def __init__(self, topics: Topics, sender: Sender, clock: Clock, options: Publish) -> None:
        self._states: dict[str, Callable[[Topics], Message]] = {}
        self._topics = topics
        self._sender = sender
        self._clock = clock
        self._options = options
        self._newest = Newest()
        self._rhythm = Rhythm()
        self._snapshot = Snapshot()
        self._seq = 0
        self._numbers: dict[Observation, int] = {}
        self._run = secrets.token_hex(4)
        self._now_ns = 0
        self._shows = Cadence()
        self._explains = Cadence()
        self.watching = Watching()

    def understood(self, people: People, observations: Iterable[Observation]) -> None:
        """Send what a frame meant."""
        self._now_ns = people.timestamp_ns
        self.observed(observations)
        if drawing := self._snapshot.update(people):
            self._sender.send(self._topics.skeleton(drawing))
        if rate_hz := max(self.watching.hz, self._options.landmarks_hz if self._options.landmarks else 0.0):
            self._landmarks(self._newest.completed(people), rate_hz)

    def observed(self, observations: Iterable[Observation]) -> None:
        """Send what was observed, and the values whose time has come with the last frame."""
        values: list[Value] = []
        self._numbers = {}
        for observation in observations:
            if isinstance(observation, Value):
                values.append(observation)
            else:
                self._sender.send(self._message(observation))
        for value in self._rhythm.due(values, self._now_ns, self._options.values_hz):
            self._sender.send(self._topics.value(value))

    def explains(self, timestamp_ns: int) -> bool:
        """Return whether those who watch are to be told now what was made of a frame; ask for each while somebody watches."""
        return self._explains.due(timestamp_ns, _INSIGHTS_HZ)

    def explained(self, insight: Insight) -> None:
        """Tell those who watch what was made of a frame."""
        self._sender.send(self._topics.insight(insight, time=self._clock.wall_time(insight.timestamp_ns)))

    def _landmarks(self, shown: People, rate_hz: float) -> None:
        """Send a skeleton, if it is time for one."""
        if self._shows.due(shown.timestamp_ns, rate_hz):
            time = self._clock.wall_time(shown.timestamp_ns)
            self._sender.send(self._topics.landmarks(shown, time=time))

    def acting(self, rule: str, trigger: Observation, actions: Iterable[str]) -> Callable[[str], None]:
        """Return what any thread may call to say how a rule ended that fires now.

        Args:
            rule: its name.
            trigger: what set it off; numbered where it was said with the last frame.
            actions: what it does, in words.
        """
        seq, time = self._numbers.get(trigger), self._clock.wall_time(trigger.timestamp_ns)
        sure = self._clock.sure

        def end(error: str) -> None:
            self._sender.send(
                self._topics.action(
                    rule=rule,
                    trigger=trigger,
                    actions=actions,
                    error=error,
                    seq=seq,
                    run=self._run,
                    time=time,
                    sure=sure,
                )
            )

        return end

    def begin(self) -> None:
        """Say that the picture is good, which holds until the quality gate finds otherwise, whatever was said before us."""
        self._sender.send(self._state("quality", lambda topics: topics.quality(Quality("ok", "", 0))))

    def learning(self, name: str, state: str, shows_done: int, shows_wanted: int, hint: str) -> None:
        """Send how a lesson goes."""
        self._sender.send(
            self._state(
                "learn",
                lambda topics: topics.learn(
                    name=name, state=state, shows_done=shows_done, shows_wanted=shows_wanted, hint=hint
                ),
            )
        )

    def nobody(self) -> None:
        """Say that nobody is seen: no camera looks any more."""
        self._sender.send(self._present(Presence(present=False, count=0, since_ns=0, timestamp_ns=0), boot_ns()))

    def disarmed(self) -> None:
        """Say that gestures wait for the wake gesture, whatever was said before us."""
        self._sender.send(self._armed(Armed(armed=False, timestamp_ns=0), boot_ns()))

    def draw(self) -> None:
        """Send a drawing of whoever is there, as soon as there is one."""
        self._snapshot.ask()

    def refused(self, option: str, value: str, error: str) -> None:
        """Say why a command was not obeyed."""
        now, sure = datetime.now(UTC), self._clock.sure
        self._sender.send(self._topics.error(option=option, value=value, error=error, time=now, sure=sure))

    def answer(self, command: Command, value: object, error: str) -> None:
        """Tell the one who asked what became of a command."""
        self._sender.send(
            self._topics.answer(command.answer_to, command.correlation, option=command.option, value=value, error=error)
        )

    def take(self, options: Publish) -> None:
        """Take other rates."""
        self._options = options

    def move(self, topics: Topics, sender: Sender) -> None:
        """Go on with another sender, or as another device: there nobody knows yet how things are."""
        self._topics, self._sender = topics, sender
        for state in self._states.values():
            sender.send(state(topics))

    def correct(self) -> None:
        """Say again since when things are as they are: the clock was set, or became right."""
        for name in ("presence", "armed"):
            if name in self._states:
                self._sender.send(self._states[name](self._topics))

    def camera(self, state: CameraState) -> None:
        """Send how the camera is."""
        self._sender.send(self._state("camera", lambda topics: topics.camera(state)))

    def updates(self, installed: str, report: Report) -> None:
        """Send which version is here, and how its updates go."""
        self._sender.send(self._state("update", lambda topics: topics.update(installed, report)))

    def health(self, health: Health) -> None:
        """Send how the daemon is."""
        self._sender.send(self._topics.health(health))

    def _message(self, observation: Armed | Gesture | Presence | Quality) -> Message:
        if isinstance(observation, Gesture):
            self._seq += 1
            self._numbers[observation] = self._seq
            time = self._clock.wall_time(observation.timestamp_ns)
            return self._topics.gesture(observation, seq=self._seq, run=self._run, time=time, sure=self._clock.sure)
        if isinstance(observation, Presence):
            return self._present(observation, self._clock.moment_ns(observation.since_ns))
        if isinstance(observation, Armed):
            return self._armed(observation, self._clock.moment_ns(observation.timestamp_ns))
        return self._state("quality", lambda topics: topics.quality(observation))

    def _present(self, presence: Presence, since_ns: int) -> Message:
        return self._state(
            "presence", lambda topics: topics.presence(presence, since=time_of(since_ns), sure=self._clock.sure)
        )

    def _armed(self, armed: Armed, since_ns: int) -> Message:
        return self._state("armed", lambda topics: topics.armed(armed, since=time_of(since_ns), sure=self._clock.sure))

    def _state(self, name: str, message: Callable[[Topics], Message]) -> Message:
        """Return a message of how something is, and remember it for ``move``."""
        self._states[name] = message
        return message(self._topics)
