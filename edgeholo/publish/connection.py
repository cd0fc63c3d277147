"""One device at one broker: its topics, its sender, and the broker itself where that is ours."""

import contextlib
import logging
from dataclasses import dataclass

from edgeholo import kept
from edgeholo.config import Config
from edgeholo.publish import embedded
from edgeholo.publish.address import shown
from edgeholo.publish.introduction import Introduction
from edgeholo.publish.publisher import Sender, open_publisher
from edgeholo.publish.topics import Topics

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Connection:
    """What the daemon sends through.

    Attributes:
        url: of the broker, without a password.
        topics: of this device.
        sender: where messages go.
        introduction: to Home Assistant.
    """

    url: str
    topics: Topics
    sender: Sender
    introduction: Introduction
    _broker: contextlib.ExitStack

    def start(self) -> None:
        """Begin to connect, and return at once."""
        _LOGGER.info("broker: %s", self.url)
        self.sender.start()

    def close(self) -> None:
        """Say goodbye, and end the broker where it is ours."""
        self.sender.stop()
        self._broker.close()


def open_connection(config: Config) -> Connection:
    """Return a connection that is not started yet.

    Raises:
        ConfigError: the options make no sense.
        BrokerError: there is no broker to embed.
    """
    with contextlib.ExitStack() as stack:
        broker = stack.enter_context(embedded.started(config.broker))
        topics = Topics(config.publish.base, config.device.id)
        journal = (
            kept.folder(config.device.id) / f"events-{config.device.id}.journal" if config.publish.journal else None
        )
        sender = open_publisher(broker, config.publish, topics, journal)
        introduction = Introduction(topics, sender, config.publish.discovery)
        introduction.listen()
        return Connection(shown(broker.url), topics, sender, introduction, stack.pop_all())
