"""What is looked for, the same for everybody."""

from dataclasses import dataclass

from edgeholo.interpret.taught.recognition import Taught
from edgeholo.interpret.timing import Timing


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is looked for.

    Attributes:
        timings: of the gestures that count, by name.
        confidence: the least with which one begins.
        controls: names of the continuous controls that count.
        taught: the gestures that were taught.
    """

    timings: dict[str, Timing]
    confidence: float
    controls: tuple[str, ...]
    taught: tuple[Taught, ...]
