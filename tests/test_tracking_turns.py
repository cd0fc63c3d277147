"""The tracker behind a scheduler: branches that take turns, and rest."""

from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from edgeholo.config import Smoothing
from edgeholo.perceive.tracking import Tracker
from edgeholo.types import Branch, Hand, People, Person, Side
from tests.scenes import LEFT_AT, RATE_HZ, RIGHT_AT, body, follow, frame, left, pose, right, same_points

POSE, FACE = frozenset({Branch.POSE}), frozenset({Branch.FACE})
LEFT, RIGHT = frozenset({Branch.LEFT_HAND}), frozenset({Branch.RIGHT_HAND})
NOTHING: frozenset[Branch] = frozenset()


def only(person: Person, ran: frozenset[Branch]) -> Person:
    """Return what a frame shows of a person when only these branches look."""
    return Person(person.id, **{branch.value: getattr(person, branch) for branch in ran})


def take_turns(
    tracker: Tracker, persons: Iterable[Person], turns: Sequence[frozenset[Branch]], start: int = 0
) -> list[People]:
    """Return the tracked frames of one person, 30 a second, the branches running in ``turns``."""
    return [
        tracker.update(
            frame(number / RATE_HZ, only(person, turns[number % len(turns)]), ran=turns[number % len(turns)])
        )
        for number, person in enumerate(persons, start)
    ]


@pytest.mark.parametrize("name", ["one_euro", "kalman", "none"])
def test_hands_in_turns_come_through_in_their_frames_and_in_no_other(name: str) -> None:
    """Neither fades nor is reported while the other one is looked at; the person stays one."""
    tracker = Tracker(Smoothing(filter=name))  # type: ignore[arg-type]
    for people in take_turns(tracker, [body(left(), right())] * 20, [POSE | LEFT, POSE | RIGHT]):
        (person,) = people.persons
        assert person.id == 0
        for side, hand in ((Side.LEFT, left()), (Side.RIGHT, right())):
            assert same_points(person.hand(side), hand if side.branch in people.ran else None)


def test_a_hand_in_every_second_frame_is_as_calm_and_as_quick_as_one_of_half_the_rate() -> None:
    """The filter goes by time: frames in which it rests change nothing."""
    rng = np.random.default_rng(1)
    moving = [
        body(Hand(np.asarray(left(0.6 + 0.01 * n).points + rng.normal(0, 0.002, (21, 3)), np.float32)))
        for n in range(30)
    ]
    turns, half = Tracker(Smoothing()), Tracker(Smoothing())
    in_turns = take_turns(turns, moving, [POSE | LEFT, POSE | RIGHT])[::2]
    at_half = [half.update(frame(n / RATE_HZ, moving[n])) for n in range(0, 30, 2)]
    for one, other in zip(in_turns, at_half, strict=True):
        assert same_points(one.persons[0].left_hand, other.persons[0].left_hand)


def test_a_hand_that_is_lost_fades_in_the_frames_that_look_for_it() -> None:
    """And the other one goes on undisturbed."""
    tracker = Tracker(Smoothing(fade_s=0.2))
    turns = [POSE | LEFT, POSE | RIGHT]
    take_turns(tracker, [body(left(), right())] * 6, turns)
    after = take_turns(tracker, [body(None, right())] * 12, turns, start=6)
    assert [people.persons[0].left_hand is not None for people in after if people.ran >= LEFT] == [True] * 2 + [
        False
    ] * 4
    assert all(same_points(people.persons[0].right_hand, right()) for people in after if people.ran >= RIGHT)


def test_a_hand_goes_on_after_a_rest() -> None:
    """It was not lost: after half a second it is calmed on, not started anew, nor dragged from where it was long ago."""
    tracker = Tracker(Smoothing())
    take_turns(tracker, [body(left())] * 10, [POSE | LEFT])
    assert all(people.persons[0].left_hand is None for people in take_turns(tracker, [body()] * 15, [POSE], start=10))
    moved = left(LEFT_AT[0] + 0.01)
    (person,) = take_turns(tracker, [body(moved)], [POSE | LEFT], start=25)[0].persons
    assert person.left_hand is not None
    assert not same_points(person.left_hand, moved)
    assert np.abs(person.left_hand.points - moved.points).max() < 0.005
    take_turns(tracker, [body()] * 60, [POSE], start=26)
    (person,) = take_turns(tracker, [body(left(0.1, 0.9))], [POSE | LEFT], start=86)[0].persons
    assert same_points(person.left_hand, left(0.1, 0.9))


@pytest.mark.parametrize("rest", [NOTHING, LEFT, LEFT | RIGHT, FACE])
def test_who_is_known_by_a_body_is_there_while_the_body_is_not_looked_for(rest: frozenset[Branch]) -> None:
    """With no part at all, if that is what the frame shows, and under the same id."""
    tracker = Tracker(Smoothing())
    for people in take_turns(tracker, [body()] * 30, [POSE, rest, rest, rest]):
        assert [person.id for person in people.persons] == [0]
        assert (people.persons[0].pose is not None) == (people.ran >= POSE)


def test_who_was_not_found_where_nobody_looked_for_a_body_may_still_be_there() -> None:
    """Only the body's branch can say that nobody is; after a second without it nothing is known."""
    tracker = Tracker(Smoothing())
    follow(tracker, [body(left())] * 5)
    there = [len(tracker.update(frame(n / RATE_HZ, ran=LEFT)).persons) for n in range(5, 60)]
    assert there == [1] * 30 + [0] * 25
    follow(tracker, [body(left())] * 5, start=60)
    gone = [len(tracker.update(frame(n / RATE_HZ, ran=POSE)).persons) for n in range(65, 80)]
    assert gone == [1] * 5 + [0] * 10


def test_two_people_without_bodies_keep_their_ids_while_their_hands_take_turns() -> None:
    """Each hand is compared with where that hand was, also two frames ago."""
    tracker = Tracker(Smoothing())
    one, other = Person(0, None, left(0.2), right(0.1)), Person(1, None, left(0.9), right(0.8))
    for n in range(20):
        ran = LEFT if n % 2 else RIGHT
        pair = [only(one, ran), only(other, ran)]
        people = tracker.update(frame(n / RATE_HZ, *(pair if n < 10 else pair[::-1]), ran=ran))
        places = [(person.left_hand or person.right_hand).points[0, 0] for person in people.persons]  # type: ignore[union-attr]
        assert [person.id for person in people.persons] == [0, 1]
        assert places[0] < 0.5 < places[1]


def test_a_branch_that_finds_the_other_hand_has_not_found_its_own() -> None:
    """It is where the other one is known to be: that one is looked for in a frame of its own, this one is lost."""
    tracker = Tracker(Smoothing(fade_s=0.2))
    turns = [POSE | LEFT, POSE | RIGHT]
    take_turns(tracker, [body(left(), right())] * 6, turns)
    after = take_turns(tracker, [body(right(), right())] * 20, turns, start=6)
    assert all(same_points(people.persons[0].right_hand, right()) for people in after if people.ran >= RIGHT)
    assert [people.persons[0].left_hand for people in after if people.ran >= LEFT][3:] == [None] * 7


def test_a_hand_reported_under_both_names_in_turns_is_one_hand() -> None:
    """The branch that comes second finds what is tracked already."""
    tracker = Tracker(Smoothing())
    for people in take_turns(tracker, [body(left(), left())] * 20, [POSE | LEFT, POSE | RIGHT]):
        assert people.persons[0].right_hand is None
        assert same_points(people.persons[0].left_hand, left() if people.ran >= LEFT else None)


def test_hands_that_cross_in_turns_keep_their_names() -> None:
    """A hand is where the other one was a frame ago, and is still itself."""
    tracker = Tracker(Smoothing(filter="none"))
    for n in range(31):
        x = 0.2 + 0.02 * n
        seen = body(left(1 - x), right(x), pose(wrists=((1 - x, 0.6), (x, 0.6))))
        ran = POSE | (RIGHT if n % 2 else LEFT)
        (person,) = tracker.update(frame(n / RATE_HZ, only(seen, ran), ran=ran)).persons
        assert same_points(person.left_hand, None if n % 2 else seen.left_hand)
        assert same_points(person.right_hand, seen.right_hand if n % 2 else None)


def test_a_hand_near_the_wrong_wrist_is_doubted_in_turns_as_well() -> None:
    """Frames that look for the other hand only, and find none, are no reason to believe it."""
    tracker = Tracker(Smoothing())
    after = take_turns(tracker, [body(right())] * 60, [POSE | LEFT, POSE | RIGHT])
    assert all(people.persons[0].right_hand is None for people in after)
    assert after[-2].persons[0].left_hand is None


def test_wrong_names_are_put_right_in_turns_as_well() -> None:
    """The tracks began with the wrong names: the wrists are believed in the end, and both hands are reported."""
    tracker = Tracker(Smoothing())
    turns = [POSE | LEFT, POSE | RIGHT]
    wrong = body(right(), left(), pose(wrists=(RIGHT_AT, LEFT_AT)))
    take_turns(tracker, [wrong] * 4, turns)
    after = take_turns(tracker, [body(left(), right())] * 60, turns, start=4)
    for people in after[-2:]:
        assert same_points(people.persons[0].left_hand, left() if people.ran >= LEFT else None)
        assert same_points(people.persons[0].right_hand, right() if people.ran >= RIGHT else None)
