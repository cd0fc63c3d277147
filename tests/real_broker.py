"""Real brokers for the tests: Debian's mosquitto with a configuration each, on a free loopback port."""

import contextlib
import getpass
import os
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from edgeholo import config
from edgeholo.publish.topics import Topics
from edgeholo.types import Message, MessageKind

TOPICS = Topics("edgeholo", "kitchen")
PATIENCE_S = 10.0
_GIVEN: set[int] = set()


def free_port() -> int:
    """Return a port nobody listens on, and that was not given out before.

    Below the kernel's range for outgoing connections, one of which might otherwise take it while a broker is down.
    """
    while True:
        port = random.randrange(15_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            if port not in _GIVEN:
                _GIVEN.add(port)
                return port


def _taken(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


def until(condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Wait until something real has happened, and fail when it does not."""
    deadline_s = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline_s, "this did not happen in time"
        time.sleep(0.01)


def options(url: str, **more: object) -> config.Broker:
    """Return broker options with pauses short enough for a test."""
    return config.Broker(url=url, reconnect_max_s=0.2, **more)  # type: ignore[arg-type]


def event(number: int) -> Message:
    """Return an event that can be told from the others."""
    return Message(f"{TOPICS.root}/event/gesture", b'{"seq":%d}' % number, MessageKind.EVENT, qos=1, retain=False)


class Mosquitto:
    """A mosquitto that can be killed, stopped in its tracks and started again on the same port."""

    def __init__(self, folder: Path, *settings: str, port: int = 0) -> None:
        self.port = port or free_port()
        self.ports = [self.port, *(int(line.split()[1]) for line in settings if line.startswith("listener"))]
        self._settings = folder / f"mosquitto-{self.port}.conf"
        lines = (f"listener {self.port} 127.0.0.1", *(settings or ("allow_anonymous true",)))
        # As root it would become another user, who may not read a test's passwords and keys.
        self._settings.write_text(
            "\n".join((f"user {getpass.getuser()}", *lines, "persistence false", "")), encoding="utf-8"
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Start, and return when it listens."""
        program = shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
        assert program, "these tests need a real broker: apt-get install mosquitto"
        self._process = subprocess.Popen([program, "-c", str(self._settings)], stderr=subprocess.DEVNULL)
        until(self._listens)
        return self

    def kill(self) -> None:
        """End it without a goodbye to anybody."""
        self._signal(signal.SIGKILL)
        if self._process:
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Stop it in its tracks: connections stay open, nobody answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _listens(self) -> bool:
        assert self._process, "not started"
        assert self._process.poll() is None, "mosquitto ended: wrong configuration?"
        return all(_taken(port) for port in self.ports)

    def _signal(self, number: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(number)


class Relay:
    """A network cable to a broker that can be pulled: while ``plugged`` is False nobody gets through."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._plugged = True
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"mqtt://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def pull(self) -> None:
        """Cut all connections, and refuse new ones."""
        self._plugged = False
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def plug(self) -> None:
        """Let connections through again."""
        self._plugged = True

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            try:
                if not self._plugged:
                    raise ConnectionRefusedError
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                near.close()
                continue
            self._ends += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
