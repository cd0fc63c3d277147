"""Rules at a real broker, without camera and daemon: what somebody does is said by the test."""

from pathlib import Path
from typing import Self

from edgeholo import config
from edgeholo.clock import Clock
from edgeholo.publish.announcer import Announcer
from edgeholo.publish.client import Received
from edgeholo.publish.publisher import Publisher
from edgeholo.publish.topics import Topics
from edgeholo.reactions import Reactions
from edgeholo.rulebook import Rulebook
from edgeholo.types import Message, MessageKind, Observation, People
from tests.fake_devices.device import FakeDevice
from tests.real_broker import options, until
from tests.rule_cases import gesture, value


class RuleKeeper:
    """Rules at work; a context manager.

    Args:
        folder: for the file.
        url: of the broker.
        then: what a thumb up does, as an inline table or a list of them.
        height: what the height of a hand does; empty for nothing.
    """

    def __init__(self, folder: Path, url: str, then: str, height: str = "") -> None:
        file = folder / "rules.toml"
        rules = f'[[rule]]\nwhen = {{ gesture = "thumb_up" }}\nthen = {then}\n'
        if height:
            rules += f'[[rule]]\nwhen = {{ value = "height" }}\nthen = {height}\n'
        file.write_text(rules, encoding="utf-8")
        tree, topics, clock = config.Config(), Topics("edgeholo", "hall"), Clock(live=False)
        self._publisher = Publisher(options(url), tree.publish, topics)
        self._reactions = Reactions(tree, Rulebook(lambda _: file))
        self._reactions.open(self._publisher, Announcer(topics, self._publisher, clock, tree.publish), clock)
        self._publisher.subscribe("marks", self._marked)
        self._t_s, self._marks, self._mark = 0.0, 0, ""

    def thumb_up(self) -> None:
        """Show a thumb, and wait until the broker has all that follows."""
        self._t_s += 1
        self._observe(gesture(t_s=self._t_s))
        self.settle()

    def hand(self, *heights: float) -> None:
        """Move a hand from height to height, a second apart, and let go at the last."""
        for number, height in enumerate(heights):
            self._t_s += 1
            phase = "begin" if number == 0 else "change"
            self._observe(value(height, self._t_s, phase))  # type: ignore[arg-type]
        self._observe(value(heights[-1], self._t_s, "end"))
        self.settle()

    def hear_out(self, device: FakeDevice) -> None:
        """Wait until the rules have heard all that a device has said."""
        self._marks += 1
        device.mark("marks", str(self._marks))
        until(lambda: self._mark == str(self._marks))

    def settle(self) -> None:
        """Wait until the broker has all that was said."""
        until(lambda: self._publisher.connected and not self._publisher.counts()["queued"])

    def __enter__(self) -> Self:
        self._publisher.start()
        # It leaves after all subscriptions: what is said from then on is heard.
        self._publisher.send(Message("marks", b"begin", MessageKind.EVENT, qos=1, retain=False))
        until(lambda: self._mark == "begin")
        return self

    def __exit__(self, *_: object) -> None:
        self._reactions.close()
        self._publisher.stop()

    def _marked(self, message: Received) -> None:
        self._mark = message.payload.decode()

    def _observe(self, observation: Observation) -> None:
        people = People((), frozenset(), (640, 480), observation.timestamp_ns, 0)
        self._reactions.understood(people, [observation])
