"""How observations look as lines: JSON for programs, columns for people."""

import json
from collections.abc import Iterable

from edgeholo.types import Armed, Gesture, Observation, Presence, Quality


def as_dict(observation: Observation) -> dict[str, object]:
    """Return the observation as ``edgeholo events`` prints it; ``t`` is seconds of media time."""
    t = round(observation.timestamp_ns / 1e9, 4)
    if isinstance(observation, Gesture):
        return {
            "t": t,
            "event": "gesture",
            "name": observation.name,
            "phase": observation.phase,
            "hand": observation.hand,
            "confidence": round(observation.confidence, 3),
            "duration_s": round(observation.duration_s, 3),
            "person": observation.person,
            "count": observation.count,
            "angle_deg": None if observation.angle_deg is None else round(observation.angle_deg, 1),
        }
    if isinstance(observation, Armed):
        return {"t": t, "event": "armed", "armed": observation.armed}
    if isinstance(observation, Presence):
        return {"t": t, "event": "presence", "present": observation.present, "count": observation.count}
    if isinstance(observation, Quality):
        return {"t": t, "event": "quality", "state": observation.state, "hint": observation.hint}
    return {
        "t": t,
        "event": "value",
        "name": observation.name,
        "value": round(observation.value, 4),
        "phase": observation.phase,
        "hand": observation.hand,
        "person": observation.person,
    }


def show_all(observations: Iterable[Observation], *, as_json: bool) -> None:
    """Print one line an observation."""
    for observation in observations:
        show(as_dict(observation), as_json=as_json)


def show(fields: dict[str, object], *, as_json: bool) -> None:
    """Print one line."""
    if as_json:
        print(json.dumps(fields), flush=True)
        return
    rest = {key: value for key, value in fields.items() if key not in ("t", "event") and value is not None}
    words = "  ".join(
        str(value) if key in ("name", "phase", "hand") else f"{key} {value}" for key, value in rest.items()
    )
    print(f"{fields['t']:>8.2f} s  {fields['event']:<8}  {words}".rstrip(), flush=True)
