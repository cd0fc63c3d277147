"""The litert engine in real rooms: several people, nobody, somebody who leaves, hands held up."""

from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from edgeholo.anatomy import believable
from edgeholo.config import EngineOptions
from edgeholo.perceive import litert, schedule
from edgeholo.perceive.engine import modes_of
from edgeholo.perceive.litert import LitertEngine
from edgeholo.types import HANDS, Branch, Pace, Person, Side
from tests.footage import frames


def _open(options: EngineOptions) -> LitertEngine:
    return LitertEngine(options, modes_of(options))


@pytest.mark.shared
@pytest.mark.parametrize("mode", ["on", "auto"])
@pytest.mark.parametrize("name", ["three_walk_up.gif", "two_people_portrait.mp4"])
def test_several_people_are_followed_each_by_an_id(shared_media: Path, name: str, mode: str) -> None:
    """Once two are found both keep their ids in nine of ten frames, and no body is followed twice."""
    engine = _open(EngineOptions(persons=4, pose=mode, left_hand="off", right_hand="off"))  # type: ignore[arg-type]
    seen = [engine.detect(frame) for frame in frames(shared_media / "clips/several_people" / name)]
    engine.close()
    start = next(number for number, people in enumerate(seen) if len(people.persons) > 1)
    assert start <= len(seen) / 2
    both = [people for people in seen[start:] if {0, 1} <= {person.id for person in people.persons}]
    assert len(both) >= 0.9 * len(seen[start:])
    for people in both:
        places = [person.pose.points[:, :2].mean(axis=0) for person in people.persons if person.pose]
        gaps = [np.hypot(*(one - other)) for number, one in enumerate(places) for other in places[:number]]
        assert min(gaps) > 0.03


@pytest.mark.shared
def test_one_person_is_followed_where_several_are(shared_media: Path) -> None:
    """The default; always the same one."""
    engine = _open(EngineOptions(left_hand="off", right_hand="off"))
    ids = [
        [person.id for person in engine.detect(frame).persons]
        for frame in frames(shared_media / "clips/several_people/three_walk_up.gif")
    ]
    engine.close()
    assert ids == [[0]] * len(ids)


@pytest.mark.shared
def test_an_empty_place_is_searched_less_after_a_while(shared_media: Path) -> None:
    """A car park, at most as often as the schedule says in any second."""
    engine = _open(EngineOptions())
    searched: list[float] = []
    for frame in frames(shared_media / "clips/nobody/car_park.mp4"):
        if frame.timestamp_ns > 10e9:
            break
        assert engine.detect(frame).persons == ()
        if engine.decisions["detector"].run:
            searched.append(frame.timestamp_ns / 1e9)
    engine.close()
    for end_s in np.arange(1.0, 10.0, 0.25):
        assert sum(end_s - 1 <= t_s < end_s for t_s in searched) <= schedule.DETECT_HZ
    assert abs(sum(4 <= t_s < 10 for t_s in searched) - 6 * schedule.IDLE_HZ) <= 1


@pytest.mark.shared
def test_a_person_who_leaves_is_gone(shared_media: Path) -> None:
    """A man, then a cartoon, in which nobody is believed to be for longer than a moment: known, not guessed."""
    engine = _open(EngineOptions())
    seen = [engine.detect(frame) for frame in frames(shared_media / "clips/presence/person_leaves.mov")]
    engine.close()
    there, gone = seen[:70], seen[75:]
    assert all([person.id for person in people.persons] == [0] for people in there)
    assert not any(person.id == 0 for people in gone for person in people.persons)
    doubtful = sum(any(believable(person, people.size) for person in people.persons) for people in gone)
    assert doubtful <= 0.1 * len(gone)
    assert any(people.persons == () and people.ran >= {Branch.POSE, *HANDS} for people in gone)


@pytest.mark.shared
def test_auto_finds_most_hands_that_are_held_up(shared_media: Path) -> None:
    """Between two looks at the body a hand is searched for where the body was: on a clip of two raised hands both are found."""
    clip = list(frames(shared_media / "clips" / "signing" / "book.mkv"))
    found = {}
    for mode in ("on", "auto"):
        engine = _open(EngineOptions(pose=mode, left_hand=mode, right_hand=mode))
        people = [engine.detect(frame).persons for frame in clip]
        engine.close()
        found[mode] = {
            side: sum(bool(persons and persons[0].hand(side)) for persons in people) for side in (Side.LEFT, Side.RIGHT)
        }
    assert all(found["auto"][side] >= 0.7 * found["on"][side] for side in Side), found


@pytest.mark.shared
def test_hands_side_by_side_are_hands_one_after_the_other(shared_media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With cores enough they run at the same time, on a hot board in turn: not one point differs."""
    monkeypatch.setattr(litert, "_CORES", 1)
    clip = list(frames(shared_media / "clips" / "signing" / "book.mkv"))[20:50]
    engine = _open(EngineOptions(pose="on", left_hand="on", right_hand="on"))
    seen: list[list[Person]] = []
    for pace in (Pace(), Pace(side_by_side=False)):
        engine.keep_pace(pace)
        engine.reset()
        seen.append([engine.detect(frame).persons[0] for frame in clip])
    engine.close()
    assert sum(person.left_hand is not None and person.right_hand is not None for person in seen[0]) > 10
    for together, in_turn in zip(*seen, strict=True):
        for side in Side:
            one, other = together.hand(side), in_turn.hand(side)
            assert (one is None) == (other is None)
            if one is not None and other is not None:
                np.testing.assert_array_equal(one.points, other.points)


@pytest.mark.parametrize(
    ("cores", "mode", "pairs"), [(1, "on", 1), (2, "on", 2), (2, "auto", 1), (4, "auto", 2), (None, "on", 1)]
)
def test_a_second_pair_of_hand_models_is_opened_where_it_pays(
    monkeypatch: pytest.MonkeyPatch, cores: int | None, mode: Literal["on", "auto"], pairs: int
) -> None:
    """Four cores always, two for hands that are looked at in every frame; and switching while running follows."""
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    engine = _open(EngineOptions(left_hand=mode, right_hand=mode))
    assert len({id(models) for models in engine._tools.hands.values()}) == pairs
    engine.set_branches(modes_of(EngineOptions(left_hand="on", right_hand="on")))
    assert len({id(models) for models in engine._tools.hands.values()}) == (2 if (cores or 1) > 1 else 1)
    engine.close()
