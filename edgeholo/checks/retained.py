"""What the broker remembers of this unit."""

import json
from typing import Any

from edgeholo.config import Config
from edgeholo.errors import EdgeholoError
from edgeholo.publish.embedded import EMBEDDED
from edgeholo.publish.publisher import NO_BROKER
from edgeholo.publish.subscriber import Subscriber

_QUIET_S = 0.5
"""Retained messages come at once."""


def heard(config: Config) -> dict[str, dict[str, Any]]:
    """Return the retained states of this device by topic below its own; nothing where no broker tells."""
    if config.broker.url in (NO_BROKER, EMBEDDED):
        return {}
    own = f"{config.publish.base}/{config.device.id}/"
    states: dict[str, dict[str, Any]] = {}
    try:
        with Subscriber(config.broker, [f"{own}#"]) as subscriber:
            # A daemon that streams landmarks is never quiet; the retained ones come first.
            for message in subscriber.messages(quiet_s=_QUIET_S):
                if not message.retained:
                    break
                states[message.topic.removeprefix(own)] = _fields(message.payload)
    except EdgeholoError:
        return {}
    return states


def _fields(payload: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(payload)
    except ValueError:
        return {"text": payload.decode(errors="replace")}
    return fields if isinstance(fields, dict) else {"text": str(fields)}
