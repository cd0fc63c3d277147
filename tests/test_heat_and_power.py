"""A board that gets hot or too little power: read from fake trees, slowed down in time, and no fluttering."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from edgeholo import heat
from edgeholo.board import Board
from edgeholo.heat import FIRMWARE_C, HYSTERESIS_C, STEPS, Governor
from edgeholo.strain import BEFORE, NOW, OK, Strain
from edgeholo.types import Pace

_LOOK_S = 5.0


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="ascii")


def _zone(root: Path, number: int, kind: str, millidegrees: str) -> None:
    _write(root / f"sys/class/thermal/thermal_zone{number}/type", f"{kind}\n")
    _write(root / f"sys/class/thermal/thermal_zone{number}/temp", f"{millidegrees}\n")


def _bits(root: Path, bits: str) -> None:
    _write(root / "sys/devices/platform/soc/soc:firmware/get_throttled", f"{bits}\n")


def _tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Board:
    """Return a Raspberry Pi on whose path is a ``vcgencmd``."""
    _write(tmp_path / "proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
    _write(tmp_path / "bin/vcgencmd", f"#!/bin/sh\necho asked >> {tmp_path}/asked\n{script}\n")
    (tmp_path / "bin/vcgencmd").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return Board(tmp_path)


def test_the_temperature_is_the_processors(tmp_path: Path) -> None:
    """Not the power chip's or the battery's, whatever their number; of a board without a name the first that reads."""
    _zone(tmp_path, 0, "pmic-thermal", "31000")
    assert Board(tmp_path).temperature_c() == 31.0
    _zone(tmp_path, 1, "cpu-thermal", "52149")
    assert Board(tmp_path).temperature_c() == 52.1
    assert Board(tmp_path / "nothing").temperature_c() is None


def test_the_firmwares_bits_are_read_from_the_kernels_file(tmp_path: Path) -> None:
    """Hexadecimal without a prefix, as Linux writes it."""
    _bits(tmp_path, "50005")
    assert Board(tmp_path).throttled() == 0x50005


def test_vcgencmd_is_asked_where_the_kernel_has_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program of Raspberry Pi OS, on its own board only."""
    assert _tool(tmp_path, monkeypatch, "echo throttled=0x50000").throttled() == 0x50000
    (tmp_path / "proc/device-tree/model").write_text("Another board\0")
    assert Board(tmp_path).throttled() is None


@pytest.mark.parametrize("script", ["echo Can't open device file: /dev/vcio; exit 255", "echo nonsense"])
def test_a_vcgencmd_that_cannot_say_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    """A hardened service has no /dev/vcio; then the voltage monitor tells of under-voltage alone."""
    board = _tool(tmp_path, monkeypatch, script)
    monitor = tmp_path / "sys/class/hwmon/hwmon1"
    _write(monitor.with_name("hwmon0") / "name", "cpu_thermal\n")
    _write(monitor / "name", "rpi_volt\n")
    for alarm, bits in (("0", 0), ("1", 1)):
        _write(monitor / "in0_lcrit_alarm", f"{alarm}\n")
        assert board.throttled() == bits
    assert (tmp_path / "asked").read_text() == "asked\n"


def test_a_machine_that_tells_nothing_is_never_slowed_down(tmp_path: Path) -> None:
    """A laptop or a container has no such files."""
    strain = Strain(Board(tmp_path))
    assert not any(strain.look(at * _LOOK_S) for at in range(100))
    assert (strain.level, strain.power, strain.hint, strain.pace) == (0, None, "", Pace())


def test_a_board_that_heats_up_is_slowed_down_step_by_step_before_the_firmware_acts(tmp_path: Path) -> None:
    """All three steps are taken below 80 degrees, each says what it does, and each is taken back when it is cool for long."""
    strain, levels, hints = Strain(Board(tmp_path)), [], set()
    for at, degrees in enumerate([*range(60, 80), *range(79, 50, -1)]):
        _zone(tmp_path, 0, "cpu-thermal", str(degrees * 1000))
        for second in range(0, 70, 5):
            if strain.look(at * 70.0 + second):
                levels.append((degrees, strain.level))
                hints.add(strain.hint)
    assert levels == [(70, 1), (74, 2), (78, 3), (73, 2), (69, 1), (65, 0)]
    assert all(step.at_c < FIRMWARE_C for step in STEPS)
    assert len(hints) == 4
    assert strain.hint == ""


def test_a_firmware_that_throttles_is_believed_though_the_sensor_reads_less(tmp_path: Path) -> None:
    """Throttled with enough power means hot; throttled for want of power does not."""
    _zone(tmp_path, 0, "cpu-thermal", "55000")
    _bits(tmp_path, "4")
    hot = Strain(Board(tmp_path))
    for second in range(0, 60, 5):
        hot.look(float(second))
    assert hot.level == len(STEPS)
    _bits(tmp_path, "50005")
    weak = Strain(Board(tmp_path))
    for second in range(0, 60, 5):
        weak.look(float(second))
    assert (weak.level, weak.power) == (0, NOW)


def test_under_voltage_is_told_with_what_to_do_and_remembered(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The kernel clears the firmware's memory; a supply that failed once is still named. Every change is news, once."""
    strain, told = Strain(Board(tmp_path)), []
    for at, bits in enumerate(("0", "0", "50005", "50005", "0", "0")):
        _bits(tmp_path, bits)
        told.append((strain.look(at * _LOOK_S), strain.power))
    assert told == [(False, OK), (False, OK), (True, NOW), (False, NOW), (True, BEFORE), (False, BEFORE)]
    assert "power supply" in strain.hint
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_the_board_is_looked_at_every_few_seconds_only(tmp_path: Path) -> None:
    """Not with every frame."""
    strain = Strain(Board(tmp_path))
    _bits(tmp_path, "0")
    strain.look(0.0)
    _bits(tmp_path, "50005")
    assert not strain.look(4.9)
    assert strain.look(5.0)


@given(
    mean=some.floats(50, 95),
    noise=some.lists(some.floats(-0.49 * HYSTERESIS_C, 0.49 * HYSTERESIS_C), min_size=50, max_size=400),
)
def test_noise_around_a_threshold_never_makes_it_flutter(mean: float, noise: list[float]) -> None:
    """However the readings of a steady temperature scatter within two degrees, a level is never taken back."""
    governor, levels = Governor(), [0]
    for at, off in enumerate(noise):
        governor.update(mean + off, at * _LOOK_S)
        levels.append(governor.level)
    assert levels == sorted(levels)


@settings(max_examples=30)
@given(
    room_c=some.floats(15, 45),
    load_c=some.floats(20, 70),
    saved=some.tuples(some.floats(0, 0.3), some.floats(0, 0.3), some.floats(0, 0.3)),
)
@example(room_c=15.0, load_c=60.0, saved=(0.0, 0.25, 0.0))
def test_a_step_that_cools_is_not_tried_again_and_again(
    room_c: float, load_c: float, saved: tuple[float, float, float]
) -> None:
    """A board whose temperature follows its work comes to rest: over half a day it is eased at most twice an hour, and a bit."""
    governor, degrees, eased = Governor(), room_c, []
    before = 0
    for at in range(0, 43_200, 5):
        work = 1 - sum(saved[: governor.level])
        degrees += (room_c + load_c * work - degrees) * _LOOK_S / 60
        governor.update(degrees, float(at))
        if governor.level < before:
            eased.append(at)
        before = governor.level
    assert sum(at > 21_600 for at in eased) <= 21_600 / heat.LONGEST_REST_S + 1


@given(readings=some.lists(some.one_of(some.none(), some.floats(-20, 120)), max_size=300))
def test_whatever_is_read_the_level_goes_one_step_at_a_time_and_not_too_soon(readings: list[float | None]) -> None:
    """Fifteen seconds between two steps down, a minute of coolness before one back."""
    governor, changes = Governor(), []
    for at, degrees in enumerate(readings):
        before = governor.level
        if governor.update(degrees, at * _LOOK_S):
            changes.append((at * _LOOK_S, governor.level - before))
        assert 0 <= governor.level <= len(STEPS)
    assert all(abs(change) == 1 for _at, change in changes)
    for (first_s, _), (second_s, change) in itertools.pairwise(changes):
        assert second_s - first_s >= (heat.RISE_S if change > 0 else heat.REST_S)


@pytest.mark.parametrize("camera_hz", [5, 10, 15, 24, 30, 60])
def test_at_the_last_step_frames_pass_evenly_and_not_too_often(tmp_path: Path, camera_hz: int) -> None:
    """Seven to eight a second of any camera, all of a slower one, and time that jumps back blocks nothing."""
    _zone(tmp_path, 0, "cpu-thermal", "90000")
    strain = Strain(Board(tmp_path))
    assert all(strain.passes(frame * 10**9 // camera_hz) for frame in range(100))
    for second in range(0, 60, 5):
        strain.look(float(second))
    wanted = STEPS[-1].pace.frames_hz or 0.0
    passed = sum(strain.passes(frame * 10**9 // camera_hz) for frame in range(20 * camera_hz))
    assert abs(passed - 20 * min(camera_hz, wanted)) <= 1
    assert strain.passes(0)


def test_what_suffers_is_documented(pytestconfig: pytest.Config) -> None:
    """The table of the steps in docs/troubleshooting.md is that of the code."""
    page = (pytestconfig.rootpath / "docs/troubleshooting.md").read_text(encoding="utf-8")
    for level, step in enumerate(STEPS, 1):
        assert f"| {level} | {step.at_c:g} °C | {step.words} | {step.suffers} |" in page
    assert json.dumps(OK) in page
