"""How well gestures are recognised, on all labelled media; writes the section "How well it does" of docs/gestures.md.

    python -m benchmarks.score [FOLDER with media/ and tools/, default ../shared]

The figures of clips and stills are those of the scoring script beside the media: it runs `edgeholo events` on every file.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.landmark_sets import table
from docs.gestures import PAGE, with_section

SHARED = Path(__file__).parents[2] / "shared"
COMMAND = f"{sys.executable} -m edgeholo.cli events --json"
_ROW = re.compile(r"^(?:ok  |BAD ) (\S+) hits (\d+) missed (\d+) false (\[.*?\])")


@dataclass(frozen=True, slots=True)
class Score:
    """What the scoring script found.

    Attributes:
        total: its figures by name.
        files: by file: hits, misses, and the names of false triggers.
    """

    total: dict[str, float]
    files: dict[str, tuple[int, int, list[str]]]


def score(shared: Path = SHARED) -> Score:
    """Run every labelled file; takes a minute or two."""
    script = [sys.executable, str(shared / "tools/score_gestures.py"), "--command", COMMAND]
    text = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    rows = [match for line in text.splitlines() if (match := _ROW.match(line))]
    files = {row[1]: (int(row[2]), int(row[3]), re.findall(r"'(\w+)'", row[4])) for row in rows}
    return Score(json.loads(text[text.index("{\n") :]), files)


def section(found: Score, shared: Path) -> str:
    """Return the tables in Markdown."""
    total, day = found.total, datetime.now(UTC).date()
    head = (
        f"{day}, all labelled media, default settings, arming off, engine litert on x86-64:\n\n"
        "| recall | precision | mean delay | false triggers where nothing is to be found | files that failed |\n|---|---|---|---|---|\n"
        f"| {total['recall']:.3f} | {total['precision']:.3f} | {total['mean_delay_s']} s "
        f"| {total['negative_false_triggers']} in {total['negative_seconds']} s | {total['failed_files']} |\n"
    )
    return "\n".join([head, _folders(found), table(shared / "media/landmarks")])


def _folders(found: Score) -> str:
    groups: dict[str, list[tuple[str, tuple[int, int, list[str]]]]] = defaultdict(list)
    for file, result in found.files.items():
        groups["demo clip" if file.startswith("npm:") else str(Path(file).parent)].append((Path(file).name, result))
    rows = [
        f"| {folder} | {len(files)} | {sum(r[0] for _, r in files)} | {_named(files, 1)} | {_named(files, 2)} |"
        for folder, files in groups.items()
    ]
    return "| where | files | found | missed | false |\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n"


def _named(files: list[tuple[str, tuple[int, int, list[str]]]], column: int) -> str:
    """Return how many there were, and in which files."""
    bad = [f"{name} {', '.join(r[2])}".strip() if column == 2 else name for name, r in files if r[column]]
    count = sum(r[1] if column == 1 else len(r[2]) for _, r in files)
    return f"{count}: {'; '.join(bad)}" if bad else "0"


def main() -> None:
    """Write the section and print it."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    text = section(score(shared), shared)
    PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), "score", text), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
