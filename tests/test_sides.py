"""Left stays left and right stays right, whatever the engine calls them."""

import pytest

from edgeholo.config import Smoothing
from edgeholo.perceive.sides import SETTLE_S
from edgeholo.perceive.tracking import Tracker
from edgeholo.types import Person
from tests.scenes import LEFT_AT, RATE_HZ, RIGHT_AT, body, follow, frame, left, pose, right, same_points


def test_swapped_names_are_put_right_while_both_hands_are_tracked() -> None:
    """For a frame, or for most of a second, with the pose confused too."""
    tracker = Tracker(Smoothing())
    confused = body(right(), left(), pose(wrists=(RIGHT_AT, LEFT_AT)))
    good = body(left(), right())
    for person in follow(tracker, [good, good, confused, good, *[confused] * 20, good]):
        assert same_points(person.left_hand, left())
        assert same_points(person.right_hand, right())


@pytest.mark.parametrize("seen", [body(None, left()), body(left(), None), body(left(), left()), body(right(), left())])
def test_a_tracked_left_hand_stays_left_whatever_it_is_called(seen: Person) -> None:
    """Under the wrong name, under both, or where the other one is just found."""
    tracker = Tracker(Smoothing())
    follow(tracker, [body(left())] * 3)
    (person,) = follow(tracker, [seen], start=3)
    assert same_points(person.left_hand, left())
    assert person.right_hand is None or same_points(person.right_hand, right())


def test_a_hand_reported_on_the_place_of_the_other_one_is_the_other_one() -> None:
    """The left one seems to jump onto the right one, which seems lost: it is the left one that is lost."""
    tracker = Tracker(Smoothing())
    follow(tracker, [body(left(), right())] * 3)
    people = follow(tracker, [body(right(), None)] * 10, start=3)
    assert all(same_points(person.right_hand, right()) for person in people)
    assert people[-1].left_hand is None


@pytest.mark.parametrize(("wrists", "is_left"), [((LEFT_AT, RIGHT_AT), True), ((RIGHT_AT, LEFT_AT), False)])
def test_one_hand_reported_twice_belongs_to_the_nearer_wrist(
    wrists: tuple[tuple[float, float], tuple[float, float]], is_left: bool
) -> None:
    """Where no hand is tracked yet, the body tells."""
    (person,) = follow(Tracker(Smoothing()), [body(left(), left(0.701), pose(wrists=wrists))])
    assert (person.left_hand is not None) == is_left
    assert (person.right_hand is None) == is_left


def test_hands_that_touch_are_two_hands() -> None:
    """A mirrored hand is no double."""
    (person,) = follow(Tracker(Smoothing()), [body(left(0.5), right(0.5))])
    assert person.left_hand is not None
    assert person.right_hand is not None


def test_a_fast_hand_keeps_its_name() -> None:
    """A hand that is elsewhere has moved: it is not the other one because it is not where it was."""
    tracker = Tracker(Smoothing())
    for person in follow(tracker, [body(left(0.2 + 0.1 * index)) for index in range(7)]):
        assert person.right_hand is None


def test_hands_that_cross_keep_their_names() -> None:
    """As they pass each other the engine keeps them apart; so does the tracker."""
    tracker = Tracker(Smoothing(filter="none"))
    for index in range(31):
        x = 0.2 + 0.02 * index
        seen = body(left(1 - x), right(x), pose(wrists=((1 - x, 0.6), (x, 0.6))))
        (person,) = tracker.update(frame(index / RATE_HZ, seen)).persons
        assert same_points(person.left_hand, seen.left_hand)
        assert same_points(person.right_hand, seen.right_hand)


def test_wrists_that_disagree_for_long_are_believed_in_the_end() -> None:
    """The first frame had the names wrong: continuity must not keep them wrong for ever."""
    tracker = Tracker(Smoothing())
    wrong, good = body(right(), left(), pose(wrists=(RIGHT_AT, LEFT_AT))), body(left(), right())
    people = follow(tracker, [wrong] * 3 + [good] * round((SETTLE_S + 0.2) * RATE_HZ))
    assert same_points(people[5].left_hand, right())
    assert same_points(people[-1].left_hand, left())
    assert same_points(people[-1].right_hand, right())
