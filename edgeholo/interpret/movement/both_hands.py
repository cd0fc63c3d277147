"""Movements of both hands together: clap, spread, squeeze."""

from edgeholo.interpret.movement.claps import Claps
from edgeholo.interpret.movement.pair import pair
from edgeholo.interpret.movement.spreads import Spreads
from edgeholo.interpret.movement.trail import Body, trunk
from edgeholo.interpret.moves import Move
from edgeholo.types import Hand, Person


class BothHands:
    """Follows the two hands of one person."""

    def __init__(self) -> None:
        self._claps = Claps()
        self._spreads = Spreads()
        self._trunk: Body | None = None

    def reset(self) -> None:
        """Forget where the hands were and what they did."""
        self._claps.reset()
        self._spreads.reset()
        self._trunk = None

    def update(
        self, t_s: float, left: Hand | None, right: Hand | None, person: Person, size: tuple[int, int]
    ) -> list[Move]:
        """Return the movements that are over now.

        Args:
            t_s: seconds, rising.
            left: the person's left hand, at most 0.2 s old; None where it is not known.
            right: the right one, likewise.
            person: whose hands they are; the pose may be a moment old.
            size: (width, height) of the picture in pixels.
        """
        if left is None or right is None:
            return []
        self._trunk = trunk(person.pose, size, self._trunk)
        now = pair(t_s, left, right, self._trunk, size)
        moves = [self._claps.update(now), self._spreads.update(now)]
        return [move for move in moves if move is not None]
