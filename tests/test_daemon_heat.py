"""The daemon on a hot board with a weak supply: what it says over a real broker, and that it comes back."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edgeholo.perceive.recording import Recorder
from edgeholo.publish.subscriber import Subscriber
from edgeholo.types import Branch, People, Sight, Verdict
from tests.real_broker import Mosquitto, options

_PATIENCE_S = 30.0
_HURRIED = """
import pathlib, sys
from edgeholo import board, heat, strain
root = pathlib.Path(sys.argv.pop(1))
strain.Board = lambda: board.Board(root)
strain._LOOK_S, heat.RISE_S, heat.REST_S = 0.1, 0.2, 0.3
from edgeholo.cli.main import main
sys.exit(main())
"""
"""The command with another tree for the board, and with seconds instead of minutes."""


def _board(root: Path, degrees_c: int, bits: str) -> None:
    for file, text in (
        ("sys/class/thermal/thermal_zone0/temp", f"{degrees_c}000"),
        ("sys/devices/platform/soc/soc:firmware/get_throttled", bits),
    ):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        # In one step: a board is never read by halves.
        (root / "new").write_text(f"{text}\n", encoding="ascii")
        (root / "new").replace(root / file)


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[tuple[Subscriber, str]]:
    """Return a listener to the health of a device, and the broker's address."""
    with Mosquitto(tmp_path) as broker, Subscriber(options(broker.url), ["edgeholo/hall/state/health"]) as subscriber:
        yield subscriber, broker.url


def _wait_for(listener: Subscriber, **fields: object) -> dict[str, Any]:
    """Return the first health that has those fields."""
    while True:
        message = listener.next(_PATIENCE_S)
        assert message, f"no health with {fields}"
        health: dict[str, Any] = json.loads(message.payload)
        if all(health[name] == value for name, value in fields.items()):
            return health


def test_heat_and_a_weak_supply_are_said_at_once_and_over_again_when_they_are(
    tmp_path: Path, listener: tuple[Subscriber, str]
) -> None:
    """Three steps down and back, each told out of turn; frames are spared meanwhile; under-voltage stays in memory."""
    subscriber, url = listener
    empty = People((), frozenset(Branch), (640, 480), 0, 0)
    with Recorder(tmp_path / "empty.holo", engine="litert", source="pattern") as recorder:
        recorder.write(Sight(0, 0, (640, 480), Verdict("ok", "", usable=True, changed=False), empty))
    file = tmp_path / "edgeholo.toml"
    file.write_text(
        f'device.id = "hall"\nbroker.url = "{url}"\ncamera.source = "pattern"\npublish.health_s = 3600\n'
        f'engine.name = "recorded"\nengine.recording = "{tmp_path / "empty.holo"}"\n'
    )
    own = {f"XDG_{kind}": str(tmp_path) for kind in ("RUNTIME_DIR", "STATE_HOME", "DATA_HOME")}
    _board(tmp_path, 50, "0")
    command = [sys.executable, "-c", _HURRIED, str(tmp_path), "run", "--config", str(file)]
    process = subprocess.Popen(command, env={**os.environ, **own}, stderr=subprocess.PIPE, text=True)
    try:
        _board(tmp_path, 79, "0")
        levels = [_wait_for(subscriber, slowed=level) for level in (1, 2, 3)]
        assert all("hot" in health["hint"] for health in levels)
        assert levels[-1]["temp_c"] == 79
        _board(tmp_path, 79, "50005")
        assert "power supply" in _wait_for(subscriber, power="under-voltage now", throttled="0x50005")["hint"]
        _board(tmp_path, 50, "0")
        cool = _wait_for(subscriber, slowed=0, power="under-voltage since boot")
        assert "hot" not in cool["hint"]
        assert cool["dropped"] > levels[-1]["dropped"]
    finally:
        process.terminate()
        log = process.communicate(timeout=_PATIENCE_S)[1]
    assert process.returncode == 0
    assert "WARNING 79 °C: slowed down, level 3" in log
    assert "INFO 50 °C: at full pace again" in log
