"""Tells the broker how the first boot goes: one retained message on ``edgeholo/ID/state/setup``.

Runs on the card before edgeholo is installed, by the system's own Python, so the standard library must do: MQTT 3.1.1
(OASIS, 2014) is four packets for one message. A broker behind WebSockets is told nothing.

Usage: report.py CONFIGURATION PASSWORD_FILE STATE TEXT
"""

import json
import os
import socket
import ssl
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

_TIMEOUT_S = 5.0
"""A broker in the house answers at once; the set-up does not wait for one that is away."""
_PORTS = {"mqtt": 1883, "mqtts": 8883}
_REFUSED = "the broker refused"


def report(configuration: Path, password_file: Path, state: str, text: str) -> None:
    """Publish a state of the set-up.

    Raises:
        OSError: the broker cannot be reached, or refuses us.
        ValueError: the configuration has no such broker.
    """
    options = tomllib.loads(configuration.read_text(encoding="utf-8"))
    url = urlsplit(options["broker"]["url"])
    if url.scheme not in _PORTS:
        raise ValueError(f"{url.scheme}: no message from here")
    base = options.get("publish", {}).get("base", "edgeholo")
    topic = f"{base}/{options['device']['id']}/state/setup"
    user = options["broker"].get("username") or unquote(url.username or "")
    password = password_file.read_text(encoding="utf-8").rstrip("\r\n") if password_file.is_file() else ""
    payload = json.dumps({"state": state, "text": text, "time": datetime.now(UTC).isoformat(timespec="seconds")})
    with _connected(url, options["broker"]) as link:
        _exchange(link, _connect(f"setup-{options['device']['id']}", user, password), 0x20)
        _exchange(link, _publish(topic, payload), 0x40)
        link.sendall(b"\xe0\x00")


def _connected(url: SplitResult, broker: dict[str, str]) -> socket.socket:
    link = socket.create_connection((url.hostname or "", url.port or _PORTS[url.scheme]), _TIMEOUT_S)
    if url.scheme == "mqtt":
        return link
    context = ssl.create_default_context(cafile=broker.get("ca_file") or None)
    if broker.get("insecure"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(link, server_hostname=url.hostname)


def _exchange(link: socket.socket, packet: bytes, answer: int) -> None:
    """Send a packet and read its answer, which has four bytes: CONNACK or PUBACK."""
    link.sendall(packet)
    received = link.recv(4, socket.MSG_WAITALL) if not isinstance(link, ssl.SSLSocket) else link.recv(4)
    if len(received) < 4 or received[0] != answer or (answer == 0x20 and received[3]):
        raise ConnectionRefusedError(f"{_REFUSED}: {received.hex()}")


def _connect(client: str, user: str, password: str) -> bytes:
    # A clean session; bit 7 says that a user follows, bit 6 a password.
    flags = 0x02 | (0x80 if user else 0) | (0x40 if user and password else 0)
    payload = _text(client) + (_text(user) if user else b"") + (_text(password) if user and password else b"")
    return _packet(0x10, _text("MQTT") + bytes([4, flags, 0, 30]) + payload)


def _publish(topic: str, payload: str) -> bytes:
    """Return a retained message with qos 1, whose packet id is 1."""
    return _packet(0x33, _text(topic) + b"\0\1" + payload.encode())


def _packet(kind: int, body: bytes) -> bytes:
    length, rest = b"", len(body)
    while True:
        rest, digit = divmod(rest, 128)
        length += bytes([digit | (0x80 if rest else 0)])
        if not rest:
            return bytes([kind]) + length + body


def _text(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(2, "big") + encoded


if __name__ == "__main__":
    try:
        report(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4])
    except (OSError, ValueError, KeyError) as error:
        os.write(2, f"edgeholo: MQTT was not told: {error}\n".encode())
        sys.exit(1)
