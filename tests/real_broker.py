"""Real brokers for the tests: Debian's mosquitto with a configuration each, on a free loopback port."""

import contextlib
import getpass
import os
import random
import shutil
import signal
import socket
import subprocess
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

    def reread(self) -> None:
        """Have it read passwords and access lists anew."""
        self._signal(signal.SIGHUP)

    def cpu_s(self) -> float:
        """Return the processor time it has used so far."""
        assert self._process, "not started"
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _listens(self) -> bool:
        assert self._process, "not started"
        assert self._process.poll() is None, "mosquitto ended: wrong configuration?"
        return all(_taken(port) for port in self.ports)

    def _signal(self, number: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(number)
