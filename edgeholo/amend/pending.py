"""Carries a wish out: the note is removed when it is done, so that a power cut in the middle has it done again."""

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

from edgeholo.amend import broker, rules, wish
from edgeholo.amend.places import Places, text_of
from edgeholo.amend.wish import ChangedError, Note, Outcome
from edgeholo.errors import EdgeholoError
from edgeholo.files import drop_strangers
from edgeholo.rulebook import names
from edgeholo.settings import of_text

_LOGGER = logging.getLogger(__name__)


def carry_out(file: Path, find: Callable[[], Places], tell: Callable[[Outcome], None]) -> Note | None:
    """Take a note, do what it says, tell what became of it, and remove it.

    Args:
        file: of the note.
        find: returns the places of the files that it may change; may raise ConfigError.
        tell: called with the outcome, before the note goes.

    Returns:
        The note, where it was carried out.
    """
    note: Note | None = None
    try:
        note = wish.look(file)
        if note is None:
            return None
        grant(note, find())
    except ChangedError as error:
        outcome = Outcome(note.id if note else "", "changed", str(error))
    except EdgeholoError as error:
        outcome = Outcome(note.id if note else "", "refused", str(error))
    else:
        outcome = Outcome(note.id, "done")
    with contextlib.suppress(OSError):
        tell(outcome)
    drop_strangers(file)
    if outcome.state != "done":
        _LOGGER.warning("not written: %s", outcome.error)
        return None
    _LOGGER.info("written, for the page: %s", type(note.wish).__name__ if note else "")
    return note


def grant(note: Note, places: Places) -> None:
    """Do what a note says.

    Raises:
        EdgeholoError: it is not done, and why.
    """
    if note.rules:
        config = of_text(text_of(places.settings), places.settings.name)
        rules.write(note.rules, places.rules, names(config))
    elif note.broker:
        broker.write(note.broker, places, note.id)
    else:
        broker.restore(places, note.id)
