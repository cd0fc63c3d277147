"""What must not matter: a mirror, the distance, the place in the picture, the rate of frames, the machine."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeholo.config import Config, Gestures
from edgeholo.types import Gesture, People, Value
from tests.hand_shapes import recordings
from tests.played import as_it_is, at_rate, in_the_mirror, mirrored, moved, observed, reference, triggers, zoomed

RECORDINGS = {each.name: each for each in recordings()}
EVERYTHING = Config(gestures=Gestures(profile="all"))
CLIPS = (
    "swipes.right_to_left",
    "swipes.down",
    "exercise.squats",
    "hand_only.offering_palm",
    "signing.yes",
    "signing.walk",
    "signing.help",
    "signing.sister",
)
names = st.sampled_from(sorted(RECORDINGS))


def shown(frames: Sequence[People]) -> list[Gesture | Value]:
    """Return gestures and values of everything that can be recognised."""
    return [each for each in observed(frames, EVERYTHING) if isinstance(each, Gesture | Value)]


def same_in_a_mirror(frames: Sequence[People]) -> bool:
    """Return whether a mirror swaps left and right, and nothing else."""
    seen, swapped = shown(frames), shown(mirrored(frames))
    return sorted(map(str, map(in_the_mirror, seen))) == sorted(map(str, map(as_it_is, swapped)))


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_mirror_swaps_left_and_right_and_nothing_else(name: str) -> None:
    """The same at the same times, with the other hand and to the other side."""
    assert same_in_a_mirror(RECORDINGS[name].played())


@pytest.mark.shared
@pytest.mark.parametrize("clip", CLIPS)
def test_a_mirror_swaps_left_and_right_of_movements(shared_media: Path, clip: str) -> None:
    """Swipes, signs and squats as Google's Holistic saw them."""
    assert same_in_a_mirror(reference(shared_media / f"reference/{clip}.jsonl"))


@settings(max_examples=25)
@given(name=names, scale=st.floats(0.85, 1.6), x=st.floats(-0.1, 0.1), y=st.floats(-0.05, 0.05))
def test_distance_and_place_change_no_name(name: str, scale: float, x: float, y: float) -> None:
    """A person may stand anywhere, near or far."""
    played = RECORDINGS[name].played()
    assert triggers(moved(played, zoomed(scale, x, y))) == list(RECORDINGS[name].expect)


@settings(max_examples=25)
@given(name=names, rate_hz=st.floats(10, 60))
def test_the_rate_of_frames_changes_no_name(name: str, rate_hz: float) -> None:
    """Ten frames a second or sixty."""
    assert triggers(at_rate(RECORDINGS[name].played(), rate_hz)) == list(RECORDINGS[name].expect)


@pytest.mark.shared
@pytest.mark.parametrize(("clip", "name"), [("right_to_left", "swipe_right"), ("down", "swipe_down")])
@pytest.mark.parametrize("rate_hz", [10, 15, 30, 60])
@pytest.mark.parametrize("scale", [0.75, 1.3])
def test_swipes_are_swipes_at_any_rate_and_distance(
    shared_media: Path, clip: str, name: str, rate_hz: float, scale: float
) -> None:
    """A hand that Google's Holistic loses in some frames, at other rates, nearer and farther."""
    frames = reference(shared_media / f"reference/swipes.{clip}.jsonl")
    assert triggers(moved(at_rate(frames, rate_hz), zoomed(scale))) == [name]


def _twice(frames: list[People]) -> list[People]:
    return [each for frame in frames for each in (frame, replace(frame, seq=frame.seq + 1))]


def _with_nan(frames: list[People]) -> list[People]:
    bad = {3, 7, 8}
    nothing = moved(frames, lambda points: np.full_like(points, np.nan))
    return [nothing[n] if n in bad else frame for n, frame in enumerate(frames)]


def _without_hands(frames: list[People]) -> list[People]:
    return [
        replace(frame, persons=tuple(replace(who, left_hand=None, right_hand=None) for who in frame.persons))
        if n % 9 == 4
        else frame
        for n, frame in enumerate(frames)
    ]


@pytest.mark.parametrize("mishap", [_twice, _with_nan, _without_hands])
def test_mishaps_change_no_name(mishap: object) -> None:
    """Two frames with one stamp, points that are no numbers, a hand missing now and then: the demo clip stays what it is."""
    assert callable(mishap)
    frames = at_rate(RECORDINGS["demo clip"].played(), 20)
    assert triggers(mishap(frames)) == ["victory", "thumb_up", "victory", "thumb_up"]


def test_a_gap_of_ten_seconds_ends_what_was_and_starts_nothing() -> None:
    """What was shown before and after was not shown throughout."""
    frames = RECORDINGS["demo clip"].played()
    gap = [*frames[:10], *(replace(each, timestamp_ns=each.timestamp_ns + 10_000_000_000) for each in frames[10:12])]
    phases = [str(each.phase) for each in observed(gap) if isinstance(each, Gesture)]
    assert phases == ["start", "end"]


def test_time_that_goes_backwards_ends_what_was_once() -> None:
    """A clock that was set, a clip that begins anew: every start has its end, and the second round is as the first."""
    frames = RECORDINGS["demo clip"].played()
    once = [(each.name, each.phase) for each in observed(frames) if isinstance(each, Gesture)]
    seen = [(each.name, each.phase) for each in observed([*frames, *frames]) if isinstance(each, Gesture)]
    running = [once[-1]] if once[-1][1] != "end" else []
    ends = [(name, "end") for name, _ in running]
    assert seen == [*once, *ends, *once]
