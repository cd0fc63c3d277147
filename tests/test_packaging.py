"""The lock, what it leaves out on purpose, and what is installed from it."""

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PINS = {
    name: version
    for name, version, marker in re.findall(
        r"^([a-z0-9-]+)==(\S+) ; (.*) \\$", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
    if Marker(marker).evaluate()
}
"""What is to be installed here; some packages have another version for another Python."""


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def _left_out(project: dict[str, Any]) -> set[str]:
    """Return what mediapipe asks for and [tool.uv] does not grant it, unless something else brings it."""
    (granted,) = project["tool"]["uv"]["dependency-metadata"]
    asked = {Requirement(line).name for line in importlib.metadata.requires(granted["name"]) or ()}
    return asked - {Requirement(line).name for line in granted["requires-dist"]} - PINS.keys()


def test_pip_check_complains_about_nothing_but_what_is_left_out_on_purpose(project: dict[str, Any]) -> None:
    """Every other requirement of every installed package is met, in the version it asks for."""
    result = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    complaints = [line for line in result.stdout.splitlines() if line != "No broken requirements found."]
    missing = [re.fullmatch(r"mediapipe \S+ requires (\S+), which is not installed\.", line) for line in complaints]
    assert [line for line, match in zip(complaints, missing, strict=True) if match is None] == []
    assert {match[1] for match in missing if match} == _left_out(project)


def test_exactly_one_distribution_owns_cv2() -> None:
    """Two builds of OpenCV write into one folder, and the last one unpacked wins."""
    owners = {
        distribution.name
        for distribution in importlib.metadata.distributions()
        if any(file.parts[:1] == ("cv2",) for file in distribution.files or ())
    }
    assert owners == {"opencv-python-headless"}


def test_every_locked_package_is_installed_in_the_locked_version() -> None:
    """The environment is the lock, not something that resembles it."""
    installed = {canonicalize_name(item.name): item.version for item in importlib.metadata.distributions()}
    assert {name: installed.get(name) for name in PINS} == PINS


def test_the_lock_holds_everything_that_pyproject_asks_for(project: dict[str, Any]) -> None:
    """A dependency that was added without `make lock` is named here."""
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in project["project"]["optional-dependencies"].values():
        wanted += extra
    unmet = [
        line
        for line in wanted
        if not (requirement := Requirement(line)).specifier.contains(PINS.get(canonicalize_name(requirement.name), "0"))
    ]
    assert unmet == []


def test_the_lock_has_a_hash_for_every_package_and_names_no_host() -> None:
    """Where packages come from is the business of whoever installs them."""
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert re.findall(r"^ *-(?!-hash=sha256:)\S+", lock, re.MULTILINE) == []
    blocks = re.split(r"^(?=[a-z])", lock, flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
