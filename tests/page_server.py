"""The page as its users have it: the real command in a process of its own, read by a real HTTP client, and a unit on a real broker."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import httpx

from edgeholo import config
from edgeholo.perceive.models.cache import cache_folder
from edgeholo.publish.client import Received
from edgeholo.publish.publisher import Publisher
from edgeholo.publish.topics import Topics
from edgeholo.types import Message, MessageKind
from tests.real_broker import options, until

Event = tuple[str, object]


class PageServer:
    """``edgeholo web`` on a free port of loopback.

    Args:
        folder: for its configuration and log.
        broker: URL.
        arguments: more of them.
        settings: more lines of its configuration.

    Attributes:
        url: of the page, as it says itself.
    """

    def __init__(self, folder: Path, broker: str, *arguments: str, settings: str = "") -> None:
        self.folder = folder
        self.file, self._log = folder / "edgeholo.toml", folder / "page.log"
        self.file.write_text(f'[broker]\nurl = "{broker}"\nreconnect_max_s = 1\n{settings}', encoding="utf-8")
        self.command = [
            sys.executable,
            "-m",
            "edgeholo.cli",
            "web",
            "--port",
            "0",
            "--config",
            str(self.file),
            *arguments,
        ]
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("EDGEHOLO_")}
        self.environment |= {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "PYTHONUNBUFFERED": "1"}
        self.url = ""

    def with_models(self) -> Self:
        """Have it look at uploads with the models that the tests have fetched."""
        self.environment["EDGEHOLO_CACHE"] = str(cache_folder("assets").parent.resolve())
        return self

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        command = [*self.command, *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=30, check=False)

    def __enter__(self) -> Self:
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        line = self.process.stdout.readline() if self.process.stdout else ""
        assert line.startswith("the page is at "), self.log
        self.url = line.split()[-1].rstrip("/")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self._log.read_text(encoding="utf-8")

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    def terminate(self, patience_s: float = 10.0) -> int:
        """Ask it to stop, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience_s)

    def client(self, **more: object) -> httpx.Client:
        """Return a client that keeps cookies as a browser does."""
        return httpx.Client(base_url=self.url, timeout=30, **more)  # type: ignore[arg-type]

    def get(self, path: str) -> dict[str, object]:
        """Return what an address says."""
        with self.client() as client:
            answer: dict[str, object] = client.get(path).json()
        return answer

    def connected(self) -> Self:
        """Wait until the page has its broker."""
        until(lambda: self.get("/api/units")["broker"]["connected"])  # type: ignore[index]
        return self

    def rss_mb(self) -> float:
        """Return how much memory it has."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024


class Stream:
    """An open stream, read in a thread.

    Attributes:
        events: that came so far, by name and data.
        comments: lines of no event.
        ended: the page has ended it.
    """

    def __init__(self, client: httpx.Client, path: str = "/api/stream", **more: object) -> None:
        self.events: list[Event] = []
        self.comments: list[str] = []
        self.ended = threading.Event()
        self._context = client.stream("GET", path, **more)  # type: ignore[arg-type]
        self.response = self._context.__enter__()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def of(self, name: str) -> list[object]:
        """Return the data of all events of a name."""
        return [data for each, data in list(self.events) if each == name]

    def wait(self, name: str, fits: Callable[[object], bool] = lambda _: True) -> object:
        """Return the first event of a name that fits, as soon as it is there."""
        until(lambda: any(fits(data) for data in self.of(name)))
        return next(data for data in self.of(name) if fits(data))

    def close(self) -> None:
        """Go away."""
        with contextlib.suppress(OSError):
            self.response.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def _read(self) -> None:
        name = ""
        with contextlib.suppress(httpx.HTTPError, httpx.StreamError):
            for line in self.response.iter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    self.events.append((name, value if name == "landmarks" else json.loads(value)))
                elif line:
                    self.comments.append(line)
        self.ended.set()


class Unit:
    """A unit on the broker, with no camera behind it: it says what it is told to, and obeys or refuses.

    Args:
        broker: URL.
        device: its id.

    Attributes:
        told: commands that came, by option and payload.
        refuses: why it refuses everything; empty where it obeys.
        silent: whether it answers nothing.
    """

    def __init__(self, broker: str, device: str = "hall", protocol: str = "auto") -> None:
        self.topics = Topics("edgeholo", device)
        self.told: list[tuple[str, bytes]] = []
        self.refuses, self.silent = "", False
        self._publisher = Publisher(options(broker, protocol=protocol), config.Publish(), self.topics)
        self._publisher.subscribe(self.topics.commands, self._obey)

    def __enter__(self) -> Self:
        self._publisher.start()
        until(lambda: self._publisher.connected)
        return self

    def __exit__(self, *_: object) -> None:
        self._publisher.stop()

    def say(self, path: str, payload: bytes | object, *, retain: bool = False) -> None:
        """Say something below its topic; what is no bytes, as JSON."""
        content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self.send(Message(f"{self.topics.root}/{path}", content, MessageKind.EVENT, qos=1, retain=retain))

    def send(self, message: Message) -> None:
        """Send a message of any topic."""
        self._publisher.send(message)

    def watched(self) -> list[dict[str, object]]:
        """Return the leases that it was asked for."""
        return [json.loads(payload) for option, payload in list(self.told) if option == "watch"]

    def _obey(self, message: Received) -> None:
        option = message.topic.rpartition("/")[2]
        self.told.append((option, message.payload))
        if self.silent or option == "watch":
            return
        value = json.loads(message.payload)
        if message.answer_to:
            self.send(
                self.topics.answer(
                    message.answer_to, message.correlation, option=option, value=value, error=self.refuses
                )
            )
        elif self.refuses:
            self.say("state/error", {"option": option, "value": str(value), "error": self.refuses, "time": ""})
        else:
            self.say("state/config", {option: value}, retain=True)


@contextlib.contextmanager
def streams(client: httpx.Client, count: int) -> Iterator[list[Stream]]:
    """Open so many streams, and close them at the end."""
    opened = [Stream(client) for _ in range(count)]
    try:
        yield opened
    finally:
        for each in opened:
            each.close()
