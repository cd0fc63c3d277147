"""The continuous controls of one person over time, as far as they count."""

from dataclasses import replace

from edgeholo.interpret.controls.continuous import Controls, Reading
from edgeholo.interpret.doubts import Doubts
from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.interpret.lexicon import Lexicon
from edgeholo.types import People, Person, Side


class FollowedControls:
    """Follows what one person holds.

    Args:
        lexicon: what is looked for.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._controls = Controls(lexicon.controls)
        self._counting: set[tuple[str, Side | None]] = set()

    def update(
        self,
        person: Person,
        features: dict[Side, HandFeatures | None],
        people: People,
        doubts: dict[Side | None, Doubts],
    ) -> list[Reading]:
        """Return what changed.

        Args:
            person: whose hands they are.
            features: of the hands of which this frame says something; None where one was not found.
            people: the frame.
            doubts: what is in the way of a control of either hand, or of both (None), that is taken now.
        """
        hands = {
            side: (hand, measured)
            for side, measured in features.items()
            if measured is not None and (hand := person.hand(side)) is not None
        }
        readings = self._controls.update(people.t_s, hands, tuple(features), person, people.size)
        return [counted for reading in readings if (counted := self._counted(reading, doubts[reading.side]))]

    def finish(self) -> list[Reading]:
        """Let go of everything, and return the ends."""
        ends = [reading for reading in self._controls.finish() if (reading.name, reading.side) in self._counting]
        self._counting.clear()
        return ends

    def _counted(self, reading: Reading, doubts: Doubts) -> Reading | None:
        """Return the reading of a control that was allowed when it was taken; one that was not begins when it is."""
        key = (reading.name, reading.side)
        if key in self._counting:
            if reading.phase == "end":
                self._counting.discard(key)
            return reading
        if reading.phase == "end" or doubts(reading.name) is not None:
            return None
        self._counting.add(key)
        return replace(reading, phase="begin")
