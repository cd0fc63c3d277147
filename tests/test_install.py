"""The steps of install.sh, each tried in a folder that stands for the machine; the whole of it runs in `make test-pi`."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRIXIE = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_CODENAME=trixie\n'


UNITS = {file.name for file in (ROOT / "systemd").glob("*.*") if file.suffix != ".conf"}


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a machine's root: Debian 13 and nothing else."""
    for folder in ("etc/apt", "opt", "dev", "proc/device-tree", "bin"):
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
    script = f"set -eu\nhere={ROOT}/provisioning\n{given}. $here/steps.sh\n. $here/units.sh\n{steps}"
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
        ("name_version; check_space", {"df": "echo head; echo /dev/x 9 9 100 9% /"}, "100 MB free"),
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


@pytest.mark.parametrize(
    ("archive", "asked"),
    [
        (
            "deb http://deb.example/debian trixie main\n#deb http://raspberrypi.example/debian trixie main\n",
            False,
        ),
        ("deb http://raspberrypi.example/debian trixie main\n", True),
    ],
)
def test_picamera2_is_asked_of_nobody_who_cannot_have_it(machine: Path, archive: str, asked: bool) -> None:
    """A Raspberry Pi with plain Debian needs no network for that, and is told which cameras it has."""
    (machine / "etc/apt/sources.list").write_text(archive)
    _fake(machine, "dpkg-query", '[ "$4" = python3-picamera2 ] || echo installed')
    _fake(machine, "apt-cache", "exit 100")
    _fake(machine, "apt-get", "echo Could not resolve host; exit 100")
    result = _step(machine, "install_packages", board="raspberrypi")
    assert ("apt-get update failed" in result.stderr) is asked
    assert ("no python3-picamera2 to be had here: cameras at /dev/video* (v4l2, USB)" in result.stderr) is not asked
    assert result.returncode == int(asked)


def test_a_bundle_without_picamera2_is_enough_for_other_cameras(machine: Path) -> None:
    """What the service itself needs has to be in it; what a ribbon needs has not."""
    _fake(machine, "dpkg-query", '[ "$4" = python3-picamera2 ] || echo installed')
    (machine / "bundle/debs").mkdir(parents=True)
    given = {"board": "raspberrypi", "offline": str(machine / "bundle")}
    result = _step(machine, "install_packages", **given)
    assert (result.returncode, result.stderr.count("\n")) == (0, 1)
    _fake(machine, "dpkg-query", "exit 1")
    assert (
        "has none: ca-certificates python3-venv python3-systemd" in _step(machine, "install_packages", **given).stderr
    )


@pytest.mark.parametrize(("given", "kept"), [("", "yes"), ("yes", "yes"), ("no", "")])
def test_the_engine_that_was_chosen_is_kept(machine: Path, given: str, kept: str) -> None:
    """Whoever runs the command again without its options, or updates, loses nothing."""
    before = _step(machine, "keep_choice; echo $mediapipe", mediapipe=given)
    assert before.stdout.strip() == ("yes" if given == "yes" else "")
    (machine / "opt/edgeholo/current").mkdir(parents=True)
    (machine / "opt/edgeholo/current/requirements.lock").write_text("mediapipe==1.2.2 \\\n")
    assert _step(machine, "keep_choice; echo $mediapipe", mediapipe=given).stdout.strip() == kept


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
    assert (units / "edgeholo-web.service").readlink() == Path("/opt/edgeholo/current/systemd/edgeholo-web.service")
    assert {link.name for link in units.glob("*.*")} - {"multi-user.target.wants"} == UNITS
    assert {link.name for link in (units / "multi-user.target.wants").iterdir()} == {
        name for name in UNITS if "WantedBy=multi-user.target" in (ROOT / "systemd" / name).read_text()
    }
    assert "RuntimeWatchdogSec=15s" in (machine / "etc/systemd/system.conf.d/edgeholo-watchdog.conf").read_text()


def test_a_unit_that_is_masked_stays_off(machine: Path) -> None:
    """Whoever wants no page at all says so to systemd, and install.sh leaves it at that."""
    units = machine / "etc/systemd/system"
    units.mkdir(parents=True)
    (units / "edgeholo-web.service").symlink_to("/dev/null")
    result = _step(machine, "install_units")
    assert result.returncode == 0
    assert "edgeholo-web.service is masked, and stays off" in result.stderr
    assert (units / "edgeholo-web.service").readlink() == Path("/dev/null")
    assert not (units / "multi-user.target.wants/edgeholo-web.service").is_symlink()


def test_root_asks_for_the_service(machine: Path) -> None:
    """`sudo edgeholo doctor` looks at the models that the service has, and not for some of root's own."""
    assert _step(machine, "write_command").returncode == 0
    command = machine / "usr/local/bin/edgeholo"
    program = machine / "opt/edgeholo/current/venv/bin/edgeholo"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$*" "${EDGEHOLO_CACHE:-}" "${STATE_DIRECTORY:-}"\n')
    program.chmod(0o755)
    command.write_text(command.read_text().replace("/opt/edgeholo", f"{machine}/opt/edgeholo"))
    for user, arguments, expected in (
        (0, ["doctor", "--config", "a b"], "doctor --config a b /var/cache/edgeholo /var/lib/edgeholo\n"),
        (0, ["run"], "run /var/cache/edgeholo \n"),
        (1000, ["doctor"], "doctor  \n"),
    ):
        _fake(machine, "id", f"echo {user}")
        environment = {"PATH": f"{machine}/bin:/usr/bin:/bin"}
        said = subprocess.run([command, *arguments], env=environment, capture_output=True, text=True, check=True)
        assert said.stdout == expected


def test_networks_can_be_fewer(machine: Path) -> None:
    """The list of the unit is emptied first, else it would only grow."""
    drop_in = machine / "etc/systemd/system/edgeholo.service.d/network.conf"
    assert _step(machine, "install_units", allow="192.168.7.0/24 10.0.0.5").returncode == 0
    lines = drop_in.read_text().splitlines()
    assert lines[-3:] == ["IPAddressAllow=", "IPAddressAllow=localhost", "IPAddressAllow=192.168.7.0/24 10.0.0.5"]
    page = machine / "etc/systemd/system/edgeholo-web.service.d/network.conf"
    assert [line for line in page.read_text().splitlines() if "=" in line] == ["IPAddressAllow=192.168.7.0/24 10.0.0.5"]
    assert _step(machine, "install_units").returncode == 0
    assert drop_in.exists()
    assert _step(machine, "install_units", allow="home").returncode == 0
    assert not drop_in.parent.exists()
    assert not page.parent.exists()


def _version(machine: Path) -> str:
    """Pretend that pip has filled a folder; return its name."""
    result = _step(
        machine,
        "install_wheels() { :; }\ncheck_pairing() { :; }\nname_version; clear_begun; fill_version; switch_version; echo $version",
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
    other = machine / "opt/edgeholo/versions/0.0.9-abcdef01"
    other.mkdir()
    assert _version(machine) == version
    assert not other.exists()
    assert not (folder / "mark").exists()
    assert (machine / "opt/edgeholo/current").readlink() == Path("versions") / version


def test_a_version_that_is_there_needs_no_room_for_another(machine: Path) -> None:
    """On a card that is nearly full install.sh can still be run again."""
    _fake(machine, "python3", '[ "$2" != venv ] || mkdir -p "$4/bin"; [ "$1" != --version ] || echo Python 3.13.5')
    _version(machine)
    _fake(machine, "df", "echo head; echo /dev/x 9 9 100 9% /")
    assert _step(machine, "name_version; check_space").returncode == 0
    _fake(machine, "df", "echo head; echo /dev/x 9 9 1 9% /")
    assert "1 MB free" in _step(machine, "name_version; check_space").stderr


def test_half_a_model_is_replaced_and_a_full_disk_is_one_line(machine: Path) -> None:
    """The power went, or the disk was full, while it was copied: the next try does not take it for the whole."""
    (machine / "bundle/models").mkdir(parents=True)
    (machine / "bundle/models/pose.tflite").write_text("a whole model")
    place = machine / "var/cache/edgeholo/assets/pose.tflite"
    place.parent.mkdir(parents=True)
    place.write_text("a who")
    assert _step(machine, "copy_models", offline=str(machine / "bundle")).returncode == 0
    assert place.read_text() == "a whole model"
    place.write_text("a who")
    _fake(machine, "cp", "echo cp: No space left on device >&2; exit 1")
    result = _step(machine, "copy_models", offline=str(machine / "bundle"))
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == f"edgeholo: cannot write {place} (above)"


@pytest.mark.parametrize("purge", ["", "yes"])
def test_uninstalling_leaves_nothing_but_what_it_names(machine: Path, purge: str) -> None:
    """Every file that the steps make is gone; configuration and what was learned stay unless they are not wanted."""
    _fake(machine, "python3", '[ "$2" != venv ] || mkdir -p "$4/bin"; [ "$1" != --version ] || echo Python 3.13.5')
    shutil.rmtree(machine / "proc")
    before = set(machine.rglob("*"))
    _version(machine)
    assert _step(machine, "write_configuration; install_units", board="raspberrypi", allow="10.0.0.0/8").returncode == 0
    units = machine / "etc/systemd/system"
    for name in ("edgeholo-firstboot.service", "edgeholo-of-tomorrow.service"):
        (units / "multi-user.target.wants" / name).symlink_to(f"../{name}")
    (units / "edgeholo-firstboot.service").touch()
    (units / "edgeholo-of-tomorrow.service").symlink_to("/opt/edgeholo/current/systemd/edgeholo-of-tomorrow.service")
    learned = machine / "var/lib/private/edgeholo/taught.json"
    for file in (learned, machine / "var/lib/edgeholo-web/wish.json", machine / "boot/firmware/edgeholo/setup.log"):
        file.parent.mkdir(parents=True)
        file.touch()
    (machine / "var/lib/edgeholo").symlink_to("private/edgeholo")
    result = _step(machine, "remove_service; remove_files", purge=purge)
    assert result.returncode == 0, result.stderr
    assert "edgeholo: removed; what stays:\n" in result.stderr
    left = {path for path in set(machine.rglob("*")) - before if path.is_symlink() or not path.is_dir()}
    named = [machine / name for name in ("etc/edgeholo", "var/lib/edgeholo", "boot/firmware/edgeholo")]
    kept = {named[0] / "edgeholo.toml", named[0] / "mqtt_password", learned, named[1], named[2] / "setup.log"}
    assert left == (set() if purge else kept)
    assert [str(path) in result.stderr for path in named] == [not purge] * 3


def test_uninstalling_what_is_not_there_is_said_and_no_fault(machine: Path) -> None:
    """Twice is once."""
    result = _step(machine, "remove_service; remove_files")
    assert (result.returncode, result.stderr) == (
        0,
        "edgeholo: nothing was installed; what stays:\nedgeholo:   Debian packages\n",
    )


@pytest.mark.parametrize(
    ("bundle", "words"),
    [
        ("", "pip could not install the Python packages (above): is there a network? --offline DIR does without"),
        ("empty", "empty: it has no folder wheels"),
    ],
)
def test_no_network_and_no_bundle_is_one_line(machine: Path, bundle: str, words: str) -> None:
    """The last line is what a card's first boot tells the house."""
    (machine / "empty").mkdir()
    (machine / "python").write_text("#!/bin/sh\necho ERROR: No matching distribution found for numpy >&2\nexit 1\n")
    (machine / "python").chmod(0o755)
    make = "folder=$root/made; mkdir -p $folder/venv/bin; cp $root/python $folder/venv/bin/; install_wheels"
    result = _step(machine, make, offline=bundle and str(machine / bundle))
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].endswith(words)
