"""Videos that play as fast as what they were drawn on, and files that are whole or not there."""

import os
import signal
import subprocess
import sys
from itertools import accumulate
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeholo.cli import film
from tests.real_broker import until
from tests.terminals import Terminal

_MODULE = [sys.executable, "-m", "edgeholo.cli"]


def pictures(gaps_ms: list[float]) -> list[film.Drawn]:
    """Return grey pictures, each of its own brightness, with these pauses between them."""
    times = accumulate(gaps_ms, initial=0.0)
    return [(round(at * 1e6), np.full((48, 64, 3), 8 * (number % 32), np.uint8)) for number, at in enumerate(times)]


def played(path: Path) -> list[int]:
    """Return the number of the picture in every frame of a video."""
    video, numbers = cv2.VideoCapture(str(path)), []
    while (answer := video.read())[0]:
        numbers.append(round(float(np.asarray(answer[1]).mean()) / 8))
    return numbers


@pytest.mark.parametrize(
    ("gaps_ms", "told_hz", "hz"),
    [
        ([100.0] * 20, None, 10.0),
        ([33, 33, 34] * 10, 30.0, 30.0),
        ([33, 33, 34] * 10, None, 30.0),
        ([33, 33, 34] * 10, 1000.0, 30.0),
        ([40, 40, 2000, 40, 40, 40], 3.0, 25.0),
        ([0.001] * 5, None, 120.0),
        ([], 50.0, 30.0),
    ],
)
def test_the_rate_is_that_of_most_frames(gaps_ms: list[float], told_hz: float | None, hz: float) -> None:
    """A pause says nothing about it, and a container is believed as far as the time stamps agree."""
    assert film.rate(pictures(gaps_ms), told_hz) == pytest.approx(hz, rel=0.005)


def test_a_picture_that_stands_for_longer_is_shown_for_longer(tmp_path: Path) -> None:
    """Animated GIFs have frames of different lengths."""
    out = tmp_path / "film.avi"
    assert film.write(out, iter(pictures([100, 100, 300, 100, 50, 50, 100])), None) == 8
    assert played(out) == [0, 1, 2, 2, 2, 3, 4, 6, 7]
    assert cv2.VideoCapture(str(out)).get(cv2.CAP_PROP_FPS) == pytest.approx(10)


def test_a_steady_source_loses_and_repeats_nothing(tmp_path: Path) -> None:
    """Whole milliseconds are no reason to."""
    out = tmp_path / "film.mkv"
    assert film.write(out, iter(pictures([33, 33, 34] * 10)), 30.0) == 31
    assert played(out) == list(range(31))


def test_an_hour_of_nothing_is_cut_short(tmp_path: Path) -> None:
    """A camera that was covered for long does not fill the disk."""
    out = tmp_path / "film.avi"
    film.write(out, iter(pictures([100, 100, 3_600_000, 100])), None)
    assert len(played(out)) == pytest.approx(104, abs=1)


@pytest.mark.parametrize(("name", "clip"), [("new.mp4", "hall.avi"), ("old.mp4", "hall.avi")])
def test_ctrl_c_leaves_no_half_video(name: str, clip: str, tmp_path: Path) -> None:
    """What was there stays there, and nothing else is left."""
    source, out = tmp_path / clip, tmp_path / name
    film.write(source, iter(pictures([100.0] * 300)), None)
    if name == "old.mp4":
        out.write_bytes(b"last year")
    process = subprocess.Popen(
        [*_MODULE, "annotate", str(source), str(out)], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    until(lambda: any(tmp_path.glob(f".{out.stem}.*")))
    process.send_signal(signal.SIGINT)
    printed, complaints = process.communicate(timeout=30)
    assert (process.returncode, printed, complaints) == (1, "", f"edgeholo: stopped; {out} was not written\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({clip, *([name] if name == "old.mp4" else [])})
    assert name == "new.mp4" or out.read_bytes() == b"last year"


def test_a_folder_that_is_not_ours_is_one_line(tmp_path: Path) -> None:
    """OpenCV has a lot to say about it, and nothing that helps."""
    source = tmp_path / "a.png"
    assert cv2.imwrite(str(source), np.full((48, 64, 3), 90, np.uint8))
    for name in ("out.mp4", "out.png"):
        command = [*_MODULE, "annotate", str(source), f"/proc/self/{name}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith(f"edgeholo: cannot write /proc/self/{name}: ")


def test_a_video_knows_how_far_it_is(tmp_path: Path) -> None:
    """On a terminal, after two seconds, out of the frames that the container tells."""
    source = tmp_path / "hall.avi"
    film.write(source, iter(pictures([100.0] * 600)), None)
    arguments = ("annotate", str(source), str(tmp_path / "out.mp4"), "--complexity", "2")
    with Terminal(*arguments, TERM="xterm", COLUMNS="80", PATH=os.environ["PATH"]) as terminal:
        terminal.shows("/601 [", "%")
        terminal.type("\x03")
        assert terminal.ended() == 1
