"""How many units one broker bears: messages and bytes a second, its processor time, and how late events arrive.

    python -m benchmarks.fleet [UNITS ..., default 10 100 300]

Units are the daemon's own publisher with recorded landmarks (`benchmarks/units.py`), 75 in a process, ten frames a second each (with
landmarks: a message each) and an event every two seconds on average, many times what a home does. A listener hears all events, another all landmarks. The delay is from the
decision to the listener's callback, on one clock. Everything shares the machine: with many units the delay is that of two busy cores.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from benchmarks.contenders import CLIPS
from benchmarks.units import BASE, Load, Outcome, run, started
from edgeholo.cli.main import main as edgeholo
from edgeholo.config import Broker, Publish
from edgeholo.publish.client import Received
from edgeholo.publish.publisher import Publisher
from edgeholo.publish.topics import Topics
from tests.real_broker import Mosquitto

SECONDS = 20.0
_IN_A_PROCESS = 75
_LOADS = {"Events alone": Load(10, 0, 2), "With landmarks": Load(10, 60, 2)}
_COUNTERS = ("publish/messages/received", "publish/bytes/received", "publish/bytes/sent")


class _Numbered(msgspec.Struct):
    seq: int


@dataclass
class Listener:
    """Hears events, and the broker's own counters.

    Attributes:
        arrived_ns: monotonic times of every arrival, by unit and number.
        counters: the broker's, newest.
    """

    arrived_ns: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)

    def event(self, message: Received) -> None:
        """Note an event."""
        now_ns = time.monotonic_ns()
        key = message.topic.split("/")[1], msgspec.json.decode(message.payload, type=_Numbered).seq
        self.arrived_ns.setdefault(key, []).append(now_ns)

    def counter(self, message: Received) -> None:
        """Note a counter of the broker."""
        if message.payload.isdigit():
            self.counters[message.topic.removeprefix("$SYS/broker/")] = int(message.payload)


def recorded(folder: Path) -> Path:
    """Return a recording of somebody who signs: pose and two hands."""
    file = folder / "signing.holo"
    if edgeholo(["record", str(CLIPS / "signing/book.mkv"), str(file)]):
        raise SystemExit("no recording")
    return file


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value below which so many per cent lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]


def listen(url: str, listener: Listener) -> Publisher:
    """Return a client that hears all events, subscribed."""
    client = Publisher(Broker(url=url), Publish(), Topics("benchmark", "listener"))
    client.subscribe(f"{BASE}/+/event/gesture", listener.event)
    client.subscribe("$SYS/broker/publish/#", listener.counter)
    client.start()
    for subscription in client._link._subscriptions:  # noqa: SLF001 - nothing may be missed
        subscription.settled.wait(10)
    return client


def landmarks(url: str, line: Connection) -> None:
    """Hear all landmarks, in a process, and do nothing with them."""
    client = Publisher(Broker(url=url), Publish(), Topics("benchmark", "landmarks"))
    client.subscribe(f"{BASE}/+/landmarks", lambda _: None)
    client.start()
    client._link._subscriptions[0].settled.wait(10)  # noqa: SLF001
    line.send("ready")
    line.recv()


def fleet(url: str, names: Sequence[str], load: Load, file: Path, seconds: float) -> list[Outcome]:
    """Run units, and return what came of them; all wait for each other at the start and at the end."""
    shares = [names[first : first + _IN_A_PROCESS] for first in range(0, len(names), _IN_A_PROCESS)]
    workers = [started(run, share, url, load, file, seconds) for share in shares]
    for word in ("go", "stop"):
        outcomes = [line.recv() for _worker, line in workers]
        for _worker, line in workers:
            line.send(word)
    for worker, _line in workers:
        worker.join()
    return outcomes


def delays_ms(outcomes: Sequence[Outcome], listener: Listener) -> list[float]:
    """Return how late each event came that came."""
    sent_ns = {key: at for outcome in outcomes for key, at in outcome.sent_ns.items()}
    return [(listener.arrived_ns[key][0] - at) / 1e6 for key, at in sent_ns.items() if key in listener.arrived_ns]


def _measure(units: int, load: Load, file: Path, folder: Path) -> str:
    """Return a row of the table."""
    with Mosquitto(folder, "allow_anonymous true", "sys_interval 1", "max_queued_messages 0") as broker:
        listener = Listener()
        client = listen(broker.url, listener)
        audience, line = started(landmarks, broker.url)
        line.recv()
        taken: list[tuple[float, float, dict[str, int]]] = []

        def take() -> None:
            taken.append((time.monotonic(), broker.cpu_s(), dict(listener.counters)))

        timers = [threading.Timer(at_s, take) for at_s in _middle(units)]
        names = [f"unit{number}" for number in range(units)]
        for timer in timers:
            timer.start()
        outcomes = fleet(broker.url, names, load, file, _start_s(units) + SECONDS)
        delays = delays_ms(outcomes, listener)
        sent = sum(len(outcome.sent_ns) for outcome in outcomes)
        repeated = sum(len(times) - 1 for times in listener.arrived_ns.values())
        audience.kill()
        client.stop(0.5)
    (began_s, cpu_s, before), (ended_s, cpu_end_s, after) = taken
    rate = [(after[name] - before[name]) / (ended_s - began_s) for name in _COUNTERS]
    busy = (cpu_end_s - cpu_s) / (ended_s - began_s)
    return (
        f"| {units} | {rate[0]:,.0f} | {rate[1] / 1e3:,.0f} | {rate[2] / 1e3:,.0f} | {100 * busy:.1f} % "
        f"| {statistics.median(delays):.2f} | {percentile(delays, 99):.2f} | {len(delays)} of {sent}, {repeated} twice "
        f"| {os.getloadavg()[0]:.1f} |"
    )


def _start_s(units: int) -> float:
    """Return how long all units take to be there: Python starts, and each connects."""
    return 8.0 + units / 20


def _middle(units: int) -> tuple[float, float]:
    """Return when the broker's counters are read, in seconds from the start: while all units are at work."""
    return _start_s(units), _start_s(units) + SECONDS - 2


def main() -> None:
    """Print a table for each load."""
    counts = [int(text) for text in sys.argv[1:]] or [10, 100, 300]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = recorded(folder)
        for title, load in _LOADS.items():
            print(f"\n{title}\n")
            print("| units | messages/s in | kB/s in | kB/s out | broker CPU | delay p50 ms | p99 ms | events | load |")
            print("|---|---|---|---|---|---|---|---|---|")
            for units in counts:
                print(_measure(units, load, file, folder), flush=True)


if __name__ == "__main__":
    main()
