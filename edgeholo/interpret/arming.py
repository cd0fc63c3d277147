"""Arming: a wake gesture, and then some seconds in which gestures count."""

import logging

from edgeholo.config import Arming as Options
from edgeholo.types import Armed, Gesture, Observation, Phase

_LOGGER = logging.getLogger(__name__)


class Arming:
    """Says what counts now, and lets only that through.

    Args:
        options: the ``gestures.arming`` section; where it is off everything counts always.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._until_s: float | None = None
        self._told = not options.enabled

    def objection(self, name: str) -> str:
        """Return why a gesture or control may not begin now; empty where it may."""
        options = self._options
        if not options.enabled or self._until_s is not None or name == options.gesture or name in options.exempt:
            return ""
        return f"commands wait for the wake gesture: show {options.gesture} first"

    def expire(self, t_s: float, timestamp_ns: int) -> list[Observation]:
        """Return what changes by time alone: the first word, that it is not armed, and the end of the time to command.

        Args:
            t_s: seconds, rising.
            timestamp_ns: of the frame.
        """
        if not self._told:
            self._told = True
            return [Armed(armed=False, timestamp_ns=timestamp_ns)]
        return self.disarm(timestamp_ns) if self._until_s is not None and t_s > self._until_s else []

    def pass_on(self, t_s: float, timestamp_ns: int, observations: list[Observation]) -> list[Observation]:
        """Return what the house is told of a frame: that it is armed now, and all but the wake gesture.

        Args:
            t_s: seconds, rising.
            timestamp_ns: of the frame.
            observations: what happened in it, of what is allowed.
        """
        if not self._options.enabled:
            return observations
        return [each for observation in observations for each in self._one(t_s, timestamp_ns, observation)]

    def disarm(self, timestamp_ns: int) -> list[Observation]:
        """Return what ends the time to command, if it runs."""
        if self._until_s is None:
            return []
        self._until_s = None
        _LOGGER.info("disarmed")
        return [Armed(armed=False, timestamp_ns=timestamp_ns)]

    def _one(self, t_s: float, timestamp_ns: int, observation: Observation) -> list[Observation]:
        if not isinstance(observation, Gesture) or observation.name != self._options.gesture:
            if self._until_s is not None:
                self._until_s = t_s + self._options.window_s
            return [observation]
        return self._wake(t_s, timestamp_ns) if observation.phase in (Phase.START, Phase.ONCE) else []

    def _wake(self, t_s: float, timestamp_ns: int) -> list[Observation]:
        woken = self._until_s is None
        self._until_s = t_s + self._options.window_s
        if not woken:
            return []
        _LOGGER.info("armed")
        return [Armed(armed=True, timestamp_ns=timestamp_ns)]
