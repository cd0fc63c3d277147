"""One body over time: arms, trunk and posture."""

from edgeholo.insight import Part, State
from edgeholo.interpret.body import gestures
from edgeholo.interpret.body.features import BodyFeatures, measure_body
from edgeholo.interpret.body.postures import Postures
from edgeholo.interpret.changes import Change, made
from edgeholo.interpret.doubts import Doubts, Missed
from edgeholo.interpret.held import Held
from edgeholo.interpret.lexicon import Lexicon
from edgeholo.interpret.pauses import Pauses
from edgeholo.interpret.phases import Step
from edgeholo.types import People, Person


class FollowedBody:
    """Follows the body of one person.

    Args:
        lexicon: what is looked for.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._arms, self._squat = Held(lexicon), Held(lexicon)
        self._postures = Postures()
        self._pauses = Pauses()
        self._missed = Missed()
        self._seen = False

    @property
    def active(self) -> str | None:
        """The gesture of the arms that has started and not ended."""
        return self._arms.active

    @property
    def idle(self) -> bool:
        """Whether forgetting this body changes nothing."""
        return self._arms.idle and self._squat.idle

    def update(self, person: Person, people: People, arms_doubts: Doubts, doubts: Doubts) -> list[Change]:
        """Return what changed.

        Args:
            person: whose body it is; without a pose where none was found.
            people: the frame.
            arms_doubts: what is in the way of a gesture of the arms that starts now.
            doubts: what is in the way of any other.
        """
        t_s, pose = people.t_s, person.pose
        if self._pauses.over("pose", t_s):
            self._postures.reset()
        seen = None if pose is None else measure_body(pose, people.size)
        self._seen = seen is not None
        squat, moves = (0.0, []) if pose is None else self._postures.update(t_s, pose, people.size)
        arms = self._arms.update(t_s, gestures.scores(seen) if seen else {}, steady=True, doubts=arms_doubts)
        squats = self._squat.update(t_s, {"squat": squat}, steady=True, doubts=doubts)
        over = made(t_s, moves, self._lexicon.confidence, doubts, self._missed)
        return [*(_change(step, seen) for step in (*arms, *squats)), *over]

    def part(self, t_s: float) -> Part | None:
        """Return what was made of the last look at this body; None where it was not there.

        Args:
            t_s: seconds; the present.
        """
        arms, squat = self._arms.part(), self._squat.part()
        part = squat if squat.state in (State.ACTIVE, State.ONSET) else arms
        if part.state is State.ACTIVE:
            return part
        return (self._missed.told(t_s) or part) if self._seen else None

    def finish(self) -> list[Change]:
        """Return the ends of what has started."""
        return [Change(step) for part in (self._arms, self._squat) for step in part.finish()]


def _change(step: Step, seen: BodyFeatures | None) -> Change:
    """Return the change; of an arm that points, which one it is and where to."""
    pointed = gestures.pointing(seen) if seen is not None and step.name == "point_at" else None
    return Change(step) if pointed is None else Change(step, pointed[0], angle_deg=pointed[1])
