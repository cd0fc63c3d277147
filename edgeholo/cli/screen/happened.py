"""The lines of what happened: gestures, and what each of them fired."""

import itertools
from collections.abc import Iterator
from datetime import datetime

from rich.text import Text

from edgeholo.cli.screen.facts import BAD, DIM
from edgeholo.cli.screen.glyphs import Glyphs
from edgeholo.cli.screen.skeleton import STYLES
from edgeholo.cli.screen.units import Fields
from edgeholo.cli.screen.view import View
from edgeholo.types import Side

_SHORTEST, _PHASE, _HAND = 9, 7, 6
"""Least width of the names' column, widths of the others."""


def happened(view: View, count: int) -> list[Text]:
    """Return ``count`` lines, the newest first; an action stands on the line of the gesture that fired it."""
    words, error = view.glyphs, view.watched.error
    lines = [_error(error, words)] if error else []
    rows = list(itertools.islice(_rows(view.watched.events()), count - len(lines)))
    width = max([_SHORTEST, *(len(_name(event, words)) for event, _ in rows)]) + 1
    return [*lines, *(_line(event, fired, width, words) for event, fired in rows)]


def _rows(events: list[Fields]) -> Iterator[tuple[Fields, list[Fields]]]:
    """Yield each event with the actions that it fired; an action that no gesture fired is its own event."""
    actions: dict[str, list[Fields]] = {}
    for event in events:
        number = f"{event.get('run')} {event.get('seq')}"
        if event["kind"] == "gesture":
            yield event, actions.pop(number, [])[::-1]
        elif event.get("seq") is None:
            yield event, [event]
        else:
            actions.setdefault(number, []).append(event)


def _line(event: Fields, fired: list[Fields], width: int, words: Glyphs) -> Text:
    hand, phase = event.get("hand"), words.clean(event.get("phase") or "")
    style = STYLES[Side(hand)] if hand in tuple(Side) else ""
    confidence = event.get("confidence")
    sure = f"{confidence:.2f}" if isinstance(confidence, int | float) else ""
    line = Text.assemble(
        (f"{_clock(event.get('time'))} ", DIM),
        (_name(event, words).ljust(width), "bold" if phase in ("start", "once") else ""),
        phase.ljust(_PHASE),
        (str(hand or "").ljust(_HAND), style),
        f"{sure:4}",
    )
    for action in fired:
        line.append_text(_did(action, words))
    return line


def _name(event: Fields, words: Glyphs) -> str:
    return words.clean(event.get("event_type") or event.get("trigger"))


def _did(action: Fields, words: Glyphs) -> Text:
    """Return what a rule did, or could not do."""
    rule = words.clean(action.get("rule"))
    if action.get("error"):
        return Text(f" {words.arrow} {rule}: {words.clean(action['error'])}", BAD)
    done = action.get("actions")
    what = ", ".join(words.clean(each) for each in done) if isinstance(done, list) else ""
    return Text.assemble(f" {words.arrow} {rule}", (f": {what}" if what else "", DIM))


def _error(error: Fields, words: Glyphs) -> Text:
    said = words.clean(f"{error.get('option')} {error.get('value')}: {error.get('error')}")
    return Text.assemble((f"{_clock(error.get('time'))} ", DIM), (said, BAD))


def _clock(time: object) -> str:
    """Return the local time of day."""
    try:
        return datetime.fromisoformat(str(time)).astimezone().strftime("%H:%M:%S")
    except (ValueError, OverflowError):
        return "--:--:--"
