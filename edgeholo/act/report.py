"""How it ended: told once, when all that a rule wants was done or has failed."""

import threading
from collections.abc import Callable


class Report:
    """Waits for the end of several things; any thread may bring one.

    Args:
        tell: called once, with what failed.
        troubles: that are known already.
    """

    def __init__(self, tell: Callable[[list[str]], None], troubles: list[str]) -> None:
        self._tell = tell
        self._troubles = troubles
        self._lock = threading.Lock()
        self._open = 1

    def open(self) -> Callable[[str], None]:
        """Return what is to be called with how one thing ended: empty, or what went wrong."""
        with self._lock:
            self._open += 1
        return self._settle

    def close(self) -> None:
        """Wait for no more than what was opened so far."""
        self._settle("")

    def _settle(self, trouble: str) -> None:
        with self._lock:
            self._open -= 1
            if trouble:
                self._troubles.append(trouble)
            over = not self._open
        if over:
            self._tell(self._troubles)
