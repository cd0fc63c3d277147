"""The tracker: who is who, and what becomes of a part that is lost."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeholo.config import Smoothing
from edgeholo.perceive.tracking import REMEMBER_S, Tracker
from edgeholo.types import Branch, Hand, Person
from tests.scenes import RATE_HZ, SIZE, body, face, follow, frame, left, pose, right, same_points, wrist_x


def test_the_first_sighting_comes_through_as_it_is() -> None:
    """With the frame's own time, number, size and branches."""
    seen = frame(4.0, Person(9, pose(), left(), right(), face()))
    out = Tracker(Smoothing()).update(seen)
    assert (out.timestamp_ns, out.seq, out.size, out.ran) == (seen.timestamp_ns, seen.seq, seen.size, seen.ran)
    person = out.persons[0]
    assert person.id == 0
    np.testing.assert_array_equal(person.pose.points, pose().points)  # type: ignore[union-attr]
    np.testing.assert_array_equal(person.pose.visibility, pose().visibility)  # type: ignore[union-attr]
    np.testing.assert_array_equal(person.left_hand.world, left().world)  # type: ignore[union-attr]
    np.testing.assert_array_equal(person.face.points, face().points)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["one_euro", "kalman"])
def test_points_and_world_points_tremble_less(name: str) -> None:
    """Both are calmed, each in its own size."""
    rng = np.random.default_rng(1)
    tracker = Tracker(Smoothing(filter=name))  # type: ignore[arg-type]
    raw = [
        Hand(*(np.asarray(p + rng.normal(0, 0.002, (21, 3)), np.float32) for p in (left().points, left().points)))
        for _ in range(60)
    ]
    calm = [person.left_hand for person in follow(tracker, [body(each) for each in raw])]
    for part in ("points", "world"):
        before, after = (np.diff([getattr(each, part) for each in hands], n=2, axis=0).std() for hands in (raw, calm))
        assert after < 0.6 * before


def test_without_a_filter_points_come_through_unchanged() -> None:
    """Only names and fading remain."""
    tracker = Tracker(Smoothing(filter="none"))
    for index in range(5):
        seen = left(0.5 + 0.03 * index)
        (person,) = tracker.update(frame(index / RATE_HZ, body(seen))).persons
        np.testing.assert_array_equal(person.left_hand.points, seen.points)  # type: ignore[union-attr]


def test_a_lost_hand_stays_for_the_fading_time_and_is_gone_then() -> None:
    """0.2 s at 30 frames a second are six frames, the last of which is too late."""
    tracker = Tracker(Smoothing(fade_s=0.2))
    follow(tracker, [body(left())] * 5)
    hands = [person.left_hand for person in follow(tracker, [body()] * 10, start=5)]
    assert [each is not None for each in hands] == [True] * 5 + [False] * 5


def test_with_no_fading_time_a_lost_hand_is_gone_at_once() -> None:
    """Zero means zero."""
    tracker = Tracker(Smoothing(fade_s=0))
    follow(tracker, [body(left())] * 5)
    assert follow(tracker, [body()], start=5)[0].left_hand is None


def test_the_visibility_of_a_lost_body_falls_until_it_is_gone() -> None:
    """Who looks at visibility sees it fade."""
    tracker = Tracker(Smoothing(fade_s=0.2))
    follow(tracker, [body()] * 5)
    shown = [tracker.update(frame(index / RATE_HZ)).persons for index in range(5, 15)]
    seen = [float(persons[0].pose.visibility[0]) for persons in shown if persons]  # type: ignore[union-attr]
    assert len(seen) == 5
    assert all(later < earlier for earlier, later in itertools.pairwise([0.9, *seen]))
    assert seen[-1] < 0.2


def test_a_hand_lost_in_a_swing_moves_on_and_slows_down() -> None:
    """It never freezes; and it goes half its own size at most."""
    tracker = Tracker(Smoothing(fade_s=0.3))
    swing = [body(left(0.2 + 0.02 * index)) for index in range(10)]
    last = wrist_x(follow(tracker, swing)[-1].left_hand)
    places = [wrist_x(person.left_hand) for person in follow(tracker, [body()] * 8, start=10)]
    steps = np.diff([last, *places])
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()
    assert places[-1] - last < 0.1


def test_a_hand_that_rests_when_it_is_lost_stays_where_it_is() -> None:
    """There is no speed to go on with."""
    tracker = Tracker(Smoothing())
    follow(tracker, [body(left())] * 9)
    for person in follow(tracker, [body()] * 5, start=9):
        assert same_points(person.left_hand, left())


def test_a_hand_that_comes_back_elsewhere_is_not_dragged_from_where_it_was() -> None:
    """What is gone is forgotten."""
    tracker = Tracker(Smoothing())
    follow(tracker, [body(left())] * 9 + [body()] * 9)
    assert same_points(follow(tracker, [body(left(0.1, 0.9))], start=18)[0].left_hand, left(0.1, 0.9))


def test_a_part_that_was_not_looked_for_is_unknown_and_not_fading() -> None:
    """It is left out, however the engine filled it, and does not age towards being lost."""
    tracker = Tracker(Smoothing(fade_s=0.2))
    follow(tracker, [body(left())] * 5)
    no_hands = frozenset({Branch.POSE})
    for index in range(5, 20):
        (person,) = tracker.update(frame(index / RATE_HZ, body(left()), ran=no_hands)).persons
        assert person.left_hand is None
        assert person.pose is not None
    (person,) = tracker.update(frame(20 / RATE_HZ, body(left()))).persons
    assert same_points(person.left_hand, left())


def test_nobody_is_carried_over_a_frame_in_which_nothing_was_looked_for() -> None:
    """An empty room that was not looked at is not known to be full."""
    tracker = Tracker(Smoothing())
    follow(tracker, [body(left())] * 5)
    assert tracker.update(frame(5 / RATE_HZ, ran=frozenset())).persons == ()


def test_two_people_keep_their_ids_in_whatever_order_they_are_found() -> None:
    """And walk towards each other meanwhile."""
    tracker = Tracker(Smoothing())
    for index in range(20):
        people = [Person(0, pose(0.2 + 0.005 * index)), Person(1, pose(0.8 - 0.005 * index))]
        out = tracker.update(frame(index / RATE_HZ, *(people if index % 2 else people[::-1])))
        assert [person.id for person in out.persons] == [0, 1]
        first, second = (person.pose.points[0, 0] for person in out.persons)  # type: ignore[union-attr]
        assert second < 0.5 < first


def test_ids_follow_places_and_not_the_engine() -> None:
    """The one who stays keeps the id when the other one leaves, though the engine numbers anew."""
    tracker = Tracker(Smoothing(fade_s=0))
    tracker.update(frame(0, Person(0, pose(0.2, LEFT_PAIR)), Person(1, pose(0.8, RIGHT_PAIR))))
    out = tracker.update(frame(0.03, Person(0, pose(0.8, RIGHT_PAIR))))
    assert [person.id for person in out.persons] == [1]


LEFT_PAIR, RIGHT_PAIR = ((0.25, 0.6), (0.15, 0.6)), ((0.85, 0.6), (0.75, 0.6))


@pytest.mark.parametrize(("away_s", "id_"), [(0.5, 0), (REMEMBER_S - 0.1, 0), (REMEMBER_S + 0.1, 1)])
def test_who_comes_back_soon_keeps_the_id(away_s: float, id_: int) -> None:
    """Ids rise and are not used again."""
    tracker = Tracker(Smoothing())
    tracker.update(frame(0, body()))
    for index in range(1, int(away_s * 10)):
        tracker.update(frame(index / 10))
    assert [person.id for person in tracker.update(frame(away_s, body())).persons] == [id_]


def test_somebody_elsewhere_is_somebody_else() -> None:
    """While the first one fades, both are shown; afterwards only the new one."""
    tracker = Tracker(Smoothing(fade_s=0.2))
    tracker.update(frame(0, Person(0, pose(0.1, LEFT_PAIR))))
    out = tracker.update(frame(1 / RATE_HZ, Person(0, pose(0.8, RIGHT_PAIR))))
    assert [person.id for person in out.persons] == [0, 1]
    out = tracker.update(frame(10 / RATE_HZ, Person(0, pose(0.8, RIGHT_PAIR))))
    assert [person.id for person in out.persons] == [1]


def test_a_hand_without_a_body_is_followed_through_a_swing() -> None:
    """Hands are smaller than bodies and faster: that makes nobody new."""
    tracker = Tracker(Smoothing())
    for index in range(8):
        (person,) = tracker.update(frame(index / RATE_HZ, Person(0, left_hand=left(0.1 + 0.08 * index)))).persons
        assert person.id == 0


def test_where_frames_show_nothing_in_common_the_engine_is_asked() -> None:
    """First a face only, then a hand only."""
    tracker = Tracker(Smoothing())
    tracker.update(frame(0, Person(4, face=face())))
    (person,) = tracker.update(frame(0.03, Person(4, left_hand=left()))).persons
    assert person.id == 0
    out = tracker.update(frame(0.06, Person(5, right_hand=right())))
    assert [person.id for person in out.persons] == [0, 1]


def test_a_reset_forgets_everybody_but_no_id() -> None:
    """Somebody new is somebody new."""
    tracker = Tracker(Smoothing())
    follow(tracker, [body(left())] * 3)
    tracker.reset()
    (person,) = tracker.update(frame(0.2, body(left(0.2)))).persons
    assert person.id == 1
    assert same_points(person.left_hand, left(0.2))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30])
def test_a_part_with_numbers_that_cannot_be_is_lost(bad: float) -> None:
    """It fades like any lost part, and no such number gets out."""
    points = left().points.copy()
    points[4, 1] = bad
    tracker = Tracker(Smoothing())
    follow(tracker, [body(left())] * 3)
    (person,) = follow(tracker, [body(Hand(points))], start=3)
    assert same_points(person.left_hand, left())
    assert Tracker(Smoothing()).update(frame(0, Person(0, left_hand=Hand(points)))).persons == ()


@pytest.mark.parametrize("name", ["one_euro", "kalman", "none"])
@settings(deadline=None)  # a busy machine is no failure
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from([-5.0, -0.01, 0.0, 1e-9, 0.01, 0.03, 0.3, 10.0]), st.integers(0, 7), st.integers(0, 99)
        ),
        max_size=40,
    )
)
def test_no_time_and_no_loss_raises_anything_or_gives_a_number_that_is_none(
    name: str, steps: list[tuple[float, int, int]]
) -> None:
    """Parts come and go at random places while the clock does what it likes."""
    tracker, t_s = Tracker(Smoothing(filter=name)), 100.0  # type: ignore[arg-type]
    for step_s, parts, seed in steps:
        t_s += step_s
        x, y = np.random.default_rng(seed).random(2)
        seen = Person(
            seed % 3,
            pose(x) if parts & 1 else None,
            left(x, y) if parts & 2 else None,
            right(y, x) if parts & 4 else None,
        )
        ran = frozenset(branch for bit, branch in enumerate(Branch) if not seed >> bit & 1)
        for person in tracker.update(frame(t_s, seen, seen, ran=ran)).persons:
            for part in (person.pose, person.left_hand, person.right_hand):
                assert part is None or np.isfinite(part.points).all()


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_the_size_of_the_picture_changes_nothing(factor: float) -> None:
    """The same scene from a camera of another resolution."""
    rng = np.random.default_rng(2)
    scenes = [
        body(Hand(np.asarray(left(0.5 + 0.2 * np.sin(i / 5)).points + rng.normal(0, 0.003, (21, 3)), np.float32)))
        for i in range(40)
    ]
    one, other = Tracker(Smoothing()), Tracker(Smoothing())
    size = (round(SIZE[0] * factor), round(SIZE[1] * factor))
    for index, scene in enumerate(scenes):
        seen = frame(index / RATE_HZ, scene)
        out, scaled = one.update(seen).persons[0], other.update(replace(seen, size=size)).persons[0]
        assert same_points(out.left_hand, scaled.left_hand)
