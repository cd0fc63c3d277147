"""What an upload takes: a 12-megapixel JPEG drawn on and as points, and a clip, over HTTP on loopback, with the worker warm.

    python -m benchmarks.upload [RUNS, default 10] [STILL]

The still is the demo clip's man, or STILL, scaled to 4032 x 3024 (or standing) with a sensor's noise: 5 MB, as a telephone's. "Cold"
is the first answer of all, with the start of the worker. Wall is the client's; CPU is the page's and the worker's together, from /proc.
The parts are the worker's own, as Server-Timing tells them.
"""

import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

import cv2
import httpx
import numpy as np

from edgeholo.perceive.models.cache import cache_folder
from edgeholo.perceive.models.fetch import fetch
from edgeholo.perceive.models.manifest import DEMO_CLIP
from tests.page_server import PageServer
from tests.real_broker import Mosquitto

_LONG, _SHORT = 4032, 3024
_NOISE = 4.0
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the tables."""
    runs = int(sys.argv[1]) if sys.argv[1:] else 10
    still, clip = photograph(Path(sys.argv[2]) if sys.argv[2:] else None), fetch(DEMO_CLIP).read_bytes()
    cases = {
        "12 megapixels, drawn": (still, "image/jpeg", "image/*"),
        "12 megapixels, points": (still, "image/jpeg", "application/json"),
        "43 frames 320 x 240, drawn": (clip, "image/gif", "video/*"),
        "43 frames 320 x 240, points": (clip, "image/gif", "application/json"),
    }
    with tempfile.TemporaryDirectory() as name, Mosquitto(Path(name)) as broker:
        page = PageServer(Path(name), broker.url)
        page.environment["EDGEHOLO_CACHE"] = str(cache_folder("assets").parent.resolve())
        with page, page.client() as client:
            print(
                f"a still of {len(still) / 1e6:.1f} MB; cold: {measured(page, client, *cases['12 megapixels, drawn'])[0]:.0f} ms\n"
            )
            print("| | wall ms, median | least | most | CPU ms | parts, ms | load |\n|---|---|---|---|---|---|---|")
            for title, case in cases.items():
                print(row(title, [measured(page, client, *case) for _ in range(runs)]), flush=True)
        print()


def photograph(still: Path | None) -> bytes:
    """Return a picture as a telephone would take it."""
    pixels = cv2.imread(str(still)) if still else cv2.VideoCapture(str(fetch(DEMO_CLIP))).read()[1]
    height, width = np.asarray(pixels).shape[:2]
    size = (_LONG, _SHORT) if width >= height else (_SHORT, _LONG)
    large = cv2.resize(np.asarray(pixels), size, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    large += np.random.default_rng(0).normal(0, _NOISE, large.shape)
    return cv2.imencode(".jpg", np.clip(large, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()


def measured(
    page: PageServer, client: httpx.Client, content: bytes, kind: str, accept: str
) -> tuple[float, float, dict[str, float]]:
    """Return wall and processor milliseconds of an upload, and its parts."""
    cpu_s, start_s = used_s(page), time.perf_counter()
    answer = client.post("/api/analyse", content=content, headers={"Content-Type": kind, "Accept": accept})
    wall_ms = (time.perf_counter() - start_s) * 1000
    answer.raise_for_status()
    parts = {name: float(ms) for name, ms in re.findall(r"(\w+);dur=([\d.]+)", answer.headers["server-timing"])}
    return wall_ms, (used_s(page) - cpu_s) * 1000, parts


def used_s(page: PageServer) -> float:
    """Return the processor time of the page and its worker so far."""
    pid = page.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    stats = [Path(f"/proc/{each}/stat").read_text().rpartition(") ")[2].split() for each in (pid, *children)]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / _TICKS


def row(title: str, runs: list[tuple[float, float, dict[str, float]]]) -> str:
    """Return a line of the table."""
    walls, cpu = [wall for wall, _, _ in runs], statistics.median(cpu for _, cpu, _ in runs)
    parts = {name: statistics.median(parts[name] for _, _, parts in runs) for name in runs[0][2]}
    told = ", ".join(f"{name} {ms:.0f}" for name, ms in parts.items())
    wall = f"{statistics.median(walls):.0f} | {min(walls):.0f} | {max(walls):.0f}"
    return f"| {title} | {wall} | {cpu:.0f} | {told} | {os.getloadavg()[0]:.1f} |"


if __name__ == "__main__":
    main()
