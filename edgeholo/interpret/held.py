"""What somebody shows with one part of the body, over time: scores in, steps out."""

from collections.abc import Mapping

from edgeholo.interpret.changes import Allows
from edgeholo.interpret.hand import static
from edgeholo.interpret.lexicon import Lexicon
from edgeholo.interpret.phases import Phases, Step

_HYSTERESIS = 0.25
"""A gesture that has begun stays while its confidence is no more than this below what it needed."""


class Held:
    """Follows the gestures of one part, of which one is shown at a time.

    Args:
        lexicon: what is looked for.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._phases = Phases(lexicon.timings)
        self._names = frozenset(lexicon.timings)
        self._enter = lexicon.confidence
        self._leave = max(0.0, lexicon.confidence - _HYSTERESIS)

    @property
    def active(self) -> str | None:
        """The gesture that has started and not ended."""
        return self._phases.active

    @property
    def busy(self) -> bool:
        """Whether a gesture has started, or is in its onset."""
        return bool(self._phases.current)

    @property
    def idle(self) -> bool:
        """Whether forgetting this part changes nothing."""
        return self._phases.idle

    def update(self, t_s: float, scored: Mapping[str, float], *, steady: bool, allows: Allows) -> list[Step]:
        """Return what changed.

        Args:
            t_s: seconds.
            scored: how far each gesture is shown, 0..1; empty where the part was not found.
            steady: whether the part is held still; a gesture that has started may move.
            allows: whether a gesture may start now.
        """
        ahead = static.best(scored, self._names) if scored else None
        confidence = scored[ahead] if ahead else 0.0
        active = self._phases.active
        enough = self._leave if ahead in self._phases.current else self._enter
        shown = ahead if ahead == active or (confidence >= enough and steady and ahead and allows(ahead)) else None
        kept = scored.get(active, 0.0) if active else 0.0
        return self._phases.update(t_s, shown, confidence, kept=kept if kept > self._leave else 0.0)

    def finish(self) -> list[Step]:
        """Return the end of what has started."""
        return self._phases.finish()
