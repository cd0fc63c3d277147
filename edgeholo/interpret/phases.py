"""The life of a gesture on one part of a body: onset, start, hold, repeat, end, rest. Time comes in with the data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from edgeholo.insight import Part, State
from edgeholo.interpret.timing import Timing
from edgeholo.types import Phase

GAP_S = 1.0
"""Over a longer pause without pictures nothing is known: what was shown before and after it was not shown throughout."""

_SHORTEST_S = 0.1
"""The least that is left, in words: nobody can hold anything for 0.0 seconds."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change in a gesture's life.

    Attributes:
        name: of the gesture.
        phase: start, hold, repeat or end.
        confidence: 0..1; of an end, the best while it was shown.
        duration_s: since the start; of an end, until it was last seen.
    """

    name: str
    phase: Phase
    confidence: float
    duration_s: float


@dataclass(slots=True)
class _Onset:
    """A gesture that may become one: ``shown_s`` is the time between sightings that followed each other."""

    name: str
    confidence: float
    shown_s: float = 0.0


@dataclass(slots=True)
class _Active:
    """A gesture that has started; ``due_s`` after its start it counts as held, and then again and again."""

    name: str
    start_s: float
    seen_s: float
    confidence: float
    due_s: float
    held: bool = False


class Phases:
    """Turns what one part shows from frame to frame into starts, holds and ends: one gesture at a time.

    A gesture must be seen in frame after frame for its onset; one frame without it, or with another, begins anew.
    Frames that are not later than the last one are passed over, after a step back in time everything begins anew.

    Args:
        timings: of the gestures that count, by name.
    """

    def __init__(self, timings: Mapping[str, Timing]) -> None:
        self._timings = timings
        self._t_s: float | None = None
        self._onset: _Onset | None = None
        self._active: _Active | None = None
        self._rests_until_s: dict[str, float] = {}

    @property
    def active(self) -> str | None:
        """The gesture that has started and not ended."""
        return self._active.name if self._active else None

    @property
    def current(self) -> tuple[str, ...]:
        """The gestures that need only be kept up: the active one and the one in its onset."""
        return tuple(part.name for part in (self._active, self._onset) if part)

    @property
    def idle(self) -> bool:
        """Whether forgetting this part changes nothing."""
        return self._active is None and self._onset is None and not self._rests_until_s

    def standing(self) -> Part | None:
        """Return the gesture that grows, or else the one that has started, as of the last frame; None for neither."""
        if self._onset is not None and self._t_s is not None:
            onset, timing = self._onset, self._timings[self._onset.name]
            rests_s = self._rests_until_s.get(onset.name, self._t_s) - self._t_s
            left_s = max(timing.onset_s - onset.shown_s, _SHORTEST_S)
            progress = min(onset.shown_s / timing.onset_s, 1.0) if timing.onset_s else 1.0
            if rests_s > left_s:
                why = f"it has just ended, and rests for {rests_s:.1f} s more"
                return Part(onset.name, onset.confidence, State.RESTING, progress, why)
            return Part(onset.name, onset.confidence, State.ONSET, progress, f"hold it for {left_s:.1f} s more")
        if self._active is not None and self._t_s is not None:
            active, hold_s = self._active, self._timings[self._active.name].hold_s
            progress = min((self._t_s - active.start_s) / hold_s, 1.0) if hold_s else 1.0
            return Part(active.name, active.confidence, State.ACTIVE, progress)
        return None

    def update(self, t_s: float, shown: str | None, confidence: float, *, kept: float = 0.0) -> list[Step]:
        """Return what changed.

        Args:
            t_s: seconds.
            shown: the gesture that is clearly shown, None for none.
            confidence: of ``shown``.
            kept: confidence with which the active gesture is still shown, 0 when it is not.
        """
        if self._t_s is not None and t_s == self._t_s:
            return []
        passed_s = 0.0 if self._t_s is None else t_s - self._t_s
        broken = passed_s < 0 or passed_s > GAP_S
        self._t_s = t_s
        steps = self._break(backwards=passed_s < 0) if broken else []
        self._rests_until_s = {name: until for name, until in self._rests_until_s.items() if until > t_s}
        shown = shown if shown in self._timings else None
        steps += self._continue(t_s, kept if shown in (None, self.active) else 0.0)
        return steps + self._begin(t_s, shown, confidence, passed_s)

    def finish(self) -> list[Step]:
        """Return the end of what has started."""
        self._onset = None
        return self._end()

    def _break(self, *, backwards: bool) -> list[Step]:
        self._onset = None
        if backwards:
            self._rests_until_s = {}
        return self._end(rest=not backwards)

    def _continue(self, t_s: float, kept: float) -> list[Step]:
        """Hold or end the active gesture."""
        active = self._active
        if active is None:
            return []
        timing = self._timings[active.name]
        if kept > 0:
            active.seen_s = t_s
            active.confidence = max(active.confidence, kept)
        elif t_s - active.seen_s >= timing.release_s:
            return self._end()
        duration_s = t_s - active.start_s
        if kept <= 0 or duration_s < active.due_s:
            return []
        phase, active.held = Phase.REPEAT if active.held else Phase.HOLD, True
        active.due_s = active.due_s + timing.repeat_s if timing.repeat_s else math.inf
        return [Step(active.name, phase, active.confidence, duration_s)]

    def _begin(self, t_s: float, shown: str | None, confidence: float, passed_s: float) -> list[Step]:
        """Let the onset of ``shown`` grow; start it when it is complete."""
        if shown is None or shown == self.active:
            self._onset = None
            return []
        if self._onset is None or self._onset.name != shown:
            self._onset = _Onset(shown, confidence)
        else:
            self._onset.shown_s += passed_s
            confidence = self._onset.confidence = max(self._onset.confidence, confidence)
        if self._onset.shown_s < self._timings[shown].onset_s or shown in self._rests_until_s:
            return []
        steps = self._end()
        self._onset = None
        self._active = _Active(shown, t_s, t_s, confidence, self._timings[shown].hold_s)
        return [*steps, Step(shown, Phase.START, confidence, 0.0)]

    def _end(self, *, rest: bool = True) -> list[Step]:
        active = self._active
        if active is None:
            return []
        self._active = None
        if rest and self._t_s is not None:
            self._rests_until_s[active.name] = self._t_s + self._timings[active.name].cooldown_s
        return [Step(active.name, Phase.END, active.confidence, active.seen_s - active.start_s)]
