"""The last minute, tried: what was held, what began before it, and where hands were."""

import base64
import dataclasses
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from edgeholo.act.rules import Rules, decode
from edgeholo.clock import rfc3339
from edgeholo.config import Config
from edgeholo.publish.codec import encode
from edgeholo.rulebook import names_told
from edgeholo.types import HANDS, Hand, People, Person
from edgeholo.web.recent import Minute, Recent
from edgeholo.web.rules_trial import Trial, tried
from edgeholo.web.unit import LANDMARKS, News

_NAMES = names_told(Config(), ["horns"], [])


class Room:
    """A unit that says things, with a clock of its own."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.recent = Recent(lambda: int(self.now_s * 1e9))

    def say(self, event: str, **fields: object) -> None:
        """Have something said."""
        self.recent.hear("hall", News(event, msgspec.json.encode(fields)))

    def gesture(self, name: str, phase: str) -> None:
        """Have a gesture of the right hand said."""
        self.say("gesture", event_type=name, phase=phase, hand="right", person=0, confidence=0.9, duration_s=0.0)

    def somebody(self, *, there: bool, for_s: float = 0.0) -> None:
        """Have it said whether somebody is there, and for how long that has been so."""
        since = datetime.now(UTC) - timedelta(seconds=for_s)
        self.say("presence", person=there, count=int(there), since=rfc3339(since))

    def hand_at(self, x: float, y: float) -> None:
        """Have landmarks said, of a right hand in one place."""
        points = np.full((21, 3), (x, y, 0), np.float32)
        people = People((Person(0, right_hand=Hand(points)),), HANDS, (640, 480), 0, 0)
        self.recent.hear("hall", News(LANDMARKS, base64.b64encode(encode(people, datetime.now(UTC)))))

    def tried(self, when: str) -> Trial:
        """Return what came of a rule with that condition."""
        rules: Rules = decode(f'[[rule]]\nname = "it"\nwhen = {when}\nthen = {{ mqtt = "a" }}\n', _NAMES)
        minute = self.recent.minute("hall")
        return tried(rules, minute, int(self.now_s * 1e9), armed=True, profile="everyday", states={})


def test_a_gesture_that_was_held_sets_off_what_waits_for_it() -> None:
    """Time goes on between the messages, as in the daemon: two seconds are over before the hand goes down."""
    room = Room()
    room.gesture("ok", "start")
    room.now_s += 3
    room.gesture("ok", "end")
    assert [one.phase for one in room.tried('{ gesture = "ok", hold_s = 2 }').fired] == ["hold"]
    assert room.tried('{ gesture = "ok", hold_s = 4 }').fired == []


def test_what_is_still_held_counts_until_now() -> None:
    """Nobody has to lower the hand before a rule can be tried."""
    room = Room()
    room.gesture("ok", "start")
    room.now_s += 3
    assert len(room.tried('{ gesture = "ok", hold_s = 2 }').fired) == 1


def test_what_is_older_than_a_minute_has_happened() -> None:
    """It fires nothing, and what was held then is held on: but somebody who came is still there."""
    room = Room()
    room.somebody(there=True)
    room.gesture("ok", "start")
    room.now_s += 70
    room.gesture("victory", "start")
    assert room.tried("{ presence = true }").fired == []
    assert room.tried('{ gesture = "ok", hold_s = 2 }').fired == []
    assert [one.trigger for one in room.tried('{ gesture = "victory", presence = true }').fired] == ["victory"]


def test_a_state_that_the_broker_had_kept_is_no_event() -> None:
    """When the page begins to listen somebody has been there for long: nobody has come."""
    room = Room()
    room.somebody(there=True, for_s=600)
    assert room.tried("{ presence = true }").fired == []
    room.now_s += 1
    room.somebody(there=False)
    assert len(room.tried("{ presence = false }").fired) == 1


def test_a_zone_is_tried_where_landmarks_were_heard() -> None:
    """The hand in the left half sets it off; without landmarks nobody knows, and the reason is told."""
    room = Room()
    room.hand_at(0.2, 0.5)
    room.now_s += 0.1
    room.gesture("ok", "start")
    assert len(room.tried('{ gesture = "ok", zone = [0, 0, 0.5, 1] }').fired) == 1
    assert room.tried('{ gesture = "ok", zone = [0.5, 0, 0.5, 1] }').never[0].why == {"zone": 1}
    blind = Room()
    blind.gesture("ok", "start")
    assert blind.tried('{ gesture = "ok", zone = [0, 0, 1, 1] }').never[0].why == {"zone": 1}


def test_gestures_that_were_taught_are_known_by_name() -> None:
    """Whether one is a pose or a movement only the unit knows, so both ways to write of it are right."""
    room = Room()
    room.gesture("horns", "once")
    assert len(room.tried('{ gesture = "horns", phase = "once" }').fired) == 1
    assert room.tried('{ gesture = "horns", hold_s = 2 }').fired == []


def test_nonsense_is_passed_over() -> None:
    """Whatever calls itself a unit."""
    room = Room()
    for news in (
        News("gesture", b"null"),
        News("gesture", b'{"event_type": 3}'),
        News("value", b'{"name": "pinch"}'),
        News("presence", b'{"person": true, "count": 1, "since": "soon"}'),
        News(LANDMARKS, base64.b64encode(b"no landmarks")),
        News(LANDMARKS, base64.b64encode(b"x" * 20_000)),
    ):
        room.recent.hear("hall", news)
    minute = room.recent.minute("hall")
    assert list(minute.observations) == []
    assert [frame.people() for frame in minute.frames] == [None]


def test_a_flood_of_values_has_an_end() -> None:
    """The oldest go first."""
    room = Room()
    for number in range(5_000):
        room.say("value", name="pinch", value=number / 5_000, phase="change", hand="right", person=0)
    minute = room.recent.minute("hall")
    assert len(minute.observations) == 4_000
    assert dataclasses.asdict(minute.observations[-1])["value"] == 4_999 / 5_000
    assert room.recent.minute("attic") == Minute()
