"""The lines about the unit as a whole: how it is, whether it sees somebody, what weighs on it."""

from rich.text import Text

from edgeholo.cli.screen.glyphs import Glyphs
from edgeholo.cli.screen.units import Fields, Watched
from edgeholo.cli.screen.view import View

GOOD, BAD, DIM = "green", "bold red", "dim"
WARNING = "bold yellow"
_AVAILABILITY = {"online": GOOD, "offline": BAD, "stopped": "yellow"}
_BETWEEN = 2
"""Least letters between the left and the right of a line."""


def title(view: View, width: int) -> Text:
    """Return who is shown, and where it was heard."""
    availability = view.watched.unit.availability or ("waiting for it" if view.asked else "no unit yet")
    left = Text.assemble((" edgeholo ", "bold reverse"), " ", (view.glyphs.clean(view.name), "bold"))
    left.append(f"{' ' if view.name else ''}{availability}", _AVAILABILITY.get(availability, DIM))
    names = view.units.names
    if view.name in names and len(names) > 1:
        left.append(f"  unit {names.index(view.name) + 1} of {len(names)}", DIM)
    right = Text("broker away", BAD) if view.trouble else Text(view.broker, DIM)
    return apart(left, right, width)


def status(view: View) -> Text:
    """Return whether somebody is there, whether gestures count, how picture and camera are."""
    watched, words = view.watched, view.glyphs
    if view.trouble:
        return Text(words.clean(view.trouble), BAD)
    if not view.online:
        return Text("what follows is the last that was heard" if watched.unit.states else "", DIM)
    facts = [*_presence(watched.state("presence")), *_armed(watched), *_camera(view), *_quality(view), *_lesson(view)]
    return _joined(facts, words)


def health(view: View) -> Text:
    """Return the figures of the last report, and what weighs on the board."""
    state, words = view.watched.state("health"), view.glyphs
    said = (view.told.pace if view.told else "", state.get("hint"))
    facts = [Text(words.clean(hint), WARNING) for hint in said if hint]
    facts += [Text(fact, DIM) for fact in _figures(state, plain=words.plain)]
    return _joined(facts, words)


def apart(left: Text, right: Text, width: int) -> Text:
    """Return two texts at both ends of a line; the right one gives way."""
    gap = width - left.cell_len - right.cell_len
    if gap < _BETWEEN:
        return left
    return Text.assemble(left, " " * gap, right)


def _joined(facts: list[Text], words: Glyphs) -> Text:
    line = Text()
    for number, fact in enumerate(facts):
        line.append(words.between if number else "", DIM)
        line.append_text(fact)
    return line


def _presence(state: Fields) -> list[Text]:
    if not state.get("person"):
        return [Text("nobody in sight", DIM)] if state else []
    count = state.get("count")
    return [Text("somebody is there" if count in (None, 1) else f"{count} people are there", GOOD)]


def _armed(watched: Watched) -> list[Text]:
    if not watched.state("config").get("arming"):
        return []
    armed = watched.state("armed").get("armed")
    return [Text("armed: gestures count", GOOD) if armed else Text("waits for the wake gesture", WARNING)]


def _camera(view: View) -> list[Text]:
    state = view.watched.state("camera")
    if not state or state.get("state") == "running":
        return []
    words = {"closed": "camera off for privacy"}.get(str(state.get("state")), f"camera {state.get('state')}")
    return [Text(view.glyphs.clean(f"{words} {state.get('detail') or ''}".strip()), WARNING)]


def _quality(view: View) -> list[Text]:
    state = view.watched.state("quality")
    if not state:
        return []
    if state.get("state") == "ok":
        return [Text("picture ok", DIM)]
    return [Text(view.glyphs.clean(state.get("hint") or f"picture {state.get('state')}"), WARNING)]


def _lesson(view: View) -> list[Text]:
    state = view.watched.state("learn")
    if not state.get("name") or state.get("state") not in ("waiting", "recording", "shown"):
        return []
    shows = f"{state.get('shows_done')} of {state.get('shows_wanted')}"
    return [Text(view.glyphs.clean(f"learning {state['name']}, {shows}: {state.get('hint') or ''}"), "bold")]


def _figures(state: Fields, *, plain: bool) -> list[str]:
    """Return what the unit could measure."""
    figures = {
        "fps": "{:.1f} frames/s",
        "engine_ms": "{:.0f} ms a look",
        "latency_ms": "{:.0f} ms late",
        "cpu": "{:.0%} of a core",
        "rss_mb": "{:.0f} MB",
        "temp_c": "{:.0f} C" if plain else "{:.0f} °C",
    }
    known = {name: state.get(name) for name in figures}
    # Frames of media have no age: they are younger than their time stamps.
    return [
        figures[name].format(value) for name, value in known.items() if isinstance(value, int | float) and value >= 0
    ]
