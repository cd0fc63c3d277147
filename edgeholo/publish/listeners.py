"""Whether anybody subscribes to a topic: MQTT 5 brokers say so when they acknowledge a message (reason code 0x10)."""

import os
import secrets
import time
from collections.abc import Callable, Mapping

from edgeholo import config
from edgeholo.errors import BrokerError
from edgeholo.publish import address
from edgeholo.publish.age import now_s
from edgeholo.publish.client import Client, Received
from edgeholo.types import Message, MessageKind

_PATIENCE_S = 5.0
"""A broker that is there acknowledges within milliseconds."""
_TURN_S = 0.2
"""How often it is looked whether the broker has answered."""


class _Asker:
    """Waits for one acknowledgement."""

    def __init__(self) -> None:
        self.answered = False
        self.refusal = ""

    def received(self, message: Received) -> None:
        """Subscribe to nothing, and receive nothing."""

    def acknowledged(self, mid: int, refusal: str) -> None:  # noqa: ARG002 - there is only one
        """Note that the broker has the message."""
        self.answered, self.refusal = True, refusal

    def subscribed(self, mid: int, refusal: str) -> None:
        """Subscribe to nothing."""


def anybody_listens(options: config.Broker, topic: str, environment: Mapping[str, str] = os.environ) -> bool | None:
    """Return whether anybody subscribes to a topic, which gets an empty message that is not retained; None where nobody can tell.

    Raises:
        ConfigError: the options make no sense.
        BrokerError: there is no broker.
    """
    asker = _Asker()
    client_id = f"edgeholo-asker-{secrets.token_hex(4)}"
    where = address.parse(options, environment)
    if options.protocol == "3.1.1":
        return None
    client = Client(where, asker, client_id=client_id, version="5", keepalive_s=options.keepalive_s, will=None)
    client.open()
    wake = os.eventfd(0, os.EFD_NONBLOCK)
    try:
        _until(client, wake, lambda: client.ready)
        client.publish(Message(topic, b"", MessageKind.EVENT, qos=1, retain=False), now_s())
        _until(client, wake, lambda: asker.answered)
    finally:
        client.close()
        os.close(wake)
    if asker.refusal:
        return None
    return not client.unheard


def _until(client: Client, wake: int, done: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + _PATIENCE_S
    while not done():
        client.turn(_TURN_S, wake)
        if time.monotonic() > deadline_s:
            raise BrokerError("the broker does not answer")
