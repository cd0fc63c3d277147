"""One person over time: what hands, body and face show and do, and whether it may start now."""

import logging
from collections.abc import Collection

from edgeholo.interpret.body.followed_body import FollowedBody
from edgeholo.interpret.changes import Allows, Change
from edgeholo.interpret.conditions import Scene
from edgeholo.interpret.controls.continuous import Reading
from edgeholo.interpret.controls.followed_controls import FollowedControls
from edgeholo.interpret.face.followed_face import FollowedFace
from edgeholo.interpret.hand.features import HandFeatures, measure
from edgeholo.interpret.hand.followed_pair import FollowedPair
from edgeholo.interpret.lexicon import Lexicon
from edgeholo.interpret.permits import Permits
from edgeholo.types import Branch, Gesture, People, Person, Phase, Side, Value

_LOGGER = logging.getLogger(__name__)


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
            arms_allow = self._allows(scenes[None], busy=self._hands.active is not None)
            changes += self._body.update(person, people, arms_allow, self._allows(scenes[None]))
        features = {side: _features(person, side, people) for side in Side if side.branch in known}
        readings: list[Reading] = []
        if features:
            busy = self._body.active is not None
            allow = {side: self._allows(scene, busy=busy) for side, scene in scenes.items()}
            changes += self._hands.update(person, features, people, allow)
            readings = self._controls.update(
                person, features, people, {side: self._allows_control(scene) for side, scene in scenes.items()}
            )
        if Branch.FACE in known:
            changes += self._face.update(person, people, self._allows(scenes[None]))
        return self._told(changes, readings, people.timestamp_ns)

    def finish(self, timestamp_ns: int) -> list[Gesture | Value]:
        """Return the ends of all that has started."""
        ends = [*self._hands.finish(), *self._body.finish(), *self._face.finish()]
        return self._told(ends, self._controls.finish(), timestamp_ns)

    def _allows(self, scene: Scene, *, busy: bool = False) -> Allows:
        """Return the question whether a gesture may start; while another part is busy with one nothing may."""
        return lambda name: not busy and self._permits.allows(name, scene.people.t_s, scene)

    def _allows_control(self, scene: Scene) -> Allows:
        return lambda name: self._permits.allows_control(name, scene)

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
