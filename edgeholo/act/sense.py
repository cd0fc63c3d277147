"""Whether a rule that is well written makes sense: names that exist, conditions that can be met together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import msgspec

from edgeholo.act import templates
from edgeholo.act.action import Action
from edgeholo.act.curves import Sweep
from edgeholo.act.mistakes import Finder, suggestion
from edgeholo.act.when import When
from edgeholo.toml.positions import Path

_OF_GESTURES = ("phase", "hold_s", "confidence", "count")
_OF_PEOPLE = ("hand", "person", "zone")
COMPARISONS = frozenset({"above", "below", "not"})
"""Keys that compare instead of naming a field of JSON."""

ALWAYS = ("time", "rule")
GESTURE_NAMES = (
    *ALWAYS, "gesture", "phase", "hand", "confidence", "duration_s", "person", "count", "angle_deg",
)  # fmt: skip
VALUE_NAMES = (*ALWAYS, "control", "value", "phase", "hand", "person")
PRESENCE_NAMES = (*ALWAYS, "present", "count")
ARMED_NAMES = (*ALWAYS, "armed")
"""What templates know, by what sets the rule off."""


@dataclass(frozen=True, slots=True)
class Names:
    """What rules may speak of, from outside this package.

    Attributes:
        gestures: every gesture there is.
        once: those of them that are over when they are recognised.
        values: every continuous control.
        profiles: every profile; empty where nobody knows.
        commands: whether rules may start programs.
        unsure: gestures of which it is not known here whether they are over when they are recognised.
    """

    gestures: Collection[str]
    once: Collection[str]
    values: Collection[str]
    profiles: Collection[str] = ()
    commands: bool = False
    unsure: Collection[str] = ()


def names_in_templates(when: When) -> tuple[str, ...]:
    """Return what the templates of a rule know."""
    if when.gestures:
        return GESTURE_NAMES
    if when.value is not None:
        return VALUE_NAMES
    return PRESENCE_NAMES if when.presence is not None else ARMED_NAMES


def check_when(when: When, path: Path, finder: Finder, names: Names) -> None:
    """Note what does not make sense in a ``when``."""
    if not when.gestures and when.value is None and when.presence is None and when.armed is None:
        finder.at_key(path, "nothing sets this rule off: give it a gesture, a value, presence or armed")
    for gesture in when.gestures:
        if gesture not in names.gestures:
            where = finder_path(path, "gesture", when.gesture, gesture)
            finder.at_value(where, f"there is no gesture {gesture!r}{suggestion(gesture, names.gestures)}")
    if when.value is not None and when.value not in names.values:
        finder.at_value((*path, "value"), f"there is no control {when.value!r}{suggestion(when.value, names.values)}")
    for profile in when.profiles if names.profiles else ():
        if profile not in names.profiles:
            where = finder_path(path, "profile", when.profile, profile)
            finder.at_value(where, f"there is no profile {profile!r}{suggestion(profile, names.profiles)}")
    _check_fit(when, path, finder)
    _check_phase(when, path, finder, names)
    _check_zone(when, path, finder)
    for topic in when.topic:
        if not topic or any(character in topic for character in "#+\0"):
            finder.at_key((*path, "topic", topic), f"{topic!r}: a condition is about one topic, without wildcards")


def finder_path(path: Path, key: str, given: str | tuple[str, ...] | None, name: str) -> Path:
    """Return where a name stands that was given alone or in a list."""
    return (*path, key) if isinstance(given, str) or given is None else (*path, key, given.index(name))


def _check_fit(when: When, path: Path, finder: Finder) -> None:
    """Note conditions that belong to something else than what sets the rule off."""
    if when.gestures and when.value is not None:
        finder.at_key((*path, "value"), "a rule follows a gesture or a value, not both: make two rules")
        return
    wrong = () if when.gestures else _OF_GESTURES if when.value is not None else (*_OF_GESTURES, *_OF_PEOPLE)
    for key in wrong:
        if getattr(when, key) is not None:
            finder.at_key(
                (*path, key), f"{key} is for rules with a {'gesture' if key in _OF_GESTURES else 'gesture or a value'}"
            )


def _check_phase(when: When, path: Path, finder: Finder, names: Names) -> None:
    if when.hold_s is not None and when.phase is not None:
        finder.at_key((*path, "phase"), "with hold_s it is the time that counts: leave phase out")
    for gesture in when.gestures:
        movement = gesture in names.once
        if movement and (when.hold_s is not None or when.phase not in (None, "once")):
            key = "phase" if when.hold_s is None else "hold_s"
            finder.at_key((*path, key), f"{gesture} is over when it is recognised: leave {key} out")
        elif not movement and when.phase == "once" and gesture in names.gestures and gesture not in names.unsure:
            finder.at_value((*path, "phase"), f"{gesture} is held, so it has start, hold, repeat and end, but no once")


def _check_zone(when: When, path: Path, finder: Finder) -> None:
    if when.zone is None:
        return
    left, top, width, height = when.zone
    # A hair of room for thirds written as 0.333 and 0.667.
    if width <= 0 or height <= 0 or left + width > 1.0001 or top + height > 1.0001:
        finder.at_value(
            (*path, "zone"), "zone: left, top, width, height: it must have a size and stay inside the picture"
        )


def check_action(action: Action, table: Mapping[str, object], when: When | None, path: Path, finder: Finder) -> None:
    """Note what does not make sense in an action of a rule.

    Args:
        action: as it was understood.
        table: as it was written.
        when: of its rule, None where that is wrong already.
        path: of the table.
        finder: notes it.
    """
    if when is None:
        return
    if action.every_s is not None and when.value is None:
        finder.at_key((*path, "every_s"), "every_s is for rules that follow a value")
    known = names_in_templates(when)
    for key, value in table.items():
        _check_option((*path, key), value, known, finder, when, templated=key in action.TEMPLATED)


def _check_option(
    path: Path, value: object, known: tuple[str, ...], finder: Finder, when: When, *, templated: bool
) -> None:
    """Note bad templates and sweeps, at every depth."""
    if isinstance(value, str):
        if templated and (wrong := templates.mistake(value, known)):
            finder.at_value(path, wrong)
        elif not templated and templates.is_template(value):
            finder.at_value(path, f"{path[-1]} takes no template: it is the same every time")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _check_option((*path, number), item, known, finder, when, templated=templated)
    elif isinstance(value, dict) and templates.is_sweep(value):
        _check_sweep(path, value, finder, when)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_option((*path, key), item, known, finder, when, templated=templated)


def _check_sweep(path: Path, table: Mapping[str, object], finder: Finder, when: When) -> None:
    if when.value is None:
        finder.at_value(path, f"{path[-1]} follows a control, but nothing here moves: write when = {{ value = ... }}")
    try:
        msgspec.convert(table, Sweep)
    except msgspec.ValidationError as error:
        finder.invalid(path, error, Sweep)
