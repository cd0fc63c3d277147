"""Who is in a picture: the daemon's engine with every branch on."""

import msgspec

from edgeholo.config import EngineOptions, Smoothing
from edgeholo.errors import ModelError
from edgeholo.perceive.engine import assets_of, open_engine
from edgeholo.perceive.models.fetch import state
from edgeholo.perceive.models.manifest import ASSETS
from edgeholo.perceive.tracking import Tracker
from edgeholo.types import Branch, Frame, Mode, People

_LOOKS = 2
"""At a still: the second look goes where the first found the body, and finds hands and face more often."""
_APART_NS = 100_000_000


class Eyes:
    """Finds people in stills, and follows them in clips.

    Args:
        options: of the engine, whose every branch is on.
        smoothing: of clips.

    Raises:
        ModelError: a model is missing. They are not fetched while somebody waits for a picture.
    """

    def __init__(self, options: EngineOptions, smoothing: Smoothing) -> None:
        every = {branch.value: Mode.ON.value for branch in Branch}
        options = msgspec.structs.replace(options, name="litert", **every)
        missing = [name for name in assets_of(options) if state(ASSETS[name]) != "ok"]
        if missing:
            raise ModelError(f"the model {missing[0]} is missing: run `edgeholo models fetch` once")
        self._engine = open_engine(options)
        self._smoothing, self._tracker = smoothing, Tracker(smoothing)

    def look(self, still: Frame) -> People:
        """Return who is in a still."""
        self.begin()
        for number in range(_LOOKS):
            people = self._engine.detect(Frame(still.pixels, still.format, number * _APART_NS, number))
        return People(people.persons, people.ran, still.size, still.timestamp_ns, still.seq)

    def begin(self) -> None:
        """Forget whoever was there: the next frame has nothing to do with the last."""
        self._engine.reset()
        self._tracker = Tracker(self._smoothing)

    def follow(self, frame: Frame) -> People:
        """Return who is in the next frame of a clip, calmed as in the daemon."""
        return self._tracker.update(self._engine.detect(frame))
