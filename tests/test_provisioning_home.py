"""The script that sets up a real Home Assistant: what it does where it cannot."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIST = "shared/tools/real_home/requirements-home-assistant.txt"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clone on a machine whose python3.13 is a shim for nothing."""
    folder = tmp_path / "clone"
    (folder / "provisioning").mkdir(parents=True)
    shutil.copy(ROOT / "provisioning" / "home.sh", folder / "provisioning")
    shim = tmp_path / "bin" / "python3.13"
    shim.parent.mkdir()
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    return folder


def _set_up(clone: Path) -> subprocess.CompletedProcess[str]:
    path = f"{clone.parent / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(
        [clone / "provisioning" / "home.sh", "false"],
        env={"PATH": path, "PYENV_ROOT": str(clone.parent / "pyenv")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_python_is_named_in_one_line_with_what_to_do(clone: Path) -> None:
    """Home Assistant runs on that version alone."""
    file = clone.parent / LIST
    file.parent.mkdir(parents=True)
    file.write_text("homeassistant==2025.4.4\n")
    result = _set_up(clone)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "needs Python 3.13 for Home Assistant: pyenv install 3.13" in result.stderr


def test_without_the_shared_folder_there_is_nothing_to_set_up(clone: Path) -> None:
    """A stranger's clone: pytest says which tests that leaves out."""
    result = _set_up(clone)
    assert (result.returncode, result.stderr) == (0, "")
    assert not (clone / ".cache").exists()
