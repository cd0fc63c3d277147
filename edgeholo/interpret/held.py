"""What somebody shows with one part of the body, over time: scores in, steps out."""

from collections.abc import Mapping

from edgeholo.insight import Part, State
from edgeholo.interpret.doubts import Doubt, Doubts, unsure
from edgeholo.interpret.hand import static
from edgeholo.interpret.lexicon import Lexicon
from edgeholo.interpret.phases import Phases, Step

_HYSTERESIS = 0.25
"""A gesture that has begun stays while its confidence is no more than this below what it needed."""

_NOTHING = Doubt(State.NONE, "this looks like none of the gestures that it knows")
_UNSURE = Doubt(State.UNSURE, "")
"""Its words have figures in them, and are made when somebody asks."""
MOVING = Doubt(State.MOVING, "it moves: hold it still")


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
        self._scored: Mapping[str, float] = {}
        self._doubt: Doubt | None = None

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

    def update(self, t_s: float, scored: Mapping[str, float], *, steady: bool, doubts: Doubts) -> list[Step]:
        """Return what changed.

        Args:
            t_s: seconds.
            scored: how far each gesture is shown, 0..1; empty where the part was not found.
            steady: whether the part is held still; a gesture that has started may move.
            doubts: what is in the way of a gesture that starts now.
        """
        ahead = static.best(scored, self._names) if scored else None
        confidence = scored[ahead] if ahead else 0.0
        active = self._phases.active
        self._scored = scored
        self._doubt = None if ahead == active else self._judge(ahead, confidence, steady, doubts)
        kept = scored.get(active, 0.0) if active else 0.0
        return self._phases.update(
            t_s, None if self._doubt else ahead, confidence, kept=kept if kept > self._leave else 0.0
        )

    def finish(self) -> list[Step]:
        """Return the end of what has started."""
        return self._phases.finish()

    def part(self) -> Part:
        """Return what was made of the last update."""
        if (standing := self._phases.standing()) is not None:
            return standing
        return self.taken_for(self._scored, self._doubt or _NOTHING)

    def taken_for(self, scored: Mapping[str, float], doubt: Doubt) -> Part:
        """Return the best candidate among ``scored``, and what is in its way."""
        first, second = static.leaders(scored, self._names)
        if first is None:
            return Part(None, 0.0, doubt.state, why=doubt.why)
        if doubt is _NOTHING and second is not None:
            doubt = Doubt(State.UNSURE, f"{first} or {second}: show it more clearly")
        elif doubt is _UNSURE:
            doubt = unsure(scored[first], self._enter)
        return Part(first, scored[first], doubt.state, why=doubt.why)

    def _judge(self, ahead: str | None, confidence: float, steady: bool, doubts: Doubts) -> Doubt | None:
        """Return what is in the way of what is shown."""
        if ahead is None:
            return _NOTHING
        enough = self._leave if ahead in self._phases.current else self._enter
        if confidence < enough:
            return _UNSURE
        return doubts(ahead) if steady else MOVING
