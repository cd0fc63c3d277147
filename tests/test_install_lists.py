"""The lists that install.sh, the card and the image read: complete, and of the conditions that they know."""

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKED = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))


def _read(name: str) -> dict[str, str]:
    lines = (ROOT / "provisioning" / name).read_text().splitlines()
    return dict(line.split(" ") for line in lines if not line.startswith("#"))


PYTHON = _read("python-packages.txt")
GRANTED = {
    one["name"]: one["requires-dist"]
    for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["uv"]["dependency-metadata"]
}
"""What a package gets of what it asks for, where that is not all."""


def _needed(extras: set[str]) -> set[str]:
    """Return the names of all that edgeholo with these extras needs, as far as the lock has it."""
    found: set[str] = set()
    waiting = [("edgeholo", extras)]
    while waiting:
        name, wanted = waiting.pop()
        for line in GRANTED.get(name) or importlib.metadata.requires(name) or []:
            requirement = Requirement(line)
            marker = requirement.marker
            asked = marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *wanted))
            other = canonicalize_name(requirement.name)
            if asked and other in LOCKED and other not in found:
                found.add(other)
                waiting.append((other, requirement.extras))
    return found


def test_every_locked_package_has_a_condition() -> None:
    """A dependency that `make lock` brings is decided upon: for the appliance, or for work on it."""
    assert PYTHON.keys() == LOCKED
    assert set(PYTHON.values()) <= {"always", "mediapipe", "test"}


@pytest.mark.parametrize(
    ("extras", "conditions"), [({"embedded"}, {"always"}), ({"embedded", "mediapipe"}, {"always", "mediapipe"})]
)
def test_what_is_installed_is_all_that_is_needed_and_no_more(extras: set[str], conditions: set[str]) -> None:
    """Nobody resolves dependencies on the appliance: the list is the answer. flit-core builds edgeholo itself."""
    assert _needed(extras) | {"flit-core"} == {name for name, condition in PYTHON.items() if condition in conditions}


def test_debian_packages_have_a_condition_each() -> None:
    """One word, which install.sh, the card and the image understand."""
    packages = _read("packages.txt")
    assert set(packages.values()) <= {"always", "mediapipe", "raspberrypi"}
    assert packages["python3-picamera2"] == "raspberrypi"
