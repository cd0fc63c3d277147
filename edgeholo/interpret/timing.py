"""Which gestures count, and how long each takes to start, to hold, to end and to rest."""

from dataclasses import dataclass

import msgspec

from edgeholo.config import GestureOptions, Gestures
from edgeholo.errors import ConfigError
from edgeholo.interpret.vocabulary import CONTROLS, VOCABULARY, Entry
from edgeholo.nearest import did_you_mean

EVERYDAY, ALL = "everyday", "all"
"""The profiles that are always there."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of one gesture, in seconds; see ``config.Gestures``."""

    onset_s: float
    hold_s: float
    repeat_s: float
    release_s: float
    cooldown_s: float
    dead_s: float


def profiles(options: Gestures, taught: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Return every profile with its gestures; what was taught belongs to both that are always there.

    Raises:
        ConfigError: one of the options' own takes a name that is taken.
    """
    for name in (EVERYDAY, ALL):
        if name in options.profiles:
            raise ConfigError(f"gestures.profiles.{name}: this profile is always there; choose another name")
    everyday = tuple(name for name, entry in VOCABULARY.items() if entry.everyday)
    return {EVERYDAY: (*everyday, *taught), ALL: (*VOCABULARY, *taught), **options.profiles}


def timings(options: Gestures, taught: tuple[str, ...] = ()) -> dict[str, Timing]:
    """Return the times of every gesture that is switched on.

    Args:
        options: the ``gestures`` section.
        taught: names of the gestures that were taught.

    Raises:
        ConfigError: the options name a gesture, a control or a profile that does not exist.
    """
    _check(options, taught)
    names = options.enabled or profiles(options, taught)[options.profile]
    times = {name: _timing(VOCABULARY.get(name), options, options.each.get(name, GestureOptions())) for name in names}
    if options.arming.enabled:
        wake = options.arming.gesture
        own = msgspec.structs.replace(options.each.get(wake, GestureOptions()), onset_s=options.arming.hold_s)
        times[wake] = _timing(VOCABULARY.get(wake), options, own)
    return times


def _check(options: Gestures, taught: tuple[str, ...]) -> None:
    known = (*VOCABULARY, *taught)
    named = {f"gestures.profiles.{name}": gestures for name, gestures in options.profiles.items()}
    named |= {"gestures.enabled": options.enabled, "gestures.each": tuple(options.each)}
    if options.arming.enabled:
        named["gestures.arming.gesture"] = (options.arming.gesture,)
    for option, names in named.items():
        _refuse(option, "gesture", names, known)
    _refuse("gestures.arming.exempt", "gesture or control", options.arming.exempt, (*known, *CONTROLS))
    _refuse("gestures.values", "control", options.values, tuple(CONTROLS))
    _refuse("gestures.profile", "profile", (options.profile,), tuple(profiles(options, taught)))


def _refuse(option: str, what: str, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        rest = did_you_mean(unknown[0], known) or f"there are {', '.join(known)}"
        raise ConfigError(f"{option}: there is no {what} {unknown[0]!r}; {rest}")


def _timing(entry: Entry | None, options: Gestures, own: GestureOptions) -> Timing:
    least_s = 0.0 if entry is None else entry.onset_s
    return Timing(
        onset_s=max(options.onset_s, least_s) if own.onset_s is None else own.onset_s,
        hold_s=options.hold_s if own.hold_s is None else own.hold_s,
        repeat_s=options.repeat_s if own.repeat_s is None else own.repeat_s,
        release_s=options.release_s if own.release_s is None else own.release_s,
        cooldown_s=options.cooldown_s if own.cooldown_s is None else own.cooldown_s,
        dead_s=options.dead_s if own.dead_s is None else own.dead_s,
    )
