"""The set-up script: its one clear line when something is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHELL_SCRIPTS = [
    ROOT / ".ci" / "run",
    *(file for folder in ("provisioning", "systemd", "tests") for file in sorted((ROOT / folder).rglob("*.sh"))),
]


def _executable(path: Path, text: str) -> Path:
    path.write_text("#!/bin/sh\n" + text + "\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder that has what the set-up script reads, and nothing set up."""
    (tmp_path / "provisioning").mkdir()
    for name in ("provisioning/setup.sh", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def _set_up(clone: Path, purpose: str, python: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [clone / "provisioning" / "setup.sh", purpose],
        env={**os.environ, "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("script", SHELL_SCRIPTS, ids=lambda path: path.name)
def test_shell_scripts_please_shellcheck(script: Path) -> None:
    """Shell has more traps than it has lines."""
    result = subprocess.run(["shellcheck", script], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_an_old_python_is_named_in_one_line(clone: Path) -> None:
    """The line says what was found, what is needed and what to type."""
    old = _executable(clone / "python3.9", '[ "$1" = --version ] && echo "Python 3.9.2" || exit 1')
    result = _set_up(clone, "demo", old)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "found Python 3.9.2, but Python 3.11, 3.12 or 3.13 is needed" in result.stderr
    assert not (clone / ".venv").exists()


def test_a_python_that_is_not_there_is_named_in_one_line(clone: Path) -> None:
    """PYTHON=... with a typing error is no riddle."""
    result = _set_up(clone, "demo", clone / "python3.12")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert f"found no {clone}/python3.12" in result.stderr


def test_missing_debian_packages_are_named_in_one_apt_line(clone: Path) -> None:
    """The demo needs no root, so it cannot install them; it names them all at once."""
    bare = _executable(clone / "python3.12", 'case "$2" in *ensurepip*|*CDLL*) exit 1;; esac')
    result = _set_up(clone, "demo", bare)
    assert result.returncode == 1
    expected = "edgeholo: Debian packages are missing: sudo apt-get install python3-venv libegl1 libgles2\n"
    assert result.stderr == expected


def test_the_tests_of_the_page_name_the_browser_in_the_same_line(clone: Path) -> None:
    """`make test-web` needs what `make test` needs, and chromium."""
    tools = clone / "tools"
    tools.mkdir()
    for name in ("cut", "dirname", "sed", "sh", "tr"):
        (tools / name).symlink_to(shutil.which(name) or name)
    _executable(tools / "id", "echo 1000")
    python = _executable(clone / "python3.12", "exit 0")
    result = subprocess.run(
        [clone / "provisioning" / "setup.sh", "test-web"],
        env={"PATH": str(tools), "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith("nodejs shellcheck systemd chromium\n")


def _recording_python(clone: Path, calls: Path, *, picamera2: bool) -> Path:
    """Return an interpreter that writes down how it is called and makes a venv that holds itself."""
    return _executable(
        clone / "python3.12",
        f"""case "$2" in *picamera2*) exit {int(not picamera2)};; esac
        echo "$@" >>{calls}
        [ "$2" = venv ] && rm -rf .venv && mkdir -p .venv/bin && cp "$0" .venv/bin/python
        exit 0""",
    )


def test_a_second_set_up_does_nothing(clone: Path) -> None:
    """The stamp names the lock, the interpreter and the place; while they stay, nothing is installed."""
    calls = clone / "calls"
    python = _recording_python(clone, calls, picamera2=False)
    assert _set_up(clone, "lint", python).returncode == 0
    assert calls.read_text().count("pip install") == 2
    assert _set_up(clone, "lint", python).returncode == 0
    assert calls.read_text().count("pip install") == 2
    with (clone / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert _set_up(clone, "lint", python).returncode == 0
    assert calls.read_text().count("pip install") == 4
    assert calls.read_text().count("-m venv") == 2


def test_a_change_of_pyproject_installs_nothing_but_edgeholo(clone: Path) -> None:
    """A setting of a tool is no reason to build the environment anew under somebody's feet."""
    calls = clone / "calls"
    python = _recording_python(clone, calls, picamera2=False)
    assert _set_up(clone, "lint", python).returncode == 0
    with (clone / "pyproject.toml").open("a") as project:
        project.write("# changed\n")
    assert _set_up(clone, "lint", python).returncode == 0
    assert calls.read_text().count("-m venv") == 1
    assert calls.read_text().splitlines()[-1].endswith("--no-deps --no-build-isolation -e .")


@pytest.mark.parametrize("picamera2", [True, False])
def test_the_systems_packages_are_seen_where_picamera2_is_one_of_them(clone: Path, *, picamera2: bool) -> None:
    """On a Raspberry Pi picamera2 cannot be installed into a venv; elsewhere the venv stays closed."""
    calls = clone / "calls"
    assert _set_up(clone, "lint", _recording_python(clone, calls, picamera2=picamera2)).returncode == 0
    assert ("-m venv --clear --system-site-packages .venv" in calls.read_text()) is picamera2
