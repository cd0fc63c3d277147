"""The movements of one hand, all of them together."""

from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.interpret.movement.circles import Circles
from edgeholo.interpret.movement.depth import Depth
from edgeholo.interpret.movement.swipes import Swipes
from edgeholo.interpret.movement.trail import Trail
from edgeholo.interpret.movement.waves import Waves
from edgeholo.interpret.moves import Move
from edgeholo.types import Hand, Person, Side

_FAST = 3.0
"""Units a second: shown hands stay below 1, hands in talk move at 5 to 20."""


class HandMovement:
    """Follows one hand of one person.

    Args:
        side: which of the hands.
        depth: whether pushes and pulls count; they are dear, and everything else does without.

    Attributes:
        side: the same; an engine that had taken one hand for the other may change its mind.
    """

    def __init__(self, side: Side, *, depth: bool = True) -> None:
        self.side = side
        self._trail = Trail()
        self._swipes = Swipes()
        self._waves = Waves()
        self._circles = Circles()
        self._depth = Depth() if depth else None
        self._moving = False

    @property
    def moving(self) -> bool:
        """Whether the hand is in the midst of what may become a movement."""
        return self._moving

    def reset(self) -> None:
        """Forget where the hand was and what it did."""
        for part in (self._trail, self._swipes, self._waves, self._circles, self._depth):
            if part is not None:
                part.reset()
        self._moving = False

    def update(
        self, t_s: float, hand: Hand | None, features: HandFeatures | None, person: Person, size: tuple[int, int]
    ) -> list[Move]:
        """Return the movements that are over now; a hand that is missing for a moment goes on.

        Args:
            t_s: seconds, rising.
            hand: None where it was looked for and not found.
            features: of the hand.
            person: whose hand it is; the pose may be a moment old.
            size: (width, height) of the picture in pixels.
        """
        if hand is None or features is None:
            return []
        trail = self._trail
        spot = trail.update(t_s, hand, features, person, size)
        moves = [
            self._swipes.update(trail, self.side),
            self._waves.update(spot, trail),
            self._circles.update(spot, trail),
            self._depth.update(spot, trail) if self._depth else None,
        ]
        self._moving = trail.speed(spot) > _FAST or self._waves.waving or self._circles.drawing
        return [move for move in moves if move is not None]
