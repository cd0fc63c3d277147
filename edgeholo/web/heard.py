"""What was last said on topics that rules speak of."""

from collections.abc import Sequence

from edgeholo import config
from edgeholo.errors import EdgeholoError
from edgeholo.publish.client import Received
from edgeholo.publish.glance import look

_MOST = 64
"""Topics; rules of a house speak of a handful."""
_BYTES = 1 << 20
_LONGEST_S = 2.0


def heard(options: config.Broker, topics: Sequence[str]) -> dict[str, bytes]:
    """Return the retained payload of each; nothing where the broker is away, or remembers nothing."""
    states: dict[str, bytes] = {}

    def take(message: Received) -> None:
        states[message.topic] = message.payload

    if topics:
        try:
            look(options, topics[:_MOST], take, longest_s=_LONGEST_S, most_bytes=_BYTES)
        except EdgeholoError:
            return {}
    return states
