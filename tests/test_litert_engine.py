"""The litert engine on real footage: what it finds, what each mode makes of it, and what nothing upsets."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from edgeholo.config import EngineOptions
from edgeholo.errors import ModelError
from edgeholo.perceive.engine import modes_of
from edgeholo.perceive.litert import LitertEngine
from edgeholo.perceive.models import cache, lite
from edgeholo.perceive.models.fetch import fetch_all
from edgeholo.types import HANDS, Branch, Frame, Mode, People, Person, PixelFormat, Pixels
from tests.footage import PARTS, check_the_man_of_the_demo_clip, frames, points_of
from tests.pixel_formats import frame_of

POSE, FACE = frozenset({Branch.POSE}), frozenset({Branch.FACE})
LEFT, RIGHT = frozenset({Branch.LEFT_HAND}), frozenset({Branch.RIGHT_HAND})


def _modes(branches: frozenset[Branch], mode: Mode = Mode.ON) -> dict[Branch, Mode]:
    return {branch: mode if branch in branches else Mode.OFF for branch in Branch}


def _open(options: EngineOptions) -> LitertEngine:
    return LitertEngine(options, modes_of(options))


def _only(people: People) -> Person:
    assert len(people.persons) == 1
    return people.persons[0]


def _found(people: People) -> dict[str, int]:
    """Return how many points each part has that was found of the only person."""
    return {part: len(points) for part in PARTS if (points := points_of(_only(people), part)) is not None}


def _has(people: People, part: str) -> bool:
    return any(points_of(person, part) is not None for person in people.persons)


@pytest.fixture(scope="module")
def clip(demo_clip: Path) -> list[Frame]:
    """Return the demo clip's frames: a man shows victory and thumb up with his left hand."""
    return list(frames(demo_clip))


@pytest.fixture(scope="module")
def opened() -> Iterator[LitertEngine]:
    """Return one engine for all tests that do not ask for a fresh one."""
    engine = _open(EngineOptions())
    yield engine
    engine.close()


@pytest.fixture
def engine(opened: LitertEngine) -> LitertEngine:
    """Return the engine with pose and hands in every frame, knowing nobody."""
    opened.set_branches(_modes(POSE | HANDS))
    opened.want_face(False)
    opened.reset()
    return opened


@pytest.fixture(scope="module")
def always(opened: LitertEngine, clip: list[Frame]) -> list[People]:
    """Return what is seen of the demo clip with everything but the face in every frame."""
    opened.set_branches(_modes(POSE | HANDS))
    opened.reset()
    return [opened.detect(frame) for frame in clip]


def test_the_left_hand_is_found_in_most_frames_of_the_demo_clip(always: list[People]) -> None:
    """It is the person's own left, and the only hand that is up."""
    assert sum(_has(people, "left_hand") for people in always) >= 0.8 * len(always)
    assert sum(_has(people, "right_hand") for people in always) <= 0.1 * len(always)
    assert all(people.ran == POSE | HANDS for people in always)


def test_what_is_left_to_the_schedule_is_found_nearly_as_often(
    engine: LitertEngine, clip: list[Frame], always: list[People]
) -> None:
    """In nine of ten frames where looking at every frame finds the hand, what rests being carried on; for less work."""
    engine.set_branches(_modes(POSE | HANDS, Mode.AUTO))
    looks = Counter[str]()
    both = 0
    for frame, reference in zip(clip, always, strict=True):
        people = engine.detect(frame)
        both += _has(people, "left_hand") and _has(reference, "left_hand")
        looks.update(name for name, decision in engine.decisions.items() if decision.run)
    assert both >= 0.9 * sum(_has(reference, "left_hand") for reference in always)
    assert looks["detector"] <= 2
    assert looks["right_hand"] <= 0.2 * len(clip)


def test_what_is_found_says_which_frame_it_belongs_to(always: list[People], clip: list[Frame]) -> None:
    """Size, time and number are the frame's; coordinates are fractions of the picture, the world in metres."""
    people, frame = always[20], clip[20]
    assert (people.size, people.timestamp_ns, people.seq) == (frame.size, frame.timestamp_ns, frame.seq)
    check_the_man_of_the_demo_clip(_only(people))


@pytest.mark.parametrize(
    ("branches", "expected"),
    [
        (POSE, {"pose": 33}),
        (HANDS, {"left_hand": 21}),
        (POSE | LEFT, {"pose": 33, "left_hand": 21}),
        (POSE | RIGHT, {"pose": 33}),
        (POSE | FACE, {"pose": 33, "face": 468}),
        (FACE, {"face": 468}),
        (POSE | HANDS | FACE, {"pose": 33, "left_hand": 21, "face": 468}),
    ],
    ids=["pose", "hands", "left", "right", "pose and face", "face", "everything"],
)
@pytest.mark.parametrize("named", [True, False], ids=["off", "not named"])
def test_a_masked_branch_is_not_reported(
    engine: LitertEngine, clip: list[Frame], branches: frozenset[Branch], expected: dict[str, int], named: bool
) -> None:
    """What is off, or not named, is None and did not run; the body leads to hands and face all the same."""
    engine.set_branches(_modes(branches) if named else dict.fromkeys(branches, Mode.ON))
    people = [engine.detect(frame) for frame in clip[19:21]][-1]
    assert _found(people) == expected
    assert people.ran == branches


def test_branches_are_switched_while_running(engine: LitertEngine, clip: list[Frame]) -> None:
    """The person stays the same one, and a hand that was off is not remembered."""
    seen: list[tuple[int, dict[str, int]]] = []
    for number, branches in enumerate([POSE | HANDS, POSE, POSE | FACE, FACE, POSE | LEFT]):
        engine.set_branches(_modes(branches))
        people = engine.detect(clip[18 + number])
        assert people.ran == branches
        seen.append((_only(people).id, _found(people)))
    assert len({identity for identity, _ in seen}) == 1
    assert [set(parts) for _, parts in seen] == [
        {"pose", "left_hand"},
        {"pose"},
        {"pose", "face"},
        {"face"},
        {"pose", "left_hand"},
    ]


def test_the_face_is_left_alone_until_somebody_wants_it(engine: LitertEngine, clip: list[Frame]) -> None:
    """A rule or a subscriber; not in `ran` before."""
    engine.set_branches(_modes(POSE | FACE, Mode.AUTO))
    before = [engine.detect(frame) for frame in clip[10:15]]
    assert not any(_has(people, "face") or Branch.FACE in people.ran for people in before)
    assert engine.decisions["face"].why == "nobody wants it"
    engine.want_face(True)
    after = [engine.detect(frame) for frame in clip[15:20]]
    assert all(_has(people, "face") for people in after)
    assert Branch.FACE in after[0].ran


def test_what_rests_is_carried_on_and_not_in_ran(engine: LitertEngine, clip: list[Frame]) -> None:
    """The same frame again a hundredth of a second later: everything was looked at just now."""
    engine.set_branches(_modes(POSE | HANDS, Mode.AUTO))
    first = engine.detect(clip[20])
    again = engine.detect(Frame(clip[20].pixels, clip[20].format, clip[20].timestamp_ns + 10**7, 21))
    assert _has(first, "left_hand")
    assert Branch.LEFT_HAND in first.ran
    assert _found(again) == _found(first)
    assert again.ran <= RIGHT
    assert engine.decisions["pose"].why == engine.decisions["left_hand"].why == "resting"


@pytest.mark.parametrize("mode", [Mode.ON, Mode.AUTO])
def test_every_frame_says_what_ran_and_why(engine: LitertEngine, clip: list[Frame], mode: Mode) -> None:
    """For the detector and for every branch."""
    engine.set_branches(_modes(frozenset(Branch), mode))
    for frame in clip[:12]:
        engine.detect(frame)
        assert {"detector", *Branch} <= engine.decisions.keys()
        assert all(decision.why for decision in engine.decisions.values())


def test_after_a_reset_nothing_is_remembered(engine: LitertEngine, clip: list[Frame], always: list[People]) -> None:
    """The person is another one, and is seen as the first was."""
    before = _only(engine.detect(clip[0]))
    engine.detect(clip[20])
    engine.reset()
    after = _only(engine.detect(clip[0]))
    assert after.id != before.id
    for part in PARTS:
        old, new = points_of(_only(always[0]), part), points_of(after, part)
        assert (old is None) == (new is None)
        assert old is None or new is None or np.array_equal(old, new)


@pytest.mark.parametrize(
    ("pixel_format", "tolerance"),
    [(PixelFormat.RGB, 0.0), (PixelFormat.YUV420, 0.01), (PixelFormat.NV12, 0.01), (PixelFormat.GRAY, 0.03)],
)
def test_every_pixel_format_gives_the_same_landmarks(
    engine: LitertEngine, clip: list[Frame], pixel_format: PixelFormat, tolerance: float
) -> None:
    """As far as the colour that a format keeps allows, in fractions of the picture."""
    shown = clip[18:21]
    expected = [_only(engine.detect(frame)) for frame in shown][-1]
    engine.reset()
    converted = [frame_of(frame.pixels[:, :, ::-1], pixel_format, frame.timestamp_ns, frame.seq) for frame in shown]
    found = [_only(engine.detect(frame)) for frame in converted][-1]
    assert expected.pose is not None
    for part, kept in (("pose", expected.pose.visibility > 0.9), ("left_hand", slice(None))):
        one, other = points_of(expected, part), points_of(found, part)
        assert one is not None
        assert other is not None
        assert np.abs(one - other)[kept, :2].mean() <= tolerance


def _filled(size: tuple[int, int], what: str) -> Pixels:
    if what == "noise":
        return np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    return np.full((size[1], size[0], 3), {"black": 0, "grey": 128, "white": 255}[what], np.uint8)


@pytest.mark.parametrize("mode", [Mode.ON, Mode.AUTO])
@pytest.mark.parametrize("what", ["black", "grey", "white", "noise"])
@pytest.mark.parametrize("size", [(1, 1), (2, 1), (5, 7), (64, 64), (641, 479), (2000, 1)])
def test_pictures_of_nobody_show_nobody(engine: LitertEngine, mode: Mode, what: str, size: tuple[int, int]) -> None:
    """Absent, not unknown: the branches did look, however small or odd the picture is."""
    engine.set_branches(_modes(POSE | HANDS, mode))
    people = engine.detect(Frame(_filled(size, what), PixelFormat.RGB, 0, 7))
    assert people.persons == ()
    assert people.ran == POSE | HANDS
    assert people.size == size


@pytest.mark.parametrize("pixel_format", [PixelFormat.BGR, PixelFormat.YUV420])
def test_a_person_in_an_8k_picture_is_found(engine: LitertEngine, clip: list[Frame], pixel_format: PixelFormat) -> None:
    """7680 x 4320 pixels: only crops are converted."""
    small = clip[20].pixels[:, :, ::-1]
    large = np.zeros((4320, 7680, 3), np.uint8)
    times = 4320 // small.shape[0]
    shown = small.repeat(times, axis=0).repeat(times, axis=1)[:, :7680]
    large[: shown.shape[0], : shown.shape[1]] = shown
    person = _only(engine.detect(frame_of(large, pixel_format)))
    assert person.pose is not None
    assert person.left_hand is not None


@pytest.mark.parametrize("mode", [Mode.ON, Mode.AUTO])
def test_a_picture_that_changes_its_size_is_taken(engine: LitertEngine, clip: list[Frame], mode: Mode) -> None:
    """A camera that was reopened with another resolution, while somebody is followed."""
    engine.set_branches(_modes(POSE | HANDS, mode))
    engine.detect(clip[20])
    for seq, size in enumerate([(64, 64), (1, 1), (3000, 40), clip[20].size]):
        frame = Frame(_filled(size, "noise"), PixelFormat.RGB, clip[20].timestamp_ns + seq * 10**8, seq)
        assert engine.detect(frame).size == size


@pytest.mark.parametrize("mode", [Mode.ON, Mode.AUTO])
def test_time_that_stands_still_jumps_or_runs_back_is_taken(
    engine: LitertEngine, clip: list[Frame], mode: Mode
) -> None:
    """The man is there in every one of these frames, with finite coordinates."""
    engine.set_branches(_modes(POSE | HANDS, mode))
    for seq, time_ns in enumerate([0, 0, 10**9, 5 * 10**8, -(10**9), 10**10, 10**10, 2**62, 2**62, 0]):
        people = engine.detect(Frame(clip[20].pixels, PixelFormat.BGR, time_ns, seq))
        assert (people.timestamp_ns, people.seq) == (time_ns, seq)
        for part in _found(people):
            points = points_of(_only(people), part)
            assert points is not None
            assert np.isfinite(points).all()
        assert _has(people, "pose")


def test_complexity_is_a_choice_of_the_pose_model(always: list[People], clip: list[Frame]) -> None:
    """The full model sees the same man, not to the same digit."""
    other = _open(EngineOptions(complexity=1, pose="on"))
    full = _only(other.detect(clip[20])).pose
    other.close()
    lite_pose = _only(always[20]).pose
    assert lite_pose is not None
    assert full is not None
    gap = np.abs(lite_pose.points - full.points)[lite_pose.visibility > 0.9, :2]
    assert 0 < gap.mean() < 0.03


@pytest.mark.parametrize(
    "options",
    [EngineOptions(detection_confidence=1.0), EngineOptions(tracking_confidence=1.0)],
    ids=["detection", "tracking"],
)
def test_nobody_is_sure_enough_for_a_confidence_of_one(options: EngineOptions, clip: list[Frame]) -> None:
    """Both thresholds are obeyed, at their very ends too."""
    engine = _open(options)
    assert engine.detect(clip[20]).persons == ()
    engine.close()


def test_a_confidence_of_zero_is_obeyed() -> None:
    """Whatever is likeliest is somebody; believing that is not for the schedule."""
    engine = _open(EngineOptions(detection_confidence=0.0, tracking_confidence=0.0, pose="on", left_hand="off"))
    assert len(engine.detect(Frame(_filled((64, 64), "grey"), PixelFormat.RGB, 0, 0)).persons) == 1
    engine.close()


def test_a_branch_whose_model_cannot_be_had_leaves_everything_as_it_was(
    clip: list[Frame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The face is switched on where its files were never fetched, and nothing can be fetched."""
    assets = fetch_all(lite.assets(0, hands=True, face=False))
    monkeypatch.setenv("EDGEHOLO_CACHE", str(tmp_path / "cache"))
    for name, path in assets.items():
        (cache.cache_folder("assets") / name).symlink_to(path)
    monkeypatch.setattr("edgeholo.perceive.models.packages.client", lambda _package: None)
    monkeypatch.setattr("urllib.request.urlopen", _no_network)
    engine = _open(EngineOptions(pose="on", left_hand="on", right_hand="on"))
    with pytest.raises(ModelError, match=r"face_"):
        engine.set_branches(dict.fromkeys(Branch, Mode.ON))
    people = engine.detect(clip[20])
    engine.close()
    assert people.ran == POSE | HANDS
    assert _found(people) == {"pose": 33, "left_hand": 21}


def _no_network(*_arguments: object, **_options: object) -> None:
    raise OSError("no network in this test")
