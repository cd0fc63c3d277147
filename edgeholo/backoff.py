"""Pauses between tries: doubling, capped, with jitter."""

import random


class Backoff:
    """Exponential back-off with jitter, so that twenty devices do not knock together when the broker comes back.

    Args:
        first_s: the first pause, seconds.
        longest_s: the cap, seconds.
        source: of the jitter.
    """

    def __init__(self, first_s: float, longest_s: float, source: random.Random | None = None) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._random = source or random.Random()
        self._step_s = min(first_s, longest_s)

    def next_s(self) -> float:
        """Return how long to pause before the next try: between a half and the whole of the step."""
        step_s = self._step_s
        self._step_s = min(2 * step_s, self._longest_s)
        return step_s * self._random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Start again from the first pause."""
        self._step_s = min(self._first_s, self._longest_s)
