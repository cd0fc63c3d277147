"""The quality gate: what real pictures, and the same pictures spoilt, are called."""

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeholo.capture.feed import frames
from edgeholo.capture.quality import HINTS, QualityGate
from edgeholo.capture.thumbnail import thumbnail
from edgeholo.config import Camera
from edgeholo.config import QualityGate as Options
from edgeholo.types import Frame, PixelFormat, Pixels, QualityState, Verdict

NOISE = np.random.default_rng(7)


def noisy(pixels: np.ndarray[tuple[int, ...], np.dtype[np.floating]], strength: float = 3.0) -> Pixels:
    """Return the picture as a sensor would give it: with noise, in whole steps."""
    return np.clip(pixels + strength * NOISE.standard_normal(pixels.shape, np.float32), 0, 255).astype(np.uint8)


def judge(pictures: Iterator[Frame] | list[Frame], options: Options | None = None) -> list[Verdict]:
    """Return the verdicts of one gate."""
    gate = QualityGate(options or Options())
    return [gate.check(frame) for frame in pictures]


def stream(pixels: Callable[[], Pixels], seconds: float, start_s: float = 0.0, rate_hz: float = 10) -> list[Frame]:
    """Return frames of a camera that sees ``pixels()``."""
    count = round(seconds * rate_hz)
    return [
        Frame(pixels(), PixelFormat.BGR, round((start_s + number / rate_hz) * 1e9), number) for number in range(count)
    ]


@pytest.fixture(scope="module")
def person(demo_clip: Path) -> Pixels:
    """Return a picture of a man in a room."""
    return next(iter(frames(Camera(source=str(demo_clip))))).pixels


SPOILT: dict[str, tuple[QualityState, bool, Callable[[Pixels], Pixels]]] = {
    "as it is": ("ok", True, lambda p: noisy(p * 1.0)),
    "half the light": ("ok", True, lambda p: noisy(p * 0.5)),
    "a tenth of the light": ("dark", True, lambda p: noisy(p * 0.1)),
    "next to no light": ("dark", False, lambda p: noisy(p * 0.02, 1.0)),
    "out of focus": ("blurred", True, lambda p: noisy(cv2.GaussianBlur(p, (0, 0), 6.0) * 1.0, 1.0)),
    "four times the light": ("bright", True, lambda p: noisy(p * 4.0)),
    "nothing but light": ("bright", False, lambda p: noisy(p * 0.01 + 255.0, 0.5)),
    "the lens cap on": ("covered", False, lambda p: noisy(p * 0.0, 0.1)),
    "tape on the lens": ("covered", False, lambda p: noisy(p * 0.0 + 40)),
    "a hand on the lens": ("covered", False, lambda p: noisy(cv2.resize(cv2.resize(p, (4, 3)), (320, 240)) * 0.1 + 40)),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_spoilt_picture_is_called_by_its_name(person: Pixels, case: str) -> None:
    """And only a picture in which nobody could be seen is not worth the engine."""
    state, usable, spoil = SPOILT[case]
    last = judge(stream(lambda: spoil(person), 2.0))[-1]
    assert (last.state, last.usable) == (state, usable)
    assert last.hint == HINTS[state]
    assert bool(last.hint) == (state != "ok")


def test_a_covered_lens_is_reported_after_one_second_and_once(person: Pixels) -> None:
    """A second of hysteresis each way, in the time of the frames."""
    cover = SPOILT["tape on the lens"][2]
    pictures = stream(lambda: noisy(person * 1.0), 2.0)
    pictures += stream(lambda: cover(person), 3.0, start_s=2.0)
    pictures += stream(lambda: noisy(person * 1.0), 3.0, start_s=5.0)
    verdicts = judge(pictures)
    changes = [
        (round(frame.timestamp_ns / 1e9, 1), verdict.state)
        for frame, verdict in zip(pictures, verdicts, strict=True)
        if verdict.changed
    ]
    assert [state for _, state in changes] == ["covered", "ok"]
    assert 3.0 <= changes[0][0] <= 3.4
    assert 6.0 <= changes[1][0] <= 6.4


def test_a_hand_that_passes_before_the_lens_changes_nothing(person: Pixels) -> None:
    """Shorter than the hysteresis: no report, and the engine goes on."""
    cover = SPOILT["tape on the lens"][2]
    pictures = stream(lambda: noisy(person * 1.0), 1.0)
    pictures += stream(lambda: cover(person), 0.6, start_s=1.0)
    pictures += stream(lambda: noisy(person * 1.0), 1.0, start_s=1.6)
    verdicts = judge(pictures)
    assert not any(verdict.changed for verdict in verdicts)
    assert all(verdict.usable for verdict in verdicts)


def test_the_engine_looks_again_as_soon_as_the_lens_is_free(person: Pixels) -> None:
    """The state takes its second to settle, but a good picture is not wasted meanwhile."""
    cover = SPOILT["tape on the lens"][2]
    gate = QualityGate(Options())
    for frame in stream(lambda: cover(person), 2.0):
        covered = gate.check(frame)
    free = [gate.check(frame) for frame in stream(lambda: noisy(person * 1.0), 0.5, start_s=2.0)]
    assert not covered.usable
    assert (free[-1].state, free[-1].usable) == ("covered", True)


def test_a_picture_at_the_border_does_not_flicker(person: Pixels) -> None:
    """A room that is a little lighter than the limit stays dark once it was dark."""
    mean = float(thumbnail(Frame(person, PixelFormat.BGR, 0, 0)).mean())
    pictures = []
    for number in range(6):
        factor = (22.0 if number % 2 == 0 else 25.5) / mean
        pictures += stream(lambda factor=factor: noisy(person * factor, 1.0), 2.0, start_s=2.0 * number)  # type: ignore[misc]
    assert [verdict.state for verdict in judge(pictures) if verdict.changed] == ["dark"]


def test_a_camera_that_repeats_one_picture_is_frozen_after_three_seconds(person: Pixels) -> None:
    """And well again one second after it moves."""
    held = noisy(person * 1.0)
    pictures = stream(lambda: held, 5.0) + stream(lambda: noisy(person * 1.0), 2.0, start_s=5.0)
    verdicts = judge(pictures)
    states = [
        (frame.timestamp_ns / 1e9, v.state, v.usable) for frame, v in zip(pictures, verdicts, strict=True) if v.changed
    ]
    assert [(state, usable) for _, state, usable in states] == [("frozen", False), ("ok", True)]
    assert 3.0 <= states[0][0] <= 3.3
    assert 6.0 <= states[1][0] <= 6.5


def test_a_quiet_room_is_not_frozen_for_its_noise(person: Pixels) -> None:
    """The least noise of a sensor is enough."""
    assert not any(v.changed for v in judge(stream(lambda: noisy(person * 1.0, 1.0), 8.0)))


def test_a_small_movement_in_a_picture_without_noise_is_not_frozen(person: Pixels) -> None:
    """A drawn film has no noise, and a hand is small."""
    pictures = []
    for number in range(60):
        pixels = person.copy()
        cv2.circle(pixels, (100 + 2 * (number % 8), 60), 5, (20, 30, 200), -1)
        pictures.append(Frame(pixels, PixelFormat.BGR, number * 100_000_000, number))
    assert not any(v.changed for v in judge(pictures))


def test_a_still_is_not_frozen(tmp_path: Path, person: Pixels) -> None:
    """Its two seconds are shorter than the limit."""
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), person)
    assert not any(v.changed for v in judge(frames(Camera(source=str(path)))))


def test_zero_switches_frozen_off(person: Pixels) -> None:
    """For sources that may stand still."""
    assert not any(v.changed for v in judge(stream(lambda: person, 8.0), Options(frozen_s=0)))


def test_video_range_yuv_is_judged_as_the_same_picture_in_rgb(person: Pixels) -> None:
    """Black is 16 and white 235 there: the gate must see through that."""
    frame = Frame(person, PixelFormat.BGR, 0, 0)
    yuv = Frame(np.asarray(cv2.cvtColor(person, cv2.COLOR_BGR2YUV_I420), np.uint8), PixelFormat.YUV420, 0, 0)
    assert thumbnail(frame).shape == thumbnail(yuv).shape == (120, 160)
    assert np.abs(thumbnail(frame).astype(int) - thumbnail(yuv)).mean() < 2.0


def test_a_clock_that_jumps_back_starts_the_count_anew(person: Pixels) -> None:
    """A reopened source may start at 0 again."""
    pictures = stream(lambda: noisy(person * 0.05, 0.5), 0.5, start_s=100) + stream(
        lambda: noisy(person * 0.05, 0.5), 2.0
    )
    verdicts = judge(pictures)
    assert [v.state for v in verdicts if v.changed] == ["dark"]


@pytest.mark.shared
def test_every_real_picture_of_a_person_is_fit_for_use(shared_media: Path) -> None:
    """Stills and clips alike: none is called bad, and the engine skips none."""
    names = ["hand_only/offering_palm.mp4", "no_command/nodding.gif", "no_command/single_face.mp4", "swipes/down.mp4"]
    names += ["presence/person_leaves.mov", "signing/book.mkv", "signing/nine_frames_720p.mp4"]
    clips = [shared_media / "clips" / name for name in names]
    stills = [path for path in (shared_media / "stills").rglob("*.*") if path.parent.name != "nobody"]
    assert len(stills) > 25
    for path in [*clips, *stills]:
        verdicts = judge(frames(Camera(source=str(path))))
        assert all(v.state == "ok" and v.usable for v in verdicts), path
