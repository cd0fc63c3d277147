"""A look at what the broker remembers: retained messages of some topics, handed on one by one, within bounds."""

import secrets
import threading
import time
from collections.abc import Callable, Sequence

from edgeholo import config
from edgeholo.publish import address
from edgeholo.publish.client import Received
from edgeholo.publish.link import Link
from edgeholo.publish.outbox import Outbox

_QUIET_S = 0.4
"""Retained messages come at once, and without a pause."""
_GOODBYE_S = 1.0


def look(
    options: config.Broker,
    filters: Sequence[str],
    take: Callable[[Received], None],
    *,
    longest_s: float = 5.0,
    most_bytes: int = 16 << 20,
) -> None:
    """Hand every message of some topics to ``take`` until there is a pause; it is called in another thread, one at a time.

    Args:
        options: where the broker is.
        filters: topic filters.
        take: takes a message, and raises nothing.
        longest_s: seconds after which it is over in any case.
        most_bytes: of payload, after which the rest is left.

    Raises:
        ConfigError: the options make no sense.
        BrokerError: there is no broker.
    """
    heard = threading.Event()
    left = most_bytes

    def hear(message: Received) -> None:
        nonlocal left
        heard.set()
        left -= len(message.payload) + len(message.topic)
        if left > 0:
            take(message)

    name = f"edgeholo-look-{secrets.token_hex(4)}"
    link = Link(lambda: address.parse(options), options, Outbox(size=1, expire_s=1.0), client_id=name)
    subscriptions = [link.subscribe(topic_filter, hear, qos=0) for topic_filter in filters]
    link.start()
    try:
        deadline_s = time.monotonic() + longest_s
        for subscription in subscriptions:
            link.settle(subscription, deadline_s)
        while left > 0 and time.monotonic() < deadline_s and heard.wait(_QUIET_S):
            heard.clear()
    finally:
        link.stop(_GOODBYE_S)
