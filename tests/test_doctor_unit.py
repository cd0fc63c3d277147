"""The doctor's unit: board, clock, disk, Wi-Fi, service, and checks that never answer. Every finding is made to happen."""

import resource
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from edgeholo.checks import storage
from edgeholo.checks.board import power, temperature
from edgeholo.checks.clock import clock
from edgeholo.checks.finding import Case, Finding, ok
from edgeholo.checks.service import service
from edgeholo.checks.storage import disk
from edgeholo.checks.system import system
from edgeholo.checks.table import examine
from edgeholo.checks.wifi import wifi
from edgeholo.config import Config
from edgeholo.errors import EdgeholoError


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="ascii")


def _case(root: Path, *, kernel_is_sure: bool = False) -> Case:
    return Case(Config(), root=root, environ={"STATE_DIRECTORY": str(root)}, kernel_is_sure=lambda: kernel_is_sure)


def _program(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> None:
    """Put a program before all others on the path."""
    _write(folder / "bin" / name, f"#!/bin/sh\n{script}\n")
    (folder / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("degrees", "state", "code"), [(55, "ok", ""), (72, "warning", "hot"), (79, "warning", "hot"), (82, "bad", "hot")]
)
def test_a_hot_board_is_named_before_and_after_the_firmware_acts(
    tmp_path: Path, degrees: int, state: str, code: str
) -> None:
    """As soon as edgeholo itself slows down, with what it then does less."""
    _write(tmp_path / "sys/class/thermal/thermal_zone0/temp", f"{degrees}000")
    finding = temperature(_case(tmp_path))
    assert (finding.state, finding.code) == (state, code)
    assert f"{degrees} °C" in finding.text


@pytest.mark.parametrize(
    ("bits", "state", "code"),
    [
        ("0", "ok", ""),
        ("50005", "bad", "power-low"),
        ("50000", "warning", "power-was-low"),
        ("4", "warning", "throttled"),
        ("40000", "warning", "throttled"),
    ],
)
def test_what_the_firmware_complains_of_is_named(tmp_path: Path, bits: str, state: str, code: str) -> None:
    """Under-voltage before all else: it is what also throttles."""
    _write(tmp_path / "sys/devices/platform/soc/soc:firmware/get_throttled", bits)
    finding = power(_case(tmp_path))
    assert (finding.state, finding.code) == (state, code)


def test_a_machine_that_tells_nothing_of_itself_is_not_ill(tmp_path: Path) -> None:
    """A laptop has neither firmware nor sensor that would be read."""
    assert {check(_case(tmp_path)).state for check in (temperature, power)} == {"unknown"}
    _write(tmp_path / "proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0")
    assert "Raspberry Pi 4 Model B Rev 1.4" in system(_case(tmp_path)).text


def test_a_clock_that_nobody_has_set_is_named(tmp_path: Path) -> None:
    """Until a time server was heard."""
    assert clock(_case(tmp_path)).code == "clock-unsure"
    assert clock(_case(tmp_path, kernel_is_sure=True)).state == "ok"
    _write(tmp_path / "run/systemd/timesync/synchronized", "")
    assert clock(_case(tmp_path)).state == "ok"


def test_a_disk_with_little_room_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real disk, measured against a need that it cannot meet."""
    assert disk(_case(tmp_path)).state == "ok"
    monkeypatch.setattr(storage, "FREE_MB", 1e12)
    finding = disk(_case(tmp_path))
    assert (finding.state, finding.code) == ("bad", "disk-full")


def _disk_of_another_process(folder: Path, limit: int) -> str:
    """Return the doctor's code in a process that may write only so many bytes."""
    script = (
        "import os; from pathlib import Path; from edgeholo.config import Config; "
        "from edgeholo.checks.finding import Case; from edgeholo.checks.storage import disk; "
        f"print(disk(Case(Config(), environ={{'STATE_DIRECTORY': {str(folder)!r}}})).code)"
    )

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", script], preexec_fn=limited, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_disk_that_takes_no_more_is_named(tmp_path: Path) -> None:
    """The kernel refuses the write itself, as it does when the disk is full."""
    assert _disk_of_another_process(tmp_path, 1 << 30) == ""
    assert _disk_of_another_process(tmp_path, 1000) == "disk-full"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """In /proc nobody can make a file, not even root."""
    case = Case(Config(), environ={"STATE_DIRECTORY": "/proc/self"})
    assert disk(case).code == "disk-read-only"


def test_a_place_that_is_closed_to_this_user_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run as root, whom nothing is closed to: the refusal is made where the file would be."""

    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert disk(_case(tmp_path)).code == "disk-closed"


_WIRELESS = """Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
 wlan0: 0000   54.  {level}.  -256        0      0      0      0      0        0
"""


@pytest.mark.parametrize(("level", "state"), [(-56, "ok"), (-75, "ok"), (-82, "warning")])
def test_a_weak_wifi_is_named(tmp_path: Path, level: int, state: str) -> None:
    """As the kernel's file has it."""
    _write(tmp_path / "proc/net/wireless", _WIRELESS.format(level=level))
    finding = wifi(_case(tmp_path))
    assert (finding.state, finding.text) == (state, f"wlan0 {level} dBm")
    assert finding.code == ("wifi-weak" if state == "warning" else "")


def test_iw_is_asked_where_the_kernel_has_no_such_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Newer kernels leave it out; without the program nobody can tell, and without a radio nothing is weak."""
    assert wifi(_case(tmp_path)) == ok("wifi", "none here")
    _write(tmp_path / "sys/class/net/wlan0/phy80211/name", "phy0")
    _program(tmp_path, monkeypatch, "iw", "exit 1")
    assert wifi(_case(tmp_path)).state == "unknown"
    _program(tmp_path, monkeypatch, "iw", "printf 'Connected to dc:a6:32:01:02:03 (on %s)\\n\\tsignal: -80 dBm\\n' $2")
    assert wifi(_case(tmp_path)).code == "wifi-weak"


@pytest.mark.parametrize(
    ("active", "restarts", "state", "code"),
    [("active", 0, "ok", ""), ("active", 7, "warning", "service-restarts"), ("failed", 20, "bad", "service-failed")],
)
def test_a_service_that_fails_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, active: str, restarts: int, state: str, code: str
) -> None:
    """What systemctl says of the unit."""
    said = f"LoadState=loaded\nActiveState={active}\nResult=exit-code\nNRestarts={restarts}"
    _program(tmp_path, monkeypatch, "systemctl", f"cat <<'END'\n{said}\nEND")
    finding = service(_case(tmp_path))
    assert (finding.state, finding.code) == (state, code)


@pytest.mark.parametrize("script", ["echo LoadState=not-found", "exit 1", "exit 127"])
def test_without_the_service_nothing_is_wrong_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    """A laptop has no such unit, a container no systemd."""
    _program(tmp_path, monkeypatch, "systemctl", script)
    assert service(_case(tmp_path)).state == "unknown"


def test_a_check_that_never_answers_does_not_stop_the_others(tmp_path: Path) -> None:
    """It is given up, and that is a finding."""
    never = threading.Event()

    def hang(_case: Case) -> Finding:
        never.wait()
        return ok("disk", "at last")

    finding = examine("disk", _case(tmp_path), hang, longest_s=0.05)
    never.set()
    assert (finding.state, finding.code) == ("bad", "hangs")


@pytest.mark.parametrize("error", [EdgeholoError("the file is gone"), KeyError("unforeseen")])
def test_a_check_that_fails_is_a_finding(tmp_path: Path, error: Exception) -> None:
    """What was not foreseen, too: the other checks go on."""

    def fail(_case: Case) -> Finding:
        raise error

    finding = examine("disk", _case(tmp_path), fail)
    assert finding.state == "bad"
    assert str(error) in finding.text
