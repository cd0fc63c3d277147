"""How long each gesture takes to start, to hold, to end and to rest."""

from dataclasses import dataclass

from edgeholo.config import Gestures, GestureTiming
from edgeholo.errors import ConfigError
from edgeholo.interpret.vocabulary import VOCABULARY, Entry


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of one gesture, in seconds; see ``config.Gestures``."""

    onset_s: float
    hold_s: float
    release_s: float
    cooldown_s: float


def timings(options: Gestures) -> dict[str, Timing]:
    """Return the times of every gesture that is switched on.

    Raises:
        ConfigError: the options name a gesture that does not exist.
    """
    for option, named in (("gestures.enabled", options.enabled), ("gestures.each", tuple(options.each))):
        unknown = [name for name in named if name not in VOCABULARY]
        if unknown:
            raise ConfigError(f"{option}: there is no gesture {unknown[0]!r}; there are {', '.join(VOCABULARY)}")
    entries = [VOCABULARY[name] for name in options.enabled or VOCABULARY]
    return {entry.name: _timing(entry, options, options.each.get(entry.name, GestureTiming())) for entry in entries}


def _timing(entry: Entry, options: Gestures, own: GestureTiming) -> Timing:
    return Timing(
        onset_s=max(options.onset_s, entry.onset_s) if own.onset_s is None else own.onset_s,
        hold_s=options.hold_s if own.hold_s is None else own.hold_s,
        release_s=options.release_s if own.release_s is None else own.release_s,
        cooldown_s=options.cooldown_s if own.cooldown_s is None else own.cooldown_s,
    )
