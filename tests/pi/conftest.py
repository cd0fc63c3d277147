"""What `make test-pi` needs: root, and programs that no other test asks for."""

import os
import shutil
from pathlib import Path

import pytest

from tests.pi.container import made

PROGRAMS = {"mmdebstrap": "mmdebstrap", "systemd-nspawn": "systemd-container", "unshare": "util-linux"}


def pytest_configure() -> None:
    """Say in one line what is missing."""
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if missing:
        raise pytest.UsageError(f"make test-pi needs: sudo apt-get install {' '.join(missing)}")
    if os.geteuid():
        raise pytest.UsageError("make test-pi boots containers, which needs root")


@pytest.fixture(scope="session")
def trixie() -> Path:
    """Return the root of a Debian 13 with systemd, mosquitto and nothing of ours."""
    return made("trixie")
