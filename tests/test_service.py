"""The systemd unit, judged by systemd itself."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1] / "systemd" / "edgeholo.service"


def _analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def options() -> list[tuple[str, str]]:
    """Return the unit's lines as (option, value); an option may occur more than once."""
    return re.findall(r"^([A-Za-z]+)=(.*)$", UNIT.read_text(), re.MULTILINE)


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """No unknown option, no bad value; the program is one that exists on this machine."""
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text().replace("/opt/edgeholo/current/venv/bin/edgeholo", sys.executable))
    result = _analyze("verify", "--man=no", copy)
    assert [line for line in result.stderr.splitlines() if UNIT.name in line or str(tmp_path) in line] == []
    assert result.returncode == 0, result.stderr


def test_systemd_finds_the_unit_little_exposed() -> None:
    """At most 2.0 on systemd's scale from 0 (sealed) to 10 (a root shell on the internet)."""
    result = _analyze("security", "--offline=true", "--threshold=20", "--no-pager", UNIT)
    assert result.returncode == 0, result.stdout


def test_the_unit_reaches_the_home_and_nothing_else(options: list[tuple[str, str]]) -> None:
    """A camera in a living room has no way to the internet; the home's broker it must reach."""
    from ipaddress import ip_network

    allowed = " ".join(value for option, value in options if option == "IPAddressAllow").split()
    networks = [ip_network(network) for network in allowed if network != "localhost"]
    assert ("IPAddressDeny", "any") in options
    assert "localhost" in allowed
    assert all(network.is_private or network.is_link_local for network in networks)
    assert ip_network("192.168.0.0/16") in networks


def test_faults_that_do_not_mend_themselves_are_not_retried(options: list[tuple[str, str]]) -> None:
    """The exit codes of a wrong configuration or model, and of wrong arguments, end it for good."""
    from edgeholo.errors import ConfigError, ModelError

    (codes,) = [value.split() for option, value in options if option == "RestartPreventExitStatus"]
    assert {str(ConfigError.exit_code), str(ModelError.exit_code), "2"} == set(codes)


def test_the_processor_stays_visible(options: list[tuple[str, str]]) -> None:
    """TensorFlow Lite aborts where it cannot count the cores in /sys, and /proc/cpuinfo decides on the engine."""
    hidden = [
        value for option, value in options if option in ("InaccessiblePaths", "TemporaryFileSystem", "ProcSubset")
    ]
    assert hidden == []
