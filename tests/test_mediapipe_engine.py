"""MediaPipe's engine on real footage: what it finds, what is masked, what it costs nobody's privacy."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeholo.config import EngineOptions
from edgeholo.errors import ConfigError, ModelError
from edgeholo.perceive.engine import ENGINES, Engine, branches_of, modes_of, open_engine
from edgeholo.types import HANDS, Branch, Frame, Mode, People, Person, PixelFormat, Pixels, Pose
from tests.footage import PARTS, check_the_man_of_the_demo_clip, frames, points_of

ROOT = Path(__file__).parents[1]
POSE, FACE = frozenset({Branch.POSE}), frozenset({Branch.FACE})
LEFT, RIGHT = frozenset({Branch.LEFT_HAND}), frozenset({Branch.RIGHT_HAND})


def _modes(branches: frozenset[Branch], mode: Mode = Mode.ON) -> dict[Branch, Mode]:
    return {branch: mode if branch in branches else Mode.OFF for branch in Branch}


def _only(people: People) -> Person:
    assert len(people.persons) == 1
    return people.persons[0]


@pytest.fixture(scope="module")
def clip(demo_clip: Path) -> list[Frame]:
    """Return the demo clip's frames: a man shows victory and thumb up with his left hand."""
    return list(frames(demo_clip))


@pytest.fixture(scope="module")
def opened() -> Iterator[Engine]:
    """Return one engine for all tests that do not ask for a fresh one."""
    engine = open_engine(EngineOptions(name="mediapipe"))
    yield engine
    engine.close()


@pytest.fixture
def engine(opened: Engine) -> Engine:
    """Return the engine with pose and hands, knowing nobody."""
    opened.set_branches(_modes(POSE | HANDS))
    opened.reset()
    return opened


def test_the_left_hand_is_found_in_most_frames_of_the_demo_clip(engine: Engine, clip: list[Frame]) -> None:
    """It is the person's own left, and the only hand that is up."""
    seen = [engine.detect(frame) for frame in clip]
    left = sum(1 for people in seen for person in people.persons if person.left_hand)
    right = sum(1 for people in seen for person in people.persons if person.right_hand)
    assert left >= 0.8 * len(clip)
    assert right <= 0.1 * len(clip)


def test_what_is_found_says_which_frame_it_belongs_to(engine: Engine, clip: list[Frame]) -> None:
    """Size, time and number are the frame's; coordinates are fractions of the picture, the world in metres."""
    people = engine.detect(clip[20])
    assert (people.size, people.timestamp_ns, people.seq) == (clip[20].size, clip[20].timestamp_ns, clip[20].seq)
    assert people.ran == POSE | HANDS
    check_the_man_of_the_demo_clip(_only(people))


@pytest.mark.parametrize(
    ("branches", "expected"),
    [
        (POSE, {"pose": 33}),
        (POSE | HANDS, {"pose": 33, "left_hand": 21}),
        (HANDS, {"left_hand": 21}),
        (POSE | LEFT, {"pose": 33, "left_hand": 21}),
        (POSE | RIGHT, {"pose": 33}),
        (POSE | FACE, {"pose": 33, "face": 468}),
        (POSE | HANDS | FACE, {"pose": 33, "left_hand": 21, "face": 468}),
    ],
    ids=["pose", "pose and hands", "hands", "left", "right", "pose and face", "everything"],
)
def test_a_masked_branch_is_not_reported(
    engine: Engine, clip: list[Frame], branches: frozenset[Branch], expected: dict[str, int]
) -> None:
    """Branches are switched while running, and the result says which ones looked."""
    engine.set_branches(_modes(branches))
    people = [engine.detect(frame) for frame in clip[18:22]][-1]
    found = {part: len(points) for part in PARTS if (points := points_of(_only(people), part)) is not None}
    assert found == expected
    assert people.ran == branches


def test_a_refined_face_has_irises_between_the_corners_of_the_eyes(clip: list[Frame]) -> None:
    """478 points; the ten at the end lie where the eyes are, and move with them."""
    engine = open_engine(EngineOptions(name="mediapipe", face="on", refine_face=True))
    face = [_only(engine.detect(frame)).face for frame in clip[18:22]][-1]
    engine.close()
    assert face is not None
    assert face.points.shape == (478, 3)
    for corners, iris in (((33, 133), 468), ((362, 263), 473)):
        left, right = face.points[list(corners), 0]
        assert left < face.points[iris, 0] < right
        width = right - left
        assert np.ptp(face.points[iris : iris + 5, 0]) == pytest.approx(0.4 * width, rel=0.5)


@pytest.mark.shared
@pytest.mark.parametrize(("refine", "total"), [(False, 543), (True, 553)])
def test_all_points_are_there_when_everything_is_found(shared_media: Path, refine: bool, total: int) -> None:
    """33 of the body, 21 of each hand, 468 of the face, ten of the irises."""
    engine = open_engine(EngineOptions(name="mediapipe", face="on", refine_face=refine))
    counts = []
    for frame in frames(shared_media / "clips/signing/book.mkv"):
        persons = engine.detect(frame).persons
        counts += [
            sum(len(found) for part in PARTS if (found := points_of(person, part)) is not None) for person in persons
        ]
        if counts and counts[-1] == total:
            break
    engine.close()
    assert max(counts) == total


def test_complexity_is_a_choice_of_the_pose_model(engine: Engine, clip: list[Frame]) -> None:
    """The full model sees the same man, not to the same digit."""
    lite = _only(engine.detect(clip[20])).pose
    other = open_engine(EngineOptions(name="mediapipe", complexity=1))
    full = _only(other.detect(clip[20])).pose
    other.close()
    assert lite is not None
    assert full is not None
    gap = np.abs(lite.points - full.points)[lite.visibility > 0.9, :2]
    assert 0 < gap.mean() < 0.03


def test_nobody_is_found_in_an_empty_picture(engine: Engine) -> None:
    """Absent, not unknown: the branches did look."""
    people = engine.detect(Frame(np.full((240, 320, 3), 128, np.uint8), PixelFormat.RGB, 0, 7))
    assert people.persons == ()
    assert people.ran == POSE | HANDS


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (7, 5), (1, 2000), (481, 641)])
def test_pictures_of_any_size_are_taken(engine: Engine, shape: tuple[int, int]) -> None:
    """However odd."""
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    assert engine.detect(Frame(pixels, PixelFormat.RGB, 0, 0)).size == shape[::-1]


def test_time_that_stands_still_or_runs_back_is_taken(engine: Engine, clip: list[Frame]) -> None:
    """The graph's own clock advances; the frame keeps its time stamp."""
    times = [0, 0, 10**9, 5 * 10**8, -(10**9), 10**9, 2**62, 2**62]
    for time_ns in times:
        people = engine.detect(Frame(clip[20].pixels, PixelFormat.BGR, time_ns, 0))
        assert people.timestamp_ns == time_ns
        assert len(people.persons) == 1


def _as_rgb(bgr: Pixels) -> Pixels:
    return np.ascontiguousarray(bgr[:, :, ::-1])


def _as_i420(bgr: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2YUV_I420), np.uint8)


def _as_nv12(bgr: Pixels) -> Pixels:
    planar, height = _as_i420(bgr), bgr.shape[0]
    u, v = planar[height:].reshape(2, -1)
    return np.concatenate([planar[:height], np.stack([u, v], axis=-1).reshape(-1, bgr.shape[1])])


def _as_gray(bgr: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)


@pytest.mark.parametrize(
    ("pixel_format", "convert", "tolerance"),
    [
        (PixelFormat.RGB, _as_rgb, 0.0),
        (PixelFormat.YUV420, _as_i420, 0.01),
        (PixelFormat.NV12, _as_nv12, 0.01),
        (PixelFormat.GRAY, _as_gray, 0.03),
    ],
)
def test_every_pixel_format_gives_the_same_landmarks(
    engine: Engine, clip: list[Frame], pixel_format: PixelFormat, convert: Callable[[Pixels], Pixels], tolerance: float
) -> None:
    """As far as the colour that a format keeps allows, in fractions of the picture."""
    expected = _only(engine.detect(clip[20]))
    engine.reset()
    found = _only(engine.detect(Frame(convert(clip[20].pixels), pixel_format, 0, 0)))
    assert isinstance(expected.pose, Pose)
    for part, keep in (("pose", expected.pose.visibility > 0.9), ("left_hand", slice(None))):
        one, two = points_of(expected, part), points_of(found, part)
        assert one is not None
        assert two is not None
        assert np.abs(one - two)[keep, :2].mean() <= tolerance


def test_a_reset_engine_answers_like_a_new_one(engine: Engine, clip: list[Frame]) -> None:
    """Nothing of the frames before is left in it."""
    first = _only(engine.detect(clip[20])).pose
    for frame in clip[:10]:
        engine.detect(frame)
    engine.reset()
    again = _only(engine.detect(clip[20])).pose
    assert first is not None
    assert again is not None
    assert np.array_equal(first.points, again.points)


def test_branches_stay_as_they_were_when_a_model_cannot_be_had(
    engine: Engine, clip: list[Frame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine goes on with what it has."""
    monkeypatch.setenv("EDGEHOLO_CACHE", "/proc/edgeholo")
    with pytest.raises(ModelError, match="cannot make the cache"):
        engine.set_branches(_modes(POSE | FACE))
    people = engine.detect(clip[20])
    assert people.ran == POSE | HANDS
    assert _only(people).left_hand is not None


def _threads() -> set[str]:
    return {path.name for path in Path("/proc/self/task").iterdir()}


def _seccomp(thread: str) -> int:
    status = Path(f"/proc/self/task/{thread}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("Seccomp:")).split()[1])


def test_every_thread_of_the_library_is_sealed(clip: list[Frame]) -> None:
    """It has no way to report home; the main thread stays as it was."""
    before, main = _threads(), _seccomp(str(threading.get_native_id()))
    engine = open_engine(EngineOptions(name="mediapipe"))
    engine.detect(clip[20])
    started = _threads() - before
    states = {thread: _seccomp(thread) for thread in started}
    engine.close()
    assert len(states) >= 3  # our worker, the library's dispatcher, its graph's executors
    assert set(states.values()) == {2}
    assert _seccomp(str(threading.get_native_id())) == main


def _python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)


@pytest.mark.parametrize("ending", ["engine.close(); engine.close()", "pass", "del engine", "raise SystemExit(3)"])
def test_an_engine_ends_in_silence(demo_clip: Path, ending: str) -> None:
    """Closed or forgotten, there is no traceback, no warning, and the exit code is the program's own."""
    code = f"""
import sys, cv2
from edgeholo.config import EngineOptions
from edgeholo.perceive.engine import open_engine
from edgeholo.types import Frame, PixelFormat
engine = open_engine(EngineOptions(name="mediapipe"))
picture = cv2.VideoCapture(sys.argv[1]).read()[1]
print(len(engine.detect(Frame(picture, PixelFormat.BGR, 0, 0)).persons))
{ending}
"""
    result = _python(code, str(demo_clip))
    assert (result.stdout, result.stderr) == ("1\n", "")
    assert result.returncode == (3 if "3" in ending else 0)


PI_4 = "fp asimd evtstrm crc32 cpuid"
PI_5 = "fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp"
REFUSER = """
import logging, sys
from pathlib import Path
from edgeholo.config import EngineOptions
from edgeholo.perceive import engine, mediapipe
mediapipe._MACHINE, mediapipe._CPUINFO = "aarch64", Path(sys.argv[1])
mediapipe.seal_this_thread = lambda: sys.exit("went on")
logging.basicConfig(stream=sys.stdout, format="%(message)s", level="WARNING")
try:
    assert engine.open_engine(EngineOptions(name="mediapipe")).name == "litert"
except SystemExit as error:
    print(error)
assert "mediapipe" not in sys.modules
"""


@pytest.mark.parametrize(
    ("cpuinfo", "expected"),
    [
        (f"processor\t: 0\nFeatures\t: {PI_4}\n", "needs a processor with atomics and aes (a Raspberry Pi 5 has it"),
        (f"processor\t: 0\nFeatures\t: {PI_4} aes\n", "needs a processor with atomics ("),
        ("", "needs a processor with atomics and aes"),
        (f"processor\t: 0\nFeatures\t: {PI_5}\n", "went on"),
    ],
    ids=["Pi 4", "no LSE", "unknown", "Pi 5"],
)
def test_a_processor_that_the_library_would_abort_on_gets_the_other_engine(
    tmp_path: Path, cpuinfo: str, expected: str
) -> None:
    """One line says why, before anything is loaded: an abort cannot be caught."""
    (tmp_path / "cpuinfo").write_text(cpuinfo)
    result = _python(REFUSER, str(tmp_path / "cpuinfo"))
    assert result.stderr == ""
    assert result.stdout.count("\n") == 1
    assert expected in result.stdout


def test_a_missing_system_library_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The line is the apt command to run; meanwhile the other engine looks."""
    from edgeholo.perceive import mediapipe

    monkeypatch.setattr(mediapipe, "_LIBRARIES", {"libnowhere.so.7": "libnowhere7", "libc.so.6": "libc6"})
    opened = open_engine(EngineOptions(name="mediapipe"))
    opened.close()
    assert opened.name == "litert"
    assert caplog.messages == [
        "engine litert instead of mediapipe: MediaPipe needs system libraries: sudo apt install libnowhere7"
    ]


def test_on_and_auto_are_the_same_to_holistic(engine: Engine, clip: list[Frame]) -> None:
    """It has no scheduler: what runs, runs in every frame; what is not named is off."""
    engine.set_branches({Branch.LEFT_HAND: Mode.AUTO, Branch.POSE: Mode.ON})
    assert [engine.detect(frame).ran for frame in clip[18:22]] == [POSE | LEFT] * 4


def test_the_options_name_what_is_looked_for() -> None:
    """On and auto are both looked for; every engine of the table can be named in the configuration."""
    assert branches_of(EngineOptions()) == POSE | HANDS
    assert branches_of(EngineOptions(pose="off", left_hand="off", face="on")) == RIGHT | FACE
    assert modes_of(EngineOptions(right_hand="on")) == {**_modes(POSE | LEFT, Mode.AUTO), Branch.RIGHT_HAND: Mode.ON}
    assert set(ENGINES) == {"litert", "mediapipe", "recorded"}
    with pytest.raises(ConfigError, match=r"engine\.recording"):
        open_engine(EngineOptions(name="recorded"))
