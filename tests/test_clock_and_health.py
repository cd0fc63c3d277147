"""Time of day, figures of health, the service manager, and one daemon a device id."""

import logging
import os
import re
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edgeholo import health, instance
from edgeholo.clock import Clock
from edgeholo.errors import ConfigError
from edgeholo.health import Heat, Meter
from edgeholo.supervision import Supervisor, set_up_logging

_CLOSE = timedelta(seconds=5)
"""A loaded machine may pause between two readings of the clock."""


def test_a_cameras_stamp_becomes_the_time_of_day() -> None:
    """A frame exposed ten seconds ago was exposed ten seconds ago on the wall clock too."""
    clock = Clock(live=True)
    stamp = time.monotonic_ns() - 10_000_000_000
    assert abs(datetime.now(UTC) - timedelta(seconds=10) - clock.wall_time(stamp)) < _CLOSE


def test_media_time_counts_from_the_first_frame() -> None:
    """Two frames a minute apart in the clip are a minute apart on the clock, wherever the clip starts."""
    clock = Clock(live=False)
    first, second = clock.wall_time(7_000_000_000), clock.wall_time(67_000_000_000)
    assert abs(datetime.now(UTC) - first) < _CLOSE
    assert abs((second - first) - timedelta(seconds=60)) < _CLOSE


def test_the_meter_counts_what_came_out_of_the_line() -> None:
    """Frames, skipped frames and medians are those that were counted."""
    meter = Meter()
    for engine_ms in (10.0, 30.0, None, 20.0):
        meter.count(50.0, engine_ms, {} if engine_ms is None else {"pose": "following"})
    report = meter.report(dropped=3, outbox={"queued": 2}, rules={"fired": 1})
    assert (report.frames, report.skipped, report.dropped) == (4, 1, 3)
    assert (report.engine_ms, report.latency_ms) == (20.0, 50.0)
    assert report.outbox == {"queued": 2}
    assert report.branches == {"pose": {"following": 3}}
    assert report.fps > 0
    assert meter.report(0, {}, {}).fps == 0


def test_memory_is_that_of_this_process() -> None:
    """A hundred megabytes more are seen as such."""
    before = health.rss_mb()
    ballast = bytearray(os.urandom(1) * 100_000_000)
    assert 90 < health.rss_mb() - before < 130
    assert health.peak_rss_mb() >= health.rss_mb() - 1
    assert len(ballast) == 100_000_000


def test_figures_of_a_raspberry_pi_are_read_from_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temperature in millidegrees and throttling bits in hexadecimal, and None where there is no such file."""
    (tmp_path / "temp").write_text("52100\n")
    (tmp_path / "throttled").write_text("50005\n")
    monkeypatch.setattr(health, "_TEMPERATURE", tmp_path / "temp")
    monkeypatch.setattr(health, "_THROTTLED", tmp_path / "throttled")
    assert health.temperature_c() == 52.1
    assert health.throttled() == "0x50005"
    monkeypatch.setattr(health, "_TEMPERATURE", tmp_path / "nothing")
    monkeypatch.setattr(health, "_THROTTLED", tmp_path / "nothing")
    assert health.temperature_c() is None
    assert health.throttled() is None


def test_a_board_is_hot_until_it_is_really_cool() -> None:
    """Around the limit nothing flutters, and a machine that does not tell its temperature is never hot."""
    heat = Heat()
    states = []
    for degrees in (60.0, 74.9, 75.0, 70.0, 68.0, 67.9, 74.0, None):
        heat.update(degrees)
        states.append(heat.hot)
    assert states == [False, False, True, True, True, False, False, False]


@pytest.mark.parametrize("abstract", [False, True])
def test_the_service_manager_hears_how_we_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool) -> None:
    """Messages arrive at a real socket, by path and in the abstract namespace, as sd_notify(3) has them."""
    address = f"@edgeholo-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"\0{address[1:]}" if abstract else address)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        supervisor = Supervisor()
        supervisor.ready("watching")
        supervisor.alive()
        supervisor.stopping()
        assert [manager.recv(100) for _ in range(3)] == [b"READY=1\nSTATUS=watching", b"WATCHDOG=1", b"STOPPING=1"]


def test_without_a_service_manager_nothing_happens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A terminal has no socket, and one that vanished is no reason to die."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    Supervisor().alive()
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    Supervisor().alive()


def test_the_log_goes_to_stderr_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """One line, the severity first; below the level nothing."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        set_up_logging("warning")
        logging.getLogger("edgeholo.test").warning("camera %s", "lost")
        logging.getLogger("edgeholo.test").info("not this")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    assert capsys.readouterr().err == "WARNING camera lost\n"


def test_two_daemons_with_one_id_do_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is told the first one's process; another id, and the same id afterwards, are free."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    script = "from edgeholo import instance; instance.claim('hall')"
    with instance.claim("hall"):
        second = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        assert re.search(rf"device\.id hall runs already \(process {os.getpid()}\)", second.stderr)
        instance.claim("kitchen").close()
    instance.claim("hall").close()


def test_an_unwritable_runtime_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line says which folder and which variable."""
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "nothing"))
    with pytest.raises(ConfigError, match="set XDG_RUNTIME_DIR"):
        instance.claim("hall")
