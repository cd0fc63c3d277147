"""A wish: what the page wants written, as a note that one who may write finds; and what became of it, as a note back.

The process of the page has no right to the configuration of a unit, so it leaves a note in its own folder, which
systemd/edgeholo-settings.path watches for. Whoever takes it has all rights, and trusts nothing that stands in it.
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from edgeholo.errors import EdgeholoError
from edgeholo.files import read_strangers, write_whole

NAME = "wish.json"
"""In the page's folder of state; systemd/edgeholo-settings.path knows it too."""
SERVICE = Path("/var/lib/edgeholo-web") / NAME
OUTCOME = Path("/run/edgeholo-settings/outcome.json")
"""Of the service: a folder that is root's, so that the page can put nothing there that root would follow."""
_LONGEST = 1 << 18
"""Bytes of a note: rules of a thousand lines and a certificate are a third of it."""

OneLine = Annotated[str, Meta(max_length=1024, pattern=r"^(?![\s\S]*[\x00-\x1f\x7f])")]


class RulesWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Other rules.

    Attributes:
        text: all of the file.
        was: sha256, in hexadecimal, of the text that it was made from.
    """

    text: Annotated[str, Meta(max_length=_LONGEST)]
    was: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class BrokerWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another broker.

    Attributes:
        url: ``mqtt://host:1883``, ``mqtts://``, ``ws://`` or ``wss://``, without a password.
        username: empty for none.
        password: null for the one that is stored, which stays with the broker that it was given for.
        ca_pem: certificate of the authority that signs for the broker; null as it is, empty for those that the system knows.
    """

    url: Annotated[str, Meta(min_length=1, max_length=1024, pattern=r"^(?![\s\S]*[\x00-\x20\x7f])")]
    username: OneLine = ""
    password: OneLine | None = None
    ca_pem: Annotated[str, Meta(max_length=32_768)] | None = None


class RestoreWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The broker that was there before the last change."""


Wish = RulesWish | BrokerWish | RestoreWish


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A wish on its way: one of the three.

    Attributes:
        id: by which the answer is known.
        rules: other rules.
        broker: another broker.
        restore: the broker of before.
    """

    id: Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
    rules: RulesWish | None = None
    broker: BrokerWish | None = None
    restore: RestoreWish | None = None

    def __post_init__(self) -> None:
        """Refuse a note that says several things, or none."""
        if sum(each is not None for each in (self.rules, self.broker, self.restore)) != 1:
            raise ValueError("a note holds one wish")

    @property
    def wish(self) -> Wish:
        """What is wanted."""
        return self.rules or self.broker or RestoreWish()


def noted(name: str, wish: Wish) -> Note:
    """Return a wish as a note.

    Args:
        name: by which the answer is known, sixteen hexadecimal digits.
        wish: what is wanted.
    """
    if isinstance(wish, RulesWish):
        return Note(name, rules=wish)
    return Note(name, broker=wish) if isinstance(wish, BrokerWish) else Note(name, restore=wish)


class Outcome(msgspec.Struct, frozen=True):
    """What became of a wish.

    Attributes:
        id: of the note; empty where it could not be read.
        state: ``done``, ``refused``, or ``changed``: somebody has written the file meanwhile.
        error: why not, one sentence; empty where it is done.
    """

    id: str
    state: Literal["done", "refused", "changed"]
    error: str = ""


class ChangedError(EdgeholoError):
    """The file is no longer the one that was read."""


def leave(file: Path, note: Note) -> None:
    """Leave a note; it may hold a password, and nobody else may read it.

    Raises:
        EdgeholoError: it cannot be written.
    """
    try:
        write_whole(file, msgspec.json.encode(note), mode=0o600)
    except OSError as error:
        raise EdgeholoError(f"{file}: {error.strerror}") from error


def look(file: Path) -> Note | None:
    """Return the note; None where there is none.

    Whoever wrote it has less rights than we: nothing but an ordinary file is read, and of that only what a wish can be. Nothing of
    its content is repeated in an error.

    Raises:
        EdgeholoError: it is no note.
    """
    try:
        content = read_strangers(file, _LONGEST + 1)
    except OSError as error:
        raise EdgeholoError(f"the note cannot be read: {error.strerror}") from error
    if content is None:
        return None
    if len(content) > _LONGEST:
        raise EdgeholoError("the note is too long")
    try:
        return msgspec.json.decode(content, type=Note)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise EdgeholoError("the note is none that the page writes") from None


def tell(file: Path, outcome: Outcome) -> None:
    """Write what became of a wish, for the page to read.

    Raises:
        OSError: the disk is full or the folder is not ours.
    """
    write_whole(file, msgspec.json.encode(outcome), mode=0o644)


def told(file: Path) -> Outcome | None:
    """Return what became of the last wish; None where nobody has said anything."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Outcome)
    except (OSError, msgspec.DecodeError):
        return None
