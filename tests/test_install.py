"""The steps of install.sh, each tried in a folder that stands for the machine; the whole of it runs in `make test-pi`."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRIXIE = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_CODENAME=trixie\n'


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a machine's root: Debian 13 and nothing else."""
    for folder in ("etc", "opt", "dev", "proc/device-tree", "bin"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc" / "os-release").write_text(TRIXIE)
    return tmp_path


def _fake(machine: Path, name: str, text: str) -> None:
    program = machine / "bin" / name
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)


def _step(machine: Path, steps: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run steps as install.sh does."""
    names = ("offline", "config", "password", "allow", "mediapipe", "board", "purge")
    given = "".join(f"{name}='{variables.get(name, '')}'\n" for name in names)
    script = f"set -eu\nhere={ROOT}/provisioning\n{given}. $here/steps.sh\n{steps}"
    return subprocess.run(
        ["sh", "-c", script],
        env={**os.environ, "EDGEHOLO_ROOT": str(machine), "PATH": f"{machine}/bin:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_finding_is_one_line(machine: Path) -> None:
    """Board, system, Python, space, camera."""
    (machine / "proc" / "device-tree" / "model").write_bytes(b"Raspberry Pi 5 Model B Rev 1.0\0")
    (machine / "dev" / "video0").touch()
    _fake(machine, "uname", "echo aarch64")
    _fake(machine, "python3", '[ "$1" != --version ] || echo Python 3.13.5')
    result = _step(machine, "check_machine; echo $board")
    assert result.returncode == 0, result.stderr
    assert [line.split()[1] for line in result.stderr.splitlines()] == ["board", "system", "python", "space", "camera"]
    assert "Raspberry Pi 5 Model B Rev 1.0, aarch64" in result.stderr
    assert result.stdout == "raspberrypi\n"


@pytest.mark.parametrize(
    ("step", "fakes", "words"),
    [
        ("check_board", {"uname": "echo armv7l"}, "armv7l is not supported"),
        ("check_python", {"python3": "echo Python 3.9.2; [ $1 = --version ]"}, "Python 3.9.2 is not supported"),
        ("check_python", {"python3": "exit 127"}, "there is no python3"),
        ("check_space", {"df": "echo head; echo /dev/x 9 9 100 9% /"}, "100 MB free"),
    ],
)
def test_what_does_not_fit_is_one_line_and_the_end(machine: Path, step: str, fakes: dict[str, str], words: str) -> None:
    """It says what was found and what is needed."""
    for name, text in fakes.items():
        _fake(machine, name, text)
    result = _step(machine, step)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert words in result.stderr


def test_another_system_is_named(machine: Path) -> None:
    """Bookworm and trixie are what is tried."""
    (machine / "etc" / "os-release").write_text(
        'PRETTY_NAME="Debian GNU/Linux 11 (bullseye)"\nVERSION_CODENAME=bullseye\n'
    )
    result = _step(machine, "check_system")
    assert result.returncode == 1
    assert "bullseye) is not supported" in result.stderr


def test_no_camera_is_a_warning(machine: Path) -> None:
    """It may be plugged in later."""
    result = _step(machine, "check_camera")
    assert result.returncode == 0
    assert "none found" in result.stderr


@pytest.mark.parametrize(
    ("board", "mediapipe", "more"), [("other", "", []), ("raspberrypi", "", ["python3-picamera2"])]
)
def test_conditions_choose_the_packages(machine: Path, board: str, mediapipe: str, more: list[str]) -> None:
    """What belongs to a board is asked of nobody else."""
    result = _step(machine, "wanted $here/packages.txt", board=board, mediapipe=mediapipe)
    assert result.stdout.split() == ["ca-certificates", "python3-venv", "python3-systemd", *more]


def test_the_part_of_the_lock_that_is_installed_keeps_every_hash(machine: Path) -> None:
    """Without the tools of development, and without what mediapipe alone needs."""
    lock = _step(machine, "lock").stdout
    assert "numpy==" in lock
    assert "pytest==" not in lock
    assert "mediapipe==" not in lock
    assert "mediapipe==" in _step(machine, "lock", mediapipe="yes").stdout
    whole = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text().rstrip())
    assert set(re.split(r"\n(?=\S)", lock.rstrip())) < set(whole)


def test_the_users_files_are_never_touched(machine: Path) -> None:
    """They are made once; the password is for root alone."""
    first, second = machine / "first.toml", machine / "second.toml"
    first.write_text("[device]\nid = 'hall'\n")
    second.write_text("[device]\nid = 'attic'\n")
    (machine / "secret").write_text("geheim\n")
    etc = machine / "etc" / "edgeholo"
    assert _step(machine, "write_configuration", config=str(first), password=str(machine / "secret")).returncode == 0
    result = _step(machine, "write_configuration", config=str(second))
    assert "is kept as it is" in result.stderr
    assert (etc / "edgeholo.toml").read_text() == first.read_text()
    assert (etc / "mqtt_password").read_text() == "geheim\n"
    assert (etc / "mqtt_password").stat().st_mode & 0o777 == 0o600
    assert sorted(file.name for file in etc.iterdir()) == ["edgeholo.toml", "mqtt_password"]


def test_units_follow_the_version_and_the_updater_follows_the_trusted_one(machine: Path) -> None:
    """One link decides, so a power cut never mixes two versions; install.sh does it again without harm."""
    for _ in range(2):
        assert _step(machine, "install_units", board="raspberrypi").returncode == 0
    units = machine / "etc" / "systemd" / "system"
    assert (units / "edgeholo.service").readlink() == Path("/opt/edgeholo/current/systemd/edgeholo.service")
    assert (units / "edgeholo-update.service").readlink() == Path(
        "/opt/edgeholo/trusted/systemd/edgeholo-update.service"
    )
    assert {link.name for link in (units / "multi-user.target.wants").iterdir()} == {
        "edgeholo.service",
        "edgeholo-update.service",
        "edgeholo-update.path",
    }
    assert "RuntimeWatchdogSec=15s" in (machine / "etc/systemd/system.conf.d/edgeholo-watchdog.conf").read_text()


def test_networks_can_be_fewer(machine: Path) -> None:
    """The list of the unit is emptied first, else it would only grow."""
    drop_in = machine / "etc/systemd/system/edgeholo.service.d/network.conf"
    assert _step(machine, "install_units", allow="192.168.7.0/24 10.0.0.5").returncode == 0
    lines = drop_in.read_text().splitlines()
    assert lines[-3:] == ["IPAddressAllow=", "IPAddressAllow=localhost", "IPAddressAllow=192.168.7.0/24 10.0.0.5"]
    assert _step(machine, "install_units").returncode == 0
    assert drop_in.exists()
    assert _step(machine, "install_units", allow="home").returncode == 0
    assert not drop_in.exists()


def _version(machine: Path) -> str:
    """Pretend that pip has filled a folder; return its name."""
    result = _step(
        machine, "install_wheels() { :; }\ncheck_pairing() { :; }\nfill_version; switch_version; echo $version"
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_a_version_that_is_complete_is_not_built_again(machine: Path) -> None:
    """One that was interrupted is begun anew: the stamp is written last."""
    _fake(machine, "python3", '[ "$2" != venv ] || mkdir -p "$4/bin"; [ "$1" != --version ] || echo Python 3.13.5')
    version = _version(machine)
    folder = machine / "opt/edgeholo/versions" / version
    (folder / "mark").touch()
    assert _version(machine) == version
    assert (folder / "mark").exists()
    (folder / "complete").unlink()
    assert _version(machine) == version
    assert not (folder / "mark").exists()
    assert (machine / "opt/edgeholo/current").readlink() == Path("versions") / version


@pytest.mark.parametrize("purge", ["", "yes"])
def test_uninstalling_leaves_nothing_but_what_it_names(machine: Path, purge: str) -> None:
    """Every file that the steps make is gone; configuration and what was learned stay unless they are not wanted."""
    _fake(machine, "python3", '[ "$2" != venv ] || mkdir -p "$4/bin"; [ "$1" != --version ] || echo Python 3.13.5')
    shutil.rmtree(machine / "proc")
    before = set(machine.rglob("*"))
    _version(machine)
    assert _step(machine, "write_configuration; install_units", board="raspberrypi", allow="10.0.0.0/8").returncode == 0
    (machine / "var/lib/edgeholo").mkdir(parents=True)
    result = _step(machine, "remove_service; remove_files", purge=purge)
    assert result.returncode == 0, result.stderr
    left = {path for path in set(machine.rglob("*")) - before if not path.is_dir()}
    kept = {machine / "etc/edgeholo/edgeholo.toml", machine / "etc/edgeholo/mqtt_password"}
    assert left == (set() if purge else kept)
    assert (machine / "var/lib/edgeholo").exists() is not bool(purge)
    assert all(
        str(path) in result.stderr
        for path in ({machine / "etc/edgeholo", machine / "var/lib/edgeholo"} if not purge else ())
    )
