"""What took how long."""

import contextlib
import time
from collections.abc import Iterator


class Stopwatch:
    """Adds up milliseconds by what they were spent on.

    Attributes:
        parts_ms: by name, in the order of their first time.
    """

    def __init__(self) -> None:
        self.parts_ms: dict[str, float] = {}

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count the time until the context ends."""
        start_s = time.perf_counter()
        try:
            yield
        finally:
            self.parts_ms[name] = self.parts_ms.get(name, 0.0) + (time.perf_counter() - start_s) * 1000
