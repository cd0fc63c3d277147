"""Pauses: a part that nobody looked at for long may have done anything since."""

from edgeholo.interpret.phases import GAP_S


class Pauses:
    """Remembers when each part was last looked at."""

    def __init__(self) -> None:
        self._looked_s: dict[str, float] = {}

    def over(self, part: str, t_s: float) -> bool:
        """Return whether the look at ``t_s`` seconds is the first after a long pause."""
        before_s = self._looked_s.get(part, t_s)
        self._looked_s[part] = t_s
        return t_s - before_s > GAP_S
