"""Hands without a body: found on real footage, invented nowhere, and given up to the body that comes."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from edgeholo.capture.feed import frames
from edgeholo.config import Camera, EngineOptions, Gestures, PresenceOptions
from edgeholo.interpret.interpreter import Interpreter
from edgeholo.perceive.engine import modes_of
from edgeholo.perceive.litert import LitertEngine
from edgeholo.perceive.loose_hands import MOST
from edgeholo.perceive.palm_schedule import GLANCE_S, PALM_HZ, PalmSchedule
from edgeholo.perceive.schedule import Decision
from edgeholo.types import HANDS, Branch, Frame, Gesture, Mode, People, PixelFormat, Side

COUNTS_AFTER_S = 0.8
"""Two searches and three looks."""

HAND_OF_THE_DEMO = (0.58, 0.35, 1.0, 1.0)
"""Left, top, right, bottom of what shows the hand of the demo clip and no face, fractions."""


def _open(persons: int = 1, modes: Mapping[str, str] = MappingProxyType({})) -> LitertEngine:
    options = EngineOptions(persons=persons)
    chosen = {**modes_of(options), **{Branch(name): Mode(mode) for name, mode in modes.items()}}
    return LitertEngine(options, chosen)


def _seen(path: Path) -> list[People]:
    engine = _open()
    people = [engine.detect(frame) for frame in frames(Camera(source=str(path)))]
    engine.close()
    return people


def _hands(people: Iterable[People]) -> list[frozenset[Side]]:
    """Return which hands each frame has of people without a body."""
    return [
        frozenset(side for person in each.persons if person.pose is None for side in Side if person.hand(side))
        for each in people
    ]


@pytest.fixture(scope="module")
def thumb(shared_media: Path) -> list[Frame]:
    """Return two seconds of a left hand with its thumb up, and no body."""
    return list(frames(Camera(source=str(shared_media / "stills/hand_only/thumb_up.jpg"))))


@pytest.fixture
def engine() -> Iterator[LitertEngine]:
    """Return a fresh engine with every branch but the face on "auto"."""
    opened = _open()
    yield opened
    opened.close()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("stills/hand_only/thumb_up.jpg", Side.LEFT),
        ("stills/hand_only/two_open_palms.jpg", Side.LEFT),
        ("clips/hand_only/asl_hand.mp4", Side.RIGHT),
        ("clips/hand_only/offering_palm.mp4", Side.RIGHT),
    ],
)
def test_a_hand_without_a_body_is_found_and_kept(shared_media: Path, name: str, side: Side) -> None:
    """From its first second to its last frame, as one person and by its side."""
    people = _seen(shared_media / name)
    settled = [each for each in people if each.t_s - people[0].t_s >= COUNTS_AFTER_S]
    assert _hands(settled) == [frozenset({side})] * len(settled)
    assert {person.id for each in people for person in each.persons} == {0}


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "stills/nobody/cat.jpg",
        "clips/nobody/car_park.mp4",
        "clips/nobody/cartoon_title.mp4",
        "clips/nobody/motion_1.mp4",
        "clips/no_command/nodding.gif",
        "clips/no_command/single_face.mp4",
        "clips/no_command/talking_with_hands.mp4",
    ],
)
def test_no_hand_is_invented(shared_media: Path, name: str) -> None:
    """Not in rooms, cars, cats and cartoons, and not beside people, whose hands have a body."""
    assert not any(_hands(_seen(shared_media / name)))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "gesture"), [("thumb_up", "thumb_up"), ("two_open_palms", "open_palm")], ids=["thumb up", "open palm"]
)
def test_a_hand_without_a_body_says_what_it_shows(shared_media: Path, name: str, gesture: str) -> None:
    """Once, and nothing else: of two people's hands the raised one speaks."""
    interpreter = Interpreter(Gestures(), PresenceOptions())
    observations = [
        each
        for people in _seen(shared_media / f"stills/hand_only/{name}.jpg")
        for each in interpreter.update(people)
        if isinstance(each, Gesture) and each.phase == "start"
    ]
    assert [each.name for each in observations] == [gesture]


@pytest.mark.shared
def test_two_left_hands_are_two_people_where_so_many_are_wanted(shared_media: Path) -> None:
    """One person has one left hand."""
    engine = _open(persons=2)
    people = [
        engine.detect(f) for f in frames(Camera(source=str(shared_media / "stills/hand_only/two_open_palms.jpg")))
    ]
    engine.close()
    last = people[-1].persons
    assert len(last) == len({person.id for person in last}) == 2
    assert all(person.left_hand and not person.right_hand for person in last)


@pytest.mark.shared
@pytest.mark.parametrize(
    "modes",
    [
        {"left_hand": "off", "right_hand": "off"},
        {"left_hand": "on", "right_hand": "on"},
        {"left_hand": "off", "right_hand": "auto"},
    ],
    ids=["off", "on, as Holistic", "only the other one wanted"],
)
def test_a_hand_that_is_not_wanted_is_not_reported(thumb: list[Frame], modes: dict[str, str]) -> None:
    """Off is off, "on" is Holistic, and a left hand is no right one."""
    engine = _open(modes=modes)
    assert not any(engine.detect(frame).persons for frame in thumb)
    engine.close()


@pytest.mark.shared
def test_a_hand_counts_only_after_three_looks(engine: LitertEngine, thumb: list[Frame]) -> None:
    """One look may be a mistake."""
    found = [bool(engine.detect(frame).persons) for frame in thumb]
    assert found.index(True) >= 2


@pytest.mark.shared
def test_a_hand_that_is_taken_away_is_gone(engine: LitertEngine, thumb: list[Frame]) -> None:
    """And says so: the hands were looked for."""
    for frame in thumb:
        engine.detect(frame)
    empty = [_empty_like(thumb[-1], number) for number in range(1, 11)]
    after = [engine.detect(frame) for frame in empty]
    assert not any(_hands(after[3:]))
    assert any(people.ran >= HANDS for people in after)


def test_a_body_takes_its_hand_over_under_the_same_name(engine: LitertEngine, demo_clip: Path) -> None:
    """A gesture that began before the body was seen goes on."""
    clip = list(frames(Camera(source=str(demo_clip))))[:45]
    hidden = [engine.detect(_only_around(frame, HAND_OF_THE_DEMO)) for frame in clip[:30]]
    assert [person.pose for person in hidden[-1].persons] == [None]
    shown = [engine.detect(frame) for frame in clip[30:]]
    assert shown[-1].persons[0].pose is not None
    assert {person.id for people in hidden + shown for person in people.persons} == {0}
    assert all(len(people.persons) <= 1 for people in shown)


@pytest.mark.shared
def test_a_body_without_that_hand_is_somebody_else(engine: LitertEngine, thumb: list[Frame], demo_clip: Path) -> None:
    """And while one person is wanted, the body is the one."""
    for frame in thumb:
        engine.detect(frame)
    after = [engine.detect(_later(frame, thumb[-1])) for frame in list(frames(Camera(source=str(demo_clip))))[:30]]
    assert [(person.id, person.pose is None) for person in after[-1].persons] == [(1, False)]


@pytest.mark.shared
def test_forgetting_forgets_hands_too(engine: LitertEngine, thumb: list[Frame]) -> None:
    """After a reset the first frame shows nobody."""
    for frame in thumb:
        engine.detect(frame)
    engine.reset()
    assert engine.detect(_later(thumb[0], thumb[-1])).persons == ()


def test_palms_are_searched_two_or_three_times_a_second_while_something_moves() -> None:
    """And hardly ever where it goes on moving and is nobody."""
    schedule = PalmSchedule()
    runs = [t for t in _times(30, 12) if _search(schedule, t, followed=0, busy=False).run]
    assert 2 <= sum(t < 2 for t in runs) / 2 <= 3
    assert sum(t >= 4 for t in runs) <= 5


def test_palms_give_way_to_the_body_detector() -> None:
    """No frame costs both, unless every frame has a body search."""
    schedule = PalmSchedule()
    turns = [(n % 2 == 0, _search(schedule, n / 10, followed=0, busy=n % 2 == 0).run) for n in range(30)]
    assert not any(busy and run for busy, run in turns[1:])
    always = PalmSchedule()
    assert sum(_search(always, n / 10, followed=0, busy=True).run for n in range(30)) >= 3


def test_a_glance_at_a_still_room_searches_no_hand() -> None:
    """Nobody raises a hand without moving."""
    schedule = PalmSchedule()
    _search(schedule, 0.0, followed=0, busy=False)
    decision = _search(schedule, GLANCE_S + 1, followed=0, busy=False)
    assert (decision.run, decision.why) == (False, "a glance")
    assert _search(schedule, GLANCE_S + 1 + 1 / PALM_HZ, followed=0, busy=False).run


def test_no_palm_is_searched_while_both_hands_are_followed() -> None:
    """And a single one is looked for less often."""
    schedule = PalmSchedule()
    assert not any(_search(schedule, t, followed=2, busy=False).run for t in _times(30, 3))
    assert sum(_search(schedule, t, followed=1, busy=False).run for t in _times(30, 6)) <= 7


def test_time_that_goes_backwards_searches_anew() -> None:
    """A clip that starts again is no reason to wait."""
    schedule = PalmSchedule()
    for t in _times(10, 100):
        _search(schedule, t, followed=0, busy=False)
    assert any(_search(schedule, t, followed=0, busy=False).run for t in _times(10, 1))


def _search(schedule: PalmSchedule, t_s: float, *, followed: int, busy: bool) -> Decision:
    """Return what is decided, and do it."""
    decision = schedule.search(t_s, followed=followed, most=MOST, busy=busy)
    if decision.run:
        schedule.searched(t_s)
    return decision


def _times(hz: float, seconds: float) -> list[float]:
    return [number / hz for number in range(round(hz * seconds))]


def _later(frame: Frame, last: Frame) -> Frame:
    """Return a frame as if it came after the last one."""
    return Frame(
        frame.pixels, frame.format, last.timestamp_ns + frame.timestamp_ns + 100_000_000, last.seq + frame.seq + 1
    )


def _empty_like(frame: Frame, number: int) -> Frame:
    """Return a grey picture, ``number`` tenths of a second later."""
    width, height = frame.size
    grey = np.full((height, width, 3), 128, np.uint8)
    return Frame(grey, PixelFormat.BGR, frame.timestamp_ns + number * 100_000_000, frame.seq + number)


def _only_around(frame: Frame, part: tuple[float, float, float, float]) -> Frame:
    """Return a frame that is grey outside a part of it."""
    width, height = frame.size
    left, top, right, bottom = (round(x * side) for x, side in zip(part, (width, height) * 2, strict=True))
    pixels = np.full_like(frame.pixels, 128)
    pixels[top:bottom, left:right] = frame.pixels[top:bottom, left:right]
    return Frame(pixels, frame.format, frame.timestamp_ns, frame.seq)
