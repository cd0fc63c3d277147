"""Whether a gesture may start, and why not: what counts at all, arming, the dead time after another one, conditions."""

from collections.abc import Mapping

from edgeholo.insight import State
from edgeholo.interpret.arming import Arming
from edgeholo.interpret.conditions import Requirements, Scene
from edgeholo.interpret.doubts import Doubt
from edgeholo.interpret.timing import Timing


class Permits:
    """Asked before a gesture starts, told when one did.

    Args:
        timings: of the gestures that count, by name.
        requirements: their conditions.
        arming: whether commands count now.
        absent: what is the matter with a gesture that does not count, in words.
    """

    def __init__(self, timings: Mapping[str, Timing], requirements: Requirements, arming: Arming, absent: str) -> None:
        self._timings = timings
        self._absent = absent
        self._requirements = requirements
        self._arming = arming
        self._started: dict[int, tuple[str, float]] = {}

    def doubt(self, name: str, t_s: float, scene: Scene) -> Doubt | None:
        """Return why a gesture of that name may not begin its onset, or be over, now; None where it may."""
        timing = self._timings.get(name)
        if timing is None:
            return Doubt(State.OFF, f"{name} does not count now: {self._absent}")
        why = (
            self._arming.objection(name)
            or self._dead(name, timing, t_s, scene.person.id)
            or self._requirements.unmet(name, scene)
        )
        return Doubt(State.REFUSED, why) if why else None

    def doubt_control(self, name: str, scene: Scene) -> Doubt | None:
        """Return why a continuous control of that name may not be taken now; None where it may."""
        why = self._arming.objection(name) or self._requirements.unmet(name, scene)
        return Doubt(State.REFUSED, why) if why else None

    def started(self, name: str, t_s: float, person: int) -> None:
        """Remember what a person has just begun."""
        self._started[person] = (name, t_s)

    def forget(self, persons: set[int]) -> None:
        """Forget everybody but those."""
        self._started = {person: known for person, known in self._started.items() if person in persons}

    def _dead(self, name: str, timing: Timing, t_s: float, person: int) -> str:
        before, began_s = self._started.get(person, (name, t_s))
        return f"{before} has only just begun" if before != name and 0 <= t_s - began_s < timing.dead_s else ""
