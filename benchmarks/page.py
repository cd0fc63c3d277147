"""What an open page costs the web process: skeletons at 15 a second, insight at 5, values at 10, over a real broker.

    python -m benchmarks.page [SECONDS, default 20]

The cost is the processor time of the process of `edgeholo web` as a share of one core, and its memory. "Nobody" is a page that
nobody has open, with the unit silent, as it then is; "unasked" one that nobody has open while the unit publishes landmarks all the
same, for somebody else. The skeletons are of a body and two hands, 450 bytes each, or four persons with faces, 11 kB.
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import conditions
from edgeholo.types import Message, MessageKind
from tests.page_server import PageServer, Stream, Unit
from tests.real_broker import Mosquitto

_RATE_HZ = 15
_INSIGHT = {
    "time": "2025-11-22T18:30:05.250Z",
    "t_ms": 41.5,
    "branches": {name: {"run": True, "why": "following"} for name in ("pose", "left_hand", "right_hand", "face")},
    "looking": True,
    "why_not": "",
    "persons": [
        {
            "person": 0,
            "parts": {
                name: {"shape": "victory", "confidence": 0.9, "state": "onset", "progress": 0.5, "why": ""}
                for name in ("left_hand", "right_hand", "body", "face")
            },
        }
    ],
}
_VALUE = {"value": 0.425, "phase": "change", "hand": "right", "person": 0}


@dataclass(frozen=True)
class Case:
    """What is measured.

    Attributes:
        title: in the table.
        clients: pages that are open.
        size: bytes of a skeleton, 0 for none.
    """

    title: str
    clients: int
    size: int


_CASES = (
    Case("nobody", 0, 0),
    Case("unasked", 0, 450),
    Case("1 page", 1, 450),
    Case("3 pages", 3, 450),
    Case("20 pages", 20, 450),
    Case("3 pages, four persons with faces", 3, 11_000),
)


def measured(case: Case, folder: Path, seconds: float) -> tuple[float, float, float]:
    """Return the share of a core, megabytes, and skeletons a second that a client got."""
    with Mosquitto(folder) as broker, PageServer(folder, broker.url) as page, Unit(broker.url) as unit:
        page.connected()
        with page.client() as client:
            opened = [Stream(client, "/api/stream?unit=hall") for _ in range(case.clients)]
            for stream in opened:
                stream.wait("snapshot")
            # The first round is warm-up.
            for rounds in (2.0, seconds):
                before = [len(stream.of("landmarks")) for stream in opened]
                began_s, cpu_s = time.monotonic(), _cpu_s(page.process.pid)
                _play(unit, case.size, rounds)
                share = (_cpu_s(page.process.pid) - cpu_s) / (time.monotonic() - began_s)
            arrived = [len(stream.of("landmarks")) - had for stream, had in zip(opened, before, strict=True)]
            memory_mb = page.rss_mb()
            for stream in opened:
                stream.close()
    return share, memory_mb, min(arrived, default=0) / seconds


def _play(unit: Unit, size: int, seconds: float) -> None:
    """Have the unit say what it says while it is watched."""
    began_s = time.monotonic()
    for frame in range(int(seconds * _RATE_HZ)):
        if size:
            skeleton = os.urandom(size)
            unit.send(Message("edgeholo/hall/landmarks", skeleton, MessageKind.STREAM, qos=0, retain=False))
            if not frame % 3:
                unit.say("insight", _INSIGHT)
            if frame % 3:
                unit.say("state/pinch", _VALUE)
        time.sleep(max(0.0, began_s + (frame + 1) / _RATE_HZ - time.monotonic()))


def _cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the table."""
    seconds = float(sys.argv[1]) if sys.argv[1:] else 20.0
    print(f"{conditions()}; {seconds:.0f} s each\n")
    print("| open | % of a core | MB | skeletons a second |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        for case in _CASES:
            share, memory_mb, rate_hz = measured(case, Path(name), seconds)
            print(f"| {case.title} | {100 * share:.1f} | {memory_mb:.0f} | {rate_hz:.1f} |", flush=True)


if __name__ == "__main__":
    main()
