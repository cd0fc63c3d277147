"""The sentence: a frame passes the quality gate and the engine, what was seen is tracked and interpreted.

The only module that imports capture, perceive and interpret together. ``Eyes`` is the half that needs pixels, ``Mind`` the half
that a recording can replay.
"""

from dataclasses import dataclass

import msgspec

from edgeholo.capture.motion import MotionGate
from edgeholo.capture.quality import QualityGate
from edgeholo.config import Config
from edgeholo.insight import Somebody
from edgeholo.interpret.interpreter import Interpreter
from edgeholo.interpret.repertoire import lessons
from edgeholo.perceive.engine import Engine
from edgeholo.perceive.tracking import Tracker
from edgeholo.types import Frame, Observation, People, Quality, Sight


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a frame meant.

    Attributes:
        people: who is there, smoothed.
        observations: what happened, in order.
    """

    people: People
    observations: tuple[Observation, ...]


class Eyes:
    """Frame to sight: decides whether a frame is worth a look, and looks.

    Args:
        config: the gates' options.
        engine: what looks.
        live: whether a camera is behind it; media may well hold a picture for long, and does not hang.
    """

    def __init__(self, config: Config, engine: Engine, *, live: bool) -> None:
        self._quality = QualityGate(config.quality if live else msgspec.structs.replace(config.quality, frozen_s=0.0))
        self._motion = MotionGate(config.motion)
        self._engine = engine
        self._occupied = False

    def look(self, frame: Frame) -> Sight:
        """Return what the frame shows; nothing is kept of its pixels."""
        verdict = self._quality.check(frame)
        moves = self._motion.check(frame, self._occupied)
        people = self._engine.detect(frame) if verdict.usable and moves else None
        self._occupied = people is not None and bool(people.persons)
        cost_ms = self._engine.cost_ms if people is not None else {}
        return Sight(frame.timestamp_ns, frame.seq, frame.size, verdict, people, cost_ms)


class Mind:
    """Sight to understanding; without pixels, clocks or chance: the same sights give the same observations anywhere.

    Args:
        config: options of smoothing, gestures and presence; they say where the taught gestures are.

    Raises:
        ConfigError: the options name a gesture that does not exist.
    """

    def __init__(self, config: Config) -> None:
        self._tracker = Tracker(config.smoothing)
        self._interpreter = Interpreter(config.gestures, config.presence, lessons(config.gestures))

    def think(self, sight: Sight) -> Understanding:
        """Return who is there and what they mean."""
        nobody = People((), frozenset(), sight.size, sight.timestamp_ns, sight.seq)
        people = self._tracker.update(sight.people or nobody)
        quality = (
            [Quality(sight.verdict.state, sight.verdict.hint, sight.timestamp_ns)] if sight.verdict.changed else []
        )
        return Understanding(people, (*quality, *self._interpreter.update(people)))

    def insight(self) -> tuple[Somebody, ...]:
        """Return what everybody was taken for in the last sight, and why it does not count where it does not."""
        return self._interpreter.insight()

    def finish(self) -> tuple[Observation, ...]:
        """Return the ends of all that is in progress: before another mind takes over, or nothing more comes."""
        return tuple(self._interpreter.finish())


class Pipeline:
    """The whole line; the arguments are those of its halves."""

    def __init__(self, config: Config, engine: Engine, *, live: bool) -> None:
        self.eyes = Eyes(config, engine, live=live)
        self.mind = Mind(config)

    def process(self, frame: Frame) -> tuple[Sight, Understanding]:
        """Return what a frame showed and what it meant."""
        sight = self.eyes.look(frame)
        return sight, self.mind.think(sight)
