"""What it is taken for, and why it does not count: every reason made to happen."""

from dataclasses import replace

import numpy as np
import pytest

from edgeholo.config import Arming, Conditions, GestureOptions, Gestures, PresenceOptions
from edgeholo.insight import Part, State
from edgeholo.interpret.held import Held
from edgeholo.interpret.interpreter import Interpreter
from edgeholo.interpret.lexicon import Lexicon
from edgeholo.interpret.timing import timings
from edgeholo.types import Branch, Gesture, People, Person, Phase, Pose, Side
from tests.body_shapes import shown as standing_shown
from tests.hand_shapes import SIZE, Recording, hand, people, person, recordings, shape, shown
from tests.moving_hands import Camera, Shown, standing
from tests.test_conditions import body, posed

RATE_HZ = 20
_SIDES = {"left_hand": Side.LEFT, "right_hand": Side.RIGHT, "body": None, "face": None}


def told(frames: list[People], options: Gestures | None = None) -> Interpreter:
    """Return an interpreter that has seen these frames."""
    interpreter = Interpreter(options or Gestures(), PresenceOptions())
    for frame in frames:
        interpreter.update(frame)
    return interpreter


def showing(*scenes: tuple[Person, float], beside: tuple[Person, ...] = ()) -> list[People]:
    """Return frames in which each person is shown for so many seconds."""
    persons = [who for who, seconds in scenes for _ in range(round(seconds * RATE_HZ))]
    return [people(number / RATE_HZ, who, *beside) for number, who in enumerate(persons)]


def part(frames: list[People], options: Gestures | None = None, *, of: str = "left_hand") -> Part:
    """Return what a part of the first person is taken for after these frames."""
    found = told(frames, options).insight()[0].parts[of]
    assert found is not None
    return found


def conditions(**wanted: object) -> Gestures:
    """Return options under whose conditions gestures count."""
    return Gestures(conditions=Conditions(**wanted))  # type: ignore[arg-type]


def lowered(by: float) -> Pose:
    """Return a body whose left wrist is below its elbow, by a fraction of the picture's height."""
    pose = body()
    points = pose.points.copy()
    points[15, :2] = points[13, :2] + (0.0, by)
    return replace(pose, points=points)


THUMB = shown("thumb_up")
MOVING = [people(n / RATE_HZ, person(left=hand(shape("victory"), at=(100.0 + 12 * n, 250.0)))) for n in range(10)]


def test_a_gesture_that_grows_says_how_long_it_is_to_be_held() -> None:
    """And how far it has come."""
    seen = part(showing((shown("open_palm"), 0.65)))
    assert (seen.shape, seen.state, seen.why) == ("open_palm", State.ONSET, "hold it for 0.6 s more")
    assert seen.progress == pytest.approx(0.5)
    assert seen.confidence > 0.6


def test_a_gesture_that_counts_needs_no_reason() -> None:
    """Its progress is that to ``hold``."""
    seen = part(showing((THUMB, 0.8)))
    assert (seen.shape, seen.state, seen.why) == ("thumb_up", State.ACTIVE, "")
    assert seen.progress == pytest.approx(0.5)
    assert part(showing((THUMB, 3.0))).progress == 1.0


def test_a_gesture_that_has_just_ended_rests() -> None:
    """For how long still is said."""
    seen = part(showing((THUMB, 0.5), (person(), 0.4), (THUMB, 0.15)), Gestures(cooldown_s=2.0))
    assert (seen.shape, seen.state) == ("thumb_up", State.RESTING)
    assert seen.why.startswith("it has just ended, and rests for 1.")


def test_a_hand_that_moves_is_to_be_held_still() -> None:
    """What it shows is said all the same."""
    seen = part(MOVING)
    assert (seen.shape, seen.state, seen.why) == ("victory", State.MOVING, "it moves: hold it still")


def test_a_shape_below_the_confidence_asked_for_says_both() -> None:
    """What is there and what is needed."""
    seen = part(showing((THUMB, 0.5)), Gestures(confidence=1.0))
    assert (seen.shape, seen.state) == ("thumb_up", State.UNSURE)
    assert seen.why == f"only {seen.confidence:.0%} sure, and 100% is needed"


@pytest.mark.parametrize(
    ("scored", "shape", "state", "why"),
    [
        ({"rock": 0.7, "i_love_you": 0.6}, "rock", State.UNSURE, "rock or i_love_you: show it more clearly"),
        ({"open_palm": 0.7, "palm_towards": 0.7, "ok": 0.6}, "open_palm", State.UNSURE, "open_palm or ok: show it "),
        ({"rock": 0.5, "ok": 0.1}, "rock", State.UNSURE, "only 50% sure, and 60% is needed"),
        ({"rock": 0.1, "ok": 0.05}, None, State.NONE, "this looks like none of the gestures that it knows"),
        ({}, None, State.NONE, "this looks like none of the gestures that it knows"),
    ],
)
def test_where_two_are_near_none_is_given_and_both_are_named(
    scored: dict[str, float], shape: str | None, state: State, why: str
) -> None:
    """A variant is no rival of what it is a variant of, and what is hardly there is nothing."""
    held = Held(Lexicon(timings(Gestures()), 0.6, (), ()))
    held.update(0.0, scored, steady=True, doubts=lambda _name: None)
    seen = held.part()
    assert (seen.shape, seen.state) == (shape, state)
    assert seen.why.startswith(why)


def test_what_is_switched_off_says_so() -> None:
    """With the profile, or that others were chosen."""
    seen = part(showing((shown("pinch"), 0.5)))
    assert (seen.shape, seen.state) == ("pinch", State.OFF)
    assert seen.why == "pinch does not count now: it is not in the profile everyday"
    chosen = part(showing((THUMB, 0.5)), Gestures(enabled=("victory",)))
    assert chosen.why == "thumb_up does not count now: it is not among the gestures that were chosen"


@pytest.mark.parametrize(
    ("options", "who", "why"),
    [
        (conditions(facing=True), posed(body(turn=0.9)), "the face does not look towards the camera"),
        (conditions(hands_up=True), posed(lowered(by=0.01)), "the hand is not above its elbow"),
        (conditions(distance_m=1.5), posed(), "too far: 2.0 m away, and at most 1.5 m counts"),
        (conditions(zone=(0.0, 0.0, 0.5, 1.0)), posed(at=(500.0, 250.0)), "it is outside the zone that counts"),
        (Gestures(arming=Arming(enabled=True)), posed(), "commands wait for the wake gesture: show open_palm first"),
        (
            Gestures(each={"thumb_up": GestureOptions(conditions=Conditions(zone=(0.0, 0.0, 0.1, 0.1)))}),
            posed(),
            "it is outside the zone that counts",
        ),
    ],
)
def test_a_condition_that_is_not_met_is_named(options: Gestures, who: Person, why: str) -> None:
    """The very first of them, in words for whoever stands there."""
    seen = part(showing((who, 0.5)), options)
    assert (seen.shape, seen.state, seen.why) == ("thumb_up", State.REFUSED, why)


def test_somebody_who_is_not_alone_is_told_how_many_there_are() -> None:
    """A distance that nobody can tell is said too."""
    seen = part(showing((posed(), 0.5), beside=(posed(id_=2),)), conditions(alone=True))
    assert seen.why == "it counts only of one person alone, and 2 can be told apart"


def test_another_gesture_that_has_just_begun_is_named() -> None:
    """The dead time after it."""
    seen = part(showing((THUMB, 0.5), (shown("victory"), 0.2)), Gestures(dead_s=2.0, release_s=0.1))
    assert (seen.shape, seen.state, seen.why) == ("victory", State.REFUSED, "thumb_up has only just begun")


def test_hands_wait_for_the_arms() -> None:
    """While the arms make a gesture the hands show none."""
    who = Person(1, pose=standing_shown("t_pose"), left_hand=THUMB.left_hand)
    frames = showing((replace(who, left_hand=None), 1.0), (who, 0.3))
    assert part(frames, of="body").state is State.ACTIVE
    assert part(frames).why == "the arms show a gesture now"


def test_a_shape_that_is_not_meant_says_how_to_hold_the_hand() -> None:
    """Too small, hanging, or at the face."""
    tiny = person(left=hand(shape("thumb_up"), size_px=5.0))
    assert part(showing((tiny, 0.5))).why == "the hand is too small in the picture: come closer"
    assert part(showing((posed(lowered(by=0.15)), 0.5))).why == "the forearm hangs: raise the hand"
    nose = tuple((body().points[0, :2] * SIZE).tolist())
    fist = hand(shape("closed_fist"), at=(nose[0], nose[1] + 20.0))
    at_face = part(showing((person(left=fist, pose=body(scale=2.0)), 0.5)))
    assert (at_face.shape, at_face.state, at_face.why) == ("closed_fist", State.UNSURE, "the hand is at the face")


def test_a_part_that_shows_nothing_is_none_and_one_that_is_not_seen_is_missing() -> None:
    """Both are answers to whoever asks whether they are seen."""
    parts = told(showing((Person(7, pose=body()), 0.5))).insight()[0].parts
    assert parts["left_hand"] is None
    assert parts["right_hand"] is None
    assert parts["face"] is None
    assert parts["body"] == Part(None, 0.0, State.NONE, why="this looks like none of the gestures that it knows")


def test_everybody_who_is_followed_is_told_of_and_nobody_else() -> None:
    """The one who left is forgotten."""
    both = showing((THUMB, 0.5), beside=(Person(2, pose=body()),))
    assert [each.person for each in told(both).insight()] == [1, 2]
    assert told([]).insight() == ()
    gone = [people(0.5 + n / RATE_HZ) for n in range(60)]
    assert told([*both, *gone]).insight() == ()


def test_a_hand_that_was_not_looked_at_is_as_it_was() -> None:
    """For a moment; then nothing is known of it."""
    seen = showing((THUMB, 0.5))
    blind = [people(0.5 + n / RATE_HZ, person(), ran=frozenset({Branch.POSE})) for n in range(40)]
    assert part([*seen, *blind[:10]]).shape == "thumb_up"
    assert told([*seen, *blind]).insight()[0].parts["left_hand"] is None


def test_a_movement_that_does_not_count_is_told_for_a_moment() -> None:
    """It is over before anybody can read why; after that the hand is what it is again."""
    camera, chance = Camera(jitter=0.0), np.random.default_rng(1)
    waving = Shown(lambda t_s: (0.8 * np.sin(12 * t_s) if t_s < 2 else 0.0, 0.0), start=(2.5, -0.8))
    interpreter, heard = told([], Gestures(enabled=("thumb_up",))), []
    for t_s in np.arange(0, 6, 1 / camera.rate_hz).tolist():
        who = Person(1, standing(camera), waving.hand(t_s, Side.LEFT, camera, chance))
        interpreter.update(people(t_s, who))
        seen = interpreter.insight()[0].parts["left_hand"]
        heard += [(t_s, seen)] if seen and seen.shape == "wave" else []
    assert {(seen.state, seen.why) for _, seen in heard} == {
        (State.OFF, "wave does not count now: it is not among the gestures that were chosen")
    }
    assert heard[-1][0] < 4.0


@pytest.mark.parametrize("recording", recordings(), ids=lambda each: each.name)
def test_active_is_what_has_started_and_not_ended(recording: Recording) -> None:
    """Words and events cannot contradict each other: whoever decides says why."""
    interpreter = Interpreter(Gestures(), PresenceOptions())
    going: dict[tuple[int, Side | None], str] = {}
    for frame in recording.played():
        for seen in interpreter.update(frame):
            if isinstance(seen, Gesture) and seen.phase in (Phase.START, Phase.END):
                going.pop((seen.person, seen.hand), None)
                going |= {(seen.person, seen.hand): seen.name} if seen.phase is Phase.START else {}
        active = {
            (each.person, _SIDES[name]): made.shape
            for each in interpreter.insight()
            for name, made in each.parts.items()
            if made is not None and made.state is State.ACTIVE
        }
        grow = {
            (each.person, _SIDES[name])
            for each in interpreter.insight()
            for name, made in each.parts.items()
            if made and made.state in (State.ONSET, State.RESTING)
        }
        assert active.items() <= going.items()
        assert going.keys() - active.keys() <= grow
