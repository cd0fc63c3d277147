"""The explanation that watchers get: what was looked at and why, and what everybody is taken for."""

from collections.abc import Mapping

from edgeholo.insight import Insight, Look, Somebody
from edgeholo.perceive.schedule import Decision
from edgeholo.types import Branch, Mode, Sight

_RECENTLY_S = 0.6
"""Branches rest between two looks and take turns: one that ran so lately runs. The slowest of them looks twice a second."""
_DETECTOR = "detector"
"""The name under which the engine decides where nobody is followed yet: then the whole picture is searched for a body."""


class Explanation:
    """Remembers what ran lately, while somebody watches; asked a few times a second."""

    def __init__(self) -> None:
        self._ran: dict[str, tuple[float, str]] = {}
        self._decisions: Mapping[str, Decision] = {}

    def look(self, sight: Sight, decisions: Mapping[str, Decision]) -> None:
        """Remember what ran on a frame.

        Args:
            sight: the frame.
            decisions: of the engine on the last frame that it was given; empty for one that decides nothing.
        """
        if sight.people is None:
            return
        t_s, self._decisions = sight.timestamp_ns / 1e9, decisions
        self._ran |= {name: (t_s, decision.why) for name, decision in decisions.items() if decision.run}
        if not decisions:
            self._ran |= {branch.value: (t_s, "in every frame") for branch in sight.people.ran}

    def insight(
        self, sight: Sight, *, t_ms: float, modes: Mapping[Branch, Mode], pace: str, persons: tuple[Somebody, ...]
    ) -> Insight:
        """Return the answer of this moment.

        Args:
            sight: the last frame that passed ``look``.
            t_ms: how long the engine took.
            modes: of the branches.
            pace: what is done less because of the heat.
            persons: what everybody is taken for.
        """
        why_not = _why_not_looked(sight)
        branches = {branch.value: self._branch(branch, mode, sight, why_not) for branch, mode in modes.items()}
        return Insight(sight.timestamp_ns, None if why_not else t_ms, branches, why_not, pace, persons)

    def _branch(self, branch: Branch, mode: Mode, sight: Sight, why_not: str) -> Look:
        if mode is Mode.OFF:
            return Look(run=False, why="off")
        if sight.people is None:
            return Look(run=False, why=why_not)
        name = _DETECTOR if self._decisions and branch is Branch.POSE and not sight.people.persons else branch.value
        ran_s, why = self._ran.get(name, (float("-inf"), ""))
        if 0 <= sight.timestamp_ns / 1e9 - ran_s <= _RECENTLY_S:
            return Look(run=True, why=why)
        decision = self._decisions.get(name)
        return Look(run=False, why="nobody found" if decision is None else decision.why)


def _why_not_looked(sight: Sight) -> str:
    """Return why a frame was not given to the engine; empty where it was."""
    if sight.people is not None:
        return ""
    return "nothing moves" if sight.verdict.usable else sight.verdict.hint
