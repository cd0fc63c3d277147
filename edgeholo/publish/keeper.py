"""Sees to it that events which wait outlive the daemon: a thread that writes what the broker did not take at once."""

import logging
import threading
from pathlib import Path

from edgeholo import timesync
from edgeholo.publish import age
from edgeholo.publish.journal import Journal
from edgeholo.publish.outbox import Outbox

_LOGGER = logging.getLogger(__name__)

LATE_S = 1.0
"""A broker that is there acknowledges within milliseconds: while all is well nothing is ever written."""
_PAUSE_S = 5.0
"""Between two writes while the broker is away, which is what a power cut can cost."""


class Keeper:
    """Keeps the events of an outbox in a journal.

    Args:
        outbox: what waits.
        file: of the journal.
    """

    def __init__(self, outbox: Outbox, file: Path) -> None:
        self._outbox = outbox
        self._journal = Journal(file)
        self._numbers: dict[int, int] = {}
        self._boot = age.boot()
        self._stirred, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def start(self) -> None:
        """Put back into the outbox what the last run left, and begin to watch."""
        entries = self._journal.read()
        now, trusted = age.moment(self._boot, age.now_s()), timesync.clock_is_right()
        began = [age.on_this_boot(when, now, trusted=trusted) for _number, _message, when in entries]
        parcels = iter(self._outbox.restore([(entry[1], put_s) for entry, put_s in zip(entries, began, strict=True)]))
        for (number, _message, _when), put_s in zip(entries, began, strict=True):
            # What nobody knows the age of has no ticket, and so is done.
            self._numbers[-number - 1 if put_s is None else next(parcels).ticket] = number
        if entries:
            _LOGGER.info("MQTT: %s events of the last run were not delivered", len(entries))
            self.stir()
        self._thread.start()

    def stir(self) -> None:
        """Tell that an event was put into the outbox."""
        self._stirred.set()

    def stop(self) -> None:
        """Write what is left, at once, and end the thread."""
        self._stopping.set()
        self.stir()
        if self._thread.ident:
            self._thread.join()
            self._keep(0.0, at_once=True)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stirred.wait()
            self._stirred.clear()
            pause_s = LATE_S
            while not self._stopping.wait(pause_s) and self._keep(LATE_S):
                pause_s = _PAUSE_S

    def _keep(self, late_s: float, *, at_once: bool = False) -> bool:
        """Write what is new and what is done; return whether anything waits or is kept.

        Args:
            late_s: events that wait for less are not written.
            at_once: write though it is too soon after the last time.
        """
        now_s = age.now_s()
        waiting = {parcel.ticket: parcel for parcel in self._outbox.events(now_s)}
        new = [p for p in waiting.values() if p.ticket not in self._numbers and now_s - p.put_s >= late_s]
        done = [number for ticket, number in self._numbers.items() if ticket not in waiting]
        entries = [(parcel.message, age.moment(self._boot, parcel.put_s)) for parcel in new]
        numbers = self._journal.write(entries, done, now_s, at_once=at_once)
        if numbers is not None:
            self._numbers = {ticket: number for ticket, number in self._numbers.items() if ticket in waiting}
            self._numbers |= zip((parcel.ticket for parcel in new), numbers, strict=True)
        return bool(waiting or self._numbers)
