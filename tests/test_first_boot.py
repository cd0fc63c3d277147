"""firstboot.sh below a prefix, with an installer of the test's own: what it moves, what it says, and how it goes on after a failure."""

import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

FIRST_BOOT = Path(__file__).parents[1] / "provisioning" / "first-boot"
CARD = "boot/firmware/edgeholo"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a root whose card holds settings, secrets, a bundle, and an installer that notes how it is called."""
    card = tmp_path / CARD
    (card / "offline/wheels").mkdir(parents=True)
    (card / "edgeholo.toml").write_text('[device]\nid = "hall"\n[broker]\nurl = "none"\n')
    (card / "mqtt_password").write_text("secret\n")
    (card / "page_token").write_text("sha256:0\n")
    (card / "pending").write_text("")
    (card / "report.py").write_text("")
    _installer(card, f'echo "$@" >>{tmp_path}/calls')
    return tmp_path


def _installer(card: Path, script: str) -> None:
    with tarfile.open(card / "edgeholo.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("provisioning/install.sh")
        entry.size = len(script)
        archive.addfile(entry, io.BytesIO(script.encode()))


def _boot(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", FIRST_BOOT / "firstboot.sh"],
        env={**os.environ, "EDGEHOLO_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_settings_and_secrets_move_and_the_bundle_is_used_and_goes(root: Path) -> None:
    """When it is done, the card holds no secret, and is as empty as before."""
    (root / CARD / "offline/wheels/a.whl").write_bytes(b"")
    result = _boot(root)
    assert result.returncode == 0, result.stdout
    etc = root / "etc/edgeholo"
    assert (etc / "mqtt_password").read_text() == "secret\n"
    assert (etc / "mqtt_password").stat().st_mode & 0o777 == 0o600
    assert (root / "calls").read_text() == f"--offline {root}/{CARD}/offline\n"
    assert sorted(file.name for file in (root / CARD).iterdir()) == ["edgeholo.tar.gz", "report.py", "setup.log"]
    assert "edgeholo is set up and runs" in (root / CARD / "setup.log").read_text()


def test_the_end_says_where_the_page_is(root: Path) -> None:
    """As install.sh has said it; on MQTT and on the card, for whoever has no screen there."""
    _installer(root / CARD, "echo edgeholo: page: http://hall.local:8380; echo edgeholo: log: here")
    assert _boot(root).returncode == 0
    assert "edgeholo is set up and runs; its page: http://hall.local:8380\n" in (root / CARD / "setup.log").read_text()


def test_without_a_bundle_the_installer_fetches_for_itself(root: Path) -> None:
    """Then nothing is said to it."""
    (root / CARD / "offline/wheels").rmdir()
    (root / CARD / "offline").rmdir()
    assert _boot(root).returncode == 0
    assert (root / "calls").read_text() == "\n"


def test_a_failure_is_told_with_its_reason_and_the_next_boot_goes_on(root: Path) -> None:
    """The last line of the installer is the reason; nothing is lost, and what was moved is not missed."""
    _installer(root / CARD, "echo unpacking; echo edgeholo: 12 MB free; exit 3")
    failed = _boot(root)
    assert failed.returncode == 1
    assert "installing failed, next try in a minute: edgeholo: 12 MB free" in (root / CARD / "setup.log").read_text()
    assert "unpacking" in failed.stdout
    assert (root / CARD / "pending").exists()
    _installer(root / CARD, "exit 0")
    assert _boot(root).returncode == 0
    assert (root / "etc/edgeholo/mqtt_password").read_text() == "secret\n"


def test_a_card_that_was_written_anew_replaces_the_settings_and_keeps_the_former(root: Path) -> None:
    """A lost box comes back with a new broker."""
    assert _boot(root).returncode == 0
    (root / CARD / "edgeholo.toml").write_text('[device]\nid = "hall"\n')
    (root / CARD / "pending").write_text("")
    assert _boot(root).returncode == 0
    assert (root / "etc/edgeholo/edgeholo.toml").read_text() == '[device]\nid = "hall"\n'
    assert 'url = "none"' in (root / "etc/edgeholo/edgeholo.toml.before").read_text()


def test_a_broken_archive_is_named(root: Path) -> None:
    """The card was pulled out while it was written."""
    (root / CARD / "edgeholo.tar.gz").write_bytes(b"half")
    assert _boot(root).returncode == 1
    assert "edgeholo.tar.gz on the card is broken" in (root / CARD / "setup.log").read_text()


def test_systemd_accepts_the_unit_and_tries_for_ever() -> None:
    """No unknown option; and it looks for the file that the last step removes."""
    unit = FIRST_BOOT / "edgeholo-firstboot.service"
    result = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in result.stderr.splitlines() if unit.name in line] == []
    text = unit.read_text()
    assert "ConditionPathExists=/boot/firmware/edgeholo/pending" in text
    assert "StartLimitIntervalSec=0" in text
