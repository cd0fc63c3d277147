"""The rules file: read with what this house's rules may speak of, and looked after while the daemon runs."""

import logging
from collections.abc import Callable, Collection
from pathlib import Path

from edgeholo.act.mistakes import RulesError
from edgeholo.act.rules import Rules, read
from edgeholo.act.sense import Names
from edgeholo.config import Config
from edgeholo.interpret.repertoire import repertoire
from edgeholo.interpret.vocabulary import CONTROLS, VOCABULARY

_LOGGER = logging.getLogger(__name__)

_LOOK_S = 1.0
"""How often it is looked whether the file has changed; an editor that writes in two steps is given one more look."""

Stamp = tuple[int, int, int]


def names(config: Config) -> Names:
    """Return what rules may speak of here.

    Raises:
        ConfigError: the configuration names a gesture that does not exist.
    """
    known = repertoire(config.gestures)
    return Names(
        gestures=known.known,
        once=known.once,
        values=tuple(CONTROLS),
        profiles=known.profiles,
        commands=config.rules.commands,
    )


def names_told(config: Config, taught: Collection[str], profiles: Collection[str]) -> Names:
    """Return what rules may speak of, for one who cannot look at what was taught but was told of it.

    Args:
        config: of the unit.
        taught: gestures that its people have taught.
        profiles: its sets of gestures; empty where nobody has said.
    """
    return Names(
        gestures=(*VOCABULARY, *(name for name in taught if name not in VOCABULARY)),
        once={name for name, entry in VOCABULARY.items() if entry.once},
        values=tuple(CONTROLS),
        profiles=profiles,
        commands=config.rules.commands,
        unsure=taught,
    )


class Rulebook:
    """The file of rules.

    Args:
        place: where it is, by configuration.
    """

    def __init__(self, place: Callable[[Config], Path]) -> None:
        self._place = place
        self._read: Stamp | None = None
        self._seen: Stamp | None = None
        self._look_due_s = 0.0

    def file(self, config: Config) -> Path:
        """Return where it is; it need not exist."""
        return self._place(config)

    def load(self, config: Config) -> Rules:
        """Return the rules as they stand there now; none where nobody has written any.

        Raises:
            ConfigError: they are wrong, or not where the configuration says. Of several mistakes it names the first, and the
                log has the others.
        """
        file = self._place(config)
        self._read = self._seen = _stamp(file)
        if self._read is None and not config.rules.file:
            return Rules()
        try:
            return read(file, names(config))
        except RulesError as error:
            for mistake in error.mistakes[1:]:
                _LOGGER.error("%s:%s", file, mistake)
            raise

    def changed(self, config: Config, now_s: float) -> bool:
        """Return whether the file has changed since it was read, and rests since the last look.

        Args:
            config: says where it is.
            now_s: of any clock.
        """
        if now_s < self._look_due_s:
            return False
        self._look_due_s = now_s + _LOOK_S
        before, self._seen = self._seen, _stamp(self._place(config))
        return self._seen == before and self._seen != self._read


def _stamp(file: Path) -> Stamp | None:
    """Return what changes with a file; None where there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
