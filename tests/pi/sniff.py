"""Runs in the container: prints what leaves by an interface, one packet a line, the names it asks for among it."""

import socket
import struct
import sys

IPV4, UDP, DNS = b"\x08\x00", 17, 53

with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as wire:
    wire.bind((sys.argv[1], 0))
    while True:
        frame = wire.recv(2048)
        if frame[12:14] != IPV4:
            continue
        header = (frame[14] & 15) * 4
        port = struct.unpack_from(">H", frame, 14 + header + 2)[0]
        name = frame[14 + header + 20 : -4] if (frame[23], port) == (UDP, DNS) else b""
        asked = "".join(chr(letter) if 32 < letter < 127 else "." for letter in name)
        sys.stdout.write(f"out {socket.inet_ntoa(frame[30:34])} {port} {asked}\n")
        sys.stdout.flush()
