"""The panel beside the skeleton: what is seen now, why it does not count, what is looked at."""

import textwrap
from collections.abc import Iterator

from rich.text import Text

from edgeholo.cli.screen.facts import DIM, GOOD, WARNING
from edgeholo.cli.screen.glyphs import Glyphs
from edgeholo.cli.screen.skeleton import STYLES
from edgeholo.cli.screen.units import Running, Told
from edgeholo.cli.screen.view import View
from edgeholo.insight import Look, Part, Somebody, State
from edgeholo.types import Branch, Side

_NAME = 12
"""Letters of a part's or a branch's name with the gap after it."""
_WHY = 2
"""Lines that a reason may take."""
_STYLES = {State.ACTIVE: GOOD, State.ONSET: "bold", State.REFUSED: WARNING, State.OFF: DIM, State.NONE: DIM}
_RUNNING = 2
"""Gestures at once that are shown; more come of several people."""


def panel(view: View, width: int, height: int) -> list[Text]:
    """Return at most ``height`` lines of at most ``width`` letters, what matters most at the top."""
    if not view.online:
        return []
    told, lines = view.told, [*_now(view, view.told, width), Text()]
    if told:
        looks = list(_branches(told, view.glyphs))
        lines += _persons(view, told, width)
        lines = [*lines[: max(2, height - len(looks) - 1)], Text(), *looks]
    for line in lines:
        line.truncate(width, overflow="crop" if view.glyphs.plain else "ellipsis")
    return lines[:height]


def _now(view: View, told: Told | None, width: int) -> Iterator[Text]:
    """Yield the gestures that count now, as large as a line of a terminal is."""
    running = view.watched.running(view.now_s)
    for one in running[:_RUNNING]:
        yield from _gesture(one, view, width)
    if running:
        return
    if told and not told.looking:
        yield Text(f"not looking: {view.glyphs.clean(told.why_not)}", WARNING)
    elif told and not told.persons:
        yield Text("sees nobody", DIM)
    else:
        yield Text("no gesture now", DIM)


def _gesture(one: Running, view: View, width: int) -> Iterator[Text]:
    event, words = one.event, view.glyphs
    hand = event.get("hand")
    colour = STYLES[Side(hand)] if hand in tuple(Side) else "#d0d0d0"
    name = words.clean(event.get("event_type")).replace("_", " ").upper()
    yield Text(f" {name} {hand or ''} ".replace("  ", " ").ljust(width), f"bold #000000 on {colour}")
    held = "" if event.get("phase") == "once" else f"{view.now_s - one.began_s:4.1f} s, "
    yield Text(f" {held}{event.get('phase')}, confidence {_share(event.get('confidence'))}")


def _persons(view: View, told: Told, width: int) -> Iterator[Text]:
    for number, somebody in enumerate(told.persons):
        if len(told.persons) > 1:
            yield Text(f"person {somebody.person}", "bold")
        yield from _parts(view, somebody, width, whys=_WHY if number == 0 else 1)


def _parts(view: View, somebody: Somebody, width: int, whys: int) -> Iterator[Text]:
    for name, part in somebody.parts.items():
        label = view.glyphs.clean(name).replace("_", " ").ljust(_NAME)
        if part is None:
            if name != Branch.FACE:
                yield Text(f"{label}not seen", DIM)
            continue
        style = _STYLES.get(part.state, "")
        line = Text.assemble((label, _side_style(name)), (_shape(part, view.glyphs), style))
        yield line
        yield from _why(part, view.glyphs, width, whys)


def _shape(part: Part, words: Glyphs) -> str:
    shape = words.clean(part.shape or "nothing known")
    bar = f" {words.bar(part.progress, 6)}" if part.state in (State.ONSET, State.ACTIVE) else ""
    sure = f" {part.confidence:.2f}" if part.shape else ""
    return f"{shape}{sure}{bar}"


def _why(part: Part, words: Glyphs, width: int, most: int) -> Iterator[Text]:
    if part.why and part.state is not State.NONE:
        lines = textwrap.wrap(words.clean(part.why), max(10, width - 2), max_lines=most, placeholder=" ...")
        yield from (Text(f"  {line}", DIM if part.state is State.OFF else "yellow") for line in lines)


def _branches(told: Told, words: Glyphs) -> Iterator[Text]:
    for name, look in told.branches.items():
        label = words.clean(name).replace("_", " ").ljust(_NAME)
        yield Text.assemble((label, DIM), _look(look, words))


def _look(look: Look, words: Glyphs) -> tuple[str, str]:
    if look.why == "off":
        return "off", DIM
    return f"{'runs' if look.run else 'rests'}: {words.clean(look.why)}", "" if look.run else DIM


def _side_style(part: str) -> str:
    side = next((side for side in Side if side.branch == part), None)
    return STYLES[side] if side else "bold"


def _share(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, int | float) else "?"
