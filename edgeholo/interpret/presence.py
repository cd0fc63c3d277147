"""Whether somebody is there, and how many: settled in seconds, not in frames."""

import logging

from edgeholo.anatomy import believable
from edgeholo.config import PresenceOptions
from edgeholo.types import People
from edgeholo.types import Presence as PresenceChange

_LOGGER = logging.getLogger(__name__)


class Presence:
    """Follows the number of people in the picture.

    Args:
        options: the ``presence`` section.
    """

    def __init__(self, options: PresenceOptions) -> None:
        self._options = options
        self._count = 0
        self._since_ns: int | None = None
        self._differs_since_ns: int | None = None
        self._seen = 0
        self._told = False
        self._last_ns: int | None = None

    def update(self, people: People) -> PresenceChange | None:
        """Return the change once it is settled, or once that nobody came; a frame that nothing looked at says nothing."""
        now_ns = people.timestamp_ns
        if not people.ran or self._last_ns == now_ns:
            return None
        if self._last_ns is not None and now_ns < self._last_ns:
            self._since_ns = self._differs_since_ns = None
        self._last_ns = now_ns
        self._since_ns = now_ns if self._since_ns is None else self._since_ns
        # Whose body is not looked for in this frame is there on the engine's word.
        seen = sum(person.pose is None or believable(person, people.size) for person in people.persons)
        if seen == self._count:
            self._differs_since_ns = None
            return self._tell_of_nobody(now_ns, self._since_ns)
        if self._differs_since_ns is None or (seen > self._count) != (self._seen > self._count):
            self._differs_since_ns = now_ns
        self._seen = seen
        return self._settle(seen, now_ns, self._differs_since_ns)

    def _tell_of_nobody(self, now_ns: int, since_ns: int) -> PresenceChange | None:
        """Return once, after a start, that nobody is there: the house may still believe what was true before."""
        if self._told or self._count or (now_ns - since_ns) / 1e9 < self._options.leave_s:
            return None
        self._told = True
        return PresenceChange(present=False, count=0, since_ns=since_ns, timestamp_ns=now_ns)

    def _settle(self, seen: int, now_ns: int, since_ns: int) -> PresenceChange | None:
        wait_s = self._options.appear_s if seen > self._count else self._options.leave_s
        if (now_ns - since_ns) / 1e9 < wait_s:
            return None
        if (seen > 0) != (self._count > 0):
            self._since_ns = since_ns
            _LOGGER.info("somebody is there" if seen else "nobody is there")
        self._count = seen
        self._told = True
        self._differs_since_ns = None
        return PresenceChange(seen > 0, seen, since_ns if self._since_ns is None else self._since_ns, now_ns)
