"""One person over time: what hands, body and face show and do, and whether it may start now."""

import logging
from collections.abc import Collection

from edgeholo.insight import Somebody, State
from edgeholo.interpret.body.followed_body import FollowedBody
from edgeholo.interpret.changes import Change
from edgeholo.interpret.conditions import Scene
from edgeholo.interpret.controls.continuous import Reading
from edgeholo.interpret.controls.followed_controls import FollowedControls
from edgeholo.interpret.doubts import Doubt, Doubts
from edgeholo.interpret.face.followed_face import FollowedFace
from edgeholo.interpret.hand.features import HandFeatures, measure
from edgeholo.interpret.hand.followed_pair import FollowedPair
from edgeholo.interpret.lexicon import Lexicon
from edgeholo.interpret.permits import Permits
from edgeholo.types import Branch, Gesture, People, Person, Phase, Side, Value

_LOGGER = logging.getLogger(__name__)

_HANDS_BUSY = Doubt(State.REFUSED, "a hand shows a gesture now")
_ARMS_BUSY = Doubt(State.REFUSED, "the arms show a gesture now")


class FollowedPerson:
    """Follows one person.

    Args:
        id_: of the person.
        lexicon: what is looked for.
        permits: asked before a gesture starts.
    """

    def __init__(self, id_: int, lexicon: Lexicon, permits: Permits) -> None:
        self._id = id_
        self._permits = permits
        self._hands = FollowedPair(lexicon)
        self._body = FollowedBody(lexicon)
        self._face = FollowedFace(lexicon)
        self._controls = FollowedControls(lexicon)

    @property
    def idle(self) -> bool:
        """Whether forgetting this person changes nothing."""
        return self._hands.idle and self._body.idle and self._face.idle

    def update(self, person: Person, known: Collection[Branch], people: People) -> list[Gesture | Value]:
        """Return what changed. While the arms make a gesture the hands show none, and the other way round.

        Args:
            person: as seen, or without any part where they are gone.
            known: the parts of which this frame says something.
            people: the frame.
        """
        scenes = {side: Scene(person, side, people) for side in (*Side, None)}
        changes: list[Change] = []
        if Branch.POSE in known:
            arms_doubts = self._doubts(scenes[None], _HANDS_BUSY if self._hands.active else None)
            changes += self._body.update(person, people, arms_doubts, self._doubts(scenes[None]))
        features = {side: _features(person, side, people) for side in Side if side.branch in known}
        readings: list[Reading] = []
        if features:
            busy = _ARMS_BUSY if self._body.active else None
            doubts = {side: self._doubts(scene, busy) for side, scene in scenes.items()}
            changes += self._hands.update(person, features, people, doubts)
            readings = self._controls.update(
                person, features, people, {side: self._control_doubts(scene) for side, scene in scenes.items()}
            )
        if Branch.FACE in known:
            changes += self._face.update(person, people, self._doubts(scenes[None]))
        return self._told(changes, readings, people.timestamp_ns)

    def insight(self, t_s: float) -> Somebody:
        """Return what was made of each part in the last look at it.

        Args:
            t_s: seconds; the present.
        """
        parts = {**self._hands.parts(t_s), "body": self._body.part(t_s), "face": self._face.part(t_s)}
        return Somebody(self._id, parts)

    def finish(self, timestamp_ns: int) -> list[Gesture | Value]:
        """Return the ends of all that has started."""
        ends = [*self._hands.finish(), *self._body.finish(), *self._face.finish()]
        return self._told(ends, self._controls.finish(), timestamp_ns)

    def _doubts(self, scene: Scene, busy: Doubt | None = None) -> Doubts:
        """Return the question what is in the way of a gesture; while another part is ``busy`` with one, that is."""
        return lambda name: busy or self._permits.doubt(name, scene.people.t_s, scene)

    def _control_doubts(self, scene: Scene) -> Doubts:
        return lambda name: self._permits.doubt_control(name, scene)

    def _told(self, changes: list[Change], readings: list[Reading], timestamp_ns: int) -> list[Gesture | Value]:
        values = [Value(each.name, each.value, each.phase, each.side, self._id, timestamp_ns) for each in readings]
        return [*(self._gesture(change, timestamp_ns) for change in changes), *values]

    def _gesture(self, change: Change, timestamp_ns: int) -> Gesture:
        step, side = change.step, change.side
        if step.phase in (Phase.START, Phase.ONCE):
            self._permits.started(step.name, timestamp_ns / 1e9, self._id)
        _LOGGER.info("%s %s, %s, confidence %.2f", step.name, step.phase, side or "body", step.confidence)
        return Gesture(
            name=step.name,
            phase=step.phase,
            hand=side,
            confidence=step.confidence,
            duration_s=step.duration_s,
            person=self._id,
            timestamp_ns=timestamp_ns,
            count=change.count,
            angle_deg=change.angle_deg,
        )


def _features(person: Person, side: Side, people: People) -> HandFeatures | None:
    hand = person.hand(side)
    return None if hand is None else measure(hand, side, people.size)
