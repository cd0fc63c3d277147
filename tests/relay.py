"""A network cable to a real broker, which can be pulled, cut in the middle of a packet, clogged, or carry next to nothing."""

import contextlib
import socket
import struct
import threading
import time

_GLANCE_S = 0.05
"""How often a connection looks whether it is to be reset."""
_SMALL = 4096
"""Bytes of a buffer: a slow network keeps little, where loopback would keep megabytes."""


class Relay:
    """The cable.

    Args:
        target: port of the broker.
        bytes_s: what it carries a second from the device to the broker; None for all there is.
    """

    def __init__(self, target: int, bytes_s: float | None = None) -> None:
        self._target, self._bytes_s = target, bytes_s
        self._plugged = True
        self._resets = 0
        self._carries = threading.Event()
        self._carries.set()
        self._left: dict[bool, int] = {}
        self._lock = threading.Lock()
        self._ends: list[socket.socket] = []
        self._listener = socket.socket()
        if bytes_s:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.url = f"mqtt://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def pull(self) -> None:
        """Cut all connections, and refuse new ones."""
        self._plugged = False
        self._cut()

    def plug(self) -> None:
        """Let connections through again."""
        self._plugged = True
        self._carries.set()

    def clog(self) -> None:
        """Carry nothing any more, and let nobody know."""
        self._carries.clear()

    def reset(self) -> None:
        """Cut all connections the rude way, as a router does that was restarted."""
        self._resets += 1

    def cut_after(self, count: int, *, to_broker: bool) -> None:
        """Cut all connections when ``count`` more bytes have been carried in that direction, once."""
        with self._lock:
            self._left[to_broker] = count

    @property
    def cutting(self) -> bool:
        """Whether ``cut_after`` still waits for its bytes."""
        return bool(self._left)

    def _cut(self) -> None:
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

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
            for source, sink, to_broker in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._carry, args=(source, sink, to_broker), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, to_broker: bool) -> None:
        slow = self._bytes_s if to_broker else None
        with contextlib.suppress(OSError):
            while data := self._received(source, 256 if slow else 4096):
                if slow:
                    time.sleep(len(data) / slow)
                self._carries.wait()
                if not self._pass(data, sink, to_broker):
                    self._cut()
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _received(self, source: socket.socket, size: int) -> bytes:
        """Return what comes, nothing at the end; a reset ends with an error on both sides."""
        resets = self._resets
        source.settimeout(_GLANCE_S)
        while resets == self._resets:
            with contextlib.suppress(TimeoutError):
                return source.recv(size)
        source.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        source.close()
        return b""

    def _pass(self, data: bytes, sink: socket.socket, to_broker: bool) -> bool:
        """Hand on what may pass, and return whether that was all."""
        with self._lock:
            left = self._left.get(to_broker, len(data) + 1)
            if to_broker in self._left:
                self._left[to_broker] -= len(data)
                if left <= len(data):
                    del self._left[to_broker]
        sink.sendall(data[:left])
        return left > len(data)
