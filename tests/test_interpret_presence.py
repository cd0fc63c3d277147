"""Who is there: settled, and not fooled by what merely looks like somebody."""

from dataclasses import replace

import numpy as np
import pytest

from edgeholo.anatomy import believable
from edgeholo.config import PresenceOptions
from edgeholo.interpret.presence import Presence
from edgeholo.types import Branch, Person, Pose
from edgeholo.types import Presence as Change
from tests.hand_shapes import people, recordings

BODY = next(each for each in recordings() if each.name == "home four 07a5a144").frames[0]
SOMEBODY = BODY.persons[0]


def changes(shown: list[tuple[float, int]]) -> list[Change]:
    """Return the changes while ``shown`` many people are there at each time."""
    presence = Presence(PresenceOptions(appear_s=0.4, leave_s=2.0))
    found = [
        presence.update(people(t, *[replace(SOMEBODY, id=n) for n in range(count)], size=BODY.size))
        for t, count in shown
    ]
    return [change for change in found if change is not None]


def test_somebody_comes_and_goes() -> None:
    """Each once, settled, and since when it was so."""
    times = np.arange(0, 10, 0.1)
    found = changes([(float(t), int(2 <= t < 5)) for t in times])
    assert [(change.present, change.count) for change in found] == [(True, 1), (False, 0)]
    assert [change.since_ns / 1e9 for change in found] == pytest.approx([2.0, 5.0], abs=0.11)
    assert [change.timestamp_ns / 1e9 for change in found] == pytest.approx([2.4, 7.0], abs=0.11)


def test_a_glimpse_is_nobody_and_a_blink_is_no_leaving() -> None:
    """0.2 s of somebody, a second of nobody: neither counts."""
    assert [change.present for change in changes([(t / 10, int(20 <= t < 22)) for t in range(50)])] == [False]
    assert len(changes([(t / 10, int(not 20 <= t < 30)) for t in range(50)])) == 1


def test_after_a_start_an_empty_room_is_said_once() -> None:
    """The broker may still keep what was true before the last power cut."""
    (change,) = changes([(t / 10, 0) for t in range(100)])
    assert (change.present, change.count, change.since_ns, change.timestamp_ns) == (False, 0, 0, 2_000_000_000)


def test_a_second_person_is_counted() -> None:
    """The room stays occupied, the number changes."""
    found = changes([(t / 10, 1 if t < 20 else 2) for t in range(40)])
    assert [(change.present, change.count) for change in found] == [(True, 1), (True, 2)]
    assert found[0].since_ns == found[1].since_ns


def test_glances_at_an_empty_room_are_enough() -> None:
    """The motion gate looks every two seconds only: somebody who sits still is found all the same."""
    assert [change.present for change in changes([(0.0, 0), (2.0, 1), (4.0, 1)])] == [True]


def test_a_frame_that_was_not_looked_at_says_nothing() -> None:
    """Not looked for is not absent."""
    presence = Presence(PresenceOptions())
    for t in np.arange(0, 2, 0.1):
        presence.update(people(float(t), SOMEBODY, size=BODY.size))
    blind = [presence.update(people(float(t), ran=frozenset())) for t in np.arange(2, 9, 0.1)]
    assert blind == [None] * len(blind)


def test_time_that_stands_or_steps_back_breaks_nothing() -> None:
    """The count goes on from the new time."""
    assert len(changes([(5.0, 1), (5.0, 1), (5.5, 1), (1.0, 1), (1.5, 1), (1.2, 0), (1.2, 0)])) == 1


def test_real_bodies_are_believed() -> None:
    """All people in the recordings."""
    bodies = [(person, frame.size) for each in recordings() for frame in each.frames for person in frame.persons]
    assert all(believable(person, size) for person, size in bodies)


def test_what_merely_looks_like_a_body_is_not_believed() -> None:
    """A cartoon with a body of six heads' neck, a car with half a shoulder, points that are no numbers."""
    assert SOMEBODY.pose is not None
    points, seen = SOMEBODY.pose.points, SOMEBODY.pose.visibility
    stretched = points.copy()
    stretched[23:25, 1] += 4 * (points[23, 1] - points[11, 1])
    headless = points.copy()
    headless[:11] = points[0]
    for pose in (
        Pose(stretched, seen),
        Pose(headless, seen),
        Pose(points, seen * np.float32(0.8)),
        Pose(points + np.float32(2), seen),
        Pose(points * np.float32(np.nan), seen),
    ):
        assert not believable(Person(0, pose), BODY.size)


def test_whose_body_is_not_looked_for_is_still_there() -> None:
    """Branches take turns; who is there depends on the persons alone, and a frame without them counts as well."""
    presence = Presence(PresenceOptions(appear_s=0.4, leave_s=2.0))
    only_left = frozenset({Branch.LEFT_HAND})
    turns = [people(n / 10, Person(0), ran=only_left) for n in range(30)]
    assert [change.count for each in turns if (change := presence.update(each))] == [1]
    empty = [people(3 + n / 10, ran=only_left) for n in range(30)]
    assert [change.count for each in empty if (change := presence.update(each))] == [0]


def test_without_the_body_branch_a_hand_is_somebody() -> None:
    """Who shows a hand is there."""
    assert believable(replace(SOMEBODY, pose=None), BODY.size)
    assert not believable(Person(0), BODY.size)
    assert Branch.POSE in BODY.ran
