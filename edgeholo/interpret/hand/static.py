"""Hand shapes: how far each is shown, and which one is clearly ahead. A gesture is as sure as the weakest of its conditions."""

from collections.abc import Collection, Mapping

from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.interpret.hand.shapes import SHAPES, VARIANTS, Shape
from edgeholo.interpret.membership import NOTHING

MARGIN = 0.2
"""By how much the best must beat the second: where two names are near, none is given."""


def scores(hand: HandFeatures) -> dict[str, float]:
    """Return for every hand shape how far it is shown, 0..1: the weakest condition of its best shape.

    What is below ``NOTHING`` is an upper bound: there the rest of the conditions is not looked at.
    """
    known: dict[int, float] = {}

    def weakest(shape: Shape) -> float:
        least = 1.0
        for condition in shape:
            key = id(condition)
            if key not in known:
                known[key] = condition(hand)
            least = min(least, known[key])
            if least < NOTHING:
                break
        return least

    return {name: max(weakest(shape) for shape in shapes) for name, shapes in SHAPES.items()}


def best(scored: Mapping[str, float], among: Collection[str]) -> str | None:
    """Return the name that is clearly ahead of all others, or None.

    Gestures that are switched off are rivals all the same: a rock is no I-love-you because rock is off. A variant
    (``shapes.VARIANTS``) is no rival of what it is a variant of: where it counts it goes first, else it is not looked at.

    Args:
        scored: how far each gesture is shown, 0..1.
        among: the gestures that count; only variants need it.
    """
    rivals = _rivals(scored, among)
    first = rivals[-1]
    general = VARIANTS.get(first, first)
    second = max((scored[name] for name in rivals if VARIANTS.get(name, name) != general), default=0.0)
    if scored[first] - second < MARGIN:
        return None
    variants = [name for name in rivals if VARIANTS.get(name) == general and scored[name] > scored[first] - MARGIN]
    return variants[-1] if variants else first


def leaders(scored: Mapping[str, float], among: Collection[str]) -> tuple[str | None, str | None]:
    """Return the best candidate and, where that is not clearly ahead, the second; None for what is no candidate.

    Args:
        scored: how far each gesture is shown, 0..1; may be empty.
        among: the gestures that count; see ``best``.
    """
    ahead = best(scored, among) if scored else None
    if ahead is not None:
        return ahead, None
    first, *others = reversed(_rivals(scored, among)) if scored else [None]
    if first is None or scored[first] < MARGIN:
        return None, None
    general = VARIANTS.get(first, first)
    return first, next(name for name in others if name is not None and VARIANTS.get(name, name) != general)


def _rivals(scored: Mapping[str, float], among: Collection[str]) -> list[str]:
    """Return the names that compete, the best last."""
    return sorted((name for name in scored if name not in VARIANTS or name in among), key=scored.__getitem__)
