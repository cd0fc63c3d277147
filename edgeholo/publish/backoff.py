"""How long to wait before the next try."""

import random

FIRST_S = 1.0
"""A broker that was restarted is back within a second or two."""


class Backoff:
    """Doubling pauses with jitter, so that twenty devices do not knock together when the broker comes back.

    Args:
        longest_s: the pauses grow to this and stay there.
        source: of the jitter.
    """

    def __init__(self, longest_s: float, source: random.Random | None = None) -> None:
        self._longest_s = longest_s
        self._random = source or random.Random()
        self._pause_s = FIRST_S

    def next_s(self) -> float:
        """Return the next pause: between a half and the whole of what it has grown to."""
        pause_s = min(self._pause_s, self._longest_s)
        self._pause_s = min(2 * pause_s, self._longest_s)
        return pause_s * self._random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Begin again with the shortest pause."""
        self._pause_s = FIRST_S
