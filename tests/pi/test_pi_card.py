"""A provisioned card at its first boot: real cloud-init, real systemd, the real installer, a real broker, and no network."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.boot_partition import BOOKWORM, KEY, boot_partition, trixie
from tests.pi.card_root import BROKER_PASSWORD, ROOT, Machine, fresh_root

NETWORKS = ["home", 'Müller: "Netz" #1', "a;b'c\\ ", "- [x] {y}: &z *", "\N{HOUSE BUILDING} no: yes"]
WIFI_PASSWORD = 'correct "horse": #x'
pytestmark = pytest.mark.timeout(900)  # the first test waits for a whole first boot, twice

INSTALLING_S = 240.0
"""Installing takes half a minute on an idle machine."""


def _provision(boot: Path, folder: Path, *more: str, wifi: str = NETWORKS[1], works: bool = True) -> str:
    """Run the command as its user does, and return what it says."""
    files = {"key": KEY, "wifi": WIFI_PASSWORD, "broker": BROKER_PASSWORD, "more": '[camera]\nsource = "pattern"'}
    for name, text in files.items():
        (folder / name).write_text(text + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "edgeholo.cli", "provision", str(boot), "--hostname", "hall", "--room", "Hall"]
    command += ["--wifi", wifi, "--wifi-password-file", str(folder / "wifi"), "--country", "DE"]
    command += ["--broker", "mqtt://edgeholo@127.0.0.1", "--broker-password-file", str(folder / "broker")]
    command += ["--ssh-key", str(folder / "key"), "--config", str(folder / "more"), "--timezone", "Europe/Berlin"]
    command += ["--machine", "x86_64", "--yes", *more]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.returncode == 0) is works, result.stderr
    return result.stderr + result.stdout


def _log(root: Path) -> str:
    file = root / "boot/firmware/edgeholo/setup.log"
    return file.read_text() if file.exists() else ""


def _words(root: Path) -> list[str]:
    """Return what the firmware would give the kernel, of which systemd and cloud-init take their part."""
    line = (root / "boot/firmware/cmdline.txt").read_text()
    return [word for word in line.split() if word.startswith(("ds=", "systemd."))]


def _states(machine: Machine) -> list[str]:
    """Return what the first boot has said of itself on MQTT."""
    said = [payload for topic, payload in machine.heard() if topic == "edgeholo/hall/state/setup"]
    return [json.loads(payload)["state"] for payload in said]


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Return a unit after its first boot, in the middle of which somebody pulled the plug."""
    folder = tmp_path_factory.mktemp("trixie")
    root = fresh_root("trixie", folder)
    trixie(root / "boot/firmware")
    said = _provision(root / "boot/firmware", folder, "--offline-bundle", str(ROOT / ".cache/pi/bundle"))
    (folder / "token").write_text(said.rpartition("written nowhere else: ")[2].strip())
    with Machine(root, *_words(root)) as machine:
        machine.until(lambda: list(root.glob("opt/edgeholo/versions/*/venv/lib/*/site-packages/numpy")), INSTALLING_S)
    assert "is set up" not in _log(root)
    with Machine(root, *_words(root)) as machine:
        machine.until(lambda: "is set up and runs" in _log(root), INSTALLING_S)
        machine.until(lambda: any(topic.endswith("state/health") for topic, _ in machine.heard()), 60)
        machine.until(lambda: "done" in _states(machine), 30)
        yield machine


def test_cloud_init_made_the_unit_what_it_was_to_be(unit: Machine) -> None:
    """Host name, time zone, account, key, Wi-Fi."""
    root = unit.root
    assert (root / "etc/hostname").read_text() == "hall\n"
    assert (root / "etc/localtime").readlink() == Path("/usr/share/zoneinfo/Europe/Berlin")
    assert (root / "home/pi/.ssh/authorized_keys").read_text() == KEY + "\n"
    assert re.search(r"^pi:[!*]", (root / "etc/shadow").read_text(), re.MULTILINE)
    (plan,) = (root / "etc/netplan").glob("*.yaml")
    assert r'"Müller: \"Netz\" #1"' in plan.read_text()
    assert WIFI_PASSWORD not in plan.read_text()
    assert plan.stat().st_mode & 0o077 == 0


def test_secrets_left_the_card_for_files_that_root_alone_reads(unit: Machine) -> None:
    """Whoever finds the card in a drawer finds no broker's password on it."""
    card, etc = unit.root / "boot/firmware/edgeholo", unit.root / "etc/edgeholo"
    assert (etc / "mqtt_password").read_text() == BROKER_PASSWORD + "\n"
    assert re.fullmatch(r"sha256:[0-9a-f]{64}\n", (etc / "page_token").read_text())
    assert {name: (etc / name).stat().st_mode & 0o777 for name in ("mqtt_password", "page_token", "edgeholo.toml")} == {
        "mqtt_password": 0o600,
        "page_token": 0o600,
        "edgeholo.toml": 0o644,
    }
    left = [file for file in card.rglob("*") if file.is_file() and BROKER_PASSWORD.encode() in file.read_bytes()]
    assert left == []
    assert sorted(file.name for file in card.iterdir()) == [
        "begin.sh",
        "edgeholo-firstboot.service",
        "edgeholo.tar.gz",
        "firstboot.sh",
        "report.py",
        "setup.log",
    ]


def test_the_unit_came_to_home_assistant_and_said_how_it_got_there(unit: Machine) -> None:
    """Two beginnings, one end; then online, introduced, and looking at pictures."""
    assert _states(unit) == ["running", "running", "running", "done"]
    topics = [topic for topic, _ in unit.heard()]
    assert "homeassistant/device/hall/config" in topics
    health = [json.loads(payload) for topic, payload in unit.heard() if topic == "edgeholo/hall/state/health"]
    assert health[-1]["frames"] > 0


def test_the_page_opens_to_the_house_with_the_token_that_was_shown(unit: Machine) -> None:
    """Under the name that the set-up has told everywhere; with another token it shows nothing."""
    token = (unit.root.parent / "token").read_text()
    assert "its page: http://hall.local:8380\n" in _log(unit.root)
    assert unit.ask("GET", "http://127.0.0.1:8380/").startswith("200 <!doctype html>")
    assert unit.ask("GET", "http://127.0.0.1:8380/api/units").startswith('401 {"error"')
    assert unit.ask("GET", "http://127.0.0.1:8380/api/units", f"{token}0").startswith('401 {"error"')
    assert unit.ask("GET", "http://127.0.0.1:8380/api/units", token).startswith(
        '200 {"units":{"hall":{"availability":"online"'
    )


def test_the_console_shows_how_it_goes(unit: Machine) -> None:
    """A screen at the unit is enough to see what it does."""
    console = (unit.root.parent / "console.log").read_text(errors="replace")
    assert "edgeholo: step 2 of 3: installing, which takes some minutes" in console
    assert "edgeholo: edgeholo is set up and runs" in console


@pytest.mark.parametrize("wifi", NETWORKS)
def test_cloud_init_and_netplan_read_the_networks_name_as_it_is(unit: Machine, tmp_path: Path, wifi: str) -> None:
    """Their own validators accept the files, their own parsers find the name, byte by byte."""
    inside = unit.root / "check"
    boot = trixie(inside / "boot")
    _provision(boot, tmp_path, wifi=wifi)
    chroot = ["chroot", str(unit.root)]
    for arguments in (
        ["--config-file", "/check/boot/user-data"],
        ["--schema-type", "network-config", "--config-file", "/check/boot/network-config"],
    ):
        subprocess.run([*chroot, "cloud-init", "schema", *arguments], check=True, capture_output=True)
    netplan = inside / "netplan/etc/netplan"
    netplan.mkdir(parents=True)
    (netplan / "50.yaml").write_bytes((boot / "network-config").read_bytes())
    (netplan / "50.yaml").chmod(0o600)
    subprocess.run([*chroot, "netplan", "generate", "--root-dir", "/check/netplan"], check=True, capture_output=True)
    read = "import yaml; print(*yaml.safe_load(open('/check/boot/network-config'))['network']['wifis']['wlan0']['access-points'])"
    seen = subprocess.run([*chroot, "python3", "-c", read], check=True, capture_output=True, text=True).stdout
    assert seen == wifi + "\n"
    subprocess.run(["rm", "-r", inside], check=True)


def test_without_cloud_init_systemd_runs_the_script_and_the_next_boot_sets_up(tmp_path: Path) -> None:
    """Bookworm: one short boot that names the unit, then the one that installs."""
    root = fresh_root("bookworm", tmp_path)
    boot_partition(root / "boot/firmware", BOOKWORM)
    _provision(root / "boot/firmware", tmp_path, "--offline-bundle", str(ROOT / ".cache/pi/bundle"))
    # On the FAT of a card every file can be run.
    (root / "boot/firmware/firstrun.sh").chmod(0o755)
    with Machine(root, *_words(root)) as machine:
        machine.until(lambda: not (root / "boot/firmware/firstrun.sh").exists() or machine.ended(), 60)
        machine.until(lambda: "systemd.run" not in (root / "boot/firmware/cmdline.txt").read_text(), 10)
    assert (root / "boot/firmware/cmdline.txt").read_text() == f"{BOOKWORM} cfg80211.ieee80211_regdom=DE\n"
    assert (root / "etc/hostname").read_text() == "hall\n"
    assert (root / "home/pi/.ssh/authorized_keys").read_text() == KEY + "\n"
    connection = root / "etc/NetworkManager/system-connections/edgeholo.nmconnection"
    assert f"ssid={''.join(f'{byte};' for byte in NETWORKS[1].encode())}\n" in connection.read_text()
    assert connection.stat().st_mode & 0o077 == 0
    assert _log(root) == ""
    with Machine(root, *_words(root)) as machine:
        machine.until(lambda: "is set up and runs" in _log(root), INSTALLING_S)


@pytest.mark.parametrize(
    ("option", "complaint"), [("size=100k", "MB free and"), ("ro", "Read-only file system; slide the card's lock")]
)
def test_a_card_that_cannot_be_written_is_said_to_be_so(tmp_path: Path, option: str, complaint: str) -> None:
    """Too small, or locked; what is there stays as it is."""
    boot = tmp_path / "bootfs"
    boot.mkdir()
    size = option if option.startswith("size") else "size=10m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", boot], check=True)
    try:
        trixie(boot / "inner")
        subprocess.run(["mount", "-o", f"remount,{option}", boot], check=True)
        before = {file.name: file.read_bytes() for file in (boot / "inner").iterdir() if file.is_file()}
        assert complaint in _provision(boot / "inner", tmp_path, works=False)
        assert {file.name: file.read_bytes() for file in (boot / "inner").iterdir() if file.is_file()} == before
    finally:
        subprocess.run(["umount", boot], check=True)
