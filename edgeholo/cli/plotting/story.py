"""What a recording tells, frame by frame: gestures, paths of hands, what was calmed, what looked and what that cost."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from edgeholo.cli.plotting.calming import Calming
from edgeholo.cli.plotting.paths import Paths
from edgeholo.config import Config
from edgeholo.pipeline import Mind, Understanding
from edgeholo.types import Gesture, Observation, Phase, Presence, Quality, Side, Sight

_STEP_S = 0.1
"""Between two frames of which the later one has the earlier time: a source that started over."""


@dataclass(slots=True)
class Span:
    """Something that lasted.

    Attributes:
        name: of a gesture; else in words.
        hand: which, None for the body and for what is no gesture.
        person: id; None where it is nobody's.
        begin_s: seconds from the first frame.
        end_s: likewise; the same for what happens at once.
        confidence: 0..1, the highest.
        held_s: when it had been held for long enough, None where it was not.
    """

    name: str
    hand: Side | None
    person: int | None
    begin_s: float
    end_s: float
    confidence: float = 1.0
    held_s: float | None = None


@dataclass(slots=True)
class Story:
    """All of it; time is in seconds from the first frame.

    Attributes:
        times: of the frames.
        gestures: in the order of their beginnings.
        facts: presence and bad pictures, likewise.
        ran: of each frame, the branches that looked.
        cost_ms: of each frame, what it took by branch; empty where nobody noted it.
        size: (width, height) of the picture.
        paths: of the hands.
        calming: what the filter does.
    """

    times: list[float] = field(default_factory=list)
    gestures: list[Span] = field(default_factory=list)
    facts: list[Span] = field(default_factory=list)
    ran: list[frozenset[str]] = field(default_factory=list)
    cost_ms: list[dict[str, float]] = field(default_factory=list)
    size: tuple[int, int] = (4, 3)
    paths: Paths = field(default_factory=Paths)
    calming: Calming = field(default_factory=Calming)

    @property
    def duration_s(self) -> float:
        """From the first frame to the last."""
        return self.times[-1] if self.times else 0.0

    @property
    def costed(self) -> bool:
        """Whether the recording says what the branches cost."""
        return any(self.cost_ms)


def told(sights: Iterable[Sight], config: Config) -> Story:
    """Return the story of a recording, understood as ``edgeholo replay`` does.

    Raises:
        ConfigError: the configuration names gestures that do not exist.
    """
    story, mind, clock = Story(), Mind(config), _Clock()
    running: dict[str, Span] = {}
    for sight in sights:
        t_s = clock.since_first(sight.timestamp_ns)
        understanding = mind.think(sight)
        story.times.append(t_s)
        story.size = sight.size
        story.ran.append(frozenset(sight.people.ran if sight.people else ()))
        story.cost_ms.append(dict(sight.cost_ms))
        _follow(story, sight, understanding, t_s)
        for observation in understanding.observations:
            _observe(story, observation, running, t_s)
    for observation in mind.finish():
        _observe(story, observation, running, story.duration_s)
    for span in running.values():
        span.end_s = story.duration_s
    return story


def _follow(story: Story, sight: Sight, understanding: Understanding, t_s: float) -> None:
    story.paths.add(understanding.people, t_s)
    if sight.people is not None:
        story.calming.add(sight.people, understanding.people, t_s)


def _observe(story: Story, observation: Observation, running: dict[str, Span], t_s: float) -> None:
    if isinstance(observation, Gesture):
        _gesture(story, observation, running, t_s)
    elif isinstance(observation, Presence):
        _fact(story, running, "somebody is there" if observation.present else "", t_s, "presence")
    elif isinstance(observation, Quality):
        _fact(story, running, "" if observation.state == "ok" else f"picture {observation.state}", t_s, "quality")


def _gesture(story: Story, gesture: Gesture, running: dict[str, Span], t_s: float) -> None:
    key = f"{gesture.name} {gesture.hand} {gesture.person}"
    if gesture.phase in (Phase.START, Phase.ONCE):
        span = Span(gesture.name, gesture.hand, gesture.person, t_s, t_s, gesture.confidence)
        story.gestures.append(span)
        if gesture.phase is Phase.START:
            running[key] = span
        return
    span_or_none = running.get(key)
    if span_or_none is None:
        return
    span_or_none.end_s = t_s
    span_or_none.confidence = max(span_or_none.confidence, gesture.confidence)
    if gesture.phase is Phase.HOLD:
        span_or_none.held_s = t_s
    elif gesture.phase is Phase.END:
        del running[key]


def _fact(story: Story, running: dict[str, Span], name: str, t_s: float, key: str) -> None:
    """End what was the case, and begin what is now; no name is nothing worth showing."""
    if span := running.pop(key, None):
        span.end_s = t_s
    if name:
        running[key] = Span(name, None, None, t_s, t_s)
        story.facts.append(running[key])


class _Clock:
    """Time that only goes forward: a source that starts over goes on here."""

    def __init__(self) -> None:
        self._offset_ns: int | None = None
        self._last_ns = 0

    def since_first(self, timestamp_ns: int) -> float:
        """Return seconds since the first frame."""
        if self._offset_ns is None:
            self._offset_ns = -timestamp_ns
        elif timestamp_ns < self._last_ns:
            self._offset_ns += self._last_ns - timestamp_ns + int(_STEP_S * 1e9)
        self._last_ns = timestamp_ns
        return (timestamp_ns + self._offset_ns) / 1e9
