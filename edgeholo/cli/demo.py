"""``make demo``: the real daemon on the demo clip, an embedded broker, and a client that prints what arrives."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter

from edgeholo.cli import options
from edgeholo.cli.progress import fetch_progress
from edgeholo.config import Broker, EngineOptions
from edgeholo.errors import BrokerError, EdgeholoError
from edgeholo.perceive.models.fetch import fetch
from edgeholo.perceive.models.manifest import DEMO_CLIP
from edgeholo.publish.client import Received
from edgeholo.publish.embedded import EmbeddedBroker
from edgeholo.publish.subscriber import Subscriber

_ID = "demo"
_ROOT = f"edgeholo/{_ID}"
_QUIET_S = 0.2
"""How long to wait for a message before looking whether the daemon has ended."""


def main() -> int:
    """Run the demo and return the exit code."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--source", default="", help="camera, or any other source; the demo clip by default")
    args = parser.parse_args()
    try:
        return _demo(args.source)
    except EdgeholoError as error:
        print(f"edgeholo: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 0


def _demo(source: str) -> int:
    options.prepare_models(EngineOptions())
    if not source:
        with fetch_progress() as progress:
            source = str(fetch(DEMO_CLIP, progress))
        print("The clip: a man shows victory, thumb up, victory, thumb up.")
    seen = Seen()
    with EmbeddedBroker() as broker, Subscriber(Broker(url=broker.url), ["#"]) as house:
        print(f"The broker: {broker.program} at {broker.url}; this client has subscribed to #.\n")
        daemon = _start_daemon(source, broker.url)
        try:
            _listen(house, daemon, seen)
        except KeyboardInterrupt:
            # The daemon got the signal as well, and says goodbye.
            _listen(house, daemon, seen)
        finally:
            daemon.terminate()
            daemon.wait()
    if daemon.returncode:
        raise BrokerError(f"the daemon ended with exit code {daemon.returncode}; its last line above says why")
    print(seen.summary())
    return 0


def _start_daemon(source: str, url: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "EDGEHOLO_DEVICE_ID": _ID, "EDGEHOLO_LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "edgeholo.cli", "run", "--source", source, "--broker", url]
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)


def _listen(house: Subscriber, daemon: subprocess.Popen[bytes], seen: "Seen") -> None:
    """Print messages until the daemon has ended and no more come."""
    while True:
        message = house.next(_QUIET_S)
        if message is not None:
            seen.take(message)
        elif daemon.poll() is not None:
            return


_NEXT = """Next: make demo SOURCE=camera, or .venv/bin/edgeholo run --broker mqtt://YOUR-BROKER;
docs/topics.md says what to subscribe to."""


class Seen:
    """What arrived so far."""

    def __init__(self) -> None:
        self._gestures: Counter[str] = Counter()
        self._health: dict[str, object] = {}
        self._started_s = time.monotonic()

    def take(self, message: Received) -> None:
        """Print a message and remember what the summary needs."""
        path = message.topic.removeprefix(f"{_ROOT}/")
        if path == "event/gesture":
            self._gesture(json.loads(message.payload))
        elif path == "state/health":
            self._health = json.loads(message.payload)
        elif path in ("availability", "state/presence", "state/camera", "state/quality"):
            self._print(path, message.payload.decode())

    def summary(self) -> str:
        """Return the closing lines."""
        health = self._health
        gestures = ", ".join(f"{name} {count}" for name, count in self._gestures.items()) or "none"
        cost = f"{health.get('engine_ms') or '-'} ms a frame in the engine, {health.get('rss_mb', '-')} MB of memory"
        return f"\n{health.get('frames', 0)} frames, {cost}. Gestures: {gestures}.\n{_NEXT}"

    def _gesture(self, event: dict[str, object]) -> None:
        if event["phase"] in ("start", "once"):
            self._gestures[str(event["event_type"])] += 1
        words = (event["event_type"], event["phase"], f"{event['hand'] or 'body'}", f"confidence {event['confidence']}")
        self._print("event/gesture", "  ".join(str(word) for word in words))

    def _print(self, path: str, text: str) -> None:
        print(f"{time.monotonic() - self._started_s:7.2f} s  {path:14}  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
