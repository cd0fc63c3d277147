"""The live screen: hears, paints, obeys keys, and keeps the lease of the unit that is shown."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

from edgeholo.cli.screen.glyphs import Glyphs
from edgeholo.cli.screen.layout import screen
from edgeholo.cli.screen.terminal import Terminal, TerminalGoneError
from edgeholo.cli.screen.units import Units
from edgeholo.cli.screen.view import View
from edgeholo.publish.lease import Lease
from edgeholo.publish.subscriber import Subscriber

FRAMES_HZ = 10.0
"""Screens a second at most: more are a flicker to the eye, and a load to the link."""
_MESSAGES = 1000
"""Messages that are heard between two screens; a flood of more waits."""
_END = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class _Wishes:
    """What signals ask for."""

    pause: bool = False


def show(house: Subscriber, base: str, unit: str, broker: str, glyphs: Glyphs) -> None:
    """Show a unit until q or Ctrl-C, or until the terminal is closed.

    Args:
        house: an open listener to all topics below ``base``; it is closed.
        base: first level or levels of them.
        unit: which one; empty for the first that is online.
        broker: its address, to be shown.
        glyphs: what to write with.
    """
    view = View(Units(base), broker=broker, asked=unit, glyphs=glyphs)
    lease = Lease(base, FRAMES_HZ)
    with _signals() as wishes:
        try:
            with Terminal() as terminal:
                while _turn(view, house, lease, terminal):
                    if wishes.pause:
                        wishes.pause = False
                        _pause(terminal)
        except (KeyboardInterrupt, TerminalGoneError):
            return
        finally:
            for message in lease.end():
                house.send(message)
            house.close()


def _turn(view: View, house: Subscriber, lease: Lease, terminal: Terminal) -> bool:
    """Paint once and wait for the next time, or a key; return False when it is enough."""
    view.now_s = time.monotonic()
    _hear(view, house)
    _keep(view, house, lease)
    size = terminal.size
    terminal.paint(screen(view, *size), size)
    until_s = view.now_s + 1 / FRAMES_HZ
    while (left_s := until_s - time.monotonic()) > 0:
        if typed := terminal.keys(left_s):
            return all(_obey(view, key) for key in typed)
    return True


def _hear(view: View, house: Subscriber) -> None:
    for _ in range(_MESSAGES):
        message = house.next(0)
        if message is None:
            return
        view.units.hear(message, view.now_s)


def _keep(view: View, house: Subscriber, lease: Lease) -> None:
    """Renew the lease of the unit that is shown, while it can hear it."""
    view.trouble = "" if house.connected else house.trouble or "connecting"
    if not house.connected:
        lease.lost()
        return
    for message in lease.keep(view.name if view.online else "", view.now_s):
        house.send(message)


def _obey(view: View, key: str) -> bool:
    """Do what a key says; return False when it is to end."""
    if key in "qQ\x03\x04":
        return False
    if key in "uU":
        view.asked = view.units.after(view.name)
    elif key in "mM":
        view.mirrored = not view.mirrored
    elif key in "pP":
        view.glyphs = Glyphs(plain=not view.glyphs.plain)
    elif key in "?hH":
        view.helping = not view.helping
    return True


@contextlib.contextmanager
def _signals() -> Iterator[_Wishes]:
    """Have signals end what runs as Ctrl-C does, and Ctrl-Z noted; a second Ctrl-C does not wait for the goodbye."""
    wishes = _Wishes()

    def end(number: int, _frame: FrameType | None) -> None:
        # Shell and kernel both say that a window was closed.
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_IGN)
        raise KeyboardInterrupt

    def pause(_number: int, _frame: FrameType | None) -> None:
        wishes.pause = True

    before = {number: signal.signal(number, end) for number in _END}
    before[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, pause)
    try:
        yield wishes
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _pause(terminal: Terminal) -> None:
    """Give the terminal back to the shell until it lets us go on."""
    terminal.__exit__(None, None, None)
    os.kill(os.getpid(), signal.SIGSTOP)
    terminal.__enter__()
