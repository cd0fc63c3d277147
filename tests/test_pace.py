"""Engines on a hot board: less work, and still what people mean."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import pytest

from edgeholo.board import Board
from edgeholo.config import Config, EngineOptions
from edgeholo.heat import STEPS
from edgeholo.perceive.engine import open_engine
from edgeholo.perceive.recording import Recorder
from edgeholo.pipeline import Mind
from edgeholo.strain import Strain
from edgeholo.types import Branch, Gesture, Mode, Pace, People, Phase, Sight, Verdict
from tests.footage import frames

_GOOD = Verdict("ok", "", usable=True, changed=False)
_SHOWN = ["victory", "thumb_up", "victory", "thumb_up"]


class _Oven(Board):
    """A board of any temperature."""

    def __init__(self, degrees_c: float) -> None:
        super().__init__()
        self._degrees_c = degrees_c

    def temperature_c(self) -> float:
        """Return it."""
        return self._degrees_c


def _strained(level: int) -> Strain:
    """Return what a board that is just hot enough leads to."""
    strain = Strain(_Oven(STEPS[level - 1].at_c if level else 20.0))
    for second in range(0, 60, 5):
        strain.look(float(second))
    assert strain.level == level
    return strain


def _faces(seen: Iterable[People]) -> bool:
    return any(person.face for people in seen for person in people.persons)


def _means(seen: list[People]) -> list[str]:
    """Return the gestures that start in what an engine saw."""
    mind = Mind(Config())
    told = [mind.think(Sight(people.timestamp_ns, people.seq, people.size, _GOOD, people)) for people in seen]
    observed = [observation for understanding in told for observation in understanding.observations]
    return [each.name for each in observed if isinstance(each, Gesture) and each.phase in (Phase.START, Phase.ONCE)]


@pytest.mark.parametrize("name", ["litert", "mediapipe"])
def test_at_every_pace_the_hand_is_understood_with_less_work(
    demo_clip: Path, name: Literal["litert", "mediapipe"]
) -> None:
    """Four poses of a hand, with pose, hand and face in every frame: at the last step three quarters of them, and no face."""
    engine = open_engine(EngineOptions(name=name, pose="on", left_hand="on", right_hand="on", face="on"))
    clip, looked = list(frames(demo_clip)), []
    for level in range(len(STEPS) + 1):
        strain = _strained(level)
        engine.keep_pace(strain.pace)
        engine.reset()
        seen = [engine.detect(frame) for frame in clip if strain.passes(frame.timestamp_ns)]
        assert _means(seen) == _SHOWN
        assert _faces(seen) is strain.pace.face
        looked.append(len(seen))
    engine.close()
    assert looked == [43, 43, 43, 32]


@pytest.mark.shared
@pytest.mark.parametrize("skipped", [0, 1])
@pytest.mark.parametrize(("clip", "name"), [("right_to_left.mp4", "swipe_right"), ("down.mp4", "swipe_down")])
def test_swipes_are_seen_at_the_second_step(shared_media: Path, clip: str, name: str, skipped: int) -> None:
    """Fewer frames, and what moves fast is looked at in each of them, wherever the counting begins."""
    engine, strain = open_engine(EngineOptions()), _strained(2)
    engine.keep_pace(strain.pace)
    filmed = list(frames(shared_media / "clips/swipes" / clip))[skipped:]
    seen = [engine.detect(frame) for frame in filmed if strain.passes(frame.timestamp_ns)]
    engine.close()
    assert len(seen) < len(filmed)
    assert _means(seen) == [name]


@pytest.mark.parametrize("name", ["litert", "mediapipe"])
def test_branches_that_are_switched_while_it_is_hot_are_there_when_it_is_cool(
    demo_clip: Path, name: Literal["litert", "mediapipe"]
) -> None:
    """The face stays off until the board has cooled, then it comes without being asked for again."""
    engine, clip = open_engine(EngineOptions(name=name)), list(frames(demo_clip))[:8]
    engine.keep_pace(STEPS[-1].pace)
    engine.set_branches(dict.fromkeys(Branch, Mode.ON))
    assert not _faces(engine.detect(frame) for frame in clip)
    engine.keep_pace(Pace())
    engine.reset()
    assert _faces(engine.detect(frame) for frame in clip)
    engine.close()


def test_the_recorded_engine_takes_any_pace(tmp_path: Path, demo_clip: Path) -> None:
    """A recording costs nothing: all of it is shown."""
    file = tmp_path / "demo.holo"
    with Recorder(file, engine="litert", source="demo") as recorder:
        recorder.write(Sight(0, 0, (320, 240), _GOOD, People((), frozenset(Branch), (320, 240), 0, 0)))
    engine = open_engine(EngineOptions(name="recorded", recording=str(file)))
    engine.keep_pace(STEPS[-1].pace)
    assert engine.detect(next(iter(frames(demo_clip)))).persons == ()
    engine.close()
