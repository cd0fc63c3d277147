"""What was set over MQTT outlives the daemon, whatever happens to the file."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from edgeholo.config import Config
from edgeholo.kept import Kept, on_top, place
from edgeholo.settings import replaced


def test_values_are_there_again_after_a_restart(tmp_path: Path) -> None:
    """In a folder that is made when it is needed, readable for whoever wants to know."""
    file = tmp_path / "state" / "options.json"
    kept = Kept(file)
    assert kept.values == {}
    kept.values = {"camera.privacy": True, "gestures.profile": "all"}
    kept.write()
    assert json.loads(file.read_text(encoding="utf-8")) == kept.values
    assert Kept(file).values == kept.values
    assert list(file.parent.iterdir()) == [file]


def test_a_slider_is_written_once_in_a_while_and_in_the_end(tmp_path: Path) -> None:
    """A memory card is not worn out: at once, then every five seconds, and only what has changed."""
    file = tmp_path / "options.json"
    kept = Kept(file)
    kept.save(0.0)
    assert not file.exists()
    for tenth in range(60):
        kept.values = {"gestures.hold_s": tenth}
        kept.save(tenth / 10)
        written = json.loads(file.read_text(encoding="utf-8"))["gestures.hold_s"]
        assert written == (0 if tenth < 50 else 50)
    kept.write()
    assert json.loads(file.read_text(encoding="utf-8")) == {"gestures.hold_s": 59}
    before = file.stat().st_mtime_ns
    kept.write()
    assert file.stat().st_mtime_ns == before


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b"\xff"])
def test_a_spoilt_file_is_one_warning_and_a_fresh_start(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """The file's configuration is a good one to go on with."""
    file = tmp_path / "options.json"
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert Kept(file).values == {}
    assert len(caplog.records) == 1


def test_a_disk_that_takes_nothing_is_said_once_and_nothing_stops(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever was set holds until the restart."""
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    kept = Kept(blocked / "options.json")
    caplog.clear()
    kept.values = {"camera.privacy": True}
    with caplog.at_level(logging.WARNING):
        kept.write()
        kept.write()
    assert len(caplog.records) == 1
    blocked.unlink()
    kept.write()
    assert Kept(blocked / "options.json").values == {"camera.privacy": True}


def test_a_value_that_no_longer_fits_is_named_and_the_others_hold(caplog: pytest.LogCaptureFixture) -> None:
    """After an update an option may be gone, have other limits, or name what is gone."""

    def check(config: Config) -> None:
        if config.gestures.profile == "music":
            replaced(config, {"gestures.profile": 3})

    values = {"gestures.speed": 3, "engine.persons": 9, "gestures.profile": "music", "gestures.hold_s": 2.0}
    with caplog.at_level(logging.WARNING):
        config, fit = on_top(Config(), values, check)
    assert fit == {"gestures.hold_s": 2.0}
    assert config == replaced(Config(), fit)
    assert [record.getMessage().split(": ")[1] for record in caplog.records] == [
        "gestures.speed",
        "engine.persons",
        "gestures.profile",
    ]


def test_config_show_tells_what_was_set_over_mqtt(tmp_path: Path) -> None:
    """Among all the other values, with its origin; what no longer fits is named."""
    file = tmp_path / "edgeholo" / "hall" / "options.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"gestures.hold_s": 2.5, "gestures.profile": "gone"}', encoding="utf-8")
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "EDGEHOLO_DEVICE_ID": "hall"}
    command = [sys.executable, "-m", "edgeholo.cli", "config", "show"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    (line,) = [line for line in done.stdout.splitlines() if line.endswith("set over MQTT")]
    assert line.startswith("hold_s = 2.5 ")
    assert "'gone'" in done.stderr


def test_the_file_is_the_services_or_the_users_own() -> None:
    """The service manager names a folder; a person has one for each device."""
    assert place("hall", {"STATE_DIRECTORY": "/var/lib/edgeholo:/other"}) == Path("/var/lib/edgeholo/options.json")
    assert place("hall", {"XDG_STATE_HOME": "/s"}) == Path("/s/edgeholo/hall/options.json")
    assert place("hall", {"HOME": "/home/me"}) == Path("/home/me/.local/state/edgeholo/hall/options.json")
    assert place("hall", dict(os.environ)).name == "options.json"
