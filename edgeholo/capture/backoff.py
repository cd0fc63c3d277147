"""Pauses between tries: doubling, capped, with jitter."""

import random


class Backoff:
    """Exponential back-off with jitter, so that many devices do not knock at the same moment.

    Args:
        first_s: the first pause, seconds.
        longest_s: the cap, seconds.
    """

    def __init__(self, first_s: float, longest_s: float) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._next_s = first_s

    def next_s(self) -> float:
        """Return how long to pause before the next try: 75 to 100 % of the step."""
        step_s = min(self._next_s, self._longest_s)
        self._next_s = 2 * step_s
        return step_s * random.uniform(0.75, 1.0)

    def reset(self) -> None:
        """Start again from the first pause."""
        self._next_s = self._first_s
