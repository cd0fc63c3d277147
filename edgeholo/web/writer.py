"""Has wishes carried out: by this process where it may write the files, else by the service that finds its note."""

import asyncio
import logging
import os
import secrets
import signal
from collections.abc import Mapping
from pathlib import Path

from edgeholo import instance, kept
from edgeholo.amend import pending
from edgeholo.amend import wish as notes
from edgeholo.amend.places import Places
from edgeholo.amend.wish import Note, Outcome, Wish
from edgeholo.files import drop_strangers

_LOGGER = logging.getLogger(__name__)

PATIENCE_S = 20.0
"""systemd starts the service at once; on a Raspberry Pi Zero 2 W a Python program takes four seconds to begin."""
_GLANCE_S = 0.1
_FROM_SYSTEMD = "INVOCATION_ID"
"""Set by systemd for the processes of a service (systemd.exec(5))."""


class Writer:
    """Carries out one wish at a time.

    Args:
        device_id: of this machine's unit, whose daemon is told.
        environ: the environment.
        outcome: where the service says what became of a note.
    """

    def __init__(self, device_id: str, environ: Mapping[str, str], outcome: Path = notes.OUTCOME) -> None:
        self._id, self._environ, self._outcome = device_id, environ, outcome
        self._note = kept.folder(device_id, environ) / notes.NAME
        self._turn = asyncio.Lock()

    def why_not(self, places: Places) -> str:
        """Return why nothing can be written, one sentence; empty where it can."""
        if self.writes(places) or self._serves:
            return ""
        return f"This process may not write to {places.settings.parent}: change the file there, as a user who may."

    def writes(self, places: Places) -> bool:
        """Return whether this process writes the files itself."""
        folders = {file.resolve().parent for file in (places.settings, places.rules)}
        return all(os.access(_nearest(folder), os.W_OK | os.X_OK) for folder in folders)

    async def carry_out(self, wish: Wish, places: Places) -> Outcome | None:
        """Have a wish carried out, and return what became of it; None where nobody took the note in time.

        Raises:
            EdgeholoError: not even the note can be written.
        """
        async with self._turn:
            note = notes.noted(secrets.token_hex(8), wish)
            await asyncio.to_thread(notes.leave, self._note, note)
            if self.writes(places):
                return await asyncio.to_thread(self._write, places, note)
            return await self._answered(note)

    def resume(self, places: Places) -> None:
        """Carry out what a power cut has broken off, where that is ours to do."""
        if self._note.exists() and self.writes(places):
            pending.carry_out(self._note, lambda: places, lambda _outcome: None)

    @property
    def _serves(self) -> bool:
        """Whether we are the service of a unit, whose notes are looked for."""
        return _FROM_SYSTEMD in self._environ and bool(self._environ.get("STATE_DIRECTORY"))

    def _write(self, places: Places, note: Note) -> Outcome | None:
        outcomes: list[Outcome] = []
        pending.carry_out(self._note, lambda: places, outcomes.append)
        if outcomes and outcomes[0].state == "done" and not note.rules:
            self._tell_daemon()
        return outcomes[0] if outcomes else None

    async def _answered(self, note: Note) -> Outcome | None:
        for _ in range(round(PATIENCE_S / _GLANCE_S)):
            outcome = await asyncio.to_thread(notes.told, self._outcome)
            if outcome and outcome.id == note.id:
                return outcome
            await asyncio.sleep(_GLANCE_S)
        _LOGGER.warning("nobody took the note %s: is edgeholo-settings.path active?", self._note)
        await asyncio.to_thread(drop_strangers, self._note)
        return None

    def _tell_daemon(self) -> None:
        """Have this user's daemon read its configuration anew; rules it watches by itself."""
        process = instance.owner(self._id, self._environ)
        if process and process.isdecimal():
            try:
                os.kill(int(process), signal.SIGHUP)
            except OSError as error:
                _LOGGER.warning("the daemon was not told: %s", error.strerror)


def _nearest(folder: Path) -> Path:
    """Return the folder, or the one around it where it has to be made first."""
    return next(each for each in (folder, *folder.parents) if each.exists())
