"""Which kind of answer somebody wants (RFC 9110, 12.5.1)."""

from collections.abc import Iterable
from typing import TypeVar

_Kind = TypeVar("_Kind", bound=str)


def ranked(accept: Iterable[str], kinds: Iterable[_Kind]) -> tuple[_Kind, ...]:
    """Return the kinds that are wanted, the best first; of those that are wanted as much, in the order given.

    Args:
        accept: the ``Accept`` headers; none or an empty one takes everything.
        kinds: media types that can be had.
    """
    ranges = [part for part in (_range(text) for text in ",".join(accept).split(",") if text.strip()) if part]
    if not ranges:
        ranges = [("*/*", 1.0)] if not ",".join(accept).strip() else []
    quality = {kind: _quality(kind, ranges) for kind in kinds}
    return tuple(sorted((kind for kind in quality if quality[kind] > 0), key=lambda kind: -quality[kind]))


def _range(text: str) -> tuple[str, float] | None:
    """Return a media range and how much it is wanted; None for what is none."""
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    try:
        return (name, float(quality)) if name.count("/") == 1 else None
    except ValueError:
        return None


def _quality(kind: str, ranges: list[tuple[str, float]]) -> float:
    """Return how much a kind is wanted: the range that names it most closely counts."""
    for name in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        wanted = [quality for one, quality in ranges if one == name]
        if wanted:
            return max(wanted)
    return 0.0
