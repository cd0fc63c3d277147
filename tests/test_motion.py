"""The motion gate: an empty room costs next to nothing, and whoever comes in is seen at once."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeholo.capture.feed import frames
from edgeholo.capture.motion import MotionGate
from edgeholo.config import Camera
from edgeholo.config import MotionGate as Options
from edgeholo.types import Frame, PixelFormat, Pixels

NOISE = np.random.default_rng(3)
RATE_HZ = 10


def room() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return a room with light and dark corners."""
    x, y = np.meshgrid(np.linspace(0, 1, 160), np.linspace(0, 1, 120))
    grey = 60 + 80 * x + 40 * y + 25 * (np.sin(40 * x) > 0.4)
    return np.repeat(grey[..., None], 3, axis=2).astype(np.float32)


def look(
    pixels: Callable[[float], np.ndarray[tuple[int, ...], np.dtype[np.float32]]], seconds: float, noise: float = 4.0
) -> list[Frame]:
    """Return what a camera with a noisy sensor sees; ``pixels`` is given the time in seconds."""
    shown = []
    for number in range(round(seconds * RATE_HZ)):
        picture = pixels(number / RATE_HZ)
        noisy: Pixels = np.clip(picture + noise * NOISE.standard_normal(picture.shape, np.float32), 0, 255).astype(
            np.uint8
        )
        shown.append(Frame(noisy, PixelFormat.BGR, round(number * 1e9 / RATE_HZ), number))
    return shown


def looked_at(
    pictures: list[Frame], options: Options | None = None, occupied: Callable[[float], bool] = lambda _: False
) -> list[float]:
    """Return the times of the frames that the gate lets through."""
    gate = MotionGate(options or Options())
    return [f.timestamp_ns / 1e9 for f in pictures if gate.check(f, occupied(f.timestamp_ns / 1e9))]


def with_person(
    t_s: float, enters_s: float, leaves_s: float = 1e9
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return the room with somebody walking through it between two times."""
    pixels = room()
    if enters_s <= t_s < leaves_s:
        cv2.ellipse(pixels, (int(20 + 15 * (t_s - enters_s)), 75), (9, 35), 0, 0, 360, (40, 60, 90), -1)
    return pixels


def test_the_first_frames_are_always_looked_at() -> None:
    """Somebody may be there already."""
    assert looked_at(look(lambda _: room(), 1.0)) == pytest.approx(np.arange(10) / 10)


@pytest.mark.parametrize("noise", [0.0, 4.0, 10.0])
def test_an_empty_room_is_glanced_at_every_two_seconds_only(noise: float) -> None:
    """Whatever the sensor's noise: after the first three seconds one frame in twenty."""
    times = [t for t in looked_at(look(lambda _: room(), 15.0, noise)) if t > 3.05]
    assert np.allclose(np.diff(times), 2.0)
    assert len(times) >= 5


@pytest.mark.parametrize(
    "change",
    [lambda t: 1 + 0.5 * min(max(t - 5, 0), 1), lambda t: 1 - 0.6 * (t > 6), lambda t: 1 + 0.1 * np.sin(9 * t)],
)
def test_automatic_exposure_is_no_motion(change: Callable[[float], float]) -> None:
    """Brighter by half within a second, darker at once, or flickering."""
    times = [t for t in looked_at(look(lambda t: room() * np.float32(change(t)), 12.0)) if t > 3.05]
    assert len(times) <= 5


def test_whoever_comes_in_is_seen_in_the_same_frame_and_for_three_seconds_after_leaving() -> None:
    """Not at the next glance."""
    times = looked_at(look(lambda t: with_person(t, 7.4, 9.0), 16.0))
    assert {7.4, 7.5, 8.0, 8.9, 9.5, 11.5} <= {round(t, 1) for t in times}
    quiet = [t for t in times if t > 13.5]
    assert np.allclose(np.diff(quiet), 2.0)


def test_a_room_with_somebody_in_it_is_always_looked_at() -> None:
    """However still they sit; and for three seconds after the last of them."""
    times = looked_at(look(lambda _: room(), 14.0), occupied=lambda t: t < 8.0)
    assert [t for t in times if t < 10.9] == pytest.approx(np.arange(109) / 10)
    assert len([t for t in times if t > 11]) <= 2


def test_a_gate_that_is_switched_off_lets_everything_through() -> None:
    """For tests, benchmarks and mains-powered boxes."""
    assert len(looked_at(look(lambda _: room(), 6.0), Options(enabled=False))) == 60


def test_a_gap_in_time_is_looked_at() -> None:
    """After a camera came back, the room may be another."""
    gate = MotionGate(Options(glance_s=3600))
    pictures = look(lambda _: room(), 6.0)
    for frame in pictures:
        gate.check(frame, False)
    late = Frame(pictures[-1].pixels, PixelFormat.BGR, pictures[-1].timestamp_ns + 60_000_000_000, 60)
    assert gate.check(late, False)


def test_a_black_picture_is_no_division_by_zero() -> None:
    """A covered lens does not move."""
    assert len(looked_at(look(lambda _: room() * np.float32(0), 10.0, 0.0))) < 40


@pytest.mark.shared
def test_people_who_walk_up_and_sign_pass_the_gate_without_being_known(shared_media: Path) -> None:
    """Real movement opens the gate even if nobody was recognised yet."""
    for name in ("several_people/three_walk_up.gif", "signing/walk.mkv", "swipes/down.mp4"):
        shown = list(frames(Camera(source=str(shared_media / "clips" / name))))
        assert len(looked_at(shown)) == len(shown), name


@pytest.mark.shared
def test_a_long_video_of_an_empty_place_spares_most_of_the_work(shared_media: Path) -> None:
    """Two minutes of a hallway in which the light is switched on."""
    shown = list(frames(Camera(source=str(shared_media / "clips/nobody/motion_1.mp4"))))
    assert len(looked_at(shown)) < 0.3 * len(shown)
