"""What weighs on the board, heat and power, and what follows from it: a slower pace, and words for the house."""

import logging

from edgeholo.board import THROTTLED, UNDER_VOLTAGE, UNDER_VOLTAGE_BEFORE, Board
from edgeholo.cadence import Cadence
from edgeholo.heat import FIRMWARE_C, STEPS, Governor
from edgeholo.types import Pace

_LOGGER = logging.getLogger(__name__)

_LOOK_S = 5.0
"""A board heats up by a degree in some seconds."""
OK, NOW, BEFORE = "ok", "under-voltage now", "under-voltage since boot"
"""What ``power`` can be."""
_SUPPLY = "use the power supply made for this board and a short cable, and less on its USB ports"
_AIR = "give the board air, a heat sink or a fan"


class Strain:
    """Looks after the board.

    Args:
        board: to be read.

    Attributes:
        temp_c: temperature at the last look.
        bits: of the firmware, at the last look.
        power: ``OK``, ``NOW``, ``BEFORE``, or None where the board does not tell.
    """

    def __init__(self, board: Board | None = None) -> None:
        self._board = board or Board()
        self._governor = Governor()
        self._due_s = 0.0
        self._cadence = Cadence()
        self._weak = False
        self.temp_c: float | None = None
        self.bits: int | None = None
        self.power: str | None = None

    @property
    def level(self) -> int:
        """How far everything is slowed down, 0 for not at all."""
        return self._governor.level

    @property
    def pace(self) -> Pace:
        """How hard the engine may work."""
        return self._governor.pace

    @property
    def slowness(self) -> str:
        """What is done less because of the heat, and what suffers, in words; empty at full pace."""
        if not self.level:
            return ""
        step = STEPS[self.level - 1]
        return f"hot: {step.words}; {step.suffers} may suffer"

    @property
    def hint(self) -> str:
        """What is wrong and what would mend it, in words; empty where all is well."""
        words = []
        if self.level:
            words.append(f"{self.slowness}; {_AIR}")
        elif self._throttled_by_heat:
            words.append(f"the firmware slows the processor down; {_AIR}")
        if self.power in (NOW, BEFORE):
            words.append(f"{self.power}: {_SUPPLY}")
        return "; ".join(words)

    def look(self, now_s: float) -> bool:
        """Read the board where it is time to; return whether the house should hear of a change.

        Args:
            now_s: of a clock that is never set.
        """
        if now_s < self._due_s:
            return False
        self._due_s = now_s + _LOOK_S
        self.temp_c, self.bits = self._board.temperature_c(), self._board.throttled()
        hot_c = FIRMWARE_C if self._throttled_by_heat else self.temp_c
        slowed = self._governor.update(hot_c if self.temp_c is None else max(self.temp_c, hot_c or 0.0), now_s)
        if slowed:
            self._say()
        return self._judge_power() or slowed

    def passes(self, timestamp_ns: int) -> bool:
        """Return whether a frame is to be looked at, where only some are; those that are come at even distances.

        Args:
            timestamp_ns: of the frame.
        """
        if self.pace.frames_hz is None:
            self._cadence.reset()
            return True
        return self._cadence.due(timestamp_ns, self.pace.frames_hz)

    @property
    def _throttled_by_heat(self) -> bool:
        """Whether the firmware slows the processor down though it has power: then it is too hot, whatever the sensor says."""
        return self.bits is not None and bool(self.bits & THROTTLED) and not self.bits & UNDER_VOLTAGE

    def _judge_power(self) -> bool:
        if self.bits is None:
            return False
        # The kernel's own monitor clears the firmware's memory every two seconds: it is kept here too.
        self._weak = self._weak or bool(self.bits & (UNDER_VOLTAGE | UNDER_VOLTAGE_BEFORE))
        before, self.power = self.power, NOW if self.bits & UNDER_VOLTAGE else BEFORE if self._weak else OK
        if self.power == before or (before is None and self.power == OK):
            return False
        if self.power == NOW:
            _LOGGER.warning("power: %s: %s", NOW, _SUPPLY)
        else:
            _LOGGER.info("power: %s", self.power)
        return True

    def _say(self) -> None:
        degrees = "slowed by the firmware" if self.temp_c is None else f"{self.temp_c:g} °C"
        if self.level:
            _LOGGER.warning("%s: slowed down, level %s: %s", degrees, self.level, STEPS[self.level - 1].words)
        else:
            _LOGGER.info("%s: at full pace again", degrees)
