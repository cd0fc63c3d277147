"""What the branches of a frame cost: processor time of the threads that worked on them, never time of day."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class Costs:
    """The meter of an engine. Several threads may measure at once, each a branch of its own."""

    def __init__(self) -> None:
        self._ns: dict[str, int] = {}

    def begin(self) -> None:
        """Begin a frame."""
        self._ns = {}

    @contextmanager
    def of(self, branch: str) -> Iterator[None]:
        """Add what this thread does meanwhile to a branch."""
        began_ns = time.thread_time_ns()
        try:
            yield
        finally:
            self._ns[branch] = self._ns.get(branch, 0) + time.thread_time_ns() - began_ns

    def ms(self) -> Mapping[str, float]:
        """Return milliseconds of this frame by branch; those that did not run are not in it."""
        return {branch: cost / 1e6 for branch, cost in self._ns.items()}
