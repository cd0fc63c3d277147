"""Swipes: an open hand that rests, goes far, straight and fast, and is done."""

from edgeholo.interpret.hand import stance
from edgeholo.interpret.membership import membership
from edgeholo.interpret.movement.strokes import Stroke, stroke
from edgeholo.interpret.movement.trail import SPEED_S, Spot, Trail
from edgeholo.interpret.moves import Move
from edgeholo.types import Side

_FAR_UNITS = 4.2
"""38 cm are more than a wave: a sideways swipe is one before it has ended. Those of the test footage go 6.5."""

_SLOWED = 0.5
"""Share of its top speed at which a swipe up or down is over: six sevenths of the way at the usual bell-shaped speed."""

_STOPPING_S = 0.1
"""A hand that slows down from there goes on for so long at its present speed, all in all."""

_REST_S = 0.5
"""After a swipe; the hand still moves."""

_RETURN_S = 1.5
"""After a swipe the same way back is the return."""

_PAUSE_S, _LONG_PAUSE_S, _PAUSE_UNITS = 0.2, 0.3, 0.5
"""Rest before a swipe; hands that go to and fro turn faster. Up or down it is longer: hands raised to command come from a
shorter one, if any. In the test footage it is 0.4 to 1.1 s."""

_CAME_S, _CAME = 0.6, 0.5
"""A hand that was so far on its way (of the whole), so short before it, goes to and fro."""

_OPPOSITE = {
    "swipe_left": "swipe_right",
    "swipe_right": "swipe_left",
    "swipe_up": "swipe_down",
    "swipe_down": "swipe_up",
}
_SIDEWAYS = ("swipe_left", "swipe_right")


class Swipes:
    """Finds the swipes of one hand."""

    def __init__(self) -> None:
        self._last: str | None = None
        self._last_s = 0.0

    def reset(self) -> None:
        """Forget what was done."""
        self._last = None

    def update(self, trail: Trail, side: Side) -> Move | None:
        """Return the swipe that the newest spot of ``trail`` completes.

        Args:
            trail: of the hand.
            side: which hand it is: its elbow tells whether it is raised.
        """
        found = stroke(trail)
        if found is None or self._rests(found) or not _over(found, trail):
            return None
        confidence = _confidence(found, side, trail)
        if confidence < 0.5:
            return None
        self._last, self._last_s = found.name, found.end.t_s
        return Move(found.name, confidence, found.end.t_s - found.start.t_s)

    def _rests(self, found: Stroke) -> bool:
        if self._last is None:
            return False
        rest_s = _RETURN_S if _OPPOSITE[found.name] == self._last else _REST_S
        return found.end.t_s - self._last_s < rest_s or found.start.t_s < self._last_s


def _over(found: Stroke, trail: Trail) -> bool:
    """Return whether nothing but a swipe can become of it."""
    if found.name in _SIDEWAYS:
        return found.way >= _FAR_UNITS or found.end.rested
    return trail.speed(found.end) <= _SLOWED * found.top


def _confidence(found: Stroke, side: Side, trail: Trail) -> float:
    """Return 0..1: the weakest of all that makes a swipe."""
    start, end = found.start, found.end
    every = min(
        # 0.05 to 0.1 in the test footage; an arm swung around the elbow through 90 degrees is bowed by 0.2
        membership(found.bow, 0.25, 0.15),
        _raised(start, side),
    )
    if found.name in _SIDEWAYS:
        return min(
            every,
            membership(found.way, 2.4, 3.4),  # 6.5 in the test footage; no talker or signer there goes 2.2
            membership(
                found.top, 6.0, 9.0
            ),  # 13 in the test footage; half a metre in 1.6 s, as hands reach for things, makes 7
            max(_open(start, 2), _open(end, 2)),
            _above_hips(start),
            _above_hips(end),
            _deliberate(start, trail, _PAUSE_S),
            _first_time(start, end, trail),
        )
    high, low = (start, end) if found.name == "swipe_down" else (end, start)
    return min(
        every,
        membership(found.way, 2.6, 3.6),  # 4.5 in the test footage; hands lifted in talk 2.9
        membership(found.top, 5.0, 7.5),  # 10 in the test footage
        _open(start, 4),
        _open(end, 4),
        _flat(start),
        _flat(end),
        membership(high.features.palm_rise, 0.0, 0.35),  # fingers up above, whatever they are below
        _held_high(high),
        _held_low(low, trail),
        _deliberate(start, trail, _LONG_PAUSE_S),
    )


def _raised(spot: Spot, side: Side) -> float:
    """Return how far the forearm is raised, where the body is known."""
    return 1.0 if spot.body is None else stance.raised(spot.body.pose, side, spot.size)


def _open(spot: Spot, fingers: int) -> float:
    """Return how far at least so many fingers are stretched: they bend 10 to 40 degrees, relaxed ones 80 to 110."""
    return membership(sorted(spot.features.curl_deg)[fingers - 1], 110, 70)


def _flat(spot: Spot) -> float:
    """Return how far palm or back are shown: 0.9 and more in the test footage, hands that rest on each other 0.4."""
    return membership(abs(spot.features.facing), 0.3, 0.6)


def _above_hips(spot: Spot) -> float:
    return 1.0 if spot.body is None else membership(spot.body.below(spot.palm[1]), 1.25, 0.95)


def _held_high(spot: Spot) -> float:
    """Return how far the upper end is that of a raised hand: -1.0 in the test footage, a hand before the belly 0.7."""
    return 1.0 if spot.body is None else membership(spot.body.below(spot.palm[1]), 0.7, 0.3)


def _held_low(spot: Spot, trail: Trail) -> float:
    """Return how far the lower end is still held up: 0.55 in the test footage; hips, laps and hanging hands are at 1.4."""
    if spot.body is None:
        return 1.0
    end = spot is trail.spots[-1]
    y = spot.palm[1] + (spot.speed_px_s * _STOPPING_S if end else 0.0)
    return membership(spot.body.below(y), 1.1, 0.8)


def _deliberate(start: Spot, trail: Trail, pause_s: float) -> float:
    """Return whether the hand rested before, for longer than hands do on their way."""
    before = [spot for spot in trail.spots if spot.t_s <= start.t_s]
    still = all(
        trail.distance(spot.palm, start.palm) <= _PAUSE_UNITS for spot in before if start.t_s - spot.t_s <= pause_s
    )
    return float(still and start.t_s - before[0].t_s >= pause_s - SPEED_S / 2)


def _first_time(start: Spot, end: Spot, trail: Trail) -> float:
    """Return whether the hand did not come from where it goes: that is waving, or the way back of something else."""
    right, down = end.palm[0] - start.palm[0], end.palm[1] - start.palm[1]
    way = right * right + down * down
    before = (spot.palm for spot in trail.since(start.t_s - _CAME_S) if spot.t_s < start.t_s)
    return float(all((x - start.palm[0]) * right + (y - start.palm[1]) * down <= _CAME * way for x, y in before))
