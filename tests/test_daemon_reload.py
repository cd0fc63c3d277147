"""SIGHUP: what changed is taken, what is wrong changes nothing, and subscribers are told how things are."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from edgeholo.publish.subscriber import Subscriber
from tests.real_broker import Mosquitto, options, until
from tests.test_daemon import House, Process, broker, house, patterned, recording

__all__ = ["broker", "house", "recording"]


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ('log.level = "loud"', "log.level"),
        ('broker.password_file = "/nothing/here"', "a password but no user"),
        ('camera.source = "/nothing/here.mp4"', "/nothing/here.mp4: no such file"),
        ('camera.source = "rtps://10.0.0.7/live"', "is no kind of source"),
        ('gestures.enabled = ["thumbs_up"]\nengine.recording = "other"', "there is no gesture"),
        ('engine.recording = "/nothing/here.holo"\npublish.health_s = 7', "cannot read the recording"),
    ],
)
def test_a_reload_that_cannot_succeed_leaves_everything_as_it_was(
    mistake: str, words: str, tmp_path: Path, broker: Mosquitto, house: House, recording: Path
) -> None:
    """Neither the daemon nor its connection ends over a mistake in any section."""
    good = patterned(recording)
    daemon = Process(tmp_path, broker.url, good)
    house.wait_for("state/camera", state="running")
    names = [line.partition(" = ")[0] for line in mistake.splitlines()]
    kept = [line for line in good.splitlines() if line.partition(" = ")[0] not in names]
    daemon.write("\n".join([*kept, mistake]))
    daemon.process.send_signal(signal.SIGHUP)
    until(lambda: words in daemon.next_line())
    house.wait_for("event/gesture")
    assert daemon.end()[0] == 0
    assert [each["text"] for each in house.payloads("availability")] == ["online"]
    assert len(house.payloads("info")) == 1


def test_a_reload_to_another_broker_tells_it_how_things_are(
    tmp_path: Path, broker: Mosquitto, house: House, recording: Path
) -> None:
    """Camera and presence are retained there, numbers of events go on, and a tracked gesture is not begun again."""
    daemon = Process(tmp_path, broker.url, patterned(recording))
    house.wait_for("state/presence", person=True)
    last = house.wait_for("event/gesture", phase="start")["seq"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with Mosquitto(elsewhere) as other, Subscriber(options(other.url), ["edgeholo/hall/#"]) as subscriber:
        there = House(subscriber)
        daemon.move(other.url)
        daemon.process.send_signal(signal.SIGHUP)
        there.wait_for("availability", text="online")
        there.wait_for("state/camera", state="running")
        there.wait_for("state/presence", person=True)
        assert there.wait_for("event/gesture")["seq"] > last
        house.wait_for("availability", text="stopped")
        assert daemon.end()[0] == 0


def test_a_reload_of_one_section_goes_on_with_the_others(
    tmp_path: Path, broker: Mosquitto, house: House, recording: Path
) -> None:
    """Whoever was there is still there, and does not appear again."""
    daemon = Process(tmp_path, broker.url, patterned(recording))
    house.wait_for("state/presence", person=True)
    daemon.write(patterned(recording, "motion.glance_s = 1.0"))
    daemon.process.send_signal(signal.SIGHUP)
    house.wait_for("info")
    for _ in range(4):
        house.wait_for("event/gesture")
    assert daemon.end()[0] == 0
    assert len(house.payloads("state/presence")) == 1


def test_a_hang_up_during_the_start_is_no_end(tmp_path: Path, broker: Mosquitto, house: House, recording: Path) -> None:
    """Nobody knows from outside when the daemon is ready to be told of a new file."""
    daemon = Process(tmp_path, broker.url, patterned(recording))
    until(lambda: Path(f"/proc/{daemon.process.pid}/status").exists())
    until(lambda: _takes_hang_up(daemon.process.pid))
    daemon.process.send_signal(signal.SIGHUP)
    house.wait_for("state/camera", state="running")
    assert daemon.end()[0] == 0


def _takes_hang_up(pid: int) -> bool:
    """Return whether the process has a handler of its own for SIGHUP (proc(5), SigCgt)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (signal.SIGHUP - 1) & 1)


def test_a_closed_window_ends_what_was_started_in_it(tmp_path: Path, recording: Path) -> None:
    """A terminal says SIGHUP when it goes, and nobody wants to be watched on by a daemon they cannot see."""
    outside, inside = pty.openpty()
    file = tmp_path / "edgeholo.toml"
    file.write_text(f'device.id = "window"\nbroker.url = "none"\n{patterned(recording)}\n')
    process = subprocess.Popen(
        [sys.executable, "-m", "edgeholo.cli", "run", "--config", str(file)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        stderr=inside,
        start_new_session=True,
    )
    os.close(inside)
    said = b""
    while b"runs as window" not in said:
        said += os.read(outside, 1000)
    os.close(outside)
    process.send_signal(signal.SIGHUP)
    assert process.wait(30) == 0
