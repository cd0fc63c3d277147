"""Who has signed in: random numbers in memory, which end with the process, after a while, or when somebody signs out."""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable

_SESSIONS = 100
"""Browsers that are signed in at once; the one that was used longest ago makes room."""
_IDLE_S = 12 * 3600.0
"""A page that nobody has looked at since the morning is signed out by night."""


class Sessions:
    """The sessions.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        # By hash: what memory holds opens nothing, and how long a look-up takes tells nothing.
        self._used_s: OrderedDict[bytes, float] = OrderedDict()

    def begin(self) -> str:
        """Return what the browser is to show from now on."""
        number = secrets.token_urlsafe(32)
        self._used_s[_hashed(number)] = self._clock()
        while len(self._used_s) > _SESSIONS:
            self._used_s.popitem(last=False)
        return number

    def use(self, number: str) -> bool:
        """Return whether a session lasts, and prolong it."""
        key = _hashed(number)
        used_s = self._used_s.pop(key, None)
        if used_s is None or self._clock() - used_s > _IDLE_S:
            return False
        self._used_s[key] = self._clock()
        return True

    def end(self, number: str) -> None:
        """Forget a session."""
        self._used_s.pop(_hashed(number), None)


def _hashed(number: str) -> bytes:
    return hashlib.sha256(number.encode(errors="replace")).digest()
