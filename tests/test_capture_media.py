"""Media: videos at media time, GIFs with their own delays, stills, folders."""

import logging
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeholo.capture.feed import frames
from edgeholo.config import Camera
from edgeholo.errors import CameraError
from edgeholo.types import Frame


def times_of(source: Path) -> list[float]:
    """Return the frames' times in seconds."""
    return [frame.timestamp_ns / 1e9 for frame in frames(Camera(source=str(source)))]


def a_video(path: Path, count: int = 20, size: tuple[int, int] = (320, 240), fourcc: str = "mp4v") -> Path:
    """Write a video of a number of frames, 25 a second, each with noise so that it takes bytes."""
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*fourcc), 25.0, size)
    noise = np.random.default_rng(0)
    for _ in range(count):
        writer.write(noise.integers(0, 255, (size[1], size[0], 3), np.uint8))
    writer.release()
    return path


def a_folder(path: Path, names: list[str]) -> Path:
    """Write a folder of pictures, each darker than the one before in the list."""
    path.mkdir()
    for number, name in enumerate(names):
        cv2.imwrite(str(path / name), np.full((30, 40, 3), 250 - 10 * number, np.uint8))
    return path


def test_the_demo_clip_runs_at_ten_frames_a_second(demo_clip: Path) -> None:
    """The GIF's delays are 100 ms each, and time starts at 0."""
    times = times_of(demo_clip)
    assert len(times) == 43
    assert np.allclose(times, np.arange(43) * 0.1)


def test_a_gif_keeps_its_own_uneven_delays(tmp_path: Path) -> None:
    """A delay is how long its frame stands, so the next frame's time is the sum of those before."""
    animation = cv2.Animation()
    animation.frames = [np.full((60, 80, 3), 40 * number, np.uint8) for number in range(5)]
    animation.durations = np.array([50, 300, 100, 20, 200], np.int32)  # type: ignore[assignment]
    path = tmp_path / "uneven.gif"
    assert cv2.imwriteanimation(str(path), animation)
    assert np.allclose(times_of(path), [0, 0.05, 0.35, 0.45, 0.47])


def test_a_still_counts_as_two_seconds_of_the_same_frame(tmp_path: Path) -> None:
    """Twenty frames, a tenth of a second apart, of the very same pixels."""
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), np.full((30, 40, 3), 100, np.uint8))
    shown = list(frames(Camera(source=str(path))))
    assert [frame.timestamp_ns for frame in shown] == [100_000_000 * number for number in range(20)]
    assert [frame.seq for frame in shown] == list(range(20))
    assert all(frame.pixels is shown[0].pixels for frame in shown)


def test_a_folder_is_shown_in_the_order_a_person_would_count(tmp_path: Path) -> None:
    """2 comes before 10, other files are passed over, and time goes on from one picture to the next."""
    folder = a_folder(tmp_path / "folder", ["1.jpg", "2.jpg", "10.jpg"])
    (folder / "notes.txt").write_text("not a picture")
    shown = list(frames(Camera(source=str(folder))))
    brightness = [int(frame.pixels[0, 0, 0]) for frame in shown[::20]]
    assert brightness == sorted(brightness, reverse=True)
    assert [frame.timestamp_ns for frame in shown] == [100_000_000 * number for number in range(60)]


def test_a_bad_picture_in_the_middle_of_a_folder_is_named_once_and_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The others are shown all the same."""
    folder = a_folder(tmp_path / "folder", ["1.jpg", "3.jpg"])
    (folder / "2.jpg").write_text("no picture")
    with caplog.at_level(logging.WARNING):
        assert len(list(frames(Camera(source=str(folder))))) == 40
    assert [record.getMessage().count("2.jpg") for record in caplog.records] == [1]


def test_a_video_that_breaks_off_gives_what_it_has_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Half the file gives about half the frames and one warning."""
    whole = a_video(tmp_path / "whole.avi", count=40, fourcc="MJPG")
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with caplog.at_level(logging.WARNING):
        count = len(times_of(cut))
    assert 10 <= count <= 25
    assert len(caplog.records) == 1
    assert "cut short" in caplog.text
    assert capfd.readouterr().err == ""


def test_a_whole_video_raises_no_suspicion(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """No warning where nothing is missing."""
    with caplog.at_level(logging.WARNING):
        assert np.allclose(times_of(a_video(tmp_path / "whole.mp4")), np.arange(20) / 25)
    assert caplog.text == ""


def _write_bad(path: Path, case: str) -> Path:
    if case == "text.mp4":
        path.write_text("hello world\n" * 50)
    elif case == "empty.mp4":
        path.touch()
    elif case in ("headless.mp4", "header.gif"):
        path.write_bytes(b"GIF89a\x40\x00\x40\x00\x80\x00\x00" if case == "header.gif" else b"\0\0\0\x18ftypmp42")
    elif case in ("empty_folder", "folder.jpg"):
        path.mkdir()
    elif case == "all_bad":
        path.mkdir()
        (path / "1.jpg").write_text("no")
        (path / "2.png").write_text("no")
    return path


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("text.mp4", "not a video"),
        ("empty.mp4", "not a video"),
        ("headless.mp4", "not a video"),
        ("header.gif", "no frame of this video"),
        ("missing.mp4", "no such file"),
        ("empty_folder", "no pictures in this folder"),
        ("folder.jpg", "no pictures in this folder"),
        ("all_bad", "none of the 2 pictures"),
    ],
)
def test_bad_media_is_one_clear_line(tmp_path: Path, capfd: pytest.CaptureFixture[str], case: str, says: str) -> None:
    """The line names the file, and FFmpeg says nothing beside it."""
    path = _write_bad(tmp_path / case, case)
    with pytest.raises(CameraError) as caught:
        times_of(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "Error" not in capfd.readouterr().err


def test_a_video_cut_off_before_its_index_is_one_clear_line(tmp_path: Path) -> None:
    """An MP4 keeps its index at the end: without it nothing can be decoded."""
    whole = a_video(tmp_path / "whole.mp4").read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CameraError, match="cut short"):
        times_of(path)


def test_media_keeps_its_own_size_up_to_full_hd(tmp_path: Path) -> None:
    """So that landmarks compare with others', whatever width the camera is configured for."""
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    cv2.imwrite(str(small), np.zeros((900, 1200, 3), np.uint8))
    cv2.imwrite(str(large), np.zeros((1500, 3000, 3), np.uint8))
    sizes = [next(iter(frames(Camera(source=str(path), width=640, height=480)))).size for path in (small, large)]
    assert sizes == [(1200, 900), (1920, 960)]


@pytest.mark.shared
def test_every_real_clip_starts_at_zero_and_never_stands_still(shared_media: Path) -> None:
    """Containers with late first frames, odd rates and held frames all give strictly rising times."""
    names = ["signing/brother.mkv", "signing/yes.mkv", "signing/nine_frames_720p.mp4", "swipes/down.mp4"]
    names += ["several_people/three_walk_up.gif", "no_command/nodding.gif", "presence/person_leaves.mov"]
    clips = [shared_media / "clips" / name for name in names]
    for clip in clips:
        times = times_of(clip)
        assert times[0] == 0.0, clip
        assert all(before < after for before, after in pairwise(times)), clip


@pytest.mark.shared
def test_a_clip_has_as_many_frames_as_googles_own_reader_found(shared_media: Path) -> None:
    """Landmarks are compared frame by frame with a reference stream: none may be lost or invented."""
    for name in ("yes", "book", "walk"):
        reference = (shared_media / f"reference/signing.{name}.jsonl").read_text().splitlines()
        shown: list[Frame] = list(frames(Camera(source=str(shared_media / f"clips/signing/{name}.mkv"))))
        assert len(shown) == len(reference)
