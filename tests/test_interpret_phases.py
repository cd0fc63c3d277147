"""The life of a gesture in seconds, whatever the frames do."""

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeholo.config import Arming, GestureOptions, Gestures
from edgeholo.errors import ConfigError
from edgeholo.interpret.phases import Phases, Step
from edgeholo.interpret.timing import Timing, timings
from edgeholo.interpret.vocabulary import VOCABULARY
from edgeholo.types import Phase

TIMING = Timing(onset_s=0.25, hold_s=1.0, repeat_s=0.0, release_s=0.3, cooldown_s=0.5, dead_s=0.0)
Shown = list[tuple[float, str | None]]


def lived(shown: Shown, timing: Timing = TIMING) -> list[tuple[float, Step]]:
    """Return the steps, each with its time."""
    phases = Phases({"victory": timing, "rock": timing})
    steps: list[tuple[float, Step]] = []
    for t_s, name in shown:
        kept = 0.9 if name is not None and name == phases.active else 0.0
        steps += [(t_s, step) for step in phases.update(t_s, name, 0.9, kept=kept)]
    return steps


def outline(shown: Shown) -> list[tuple[str, str]]:
    """Return name and phase of the steps."""
    return [(step.name, step.phase.value) for _, step in lived(shown)]


def span(start_s: float, end_s: float, name: str | None, rate_hz: float = 20.0) -> Shown:
    """Return frames that all show the same."""
    count = round((end_s - start_s) * rate_hz)
    return [(start_s + number / rate_hz, name) for number in range(count)]


def test_a_gesture_starts_holds_and_ends() -> None:
    """The three phases come once each, at their times."""
    steps = lived([*span(0, 2, "victory"), *span(2, 3, None)])
    assert [step.phase for _, step in steps] == [Phase.START, Phase.HOLD, Phase.END]
    assert [t for t, _ in steps] == pytest.approx([0.25, 1.25, 2.25], abs=0.051)
    assert steps[2][1].duration_s == pytest.approx(1.7, abs=0.051)


@given(rate_hz=st.floats(10, 60))
def test_the_rate_of_frames_changes_no_phase(rate_hz: float) -> None:
    """Time is in seconds, not in frames."""
    shown = [*span(0, 2, "victory", rate_hz), *span(2, 3, None, rate_hz), *span(3, 3.8, "rock", rate_hz)]
    assert outline(shown) == [("victory", "start"), ("victory", "hold"), ("victory", "end"), ("rock", "start")]


def test_a_flicker_starts_nothing() -> None:
    """Every other frame is not in frame after frame."""
    assert outline([(number / 20, "victory" if number % 2 else None) for number in range(100)]) == []


def test_a_short_loss_ends_nothing() -> None:
    """Motion blur for a fifth of a second is no end."""
    assert outline([*span(0, 0.8, "victory"), *span(0.8, 1.0, None), *span(1.0, 1.2, "victory")]) == [
        ("victory", "start")
    ]


def test_another_gesture_ends_the_first() -> None:
    """A hand shows one thing at a time."""
    assert outline([*span(0, 0.8, "victory"), *span(0.8, 1.6, "rock")]) == [
        ("victory", "start"),
        ("victory", "end"),
        ("rock", "start"),
    ]


def test_the_same_gesture_rests_after_its_end() -> None:
    """Whoever lets go for a moment has not said it twice."""
    again = [*span(0, 0.8, "victory"), *span(0.8, 1.15, None), *span(1.15, 2.0, "victory")]
    starts = [t for t, step in lived(again) if step.phase is Phase.START]
    assert len(starts) == 2
    assert starts[1] == pytest.approx(0.8 + TIMING.release_s + TIMING.cooldown_s, abs=0.051)


def test_a_gap_without_pictures_is_no_holding() -> None:
    """Two sightings ten seconds apart are two sightings."""
    assert outline([(0.0, "victory"), (10.0, "victory"), (20.0, "victory")]) == []
    broken = [*span(0, 0.8, "victory"), *span(10.8, 10.95, "victory")]
    assert outline(broken) == [("victory", "start"), ("victory", "end")]


def test_time_that_stands_still_changes_nothing() -> None:
    """The same stamp twice is the same frame twice."""
    assert outline([(1.0, "victory")] * 50) == []


def test_time_that_steps_back_begins_anew() -> None:
    """What has started ends once; the new time counts from its own beginning."""
    assert outline([*span(5, 5.8, "victory"), *span(0, 0.15, "victory")]) == [("victory", "start"), ("victory", "end")]


@given(
    st.lists(
        st.tuples(st.floats(-20, 20), st.sampled_from(["victory", "rock", "unknown", None])),
        max_size=80,
    )
)
def test_phases_alternate_whatever_comes(shown: Shown) -> None:
    """No end without a start, no start before the last end, no hold but in between."""
    steps = [step for _, step in lived(shown)]
    for before, step in itertools.pairwise([None, *steps]):
        if step is None:
            continue
        fresh = before is None or before.phase is Phase.END
        assert fresh == (step.phase is Phase.START)
        assert before is None or fresh or before.name == step.name
        assert step.duration_s >= 0
        assert math.isfinite(step.duration_s)


def test_times_of_one_gesture_override_the_general_ones() -> None:
    """What is left out comes from the table above, and an open hand takes its time unless it is told otherwise."""
    table = timings(Gestures(onset_s=0.3, each={"ok": GestureOptions(onset_s=0.1, hold_s=2.0)}))
    assert table["ok"] == Timing(onset_s=0.1, hold_s=2.0, repeat_s=0.0, release_s=0.3, cooldown_s=0.5, dead_s=0.3)
    assert table["rock"].onset_s == 0.3
    assert table["open_palm"].onset_s > 1
    assert timings(Gestures(each={"open_palm": GestureOptions(onset_s=0.2)}))["open_palm"].onset_s == 0.2


def test_profiles_are_sets_of_gestures() -> None:
    """The everyday ones, all of them, one's own; names in ``enabled`` go before."""
    own: dict[str, tuple[str, ...]] = {"music": ("ok", "fall")}
    assert tuple(timings(Gestures(profile="music", profiles=own))) == ("ok", "fall")
    assert tuple(timings(Gestures(profile="music", profiles=own, enabled=("rock",)))) == ("rock",)
    assert tuple(timings(Gestures(profile="all"))) == tuple(VOCABULARY)
    assert tuple(timings(Gestures())) == tuple(name for name, entry in VOCABULARY.items() if entry.everyday)
    assert tuple(timings(Gestures(profile="music", profiles=own), ("ours",))) == ("ok", "fall")
    assert "ours" in timings(Gestures(), ("ours",))


def test_a_gesture_that_is_held_repeats_where_asked_for() -> None:
    """After ``hold``, every so many seconds; never by default."""
    often = replace(TIMING, repeat_s=0.5)
    steps = lived([*span(0, 3.05, "victory"), *span(3.05, 4, None)], often)
    assert [step.phase.value for _, step in steps] == ["start", "hold", "repeat", "repeat", "repeat", "end"]
    assert [t for t, _ in steps[1:5]] == pytest.approx([1.25, 1.75, 2.25, 2.75], abs=0.051)


def test_what_has_started_can_be_ended_from_outside() -> None:
    """Other options take over: the end is told, and nothing is left."""
    phases = Phases({"victory": TIMING})
    for number in range(10):
        phases.update(number / 20, "victory", 0.9, kept=0.9 if phases.active else 0.0)
    assert [step.phase for step in phases.finish()] == [Phase.END]
    assert phases.finish() == []
    assert phases.active is None


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (Gestures(enabled=("thumbs_up",)), "gestures.enabled: there is no gesture 'thumbs_up'"),
        (Gestures(each={"wink": GestureOptions()}), "gestures.each: there is no gesture 'wink'"),
        (Gestures(profiles={"music": ("okay",)}), "gestures.profiles.music: there is no gesture 'okay'"),
        (Gestures(profiles={"all": ("ok",)}), "gestures.profiles.all: this profile is always there"),
        (Gestures(profile="musik"), "gestures.profile: there is no profile 'musik'; there are everyday, all"),
        (Gestures(values=("hight",)), "gestures.values: there is no control 'hight'"),
        (Gestures(arming=Arming(enabled=True, gesture="palm")), "gestures.arming.gesture: there is no gesture 'palm'"),
        (Gestures(arming=Arming(exempt=("drop",))), "gestures.arming.exempt: there is no gesture or control 'drop'"),
    ],
)
def test_a_gesture_that_does_not_exist_is_named(options: Gestures, text: str) -> None:
    """A slip of the pen is told, not ignored."""
    with pytest.raises(ConfigError, match=text):
        timings(options)
