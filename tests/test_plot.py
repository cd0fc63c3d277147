"""``edgeholo plot``: the story of a recording, and the pictures of it."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeholo.cli.plotting.binned import COLUMNS, binned, stretches
from edgeholo.cli.plotting.calming import usual
from edgeholo.cli.plotting.story import Story, told
from edgeholo.config import Config, Gestures
from edgeholo.perceive.recording import Recorder, read
from edgeholo.types import Branch, Side, Sight

_MODULE = [sys.executable, "-m", "edgeholo.cli"]
_TEXT = "{http://www.w3.org/2000/svg}text"


def _edgeholo(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*_MODULE, *map(str, arguments)], capture_output=True, text=True, check=False)


def _words(svg: Path) -> str:
    return " | ".join("".join(text.itertext()) for text in ET.parse(svg).iter(_TEXT))  # noqa: S314 - we wrote it


def _written(path: Path, sights: Sequence[Sight]) -> Path:
    with Recorder(path, engine="litert", source="clip.gif") as recorder:
        for sight in sights:
            recorder.write(sight)
    return path


def _later(sight: Sight, by_ns: int) -> Sight:
    at_ns = sight.timestamp_ns + by_ns
    return replace(sight, timestamp_ns=at_ns, people=sight.people and replace(sight.people, timestamp_ns=at_ns))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory, demo_clip: Path) -> Path:
    """Return a recording of the demo clip."""
    file = tmp_path_factory.mktemp("recording") / "demo.holo"
    assert _edgeholo("record", demo_clip, file).returncode == 0
    return file


@pytest.fixture(scope="module")
def sights(recording: Path) -> list[Sight]:
    """Return what is in it."""
    return list(read(recording))


@pytest.fixture(scope="module")
def story(sights: list[Sight]) -> Story:
    """Return its story."""
    return told(sights, Config())


def test_the_demo_clip_is_drawn_as_png_and_svg(recording: Path) -> None:
    """Beside the recording, 1600 pixels wide, and with all that was seen in words."""
    done = _edgeholo("plot", recording)
    assert (done.returncode, done.stderr) == (0, "")
    png, svg = recording.with_suffix(".png"), recording.with_suffix(".svg")
    assert done.stdout.startswith(f"{png}: ")
    picture = cv2.imread(str(png))
    assert picture is not None
    assert picture.shape[1] == 1600
    words = _words(svg)
    for expected in (
        "demo.holo: what edgeholo saw of fingers-lq.gif",
        "43 frames of 320x240 in 4.2 s (10.0 a second)",
        "victory, left | thumb up, left",
        "Shake at rest",
        "Processor time of the engine: ",
        "pose | left hand",
    ):
        assert expected in words


def test_the_same_recording_makes_the_same_pictures(recording: Path, tmp_path: Path) -> None:
    """No date, and no numbers by chance: two pictures can be compared."""
    outs = [tmp_path / name for name in ("a.svg", "b.svg", "a.png", "b.png")]
    assert _edgeholo("plot", recording, *outs[::2]).returncode == 0
    assert _edgeholo("plot", recording, *outs[:0:-2]).returncode == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert outs[2].read_bytes() == outs[3].read_bytes()


def test_the_story_has_the_gestures_of_the_replay(story: Story) -> None:
    """Victory, thumb up, victory, thumb up, with the left hand, one after the other."""
    assert [(span.name, span.hand) for span in story.gestures] == [("victory", "left"), ("thumb_up", "left")] * 2
    assert all(0.9 < span.confidence <= 1 and span.begin_s < span.end_s for span in story.gestures)
    assert [span.name for span in story.facts] == ["somebody is there"]
    assert story.facts[0].end_s == story.duration_s == pytest.approx(4.2)


def test_a_longer_hold_is_in_it(sights: list[Sight]) -> None:
    """Phases are those of the configuration."""
    held = told(sights, Config(gestures=Gestures(hold_s=0.4))).gestures
    assert [span.held_s is not None for span in held[:3]] == [True, True, True]
    assert held[0].held_s == pytest.approx(held[0].begin_s + 0.4, abs=0.11)


def test_hands_have_a_path_and_shake_less_after_the_filter(story: Story) -> None:
    """Of the man's left hand, which is on the right of the picture."""
    ((_, side),) = story.paths.hands
    times, x, y = story.paths.hands[0, side].columns()
    assert side is Side.LEFT
    assert len(times) > 35
    assert 0.6 < x.mean() < 0.9
    assert 0.5 < y.mean() < 0.9
    before, after = usual(story.calming.rests(Branch.LEFT_HAND))
    assert after < before < 0.1


def test_what_each_branch_cost_is_what_was_recorded(story: Story) -> None:
    """Only branches that ran cost something."""
    assert story.costed
    for ran, cost in zip(story.ran, story.cost_ms, strict=True):
        assert set(cost) <= {*ran, "detector", "palms"}
        assert all(0 < each < 1000 for each in cost.values())


def test_a_recording_without_costs_shows_what_looked(sights: list[Sight], tmp_path: Path) -> None:
    """Those of older programs, and of engines that cannot tell: nothing is made up."""
    file = _written(tmp_path / "old.holo", [replace(sight, cost_ms={}) for sight in sights])
    assert _edgeholo("plot", file, tmp_path / "old.svg").returncode == 0
    words = _words(tmp_path / "old.svg")
    assert "what they cost is not in this recording" in words
    assert "Processor time" not in words


def test_a_recording_without_anybody_is_drawn_too(sights: list[Sight], tmp_path: Path) -> None:
    """No hands, no gestures, nothing that rested: each says so."""
    empty = [replace(sight, people=None, cost_ms={}) for sight in sights]
    assert _edgeholo("plot", _written(tmp_path / "a.holo", empty), tmp_path / "a.svg").returncode == 0
    words = _words(tmp_path / "a.svg")
    for expected in ("understands them: none", "no hand was seen", "nothing rested", "no frame was looked at"):
        assert expected in words


def test_a_source_that_started_over_goes_on_in_the_story(sights: list[Sight]) -> None:
    """Time on the axis never runs back."""
    again = told([*sights, *sights], Config())
    assert again.times == sorted(again.times)
    assert again.duration_s == pytest.approx(2 * 4.2 + 0.1)
    assert len(again.gestures) == 8


def test_a_long_recording_is_no_large_picture(sights: list[Sight], tmp_path: Path) -> None:
    """Columns that are finer than a pixel are put together."""
    long = [_later(sight, round_ * 4_300_000_000) for round_ in range(45) for sight in sights]
    assert _edgeholo("plot", _written(tmp_path / "a.holo", long), tmp_path / "a.svg").returncode == 0
    assert (tmp_path / "a.svg").stat().st_size < 1_500_000
    assert "minutes:seconds" in _words(tmp_path / "a.svg")


def test_bins_keep_the_mean() -> None:
    """What is put together costs as much as before."""
    times, rows = np.arange(5000) / 10, np.stack((np.full(5000, 3.0), np.arange(5000.0)))
    ends, means = binned(times, rows)
    assert len(ends) == COLUMNS + 1
    assert means[0] == pytest.approx(3.0)
    assert means[1, :-1].mean() == pytest.approx(rows[1].mean(), rel=0.01)
    assert stretches([0.0, 1.0, 2.0, 3.0], [True, True, False, True]) == [(0.0, 2.0), (3.0, 1.0)]


@pytest.mark.parametrize(
    ("number", "outs", "code", "words"),
    [
        (43, ["a.jpg"], 78, "a.jpg: the name must end in .png or .svg"),
        (43, ["/nothing/a.png"], 1, "/nothing is no folder"),
        (43, ["/proc/self/a.png"], 1, "cannot write /proc/self/a.png: "),
        (0, [], 1, "holds no frame"),
        (1, [], 1, "holds one frame"),
    ],
)
def test_what_cannot_be_drawn_is_one_line(
    number: int, outs: list[str], code: int, words: str, sights: list[Sight], tmp_path: Path
) -> None:
    """And no half picture."""
    file = _written(tmp_path / "a.holo", sights[:number])
    done = _edgeholo("plot", file, *outs)
    assert done.returncode == code
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_no_recording_is_one_line(tmp_path: Path, demo_clip: Path, recording: Path) -> None:
    """A clip, nothing at all, or a recording that would draw over itself."""
    named = tmp_path / "a.png"
    named.write_bytes(recording.read_bytes())
    for file, words in (
        (demo_clip, "is no recording of edgeholo"),
        (tmp_path / "nothing.holo", "cannot read the recording"),
        (named, "is what is being read"),
    ):
        done = _edgeholo("plot", file, *([] if file == named else [tmp_path / "out.svg"]))
        assert done.returncode == 1
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_without_matplotlib_one_line_says_how_to_get_it(recording: Path) -> None:
    """A unit has no use for it."""
    code = "import sys; sys.modules['matplotlib'] = None; from edgeholo.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "plot", str(recording)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "edgeholo: matplotlib draws, and is not here: pip install 'edgeholo[plot]'\n"
