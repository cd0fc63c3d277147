"""Messages on their way from the connection's thread to the loop: bounded, and one wake-up for many."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable

from edgeholo.publish.client import Received

_BYTES = 4 << 20
"""Payload that waits: a minute of landmarks of ten units, or a flood that is not worth more."""
_EACH = 300
"""Bytes a message costs beside topic and payload."""
_TURN = 100
"""Messages handed on before others in the loop have their turn."""


class Inbox:
    """Hands messages over.

    Args:
        loop: in which they are taken.
        take: called there with each.

    Attributes:
        lost: messages that found no room.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, take: Callable[[Received], None]) -> None:
        self._loop, self._take = loop, take
        self._lock = threading.Lock()
        self._waiting: deque[Received] = deque()
        self._bytes = 0
        self._called = False
        self.lost = 0

    def put(self, message: Received) -> None:
        """Take a message, from any thread."""
        with self._lock:
            if self._bytes + _size(message) > _BYTES:
                self.lost += 1
                return
            self._bytes += _size(message)
            self._waiting.append(message)
            if self._called:
                return
            self._called = True
        try:
            self._loop.call_soon_threadsafe(self._hand_on)
        except RuntimeError:  # The loop has ended while we were being stopped.
            return

    def _hand_on(self) -> None:
        with self._lock:
            messages = [self._waiting.popleft() for _ in range(min(_TURN, len(self._waiting)))]
            self._bytes -= sum(map(_size, messages))
            self._called = bool(self._waiting)
        for message in messages:
            self._take(message)
        if self._called:
            self._loop.call_soon(self._hand_on)


def _size(message: Received) -> int:
    return len(message.payload) + len(message.topic) + _EACH
