"""The rules at work: observations, time and topics come in, orders go out. It sends nothing itself.

All its methods belong to one thread, except ``receive``, which any thread may call.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from edgeholo.act.action import EVERY_S, Action, Moment, Order
from edgeholo.act.curves import Pace
from edgeholo.act.matching import Situation, sets_off, unmet
from edgeholo.act.rules import Rule, Rules
from edgeholo.errors import ActionError
from edgeholo.types import Armed, Gesture, Observation, People, Phase, Presence, Side, Value

Held = tuple[int, str, Side | None]
"""Who holds which gesture with which hand."""


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fired, or a value of it that went out.

    Attributes:
        rule: which.
        trigger: what set it off.
        orders: what is to be sent, in this order.
        failures: the actions that could not be carried out, in words.
        places: of every order, which action of the rule it is of.
    """

    rule: Rule
    trigger: Observation
    orders: tuple[Order, ...]
    failures: tuple[str, ...] = ()
    places: tuple[int, ...] = ()

    @property
    def passing(self) -> bool:
        """Whether further values of the same hand are about to follow."""
        return isinstance(self.trigger, Value) and self.trigger.phase != "end"


class Responder:
    """Decides what is to be done.

    Args:
        rules: what to do when.
        local_time: from a time stamp, nanoseconds, to the time of day where the house is.
        armed: whether gestures count as long as nobody says otherwise.
        profile: the set of gestures that is chosen.

    Attributes:
        profile: may be changed at any time.
        armed: whether gestures count, as far as conditions ask; follows what is observed.
        refusals: how often a rule was set off and did not fire, by its name and the condition that was not met.
    """

    def __init__(
        self, rules: Rules, local_time: Callable[[int], datetime], *, armed: bool = True, profile: str = ""
    ) -> None:
        self._local_time = local_time
        self.armed = armed
        self._present: bool | None = None
        self._people: People | None = None
        self._states: dict[str, bytes] = {}
        self._held: dict[Held, Gesture] = {}
        self._done: set[tuple[Held, int]] = set()
        self.profile = profile
        self.refusals: Counter[tuple[str, str]] = Counter()
        self.take(rules)

    def kept_from(self, rule: str) -> dict[str, int]:
        """Return the conditions that were not met when a rule was set off, and how often."""
        return {why: count for (name, why), count in self.refusals.items() if name == rule}

    def take(self, rules: Rules) -> None:
        """Go on with other rules; a gesture that is being held counts for them when it is shown anew."""
        self._rules = rules
        self._paces = {
            (number, place): Pace[Moment](EVERY_S if action.every_s is None else action.every_s)
            for number, rule in enumerate(rules.rules)
            for place, action in enumerate(rule.then)
        }
        self._said: dict[tuple[int, int], tuple[Order, ...]] = {}
        self._held.clear()
        self._done.clear()

    def receive(self, topic: str, payload: bytes) -> None:
        """Take the message of a topic in ``rules.subscriptions``; an empty one makes it unknown."""
        if payload:
            self._states[topic] = payload
        else:
            self._states.pop(topic, None)

    def observe(self, observation: Observation, people: People | None = None) -> list[Firing]:
        """Return what an observation leads to.

        Args:
            observation: what happened.
            people: the frame it happened in, for zones.
        """
        self._people = people or self._people
        if not self._note(observation):
            return []
        fired = [
            self._fire(number, rule, observation)
            for number, rule in enumerate(self._rules.rules)
            if sets_off(rule.when, observation) and self._allowed(rule, observation)
        ]
        return [firing for firing in fired if firing.orders or firing.failures]

    def tick(self, timestamp_ns: int, people: People | None = None) -> list[Firing]:
        """Return what time leads to: gestures held for long enough, values that had to wait. Call it after every frame.

        Args:
            timestamp_ns: of the frame, on the observations' clock; its observations come first.
            people: the frame, for zones.
        """
        self._people = people or self._people
        return [*self._held_long(timestamp_ns), *self._waited(timestamp_ns)]

    def reset(self) -> None:
        """Forget who is there and who holds what, where nobody looks any more; topics and values that wait are kept."""
        self._held.clear()
        self._done.clear()
        self._people, self._present = None, None

    def _note(self, observation: Observation) -> bool:
        """Take in what an observation changes; return whether it is news."""
        if isinstance(observation, Presence):
            # That nobody is there, said once after a start, is no news: nobody has gone.
            news = observation.present is not self._present and (observation.present or self._present is not None)
            self._present = observation.present
            return news
        if isinstance(observation, Armed):
            news, self.armed = observation.armed is not self.armed, observation.armed
            return news
        if isinstance(observation, Gesture):
            self._note_held(observation)
        return True

    def _note_held(self, gesture: Gesture) -> None:
        held = (gesture.person, gesture.name, gesture.hand)
        if gesture.phase is Phase.START:
            self._held[held] = gesture
        elif gesture.phase is Phase.END:
            self._held.pop(held, None)
        if gesture.phase in (Phase.START, Phase.END):
            self._done = {(other, number) for other, number in self._done if other != held}

    def _held_long(self, timestamp_ns: int) -> Iterator[Firing]:
        """Yield the rules whose gesture has been held for their ``hold_s``."""
        for held, start in list(self._held.items()):
            lasted_s = start.duration_s + (timestamp_ns - start.timestamp_ns) / 1e9
            now = replace(start, phase=Phase.HOLD, duration_s=lasted_s, timestamp_ns=timestamp_ns)
            for number, rule in enumerate(self._rules.rules):
                hold_s = rule.when.hold_s
                if hold_s is None or start.name not in rule.when.gestures or (held, number) in self._done:
                    continue
                if lasted_s >= hold_s:
                    self._done.add((held, number))
                    if self._allowed(rule, now):
                        yield self._fire(number, rule, now)

    def _waited(self, timestamp_ns: int) -> Iterator[Firing]:
        """Yield the values that had to wait and are due."""
        for (number, place), pace in self._paces.items():
            moment = pace.tick(timestamp_ns / 1e9)
            if moment is not None:
                rule = self._rules.rules[number]
                firing = _collected(rule, moment.trigger, {place: self._carry_out(number, place, moment)})
                if firing.orders or firing.failures:
                    yield firing

    def _allowed(self, rule: Rule, observation: Observation) -> bool:
        time = self._local_time(observation.timestamp_ns)
        situation = Situation(time, self._present, self.armed, self.profile, self._states, self._people)
        reason = unmet(rule.when, observation, situation)
        if reason:
            self.refusals[rule.name, reason] += 1
        return not reason

    def _fire(self, number: int, rule: Rule, observation: Observation) -> Firing:
        moment = self._moment(rule, observation)
        if not isinstance(observation, Value):
            done = {place: _orders(action, moment) for place, action in enumerate(rule.then)}
            return _collected(rule, observation, done)
        t_s, last = observation.timestamp_ns / 1e9, observation.phase == "end"
        due = ((place, self._paces[number, place].offer(t_s, moment, last=last)) for place in range(len(rule.then)))
        done = {place: self._carry_out(number, place, now) for place, now in due if now is not None}
        return _collected(rule, observation, done)

    def _carry_out(self, number: int, place: int, moment: Moment) -> tuple[Order, ...] | str:
        """Return the orders of a value, none where they are those of the last one; the final value always goes out."""
        orders = _orders(self._rules.rules[number].then[place], moment)
        if isinstance(orders, str):
            return orders
        if moment.passing and self._said.get((number, place)) == orders:
            return ()
        self._said[number, place] = orders if moment.passing else ()
        return orders

    def _moment(self, rule: Rule, observation: Observation) -> Moment:
        value = observation.value if isinstance(observation, Value) else None
        passing = isinstance(observation, Value) and observation.phase != "end"
        names = {"rule": rule.name, "time": self._local_time(observation.timestamp_ns).isoformat(timespec="seconds")}
        return Moment(observation, {**names, **_names(observation)}, value, passing, self._states, self._rules.server)


def _collected(rule: Rule, trigger: Observation, done: dict[int, tuple[Order, ...] | str]) -> Firing:
    """Return what came of the actions, by their places in the rule."""
    orders = [(order, place) for place, result in done.items() if not isinstance(result, str) for order in result]
    return Firing(
        rule,
        trigger,
        tuple(order for order, _ in orders),
        tuple(result for result in done.values() if isinstance(result, str)),
        tuple(place for _, place in orders),
    )


def _orders(action: Action, moment: Moment) -> tuple[Order, ...] | str:
    """Return the orders of an action, or why there are none: the others are carried out all the same."""
    try:
        return action.orders(moment)
    except ActionError as error:
        return str(error)


def _names(observation: Observation) -> dict[str, object]:
    """Return what templates know of an observation; see ``sense``."""
    if isinstance(observation, Gesture):
        return {
            "gesture": observation.name,
            "phase": observation.phase.value,
            "hand": None if observation.hand is None else observation.hand.value,
            "confidence": round(observation.confidence, 3),
            "duration_s": round(observation.duration_s, 3),
            "person": observation.person,
            "count": observation.count,
            "angle_deg": observation.angle_deg,
        }
    if isinstance(observation, Value):
        return {
            "control": observation.name,
            "value": round(observation.value, 4),
            "phase": observation.phase,
            "hand": None if observation.hand is None else observation.hand.value,
            "person": observation.person,
        }
    if isinstance(observation, Presence):
        return {"present": observation.present, "count": observation.count}
    return {"armed": observation.armed} if isinstance(observation, Armed) else {}
