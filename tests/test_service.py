"""What the units of daemon, updater and settings say, and why."""

import re
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1] / "systemd" / "edgeholo.service"


@pytest.fixture(scope="module")
def options() -> list[tuple[str, str]]:
    """Return the unit's lines as (option, value); an option may occur more than once."""
    return re.findall(r"^([A-Za-z]+)=(.*)$", UNIT.read_text(), re.MULTILINE)


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


def test_who_writes_for_the_page_is_root_with_little_to_gain() -> None:
    """No network, and one folder to write to beside the note's."""
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
