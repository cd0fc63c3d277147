"""Whether a gesture may start: conditions, arming, and the dead time after another one."""

from collections.abc import Mapping

from edgeholo.interpret.arming import Arming
from edgeholo.interpret.conditions import Requirements, Scene
from edgeholo.interpret.timing import Timing


class Permits:
    """Asked before a gesture starts, told when one did.

    Args:
        timings: of the gestures that count, by name.
        requirements: their conditions.
        arming: whether commands count now.
    """

    def __init__(self, timings: Mapping[str, Timing], requirements: Requirements, arming: Arming) -> None:
        self._timings = timings
        self._requirements = requirements
        self._arming = arming
        self._started: dict[int, tuple[str, float]] = {}

    def allows(self, name: str, t_s: float, scene: Scene) -> bool:
        """Return whether a gesture of that name may begin its onset, or be over, now."""
        timing = self._timings.get(name)
        return (
            timing is not None
            and self._arming.allows(name)
            and not self._dead(name, timing, t_s, scene.person.id)
            and self._requirements.met(name, scene)
        )

    def allows_control(self, name: str, scene: Scene) -> bool:
        """Return whether a continuous control of that name may be taken now."""
        return self._arming.allows(name) and self._requirements.met(name, scene)

    def started(self, name: str, t_s: float, person: int) -> None:
        """Remember what a person has just begun."""
        self._started[person] = (name, t_s)

    def forget(self, persons: set[int]) -> None:
        """Forget everybody but those."""
        self._started = {person: known for person, known in self._started.items() if person in persons}

    def _dead(self, name: str, timing: Timing, t_s: float, person: int) -> bool:
        before, began_s = self._started.get(person, (name, t_s))
        return before != name and 0 <= t_s - began_s < timing.dead_s
