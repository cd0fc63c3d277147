"""What was looked at, and why."""

from collections.abc import Mapping

from edgeholo.explanation import Explanation
from edgeholo.insight import Insight, Look
from edgeholo.perceive.schedule import Decision
from edgeholo.types import Branch, Mode, Person, Sight, Verdict
from tests.hand_shapes import SIZE, people

GOOD = Verdict("ok", "", usable=True, changed=False)
AUTO = {branch: Mode.OFF if branch is Branch.FACE else Mode.AUTO for branch in Branch}
RUNS, RESTS = Decision(run=True, why="following"), Decision(run=False, why="resting")


def explained(frames: Mapping[float, Mapping[str, Decision]], shown: tuple[Person, ...] = (Person(0),)) -> Insight:
    """Return what is said after frames in which an engine decided so."""
    explanation, sight = Explanation(), None
    for t_s, decisions in frames.items():
        sight = Sight(round(t_s * 1e9), 0, SIZE, GOOD, people(t_s, *shown))
        explanation.look(sight, decisions)
    assert sight is not None
    return explanation.insight(sight, t_ms=21.0, modes=AUTO, pace="", persons=())


def not_looked(verdict: Verdict) -> Insight:
    """Return what is said of a frame that the engine was not given."""
    sight = Sight(0, 0, SIZE, verdict, None)
    explanation = Explanation()
    explanation.look(sight, {"pose": RUNS})
    return explanation.insight(sight, t_ms=0.1, modes=AUTO, pace="", persons=())


def test_a_branch_that_only_rests_between_two_looks_runs() -> None:
    """Hands take turns fifteen times a second, and nobody wants to see that flicker."""
    turns = {"pose": RUNS, "left_hand": RUNS, "right_hand": RESTS}
    others = {"pose": RESTS, "left_hand": RESTS, "right_hand": RUNS}
    found = explained({0.0: turns, 0.066: others, 0.133: turns, 0.2: others})
    following = Look(run=True, why="following")
    assert found.branches == {
        "pose": following,
        "left_hand": following,
        "right_hand": following,
        "face": Look(run=False, why="off"),
    }
    assert (found.looking, found.why_not, found.t_ms) == (True, "", 21.0)


def test_a_branch_that_has_not_run_for_long_says_why() -> None:
    """In the engine's own words, as health counts them."""
    hangs = {"pose": RUNS, "left_hand": Decision(run=False, why="hanging")}
    found = explained({0.0: {"left_hand": RUNS}, 1.0: hangs})
    assert found.branches["left_hand"] == Look(run=False, why="hanging")


def test_in_an_empty_room_the_body_is_searched_and_the_hands_wait_for_it() -> None:
    """The decision is the detector's then."""
    found = explained({0.0: {"detector": Decision(run=True, why="searching")}}, ())
    assert found.branches["pose"] == Look(run=True, why="searching")
    assert found.branches["left_hand"] == Look(run=False, why="nobody found")


def test_an_engine_that_decides_nothing_runs_what_it_runs() -> None:
    """As Google's own library does."""
    assert explained({0.0: {}}).branches["pose"] == Look(run=True, why="in every frame")


def test_a_frame_that_was_not_looked_at_says_why() -> None:
    """A still room, or a picture in which nothing could be seen; then no branch runs, and it took the engine no time."""
    still = not_looked(GOOD)
    assert (still.looking, still.why_not, still.t_ms) == (False, "nothing moves", None)
    assert still.branches["pose"] == Look(run=False, why="nothing moves")
    dark = not_looked(Verdict("dark", "too dark: turn a light on", usable=False, changed=False))
    assert (dark.looking, dark.why_not) == (False, "too dark: turn a light on")
