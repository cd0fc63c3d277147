"""Things that happen so often a second, and no more, however the frames come."""


class Cadence:
    """Says when it is time again: at even distances, so many a second on average, and no burst after a pause."""

    def __init__(self) -> None:
        self._next_ns: int | None = None
        self._frame_ns = 0

    def due(self, timestamp_ns: int, rate_hz: float) -> bool:
        """Return whether it is time; what comes late does not delay what follows. After a step back in time it is.

        Args:
            timestamp_ns: of a frame; ask for each.
            rate_hz: how often a second, at most.
        """
        back = timestamp_ns < self._frame_ns
        self._frame_ns = timestamp_ns
        if self._next_ns is not None and not back and timestamp_ns < self._next_ns:
            return False
        due_ns = timestamp_ns if self._next_ns is None or back else self._next_ns
        self._next_ns = max(due_ns + int(1e9 / rate_hz), timestamp_ns)
        return True

    def reset(self) -> None:
        """Begin anew: it is time with the next frame."""
        self._next_ns = None
