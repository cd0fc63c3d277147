"""The whole screen as lines of text, for a terminal of any size from 80x24."""

import textwrap

from rich.text import Text

from edgeholo.cli.screen import facts, happened, sees, skeleton
from edgeholo.cli.screen.canvas import Canvas
from edgeholo.cli.screen.facts import DIM
from edgeholo.cli.screen.nothing import why_nothing
from edgeholo.cli.screen.view import View

LEAST = (80, 24)
"""Width and height that everything fits into; what terminals have had since 1978."""
_AROUND = 6
"""Lines that are neither skeleton nor events: title, status, two rules, health, keys."""
_EVENTS = 4
_EVENTS_SHARE = 0.3
"""Of the lines beyond the least, what goes to the events."""
_PANEL = 35
"""Letters of the panel."""
_WIDE_PANEL = 48
"""On wide screens: reasons then stand on a line."""
_KEYS = {"q": "quit", "u": "next unit", "m": "mirror", "p": "plain letters", "?": "help"}
_HELP = """\
q, Ctrl-C   ends; the unit is then no
            longer asked for skeletons.
u           shows the next unit.
m           mirrors, or shows what the
            camera sees.
p           draws with plain letters, for
            fonts without braille.

Left is orange and L, right is blue and R:
always the person's own.

No camera picture is ever sent, only
points are."""


def screen(view: View, width: int, height: int) -> list[Text]:
    """Return ``height`` lines of at most ``width`` letters."""
    if width < LEAST[0] or height < LEAST[1]:
        return _too_small(width, height)
    spare = height - _AROUND - _EVENTS
    events = _EVENTS + round(max(0, height - LEAST[1]) * _EVENTS_SHARE)
    drawing = spare + _EVENTS - events
    panel = _PANEL if width < LEAST[0] + _WIDE_PANEL else _WIDE_PANEL
    lines = [
        facts.title(view, width),
        facts.status(view),
        _rule(view, "", width),
        *_beside(_skeleton(view, width - panel - 1, drawing), sees.panel(view, panel, drawing), width - panel),
        _rule(view, "what happened", width),
        *_filled(happened.happened(view, events), events),
        facts.health(view),
        _keys(view, width),
    ]
    for line in lines:
        line.truncate(width, overflow="crop" if view.glyphs.plain else "ellipsis")
    return lines


def _skeleton(view: View, width: int, height: int) -> list[Text]:
    """Return the skeleton, or why there is none, or what the keys do."""
    if view.helping:
        return _filled([Text(line) for line in _HELP.splitlines()], height)
    frame = view.watched.frame(view.now_s) if view.looking else None
    if frame is None:
        return _centred(*why_nothing(view), width, height)
    canvas = Canvas(width, height, plain=view.glyphs.plain)
    skeleton.draw(canvas, frame, mirrored=view.mirrored)
    return list(canvas.rows())


def _centred(text: str, style: str, width: int, height: int) -> list[Text]:
    said = [Text(line.center(width).rstrip(), style) for line in textwrap.wrap(text, max(10, width - 4))]
    above = max(0, (height - len(said)) // 2)
    return _filled([*(Text() for _ in range(above)), *said], height)


def _beside(left: list[Text], right: list[Text], column: int) -> list[Text]:
    lines = []
    for number, line in enumerate(left):
        if number < len(right):
            line.append(" " * (column - line.cell_len))
            line.append_text(right[number])
        lines.append(line)
    return lines


def _rule(view: View, words: str, width: int) -> Text:
    head = f"{view.glyphs.rule(2)} {words} " if words else ""
    return Text(head + view.glyphs.rule(width - len(head)), DIM)


def _keys(view: View, width: int) -> Text:
    keys = Text("  ").join(Text.assemble((key, "bold"), f" {does}") for key, does in _KEYS.items())
    return facts.apart(keys, Text("mirrored" if view.mirrored else "", DIM), width)


def _filled(lines: list[Text], height: int) -> list[Text]:
    return [*lines[:height], *(Text() for _ in range(height - len(lines)))]


def _too_small(width: int, height: int) -> list[Text]:
    said = f"This window is {width}x{height}; at least {LEAST[0]}x{LEAST[1]} is needed. Make it larger, or q."
    return _filled([Text(line) for line in textwrap.wrap(said, max(1, width))], height)
