"""The upload's worker: a process of its own, warm, walled in, and replaced when it fails."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import cv2
import pytest

from edgeholo.config import Config
from edgeholo.web.worker import memory
from edgeholo.web.worker.handle import Answer, Worker
from edgeholo.web.worker.messages import Refusal, Type
from edgeholo.web.worker.running import BrokenError

ROOT = Path(__file__).parents[1]
ANY: tuple[Type, ...] = ("image/jpeg", "video/webm", "application/json")
POINTS: tuple[Type, ...] = ("application/json",)
T = TypeVar("T")


def with_worker(work: Callable[[Worker], Awaitable[T]], **options: float) -> T:
    """Return what comes of work with a worker of its own."""

    async def run() -> T:
        worker = Worker(Config(), **options)
        try:
            return await work(worker)
        finally:
            await worker.close()

    return asyncio.run(run())


def gone(pid: int) -> bool:
    """Return whether there is no such process."""
    return not Path(f"/proc/{pid}").exists()


async def later(condition: Callable[[], object]) -> None:
    """Wait until something has happened."""
    deadline_s = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline_s, "this did not happen in time"
        await asyncio.sleep(0.01)


@pytest.fixture(scope="module")
def clip(demo_clip: Path) -> bytes:
    """Return a clip of a man."""
    return demo_clip.read_bytes()


@pytest.fixture(scope="module")
def still(demo_clip: Path) -> bytes:
    """Return a picture of him."""
    found, pixels = cv2.VideoCapture(str(demo_clip)).read()
    assert found
    return cv2.imencode(".png", pixels)[1].tobytes()


def test_the_process_is_kept_warm_and_ends_when_it_is_idle(still: bytes) -> None:
    """Two files, one process; then none, and a new one for the third."""

    async def work(worker: Worker) -> None:
        assert worker.pid is None
        first = await worker.ask(still, ANY)
        pid = worker.pid
        assert pid is not None
        await worker.ask(still, ANY)
        assert worker.pid == pid
        await later(lambda: gone(pid))
        assert worker.pid is None
        again = await worker.ask(still, ANY)
        assert isinstance(first, Answer)
        assert isinstance(again, Answer)
        assert again.content == first.content

    with_worker(work, idle_s=0.5)


def test_a_crash_is_one_sentence_and_the_next_file_is_looked_at(still: bytes, clip: bytes) -> None:
    """In the middle of a clip, and between two files, where nobody notices."""

    async def work(worker: Worker) -> None:
        await worker.ask(still, POINTS)
        pid = worker.pid
        assert pid is not None
        asked = asyncio.create_task(worker.ask(clip, ANY))
        await asyncio.sleep(0.2)
        os.kill(pid, signal.SIGSEGV)
        with pytest.raises(BrokenError, match=r"^This file made the worker fail\. Send another one\.$") as error:
            await asked
        assert error.value.status == 500
        assert isinstance(await worker.ask(still, POINTS), Answer)
        pid = worker.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await later(lambda: Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z" if not gone(pid) else True)
        await asyncio.sleep(0.1)
        assert isinstance(await worker.ask(still, POINTS), Answer)

    with_worker(work)


def test_a_file_that_takes_too_long_is_given_up(still: bytes, clip: bytes) -> None:
    """The process is ended, and the next file gets a new one."""

    async def work(worker: Worker) -> None:
        await worker.ask(still, POINTS)
        pid = worker.pid
        assert pid is not None
        worker._deadline_s = 0.05
        with pytest.raises(BrokenError, match=r"^This file takes too long\.") as error:
            await worker.ask(clip, ANY)
        assert error.value.status == 504
        assert gone(pid)
        worker._deadline_s = 60.0
        assert isinstance(await worker.ask(still, POINTS), Answer)

    with_worker(work)


def test_missing_models_are_one_sentence(still: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is fetched while somebody waits."""
    monkeypatch.setenv("EDGEHOLO_CACHE", str(tmp_path))
    with pytest.raises(
        BrokenError, match=r"^Uploads cannot be looked at: .+ run `edgeholo models fetch` once\.$"
    ) as error:
        with_worker(lambda worker: worker.ask(still, ANY))
    assert error.value.status == 503


def test_the_process_knows_no_secret_and_has_no_way_out(still: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the kernel sees it: its environment, its limits, its open files."""
    monkeypatch.setenv("EDGEHOLO_MQTT_PASSWORD", "hush")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/credentials")

    async def work(worker: Worker) -> None:
        await worker.ask(still, ANY)
        process = Path(f"/proc/{worker.pid}")
        environment = (process / "environ").read_bytes()
        assert b"hush" not in environment
        assert b"CREDENTIALS" not in environment
        status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line)
        assert status["NoNewPrivs"] == "1"
        limits = (process / "limits").read_text()
        assert all(f"Max {name}" in limits for name in ("cpu time", "file size", "data size", "core file size"))
        assert "Max core file size        0 " in limits
        opened = {str(file.readlink()) for file in (process / "fd").iterdir()}
        files = {name for name in opened if name.startswith("/") and not name.startswith(("/dev/null", "/memfd:"))}
        assert {name for name in files if not name.endswith(".tflite")} == set()

    with_worker(work)


def test_the_walls_hold() -> None:
    """No file, no folder, no connection, no endless memory, no endless answer."""
    code = """
import json, os, socket
from edgeholo.web.worker import walls

def tried(what):
    try:
        what()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"

listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
memory = os.memfd_create("answer")
walls.stand_alone()
missing = walls.shut()
walls.allow_seconds(100)
print(json.dumps({
    "missing": missing,
    "read": tried(lambda: open("/etc/hostname").close()),
    "write": tried(lambda: open("/dev/shm/edgeholo-test", "w").close()),
    "connect": tried(lambda: socket.create_connection(("127.0.0.1", port), 1).close()),
    "memory": tried(lambda: bytearray(4 << 30)),
    "answer": tried(lambda: os.ftruncate(memory, 1 << 30)),
    "own": tried(lambda: open(f"/proc/self/fd/{memory}", "wb").close()),
}))
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    found = json.loads(said)
    walled = {"read": "PermissionError", "write": "PermissionError", "connect": "PermissionError"}
    expected = {"memory": "MemoryError", "answer": "OSError", "own": "done"}
    assert found.items() >= expected.items()
    assert found["missing"] == ["landlock"] or found.items() >= walled.items()


def test_too_much_of_the_processor_ends_it() -> None:
    """By the kernel, whatever a decoder is at."""
    code = "from edgeholo.web.worker import walls; walls.allow_seconds(0)\nwhile True: pass"
    ended = subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT, timeout=60)
    assert ended.returncode == -signal.SIGXCPU


def test_nothing_is_left_anywhere(still: bytes, clip: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file where temporary ones go, neither on disk nor in memory; and nothing in the memory that both see."""
    disk, shared_memory = tmp_path / "disk", tmp_path / "memory"
    disk.mkdir()
    shared_memory.mkdir()
    monkeypatch.setenv("TMPDIR", str(disk))
    monkeypatch.setattr(memory, "FOLDER", shared_memory)

    async def work(worker: Worker) -> None:
        for content in (still, clip, b"no picture"):
            answer = await worker.ask(content, ANY)
            assert isinstance(answer, Refusal) == (content == b"no picture")
            assert worker._running is not None
            shared = worker._running.memory
            assert [os.fstat(file).st_size for file in (shared.upload, shared.answer)] == [0, 0]

    with_worker(work)
    assert [*disk.iterdir(), *shared_memory.iterdir()] == []
