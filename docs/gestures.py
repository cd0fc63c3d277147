"""Writes what docs/gestures.md reads from the code: the tables of gestures and controls. A test compares the two.

python docs/gestures.py
"""

import re
from pathlib import Path

from edgeholo.interpret.vocabulary import CONTROLS, VOCABULARY, Kind

PAGE = Path(__file__).parent / "gestures.md"

_TITLES = {
    Kind.STATIC: "A hand held in a shape",
    Kind.MOVEMENT: "A hand that moves",
    Kind.BOTH_HANDS: "Two hands that move",
    Kind.BODY: "Arms and trunk, held",
    Kind.POSTURE: "Postures",
    Kind.FACE: "Face, while `engine.face` is not `off`",
}


def vocabulary() -> str:
    """Return the tables of gestures, one a kind, and that of the controls."""
    return "\n".join([*(_table(kind) for kind in _TITLES), _controls()])


def _table(kind: Kind) -> str:
    rows = [
        f"| `{entry.name}` | {entry.description} | {'yes' if entry.everyday else ''} |"
        for entry in VOCABULARY.values()
        if entry.kind is kind
    ]
    head = f"### {_TITLES[kind]}\n\n| name | how to show it | everyday |\n|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def _controls() -> str:
    rows = [f"| `{control.name}` | {control.description} |" for control in CONTROLS.values()]
    return "### Continuous controls\n\n| name | how to use it |\n|---|---|\n" + "\n".join(rows) + "\n"


def with_section(page: str, name: str, text: str) -> str:
    """Return the page with another text between the marks of a section."""
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    return re.sub(f"{start}.*?{end}", lambda _: f"{start}\n{text}\n{end}", page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), "vocabulary", vocabulary()), encoding="utf-8")
