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


UPDATE = UNIT.with_name("edgeholo-update.service")


def test_systemd_accepts_the_units_of_the_updater(tmp_path: Path) -> None:
    """The service and what watches for its work, beside each other as on the machine."""
    for unit in (UPDATE, UPDATE.with_suffix(".path")):
        text = unit.read_text().replace("/opt/edgeholo/trusted/venv/bin/edgeholo", sys.executable)
        (tmp_path / unit.name).write_text(text)
    result = _analyze("verify", "--man=no", tmp_path / UPDATE.name, tmp_path / "edgeholo-update.path")
    assert [line for line in result.stderr.splitlines() if "edgeholo-update" in line or str(tmp_path) in line] == []
    assert result.returncode == 0, result.stderr


def test_the_updater_has_not_all_that_root_has() -> None:
    """It writes programs as root and asks the internet, so it is no 1.4: 5.0 is systemd's `medium` and its upper bound here."""
    result = _analyze("security", "--offline=true", "--threshold=50", "--no-pager", UPDATE)
    assert result.returncode == 0, result.stdout


def test_the_updater_never_runs_from_the_version_on_trial() -> None:
    """A program that does not start cannot say so itself."""
    assert "ExecStart=/opt/edgeholo/trusted/" in UPDATE.read_text()
    assert "/opt/edgeholo/current/venv" not in UPDATE.read_text()


def test_a_leak_ends_the_daemon_and_not_the_machine(options: list[tuple[str, str]]) -> None:
    """Limits stand in the unit: slowed down first, ended then, and started again but not for ever."""
    limits = dict(options)
    assert int(limits["MemoryHigh"].rstrip("M")) < int(limits["MemoryMax"].rstrip("M")) < 512
    assert {"CPUQuota", "CPUWeight", "TasksMax", "StartLimitBurst", "StartLimitIntervalSec"} <= limits.keys()
    assert limits["WatchdogSec"] == "10"


def test_the_updater_looks_where_the_daemon_leaves_its_note() -> None:
    """Path, service and program name the same file."""
    from edgeholo.update import request
    from edgeholo.update.versions import HOME, Versions

    for name in ("edgeholo-update.path", "edgeholo-update.service"):
        text = UNIT.with_name(name).read_text()
        assert str(request.SERVICE) in text
        assert str(Versions(HOME).trial_file) in text


SETTINGS = UNIT.with_name("edgeholo-settings.service")


def test_systemd_accepts_the_units_that_write_for_the_page(tmp_path: Path) -> None:
    """The service and what watches for its work, beside each other as on the machine."""
    for unit in (SETTINGS, SETTINGS.with_suffix(".path")):
        text = unit.read_text().replace("/opt/edgeholo/current/venv/bin/edgeholo", sys.executable)
        (tmp_path / unit.name).write_text(text)
    result = _analyze("verify", "--man=no", tmp_path / SETTINGS.name, tmp_path / "edgeholo-settings.path")
    assert [line for line in result.stderr.splitlines() if "edgeholo-settings" in line or str(tmp_path) in line] == []
    assert result.returncode == 0, result.stderr


def test_who_writes_for_the_page_is_root_with_little_to_gain() -> None:
    """At most 1.5: no network, no devices, one folder to write to; what it reads comes from a process that may be taken over."""
    result = _analyze("security", "--offline=true", "--threshold=15", "--no-pager", SETTINGS)
    assert result.returncode == 0, result.stdout
    text = SETTINGS.read_text()
    assert "PrivateNetwork=yes" in text
    assert re.findall("^ReadWritePaths=(.*)$", text, re.MULTILINE) == [
        "/etc/edgeholo",
        "-/var/lib/private/edgeholo-web",
    ]


def test_who_writes_looks_where_the_page_leaves_its_note() -> None:
    """Path, service, the page's own unit and the program name the same places."""
    from edgeholo.amend import wish

    for name in ("edgeholo-settings.path", "edgeholo-settings.service"):
        assert str(wish.SERVICE) in UNIT.with_name(name).read_text()
    assert f"StateDirectory={wish.SERVICE.parent.name}\n" in UNIT.with_name("edgeholo-web.service").read_text()
    assert f"RuntimeDirectory={wish.OUTCOME.parent.name}\n" in SETTINGS.read_text()
