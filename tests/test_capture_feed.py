"""The feed: newest frames of a camera that may stop, stall or vanish; every frame of media."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeholo.capture.feed import Feed, frames
from edgeholo.capture.latest import Latest
from edgeholo.config import Camera
from edgeholo.errors import CameraError
from edgeholo.types import CameraState, Frame, PixelFormat

CAMERA = Camera(source="pattern", stall_s=0.5, reopen_max_s=1, rate_hz=50)
PIXELS = np.zeros((12, 16, 3), np.uint8)


class Cable:
    """Hand-written cameras on one cable: each opening takes the next behaviour from a list.

    ``good`` delivers, ``absent`` cannot be opened, ``unplugged`` fails after three frames, ``stuck`` hangs in its read for
    ever after three frames, ``deaf`` opens and hangs at once, ``ends`` reports the end of the stream, ``bug`` is a defect.
    """

    def __init__(self, *behaviours: str) -> None:
        self.behaviours = list(behaviours)
        self.opened = 0
        self.closed = 0
        self.release = threading.Event()

    def open(self, options: Camera) -> "CableSource":
        """Open the next one; the last of the list is there for good."""
        behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
        self.opened += 1
        if behaviour == "absent":
            raise CameraError("no such camera")
        return CableSource(self, behaviour)


class CableSource:
    """One opened camera."""

    name = "cable:0"
    live = True

    def __init__(self, cable: Cable, behaviour: str) -> None:
        self._cable = cable
        self._behaviour = behaviour
        self._seq = 0

    def read(self) -> Frame | None:
        """Return a frame every 5 ms, until the behaviour says otherwise."""
        if self._behaviour != "good" and (self._seq == 3 or self._behaviour == "deaf"):
            if self._behaviour in ("stuck", "deaf"):
                self._cable.release.wait(20)
            if self._behaviour == "ends":
                return None
            if self._behaviour == "bug":
                raise ZeroDivisionError("a defect")
            raise CameraError("cable:0 delivers no more frames: unplugged")
        time.sleep(0.005)
        self._seq += 1
        return Frame(PIXELS, PixelFormat.RGB, time.monotonic_ns(), self._seq - 1)

    def close(self) -> None:
        """Count."""
        self._cable.closed += 1


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgeholo.capture.live._FIRST_PAUSE_S", 0.1)


class Watcher:
    """Keeps the states that were reported."""

    def __init__(self) -> None:
        self.states: list[CameraState] = []

    def __call__(self, state: CameraState) -> None:
        """Keep one."""
        self.states.append(state)

    @property
    def names(self) -> list[str]:
        """Return the states' names."""
        return [state.state for state in self.states]


def run_until(feed: Feed, done: Callable[[], bool], limit_s: float = 8.0) -> list[Frame]:
    """Take frames as the line does until ``done``; a deadline, not a sleep."""
    deadline = time.monotonic() + limit_s
    taken = []
    while not done():
        assert time.monotonic() < deadline, "nothing happened in time"
        frame = feed.take(0.05)
        if frame is not None:
            taken.append(frame)
    return taken


def start(cable: Cable, options: Camera = CAMERA) -> tuple[Feed, Watcher]:
    """Return a started feed and what watches it."""
    watcher = Watcher()
    feed = Feed(options, watcher, opener=cable.open)
    feed.start()
    return feed, watcher


def test_a_camera_that_runs_is_reported_once_and_delivers_new_frames() -> None:
    """Opening, running, and then only frames."""
    feed, watcher = start(cable := Cable("good"))
    taken: list[Frame] = []
    while len(taken) < 20:
        taken += run_until(feed, lambda: feed.take(1.0) is not None)
        taken += [frame for frame in [feed.take(1.0)] if frame]
    feed.stop()
    assert watcher.names == ["opening", "running"]
    assert watcher.states[1].source == "cable:0"
    times = [frame.timestamp_ns for frame in taken]
    assert times == sorted(set(times))
    assert cable.closed == 1


def test_a_slow_line_gets_the_newest_frame_and_the_rest_is_counted() -> None:
    """What was overtaken is dropped: frames taken and dropped together are all there were."""
    feed, _ = start(Cable("good"))
    run_until(feed, lambda: feed.take(1.0) is not None)
    before = time.monotonic_ns()
    time.sleep(0.15)
    frame = feed.take(1.0)
    feed.stop()
    assert frame is not None
    assert frame.timestamp_ns > before + 50_000_000
    assert feed.dropped >= 5


@pytest.mark.parametrize("trouble", ["unplugged", "ends"])
def test_a_camera_that_fails_is_reported_and_reopened(trouble: str) -> None:
    """Lost and running are each reported once, with the reason in words."""
    feed, watcher = start(cable := Cable(trouble, "good"))
    run_until(feed, lambda: watcher.names.count("running") == 2)
    feed.stop()
    assert watcher.names == ["opening", "running", "lost", "running"]
    assert watcher.states[2].detail
    assert watcher.states[2].source == "cable:0"
    assert cable.closed == 2


def test_a_read_that_never_returns_does_not_hang_the_feed() -> None:
    """The stuck reader is abandoned after ``stall_s``, another one opened, and the first closes when it comes back."""
    feed, watcher = start(cable := Cable("stuck", "good"))
    run_until(feed, lambda: "lost" in watcher.names, limit_s=5.0)
    assert watcher.states[-1].detail == "cable:0: no frame for 0.5 s"
    run_until(feed, lambda: watcher.names[-1] == "running")
    assert cable.closed == 0
    cable.release.set()
    run_until(feed, lambda: cable.closed == 1)
    feed.stop()


def test_frames_go_on_while_the_line_is_busy_and_are_no_stall() -> None:
    """A line that works on a frame for longer than ``stall_s`` does not lose a healthy camera."""
    feed, watcher = start(cable := Cable("good"))
    run_until(feed, lambda: "running" in watcher.names)
    time.sleep(0.7)
    assert feed.take(0.0) is not None
    assert feed.take(0.2) is not None
    feed.stop()
    assert (cable.opened, watcher.names) == (1, ["opening", "running"])


def test_a_camera_that_is_not_there_at_the_start_is_waited_for() -> None:
    """It may still be booting: the feed says lost, tries again, and runs."""
    feed, watcher = start(cable := Cable("absent", "absent", "good"))
    run_until(feed, lambda: "running" in watcher.names)
    feed.stop()
    assert watcher.names == ["opening", "lost", "running"]
    assert watcher.states[1].detail == "no such camera"
    assert cable.opened == 3


def test_a_driver_that_hangs_again_and_again_ends_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads are not piled up for ever: after some stuck reads the daemon is to be started anew."""
    monkeypatch.setattr("edgeholo.capture.live._OPENING_S", 0.0)
    monkeypatch.setattr("edgeholo.capture.live._MOST_STUCK", 2)
    feed, _ = start(cable := Cable("deaf"), Camera(source="pattern", stall_s=0.5, reopen_max_s=1))
    with pytest.raises(CameraError, match="hang in the driver"):
        run_until(feed, lambda: False, limit_s=15)
    cable.release.set()
    feed.stop()
    assert cable.opened == 2


def test_a_defect_in_a_source_ends_the_line_too() -> None:
    """Only camera errors are retried; anything else is raised where the line runs."""
    feed, _ = start(Cable("bug"))
    with pytest.raises(ZeroDivisionError):
        run_until(feed, lambda: False)
    feed.stop()


def test_every_change_of_state_is_one_line_in_the_journal(caplog: pytest.LogCaptureFixture) -> None:
    """Not one for each try."""
    with caplog.at_level(logging.INFO):
        feed, watcher = start(Cable("unplugged", "absent", "good"))
        run_until(feed, lambda: watcher.names.count("running") == 2)
        feed.stop()
    assert len(caplog.records) == len(watcher.states)


def test_the_slot_holds_one_frame_and_counts_the_others() -> None:
    """A frame is handed out once."""
    slot = Latest()
    for seq in range(3):
        slot.put(Frame(PIXELS, PixelFormat.RGB, seq, seq))
    frame = slot.take(0.0)
    assert frame is not None
    assert (frame.seq, slot.dropped, slot.take(0.0)) == (2, 2, None)


def test_media_is_paced_never_dropped_and_ends(demo_clip: Path) -> None:
    """No frame comes before its time, all of them come, and then the feed has ended."""
    feed = Feed(Camera(source=str(demo_clip)), watcher := Watcher())
    feed.start()
    began = time.monotonic()
    taken: list[Frame] = []
    while not feed.ended and len(taken) < 12:
        frame = feed.take(0.03)
        if frame is not None:
            taken.append(frame)
            assert time.monotonic() - began >= frame.timestamp_ns / 1e9
    time.sleep(0.35)
    late = [feed.take(0.0) for _ in range(3)]
    feed.stop()
    assert [frame.seq for frame in taken] == list(range(12))
    assert [frame.seq for frame in late if frame] == [12, 13, 14]
    assert feed.dropped == 0
    assert watcher.names == ["opening", "running"]


def test_media_reports_its_end_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the last frame there is None, ``ended``, and one state."""
    monkeypatch.setattr("edgeholo.capture.media.STILL_S", 0.5)
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), PIXELS)
    feed = Feed(Camera(source=str(path)), watcher := Watcher())
    feed.start()
    count = 0
    while not feed.ended:
        count += feed.take(0.5) is not None
    assert (count, feed.take(0.1)) == (5, None)
    feed.stop()
    feed.stop()
    assert watcher.names == ["opening", "running", "ended"]


def test_missing_media_is_an_error_at_the_start() -> None:
    """A file is not waited for."""
    feed = Feed(Camera(source="no/such/file.mp4"), Watcher())
    with pytest.raises(CameraError, match="no such file"):
        feed.start()


def test_offline_frames_are_all_there_and_the_source_is_closed_early_or_late(demo_clip: Path) -> None:
    """Whoever stops in the middle leaves no camera open."""
    assert len(list(frames(Camera(source=str(demo_clip))))) == 43
    cable = Cable("good")
    shown = frames(CAMERA, opener=cable.open)
    next(shown)
    shown.close()  # type: ignore[attr-defined]
    assert cable.closed == 1
