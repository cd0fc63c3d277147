"""Why there is no skeleton to be seen: the first thing that somebody asks who looks at an empty screen."""

from edgeholo.cli.screen.facts import BAD, DIM, WARNING
from edgeholo.cli.screen.view import View

Reason = tuple[str, str]
"""One or two sentences, and their style."""

_STATES = {"offline": "is offline: no power, or no network", "stopped": "was stopped"}


def why_nothing(view: View) -> Reason:
    """Return why, from the outside in: broker, unit, camera, picture."""
    if view.trouble:
        return "The broker is away; trying again.", BAD
    if not view.name:
        return "No unit has spoken yet. Each does as soon as it runs: edgeholo run --broker ...", DIM
    if not view.online:
        return _away(view)
    return _blind(view)


def _away(view: View) -> Reason:
    name, availability = view.glyphs.clean(view.name), view.watched.unit.availability
    others = [view.glyphs.clean(other) for other in view.units.names if other != view.name]
    there = f" There is {', '.join(others)}: key u." if others else ""
    said = _STATES.get(availability or "", "has not spoken yet")
    return f"{name} {said}.{there}", BAD if availability == "offline" else WARNING


def _blind(view: View) -> Reason:
    camera, told = view.watched.state("camera"), view.told
    if camera.get("state") == "closed":
        return "The camera is off, for privacy.", WARNING
    if camera.get("state") not in (None, "running"):
        return view.glyphs.clean(f"The camera: {camera.get('detail') or camera.get('state')}."), WARNING
    if told is not None and not told.looking:
        return view.glyphs.clean(f"Not looking: {told.why_not}."), DIM
    return "Waiting for skeletons. None come? Then the unit is older than this program.", DIM
