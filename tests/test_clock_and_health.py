"""Figures of health, the service manager, and one daemon a device id."""

import logging
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from edgeholo import health, instance
from edgeholo.errors import ConfigError
from edgeholo.health import Meter
from edgeholo.strain import Strain
from edgeholo.supervision import Supervisor, set_up_logging


def test_the_meter_counts_what_came_out_of_the_line() -> None:
    """Frames, skipped frames and medians are those that were counted."""
    meter = Meter()
    for engine_ms in (10.0, 30.0, None, 20.0):
        meter.count(50.0, engine_ms, {} if engine_ms is None else {"pose": "following"})
    report = meter.report(dropped=3, outbox={"queued": 2}, rules={"fired": 1}, strain=Strain())
    assert (report.frames, report.skipped, report.dropped) == (4, 1, 3)
    assert (report.engine_ms, report.latency_ms) == (20.0, 50.0)
    assert report.outbox == {"queued": 2}
    assert report.branches == {"pose": {"following": 3}}
    assert report.fps > 0
    assert meter.report(0, {}, {}, Strain()).fps == 0


def test_memory_is_that_of_this_process() -> None:
    """A hundred megabytes more are seen as such."""
    before = health.rss_mb()
    ballast = bytearray(os.urandom(1) * 100_000_000)
    assert 90 < health.rss_mb() - before < 130
    assert health.peak_rss_mb() >= health.rss_mb() - 1
    assert len(ballast) == 100_000_000


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
