"""How many fingers are held up, the thumb among them."""

from edgeholo.interpret.hand import shapes
from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.interpret.hand.shapes import Shape

_SURE = 0.5
"""A finger is what its conditions say at least halfway; what is neither stretched nor folded cannot be counted."""

_STRETCHED = (shapes.INDEX, shapes.MIDDLE, shapes.RING, shapes.LITTLE)
_FOLDED = (shapes.NO_INDEX, shapes.NO_MIDDLE, shapes.NO_RING, shapes.NO_LITTLE)
_RING = 2
_DRAWN_ALONG: Shape = (*shapes.NO_MIDDLE, *shapes.LITTLE, *shapes.LOOSE_RING)
"""A ring finger between a folded and a stretched one that nobody holds up: nobody can fold it quite."""

_CLOSED: Shape = (*shapes.BENT_INDEX, *shapes.RING_OF_TWO)
"""Thumb and index finger at each other: neither is held up."""

_THUMBS: dict[tuple[bool, ...], tuple[Shape, Shape]] = {
    (False, False, False, False): (shapes.THUMB_CLEAR, shapes.THUMB_OVER),
    (True, False, False, False): (shapes.THUMB_FAR_OUT, shapes.THUMB_OF_POINTER),
    (False, False, False, True): (shapes.THUMB_OF_CALL, shapes.THUMB_OVER),
    (True, False, False, True): (shapes.THUMB_OUT, shapes.THUMB_OF_ROCK),
    (True, True, True, True): (shapes.THUMB_BESIDE, (*shapes.THUMB_ON_PALM, *shapes.PALM_SHOWN)),
}
"""Which fingers are stretched: a thumb that is, and one that is not. Where a thumb may lie depends on the fingers."""

_OTHER_THUMBS = (shapes.THUMB_FAR_OUT, shapes.THUMB_IN)


def count(hand: HandFeatures) -> int | None:
    """Return the number of stretched fingers, 0 to 5, or None where it cannot be said.

    A hand on edge is not counted, nor one with a finger half bent or a thumb half out.
    """
    if not _is(shapes.NOT_ON_EDGE, hand):
        return None
    fingers = [_stretched(finger, hand) for finger in range(4)]
    closed = _is(_CLOSED, hand)
    if closed:
        fingers[0] = False
    known = tuple(finger for finger in fingers if finger is not None)
    thumb = False if closed else _thumb(known, hand)
    return None if thumb is None or len(known) < len(fingers) else sum(known) + thumb


def _stretched(finger: int, hand: HandFeatures) -> bool | None:
    if finger == _RING and _is(_DRAWN_ALONG, hand):
        return False
    if _is(_STRETCHED[finger], hand):
        return True
    return False if _is(_FOLDED[finger], hand) else None


def _thumb(fingers: tuple[bool, ...], hand: HandFeatures) -> bool | None:
    out, away = (_is(thumb, hand) for thumb in _THUMBS.get(fingers, _OTHER_THUMBS))
    return None if out == away else out


def _is(shape: Shape, hand: HandFeatures) -> bool:
    return all(condition(hand) >= _SURE for condition in shape)
