"""What the page's systemd unit says, and why."""

import re
from pathlib import Path

import pytest

from edgeholo.amend import wish
from edgeholo.errors import ConfigError
from edgeholo.page import TOKEN
from edgeholo.publish import address
from edgeholo.web import token_file

UNIT = Path(__file__).parents[1] / "systemd" / "edgeholo-web.service"
DAEMON = UNIT.with_name("edgeholo.service")


def _options(unit: Path) -> list[tuple[str, str]]:
    """Return a unit's lines as (option, value); an option may occur more than once."""
    return re.findall(r"^([A-Za-z]+)=(.*)$", unit.read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def options() -> list[tuple[str, str]]:
    """Return the lines of the page's unit."""
    return _options(UNIT)


def test_page_and_daemon_need_not_each_other(options: list[tuple[str, str]]) -> None:
    """Neither starts, stops or fails with the other; neither can become the other."""
    for unit, other in ((UNIT, DAEMON.name), (DAEMON, UNIT.name)):
        ties = [
            value for option, value in _options(unit) if option in ("Requires", "Wants", "BindsTo", "PartOf", "After")
        ]
        assert not [value for value in ties if other in value.split()]
    assert ("DynamicUser", "yes") in options
    assert not [value for option, value in options if option in ("User", "SupplementaryGroups")]


def test_the_page_has_no_device(options: list[tuple[str, str]]) -> None:
    """It sees points and words; the camera is the daemon's."""
    assert ("PrivateDevices", "yes") in options
    assert ("DevicePolicy", "closed") in options
    assert "DeviceAllow" not in dict(options)


def test_the_page_reaches_what_the_daemon_reaches(options: list[tuple[str, str]]) -> None:
    """The home's broker, the home's browsers, and no way to the internet."""
    networks = [[each for each in _options(unit) if each[0].startswith("IPAddress")] for unit in (UNIT, DAEMON)]
    assert networks[0] == networks[1]
    assert ("IPAddressDeny", "any") in options


def test_secrets_come_as_credentials(options: list[tuple[str, str]]) -> None:
    """Under the names by which the page looks for them, with an empty one where there is no file."""
    loaded = [value for option, value in options if option == "LoadCredential"]
    assert loaded == [f"{address.CREDENTIAL}:/etc/edgeholo/mqtt_password", f"{token_file.CREDENTIAL}:{TOKEN}"]
    empty = [value for option, value in options if option == "SetCredential"]
    assert empty == [f"{name}:\\n" for name in (address.CREDENTIAL, token_file.CREDENTIAL)]


def test_wishes_are_left_where_they_are_looked_for(options: list[tuple[str, str]]) -> None:
    """In the page's folder of state, which nobody else may read."""
    assert Path("/var/lib") / dict(options)["StateDirectory"] == wish.SERVICE.parent
    assert dict(options)["StateDirectoryMode"] == "0700"


def test_faults_that_do_not_mend_themselves_are_not_retried(options: list[tuple[str, str]]) -> None:
    """A wrong configuration, an open page without a token, and wrong arguments end it for good; a taken port does not."""
    assert set(dict(options)["RestartPreventExitStatus"].split()) == {str(ConfigError.exit_code), "2"}
    assert dict(options)["Restart"] == "on-failure"


def test_the_page_gives_way_to_the_daemon(options: list[tuple[str, str]]) -> None:
    """Limits stand in the unit; when memory runs out the child that looks at pictures goes, and not the page."""
    limits, daemon = dict(options), dict(_options(DAEMON))
    assert int(limits["CPUWeight"]) < int(daemon["CPUWeight"])
    assert int(limits["MemoryHigh"].rstrip("M")) < int(limits["MemoryMax"].rstrip("M")) < 512
    assert limits["OOMPolicy"] == "continue"
    assert {"TasksMax", "CPUQuota", "StartLimitBurst", "StartLimitIntervalSec", "WatchdogSec"} <= limits.keys()


def test_the_child_may_lock_itself_in(options: list[tuple[str, str]]) -> None:
    """Landlock and limits of its own are among the calls that the page's processes may make."""
    allowed = " ".join(value for option, value in options if option == "SystemCallFilter").split()
    assert {"landlock_create_ruleset", "landlock_restrict_self", "setrlimit"} <= set(allowed)
