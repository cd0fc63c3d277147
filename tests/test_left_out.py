"""Without ../shared the tests that need it are left out aloud; under CI that is an error."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

@pytest.mark.shared
def test_marked(shared_media):
    assert (shared_media / "labels.json").exists()

def test_unmarked_but_in_need(shared_tools):
    assert shared_tools.exists()

def test_of_its_own():
    pass
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clone of three tests, in a folder of its own."""
    clone = tmp_path / "clone"
    (clone / "tests").mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("conftest.py"), clone / "tests")
    (clone / "tests" / "test_three.py").write_text(TESTS)
    (clone / "pytest.ini").write_text("[pytest]\nmarkers = shared\n")
    return clone


def _run(clone: Path, *more: str, ci: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *more]
    return subprocess.run(command, cwd=clone, env={**os.environ, "CI": ci}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_strangers_clone_passes_and_says_in_one_line_what_was_left_out(clone: Path, processes: str) -> None:
    """Both the marked test and the one that only asks for the folder are counted, however many processes share the tests."""
    result = _run(clone, "-n", processes, ci="")
    assert result.returncode == 0
    assert "1 passed" in result.stdout
    lines = [line for line in result.stdout.splitlines() if line.startswith("left out")]
    assert lines == ["left out, no ../shared/media beside this clone: 2 tests: test_three.py (2)"]


@pytest.mark.parametrize("processes", ["0", "2"])
def test_under_ci_a_missing_folder_is_an_error(clone: Path, processes: str) -> None:
    """A green run that tested half would be a lie."""
    result = _run(clone, "-n", processes, ci="true")
    assert result.returncode != 0
    assert "../shared/media is missing, and CI=true" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def test_beside_the_shared_folder_everything_runs(clone: Path) -> None:
    """Nothing is left out where the footage is, and nothing is said."""
    media = clone.parent / "shared" / "media"
    media.mkdir(parents=True)
    (media / "labels.json").touch()
    (clone.parent / "shared" / "tools").mkdir()
    result = _run(clone, ci="true")
    assert result.returncode == 0
    assert "3 passed" in result.stdout
    assert "left out" not in result.stdout
