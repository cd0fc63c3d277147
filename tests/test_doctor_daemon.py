"""The doctor beside a running daemon: it leaves it alone, and says how it is."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from edgeholo.perceive.recording import Recorder
from edgeholo.publish.subscriber import Subscriber
from edgeholo.types import Branch, People, Sight, Verdict
from tests.real_broker import Mosquitto, options

_PATIENCE_S = 60.0


def test_a_daemon_at_work_is_asked_and_not_disturbed(tmp_path: Path) -> None:
    """Its camera is its own; Home Assistant, which nobody plays here, is the one thing that is missing in the house."""
    empty = People((), frozenset(Branch), (640, 480), 0, 0)
    with Recorder(tmp_path / "empty.holo", engine="litert", source="pattern") as recorder:
        recorder.write(Sight(0, 0, (640, 480), Verdict("ok", "", usable=True, changed=False), empty))
    own = {f"XDG_{kind}": str(tmp_path) for kind in ("RUNTIME_DIR", "STATE_HOME", "DATA_HOME", "CONFIG_HOME")}
    command = [sys.executable, "-m", "edgeholo.cli"]
    with Mosquitto(tmp_path) as broker, Subscriber(options(broker.url), ["edgeholo/hall/state/camera"]) as listener:
        file = tmp_path / "edgeholo.toml"
        file.write_text(
            f'device.id = "hall"\nbroker.url = "{broker.url}"\ncamera.source = "pattern"\n'
            f'engine.name = "recorded"\nengine.recording = "{tmp_path / "empty.holo"}"\n'
        )
        chosen = ["--config", str(file)]
        daemon = subprocess.Popen([*command, "run", *chosen], env={**os.environ, **own}, stderr=subprocess.DEVNULL)
        try:
            while b"running" not in (((message := listener.next(_PATIENCE_S)) and message.payload) or b"running"):
                continue
            done = subprocess.run(
                [*command, "doctor", "--json", *chosen],
                env={**os.environ, **own},
                capture_output=True,
                text=True,
                timeout=_PATIENCE_S,
                check=False,
            )
            assert daemon.poll() is None
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(_PATIENCE_S)
    report = json.loads(done.stdout)
    findings = {finding["check"]: finding for finding in report["findings"]}
    assert findings["camera"]["state"] == "ok"
    assert findings["camera"]["text"] == f"pattern: edgeholo itself has it (process {daemon.pid}), picture ok"
    assert findings["home"]["code"] == "home-absent"
    assert (done.returncode, report["ok"], daemon.returncode) == (1, False, 0)
    assert not done.stderr
