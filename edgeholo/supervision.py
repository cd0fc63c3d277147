"""systemd: readiness, the watchdog, and the journal. The only module that imports systemd-python.

Source: sd_notify(3), sd_watchdog_enabled(3).
"""

import logging
import os
import socket
import sys

_FORMAT = "%(levelname)s %(message)s"


class Supervisor:
    """Tells the service manager how we are; silent where there is none."""

    def __init__(self) -> None:
        self._address = os.environ.get("NOTIFY_SOCKET", "")

    def ready(self, status: str) -> None:
        """Say that the start is over."""
        self._send(f"READY=1\nSTATUS={status}")

    def alive(self) -> None:
        """Feed the watchdog."""
        self._send("WATCHDOG=1")

    def status(self, text: str) -> None:
        """Say in words what goes on."""
        self._send(f"STATUS={text}")

    def stopping(self) -> None:
        """Say that the stop is meant."""
        self._send("STOPPING=1")

    def _send(self, text: str) -> None:
        if not self._address:
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.connect(address)
                channel.sendall(text.encode())
        except OSError as error:
            logging.getLogger(__name__).debug("service manager: %s", error)


def set_up_logging(level: str) -> None:
    """Send the log to the journal with its fields where systemd runs us, else to stderr."""
    logging.basicConfig(level=level.upper(), handlers=[_journal() or _stderr()], force=True)


def _journal() -> logging.Handler | None:
    if "JOURNAL_STREAM" not in os.environ:
        return None
    try:
        from systemd.journal import JournalHandler
    except ImportError:
        return None
    handler: logging.Handler = JournalHandler(SYSLOG_IDENTIFIER="edgeholo")
    # Level, logger and line are fields of their own there.
    handler.setFormatter(logging.Formatter("%(message)s"))
    return handler


def _stderr() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(_FORMAT))
    return handler
