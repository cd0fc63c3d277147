"""What saying it costs, and how soon it is heard: one unit, 30 frames a second, landmarks with each, two gestures a second.

    python -m benchmarks.delivery [SECONDS, default 30]

The cost is the processor time of the announcer in the main thread and of the connection's thread. Between two frames the main thread
does 8 ms of arithmetic, as long as an engine takes; "idle" has none, and a processor that wakes up with cold caches for each frame.
The delay is from the decision to a listener's callback in another process, over a mosquitto on loopback.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.fleet import Listener, delays_ms, fleet, listen, percentile, recorded
from benchmarks.units import Load
from tests.real_broker import Mosquitto

_LOADS = {
    "events alone": Load(30, 0, 0.5, 0.008),
    "with landmarks": Load(30, 60, 0.5, 0.008),
    "with landmarks, idle": Load(30, 60, 0.5),
}


def main() -> None:
    """Print the table."""
    seconds = float(sys.argv[1]) if sys.argv[1:] else 30.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = recorded(folder)
        print("| | CPU ms a frame | delay p50 ms | p99 ms | events | load |\n|---|---|---|---|---|---|")
        for title, load in _LOADS.items():
            with Mosquitto(folder) as broker:
                listener = Listener()
                client = listen(broker.url, listener)
                (outcome,) = fleet(broker.url, ["unit0"], load, file, seconds)
                client.stop(0.5)
            cost_ms = 1e3 * outcome.cpu_s / outcome.frames
            delays = delays_ms([outcome], listener)
            print(
                f"| {title} | {cost_ms:.2f} | {statistics.median(delays):.2f} | {percentile(delays, 99):.2f} "
                f"| {len(delays)} of {len(outcome.sent_ns)} | {os.getloadavg()[0]:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
