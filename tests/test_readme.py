"""The README tells the truth about gestures and commands."""

import re
from pathlib import Path

from edgeholo.cli.main import COMMANDS
from edgeholo.interpret.vocabulary import CONTROLS, VOCABULARY, Kind

_ROOT = Path(__file__).parent.parent
_README = (_ROOT / "README.md").read_text(encoding="utf-8")


def test_the_gesture_table_is_the_vocabulary() -> None:
    """Every gesture and every control, in the order of the tables, and none besides."""
    text = _README.partition("## Gestures")[2].partition("\n## ")[0]
    rows = [re.findall(r"`(\w+)`", row) for row in re.findall(r"^\| [^`]+ \| (`.+) \|$", text, re.MULTILINE)]
    wanted = [[name for name, entry in VOCABULARY.items() if entry.kind is kind] for kind in Kind]
    own: list[list[str]] = [[]]
    assert rows == [*(names for names in wanted if names), list(CONTROLS), *own]


def test_every_command_is_named() -> None:
    """Whoever reads the README knows what there is."""
    assert all(f"`edgeholo {name}" in _README for name in COMMANDS)


def test_links_lead_somewhere() -> None:
    """A relative link is a file of the project."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", _README)
    assert links
    assert [link for link in links if not (_ROOT / link).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    """Link by link: a page that nothing leads to is read by nobody."""
    reached: set[Path] = set()
    waiting = [_ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        links = re.findall(r"\]\((?!https?:)([^)#]+\.md)[)#]", page.read_text(encoding="utf-8"))
        found = {(page.parent / link).resolve() for link in links} - reached
        reached |= found
        waiting += [each for each in found if each.is_file()]
    assert {page.name for page in (_ROOT / "docs").glob("*.md")} - {page.name for page in reached} == set()
