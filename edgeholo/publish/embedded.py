"""A broker of our own on loopback, for the demo and for a first try: mosquitto where it is installed, else a wheel."""

import contextlib
import importlib.util
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from edgeholo import config
from edgeholo.errors import BrokerError

_LOGGER = logging.getLogger(__name__)

EMBEDDED = "embedded"
"""The URL that means this."""
_HOST = "127.0.0.1"
_START_S = 10.0
"""A loaded Raspberry Pi Zero needs about two."""
_TRIES = 3
"""Between choosing a free port and listening on it, another program may take it."""
_GLANCE_S = 0.02
"""How often a starting broker is knocked at."""
_LARGEST_PAYLOAD = 1 << 20
"""iotcore drops payloads over 20,480 bytes unless told otherwise."""

# Debian installs mosquitto where a user's PATH does not look.
_PLACES = os.pathsep.join(("/usr/sbin", "/usr/local/sbin", "/sbin"))

# $$ is the broker: a watcher waits for the end of our pipe, which the kernel closes however we die, and then ends it.
# (PR_SET_PDEATHSIG would be forgotten when mosquitto drops root, and fires when a mere thread of ours ends.)
_ENDS_WITH_US = 'exec 3<&0; (read -r _ <&3; kill $$; rm -rf "$0") & exec "$@" </dev/null 3<&-'

_IOTCORE = "import sys; from iotcore import IotCoreBroker as B; B(listen=sys.argv[1], port=int(sys.argv[2]), max_payload_size=int(sys.argv[3])).run_forever()"


def _mosquitto(port: int, folder: Path) -> list[str] | None:
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path=_PLACES)
    if program is None:
        return None
    settings = folder / "mosquitto.conf"
    settings.write_text(
        f"listener {port} {_HOST}\nallow_anonymous true\npersistence false\nlog_dest stderr\nlog_type error\n",
        encoding="utf-8",
    )
    return [program, "-c", str(settings)]


def _iotcore(port: int, folder: Path) -> list[str] | None:  # noqa: ARG001 - it needs no files
    if importlib.util.find_spec("iotcore") is None:
        return None
    return [sys.executable, "-c", _IOTCORE, _HOST, str(port), str(_LARGEST_PAYLOAD)]


PROGRAMS: dict[str, Callable[[int, Path], list[str] | None]] = {"mosquitto": _mosquitto, "iotcore": _iotcore}
"""What can be a broker: port and a folder for its files to the command line, or None where it is not installed."""


class EmbeddedBroker:
    """A broker on a free loopback port while the context lasts; it ends with this process, however that ends.

    Args:
        program: a name of ``PROGRAMS``; the first that is installed by default.

    Attributes:
        url: as a client needs it, once started.
        program: which one runs.
    """

    def __init__(self, program: str | None = None) -> None:
        self.program = program or ""
        self.url = ""
        self._candidates = [program] if program else list(PROGRAMS)
        self._folder = Path()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it listens.

        Raises:
            BrokerError: none is installed, or it does not start.
        """
        for _ in range(_TRIES):
            port = _free_port()
            self._launch(port)
            if self._listens(port):
                self.url = f"mqtt://{_HOST}:{port}"
                _LOGGER.info("embedded broker: %s at %s", self.program, self.url)
                return
            self.stop()
        raise BrokerError(f"the embedded broker ({self.program}) does not start: try `edgeholo doctor`")

    def stop(self) -> None:
        """End it, and remove its files."""
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self, port: int) -> None:
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="edgeholo-broker-"))
            self._process = subprocess.Popen(
                ["sh", "-c", _ENDS_WITH_US, str(self._folder), *self._command(port)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for us: the broker is needed to say goodbye
            )
        except OSError as error:
            raise BrokerError(f"the embedded broker cannot be started: {error.strerror or error}") from error

    def _command(self, port: int) -> list[str]:
        for name in self._candidates:
            if command := PROGRAMS[name](port, self._folder):
                self.program = name
                return command
        shutil.rmtree(self._folder, ignore_errors=True)
        raise BrokerError("no broker to embed: apt install mosquitto, or pip install 'edgeholo[embedded]'")

    def _listens(self, port: int) -> bool:
        deadline_s = time.monotonic() + _START_S
        while self._process and self._process.poll() is None and time.monotonic() < deadline_s:
            try:
                socket.create_connection((_HOST, port), timeout=1).close()
            except OSError:
                time.sleep(_GLANCE_S)
            else:
                return self._process.poll() is None
        return False


@contextlib.contextmanager
def started(options: config.Broker) -> Iterator[config.Broker]:
    """Yield options whose URL is a broker: for ``embedded`` one is started, any other URL stays as it is.

    Raises:
        BrokerError: there is none to start.
    """
    if options.url != EMBEDDED:
        yield options
        return
    with EmbeddedBroker() as broker:
        yield msgspec.structs.replace(options, url=broker.url, username="", password_file="")


def _free_port() -> int:
    with socket.create_server((_HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
