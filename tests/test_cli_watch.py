"""What arrives, as a line for people."""

import json

import pytest

from edgeholo.cli.watch import described
from edgeholo.publish.client import Received

LESSON = {"name": "horns", "state": "shown", "shows_done": 1, "shows_wanted": 3, "hint": "again"}


@pytest.mark.parametrize(
    ("path", "payload", "line"),
    [
        ("state/armed", {"armed": True, "since": "now"}, "armed True  since now"),
        ("state/config", {"pose": "auto", "hands": None, "persons": 1}, "pose auto  persons 1"),
        ("state/error", {"option": "hold_s", "value": "soon", "error": "no", "time": "now"}, "hold_s 'soon' was not obeyed: no"),
        ("state/learn", LESSON, "horns shown, 1 of 3: again"),
        ("state/learn", {**LESSON, "name": "", "state": "idle"}, "idle"),
        ("state/error", {"strange": 1}, "strange 1"),
        ("state/learn", [], "[]"),
        ("set/landmarks", True, "true"),
        ("set/learn", "horns", '"horns"'),
        ("state/pinch", {"value": 0.5, "phase": "begin", "hand": None, "person": 0}, "value 0.5  phase begin  person 0"),
    ],
)  # fmt: skip
def test_a_message_is_a_line_in_words(path: str, payload: object, line: str) -> None:
    """Whoever watches a house reads, and does not parse."""
    message = Received(f"edgeholo/hall/{path}", json.dumps(payload).encode(), retained=False)
    assert described(message) == f"edgeholo/hall/{path}  {line}"


def test_a_picture_is_its_size() -> None:
    """Bytes of a PNG are nothing for a terminal."""
    assert described(Received("edgeholo/hall/image/skeleton", b"\x89PNG", retained=True)).endswith("4 bytes, a picture")
