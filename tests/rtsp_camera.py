"""A camera on the network for tests: a real RTSP server (RFC 2326) that sends an MPEG transport stream over RTP/TCP."""

import base64
import socketserver
import struct
import threading
import time
from pathlib import Path
from typing import Self

import cv2
import numpy as np

_PACKET = 7 * 188
"""Bytes of a transport stream that fit into one Ethernet frame."""


def write_stream(path: Path, frames: int = 60) -> bytes:
    """Return an MPEG transport stream of a bright square that moves."""
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MPG2"), 25.0, (320, 240))
    for number in range(frames):
        picture = np.full((240, 320, 3), 60, np.uint8)
        cv2.rectangle(picture, (4 * number, 80), (4 * number + 60, 160), (255, 255, 255), -1)
        writer.write(picture)
    writer.release()
    return path.read_bytes()


class _Session(socketserver.StreamRequestHandler):
    server: "RtspCamera"

    def handle(self) -> None:
        while request := self._request():
            verb, headers = request
            self.server.requests.append(verb)
            if self.server.password and headers.get("authorization") != self.server.password:
                self._answer("401 Unauthorized", headers, 'WWW-Authenticate: Basic realm="camera"')
            elif verb == "DESCRIBE":
                sdp = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\nm=video 0 RTP/AVP 33\r\na=control:video\r\n"
                self._answer("200 OK", headers, "Content-Type: application/sdp", body=sdp)
            elif verb == "SETUP":
                self._answer("200 OK", headers, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "Session: 1")
            elif verb == "PLAY":
                self._answer("200 OK", headers, "Session: 1")
                self._play()
                return
            else:
                self._answer("200 OK", headers, "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")

    def _request(self) -> tuple[str, dict[str, str]] | None:
        first = self.rfile.readline().decode().split()
        headers: dict[str, str] = {}
        while line := self.rfile.readline().decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return (first[0], headers) if first else None

    def _answer(self, status: str, headers: dict[str, str], *lines: str, body: str = "") -> None:
        head = [f"RTSP/1.0 {status}", f"CSeq: {headers['cseq']}", *lines, f"Content-Length: {len(body)}", "", body]
        self.wfile.write("\r\n".join(head).encode())

    def _play(self) -> None:
        stream, camera = self.server.stream, self.server
        for number, start in enumerate(range(0, len(stream), _PACKET)):
            while camera.stalled.is_set() and not camera.closing.is_set():
                time.sleep(0.02)
            if camera.closing.is_set():
                return
            payload = stream[start : start + _PACKET]
            rtp = struct.pack(">BBHII", 0x80, 33, number & 0xFFFF, 900 * number, 7) + payload
            try:
                self.wfile.write(struct.pack(">cBH", b"$", 0, len(rtp)) + rtp)
            except OSError:
                return
            time.sleep(camera.pause_s)


class RtspCamera(socketserver.ThreadingTCPServer):
    """Serves one stream to everybody who asks; ``stalled`` stops it in mid-air, as a camera that lost its radio."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, stream: bytes, password: str = "", pause_s: float = 0.005) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.stream = stream
        self.password = f"Basic {base64.b64encode(password.encode()).decode()}" if password else ""
        self.pause_s = pause_s
        self.stalled = threading.Event()
        self.closing = threading.Event()
        self.requests: list[str] = []

    @property
    def port(self) -> int:
        """Return the port."""
        return int(self.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()
