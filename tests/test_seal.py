"""The seal: no socket and no standard error for one thread and its offspring, and for nobody else."""

import ctypes
import errno
import os
import platform
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from edgeholo.errors import ModelError
from edgeholo.perceive import seal

T = TypeVar("T")
AWAY = "edgeholo.example"
X32_SOCKET = 0x40000000 + 41
IO_URING_SETUP = 425


def _sealed(function: Callable[[], T]) -> T:
    """Return what a function returns in a sealed thread of its own."""
    results: list[T] = []

    def run() -> None:
        seal.seal_this_thread()
        results.append(function())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return results[0]


def _refusal(function: Callable[[], object]) -> int | None:
    """Return the number of the error that a call fails with, None if it works."""
    try:
        function()
    except OSError as error:
        return error.errno
    return None


def _open(family: int, kind: int = socket.SOCK_STREAM) -> None:
    socket.socket(family, kind).close()


INTERNET = pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6], ids=["IPv4", "IPv6"])


@INTERNET
@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_STREAM | socket.SOCK_NONBLOCK])
def test_a_sealed_thread_opens_no_internet_socket(family: int, kind: int) -> None:
    """Neither TCP nor UDP, whatever the flags."""
    assert _sealed(lambda: _refusal(lambda: _open(family, kind))) == errno.EACCES


def test_a_sealed_thread_connects_to_nobody() -> None:
    """Not even to a server of this machine, which everyone else reaches."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert _sealed(lambda: _refusal(lambda: socket.create_connection(address))) == errno.EACCES
        socket.create_connection(address).close()


def test_a_sealed_thread_looks_up_no_name() -> None:
    """A question to a name server needs a socket as well."""

    def look_up() -> str:
        try:
            return str(socket.getaddrinfo(AWAY, 443))
        except socket.gaierror:
            return "refused"

    assert _sealed(look_up) == "refused"


@INTERNET
def test_threads_of_a_sealed_thread_are_sealed(family: int) -> None:
    """And so are theirs."""

    def grandchild() -> int | None:
        refusals: list[int | None] = []
        child = threading.Thread(target=lambda: refusals.append(_refusal(lambda: _open(family))))
        child.start()
        child.join()
        return refusals[0]

    assert _sealed(grandchild) == errno.EACCES


def test_processes_of_a_sealed_thread_are_sealed() -> None:
    """Even a program that installs another one cannot get rid of it."""
    code = (
        "import socket, subprocess, sys\n"
        "try: socket.socket()\n"
        "except PermissionError: print('refused')\n"
        "sys.argv[1:] and subprocess.run([sys.executable, '-c', sys.argv[1]])"
    )
    command = [sys.executable, "-c", code, code]
    result = _sealed(lambda: subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False))
    assert result.stdout == "refused\nrefused\n"


@pytest.mark.parametrize("family", [socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET])
def test_a_sealed_thread_asks_no_service_of_this_machine(family: int) -> None:
    """systemd-resolved and nscd look names up for whoever connects, and that question would leave the house."""
    kind = socket.SOCK_STREAM if family == socket.AF_UNIX else socket.SOCK_RAW
    assert _sealed(lambda: _refusal(lambda: _open(family, kind))) == errno.EACCES


def test_a_sealed_thread_reads_and_writes_files(tmp_path: Path) -> None:
    """Only descriptor 2 is closed to it."""
    _sealed(lambda: (tmp_path / "file").write_text("kept"))
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize("number", [IO_URING_SETUP, X32_SOCKET])
def test_the_back_doors_are_shut(number: int) -> None:
    """io_uring opens sockets without socket(2), and x86-64 has a second set of numbers."""
    if number == X32_SOCKET and platform.machine() != "x86_64":
        number = IO_URING_SETUP
    libc = ctypes.CDLL(None, use_errno=True)
    assert _sealed(lambda: (libc.syscall(number, 0, 0, 0), ctypes.get_errno())) == (-1, errno.EACCES)


def test_nobody_else_is_sealed(capfd: pytest.CaptureFixture[str]) -> None:
    """While a sealed thread is refused, the main thread has network and standard error, and so has a thread of it."""
    sealed, done = threading.Event(), threading.Event()
    refusals: list[int | None] = []

    def wait() -> None:
        seal.seal_this_thread()
        refusals.append(_refusal(lambda: os.write(2, b"from inside\n")))
        libc = ctypes.CDLL(None)
        libc.fputs(b"from C\n", ctypes.c_void_p.in_dll(libc, "stderr"))
        sealed.set()
        done.wait(30)
        refusals.append(_refusal(lambda: _open(socket.AF_INET)))

    thread = threading.Thread(target=wait)
    thread.start()
    assert sealed.wait(30)
    outside: list[int | None] = []
    other = threading.Thread(target=lambda: outside.append(_refusal(lambda: _open(socket.AF_INET))))
    other.start()
    other.join()
    outside.append(_refusal(lambda: _open(socket.AF_INET)))
    os.write(2, b"from outside\n")
    done.set()
    thread.join()
    assert outside == [None, None]
    assert refusals == [errno.EACCES, errno.EACCES]
    assert capfd.readouterr().err == "from outside\n"


def test_a_sealed_thread_can_be_sealed_again() -> None:
    """Nothing changes."""

    def again() -> int | None:
        seal.seal_this_thread()
        return _refusal(lambda: _open(socket.AF_INET))

    assert _sealed(again) == errno.EACCES


def test_a_processor_without_a_known_filter_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather no engine than one that reports home; the line names the processor."""
    monkeypatch.setattr(seal, "_MACHINES", {})
    with pytest.raises(ModelError, match=f"no way known to keep MediaPipe off the network on {platform.machine()}"):
        seal.seal_this_thread()


def test_the_filter_is_a_program_that_the_kernel_can_check() -> None:
    """Jumps stay inside, and every path ends in a verdict; on both processors."""
    for machine in seal._MACHINES.values():
        code = seal._filter(machine)
        steps = [code[start : start + 8] for start in range(0, len(code), 8)]
        for place, (low, high, yes, no, *_) in enumerate(steps):
            operation = low | high << 8
            assert operation == seal._RETURN or place + 1 + max(yes, no) < len(steps)
        assert steps[-1][0] == seal._RETURN
