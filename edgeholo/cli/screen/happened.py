"""The lines of what happened: gestures, and what each of them fired."""

from collections.abc import Iterator
from datetime import datetime

from rich.text import Text

from edgeholo.cli.screen.facts import BAD, DIM
from edgeholo.cli.screen.glyphs import Glyphs
from edgeholo.cli.screen.skeleton import STYLES
from edgeholo.cli.screen.units import Fields
from edgeholo.cli.screen.view import View
from edgeholo.types import Side

_NAME, _PHASE, _HAND = 16, 7, 6
"""Widths of columns; the longest gesture of ours has 23 letters, most have 12."""


def happened(view: View, count: int) -> list[Text]:
    """Return ``count`` lines, the newest first; an action stands on the line of the gesture that fired it."""
    lines: list[Text] = []
    if view.watched.error:
        lines.append(_error(view.watched.error, view.glyphs))
    actions: dict[tuple[object, object], list[Fields]] = {}
    for event in view.watched.events():
        if len(lines) >= count:
            break
        if event["kind"] == "gesture":
            fired = actions.pop((event.get("run"), event.get("seq")), [])
            lines.append(_gesture(event, reversed(fired), view.glyphs))
        elif event.get("seq") is None:
            lines.append(_action(event, view.glyphs))
        else:
            actions.setdefault((event.get("run"), event["seq"]), []).append(event)
    return lines[:count]


def _gesture(event: Fields, fired: Iterator[Fields], words: Glyphs) -> Text:
    line = _begun(event.get("time"), event.get("event_type"), event, words)
    for action in fired:
        line.append_text(_did(action, words))
    return line


def _action(event: Fields, words: Glyphs) -> Text:
    return _begun(event.get("time"), event.get("trigger"), event, words).append_text(_did(event, words))


def _begun(time: object, name: object, event: Fields, words: Glyphs) -> Text:
    hand, phase = event.get("hand"), words.clean(event.get("phase") or "")
    style = STYLES[Side(hand)] if hand in tuple(Side) else ""
    confidence = event.get("confidence")
    sure = f"{confidence:.2f}" if isinstance(confidence, int | float) else ""
    return Text.assemble(
        (f"{_clock(time)} ", DIM),
        (words.clean(name).ljust(_NAME), "bold" if phase in ("start", "once") else ""),
        phase.ljust(_PHASE),
        (str(hand or "").ljust(_HAND), style),
        f"{sure:4}",
    )


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
