"""The devices that were seen on the broker, for drop-downs: what they retain there, read when somebody asks."""

import threading
import time
from collections.abc import Callable

import msgspec

from edgeholo.config import Config
from edgeholo.publish.client import Received
from edgeholo.publish.glance import look
from edgeholo.web.device_kinds import LOOKS, STRANGE, Seen

MOST = 500
"""Devices that are listed; a large home has a hundred."""
_REST_S = 15.0
"""Whoever asks again so soon is told the same: a look costs the broker all that it remembers."""
_LONGEST = 4 << 20
"""Bytes of a message: Zigbee2MQTT's list of a hundred devices is half of it."""
_TOPIC = 200


class Device(msgspec.Struct, frozen=True):
    """A device, or one part of it.

    Attributes:
        kind: of the action that commands it.
        address: what stands behind the kind.
        name: as people call it, else its address.
        can: options that it takes; the others of its kind it does not, as far as it has told.
        options: what must stand beside the address to mean this part, ``{"relay": 2}``.
        payloads: of kind ``mqtt``, what it takes.
    """

    kind: str
    address: str
    name: str
    can: list[str]
    options: dict[str, str | int]
    payloads: list[str]


class Devices(msgspec.Struct, frozen=True):
    """What was seen.

    Attributes:
        devices: by kind and name.
        more: how many there was no room for.
    """

    devices: list[Device]
    more: int


class Neighbourhood:
    """Looks around, and remembers for a while what it saw.

    Args:
        find: returns the configuration: where the broker is, and which topics are whose.
        clock: seconds that only grow.
    """

    def __init__(self, find: Callable[[], Config], clock: Callable[[], float] = time.monotonic) -> None:
        self._find, self._clock = find, clock
        self._lock = threading.Lock()
        self._last: tuple[float, Devices] | None = None

    def devices(self) -> Devices:
        """Return what there is; takes a second or a few.

        Raises:
            ConfigError: the options of the broker make no sense.
            BrokerError: there is no broker.
        """
        with self._lock:
            if self._last is None or self._clock() - self._last[0] > _REST_S:
                self._last = self._clock(), self._look()
            return self._last[1]

    def _look(self) -> Devices:
        config = self._find()
        collection = Collection(config.publish.discovery or "homeassistant", config.publish.base)
        look(config.broker, collection.filters, collection.hear)
        return collection.devices()


class Collection:
    """What was seen so far; takes whatever anybody sends.

    Args:
        discovery: prefix of Home Assistant's discovery.
        own: base topic of edgeholo.

    Attributes:
        filters: topics to look at.
    """

    def __init__(self, discovery: str, own: str) -> None:
        self._readers = {each.replace("DISCOVERY", discovery): reader for each, reader in LOOKS.items()}
        self._own = f"{own}/"
        self._seen: dict[tuple[object, ...], Seen] = {}
        self._more = 0
        self.filters = list(self._readers)

    def hear(self, message: Received) -> None:
        """Take a message."""
        if len(message.payload) > _LONGEST or len(message.topic) > _TOPIC or not message.payload:
            return
        levels = message.topic.split("/")
        for topic_filter, reader in self._readers.items():
            if _fits(topic_filter.split("/"), levels):
                try:
                    for seen in reader(levels, message.payload):
                        self._add(seen)
                except STRANGE:
                    # Whatever it is, it is none of the messages that we know.
                    continue

    def devices(self) -> Devices:
        """Return them, those that do nothing left out."""
        # A whole Shelly is of no use beside its parts.
        parts = {(seen.kind, seen.address) for seen in self._seen.values() if seen.options.get("component")}
        found = [
            Device(seen.kind, seen.address, seen.name or seen.address, sorted(seen.can), seen.options, seen.payloads)
            for seen in self._seen.values()
            if seen.can
            and not (seen.kind == "shelly" and "component" not in seen.options and (seen.kind, seen.address) in parts)
        ]
        return Devices(sorted(found, key=lambda one: (one.kind, one.name, str(one.options))), self._more)

    def _add(self, seen: Seen) -> None:
        if seen.address.startswith(self._own):
            return
        key = (seen.kind, seen.address, *sorted(seen.options.items()))
        known = self._seen.get(key)
        if known is None and len(self._seen) >= MOST:
            self._more += 1
        elif known is None:
            self._seen[key] = seen
        else:
            self._seen[key] = known.with_more(seen)


def _fits(topic_filter: list[str], levels: list[str]) -> bool:
    return len(topic_filter) == len(levels) and all(
        wanted in ("+", level) for wanted, level in zip(topic_filter, levels, strict=True)
    )
