"""What this unit can recognise, with what its people have taught it: for discovery, rules and whoever else speaks of gestures."""

from dataclasses import dataclass

from edgeholo.config import Gestures
from edgeholo.interpret.taught import store
from edgeholo.interpret.taught.recognition import Kind, Taught
from edgeholo.interpret.timing import profiles, timings
from edgeholo.interpret.vocabulary import VOCABULARY


@dataclass(frozen=True, slots=True)
class Repertoire:
    """What there is.

    Attributes:
        known: every gesture, whether it counts or not.
        enabled: the gestures that count.
        once: those of the known ones that are over when they are recognised.
        profiles: the sets of gestures by name.
        taught: the gestures that were taught.
        values: the continuous controls that count.
    """

    known: tuple[str, ...]
    enabled: tuple[str, ...]
    once: frozenset[str]
    profiles: tuple[str, ...]
    taught: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def held(self) -> tuple[str, ...]:
        """The gestures that count and last."""
        return tuple(name for name in self.enabled if name not in self.once)


def lessons(options: Gestures) -> tuple[Taught, ...]:
    """Return the gestures that were taught here."""
    return store.load(store.folder(options))


def repertoire(options: Gestures) -> Repertoire:
    """Return what there is.

    Raises:
        ConfigError: the options name a gesture that does not exist.
    """
    learned = lessons(options)
    taught = tuple(each.name for each in learned)
    once = {name for name, entry in VOCABULARY.items() if entry.once}
    once |= {each.name for each in learned if each.kind is Kind.MOVEMENT}
    return Repertoire(
        known=(*VOCABULARY, *taught),
        enabled=tuple(timings(options, taught)),
        once=frozenset(once),
        profiles=tuple(profiles(options, taught)),
        taught=taught,
        values=options.values,
    )
