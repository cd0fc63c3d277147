"""docs/gestures.md says what the code says, and holds the figures that were reached."""

from pathlib import Path

import pytest

from benchmarks import landmark_sets
from benchmarks.score import score
from docs.gestures import PAGE, vocabulary, with_section

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_tables_of_gestures_are_what_the_code_prints() -> None:
    """Every gesture and control, how to show it and whether it is an everyday one."""
    assert with_section(TEXT, "vocabulary", vocabulary()) == TEXT, "run: python docs/gestures.py"


def figures(table: str) -> list[dict[str, str]]:
    """Return the rows of the Markdown table that begins with a header, each by the names of its columns."""
    lines = TEXT.partition(table)[2].partition("\n\n")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in (table + lines[0], *lines[2:])]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.mark.shared
@pytest.mark.timeout(900)  # every labelled file through the whole line: a minute where nothing else runs
def test_recognition_is_as_good_as_the_page_says(shared_media: Path) -> None:
    """On all labelled media: nine in ten found, hardly a wrong name, none at all where nothing is to be found."""
    (said,) = figures("| recall | precision |")
    found = score(shared_media.parent).total
    assert found["recall"] >= max(0.9, float(said["recall"]))
    assert found["precision"] >= max(0.95, float(said["precision"]))
    assert found["mean_delay_s"] <= 0.5
    assert found["negative_false_triggers"] == found["failed_files"] == 0


@pytest.mark.shared
def test_strangers_landmarks_are_recognised_as_well_as_the_page_says(shared_media: Path) -> None:
    """Hands, fingertip tracks and bodies that others labelled."""
    folder = shared_media / "landmarks"
    found = landmark_sets.hand_hits(folder) | landmark_sets.track_hits(folder) | landmark_sets.body_hits(folder)
    said = {row["gesture"].strip("`"): row for row in figures("| landmarks that strangers labelled |")}
    assert said.keys() == found.keys()
    for name, row in said.items():
        assert found[name].recall >= float(row["recall"]) - 0.001
        assert found[name].precision >= float(row["precision"]) - 0.001
