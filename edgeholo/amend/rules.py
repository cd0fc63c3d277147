"""Other rules: which of them nobody may write from the page, and how they are written."""

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from edgeholo.act.rules import Rules, decode
from edgeholo.act.sense import Names
from edgeholo.amend.places import put, text_of
from edgeholo.amend.wish import ChangedError, RulesWish
from edgeholo.errors import EdgeholoError

_MODE = 0o644


class ForbiddenError(EdgeholoError):
    """The page may not write that, whoever is signed in."""


def fingerprint(text: str) -> str:
    """Return sha256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def write(wish: RulesWish, file: Path, names: Names) -> Rules:
    """Write other rules into a file, and return them.

    Args:
        wish: what they are to be.
        file: of rules; need not exist.
        names: what rules may speak of.

    Raises:
        ChangedError: the file is not the one that the wish was made from.
        ForbiddenError: they contain what the page may not write.
        RulesError: they are wrong.
        EdgeholoError: the file cannot be read or written.
    """
    present = text_of(file)
    # After a power cut a wish is carried out again: then it is there already.
    if fingerprint(present) not in (wish.was, fingerprint(wish.text)):
        raise ChangedError(f"{file.name} has been changed meanwhile: load it again, and make your change anew")
    # First: that programs are off by configuration would be half the truth.
    check(wish.text, present)
    rules = decode(wish.text, names, file.name)
    put(file, wish.text, _MODE, keep=True)
    return rules


def check(text: str, present: str) -> None:
    """See that a text has nothing that the page may not write; what stands in the file already may stay as it is.

    Programs run with the rights of the daemon. A token that is read from a file must not go to an address of the page's choice.

    Args:
        text: TOML; a broken one has nothing.
        present: what the file holds now, likewise.

    Raises:
        ForbiddenError: it has.
    """
    new, old = _tolerant(text), _tolerant(present)
    known = [table for table, _ in _delicate(old)]
    for table, what in _delicate(new):
        if table not in known:
            name = table.get("name", "a rule")
            raise ForbiddenError(f"{name!r}: the page writes no rule that {what}: write it into the file by hand")
    if new.get("homeassistant") not in (None, old.get("homeassistant")):
        raise ForbiddenError("the page does not change [homeassistant], where a token is sent to: change it by hand")


def _delicate(tree: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the rules that the page may not write, also those that are not enabled, and why."""
    rules = tree.get("rule")
    for rule in rules if isinstance(rules, list) else []:
        if not isinstance(rule, dict):
            continue
        then = rule.get("then")
        actions = [action for action in (then if isinstance(then, list) else [then]) if isinstance(action, dict)]
        if any("command" in action for action in actions):
            yield rule, "starts a program"
        elif any("token_file" in action for action in actions):
            yield rule, "sends a token from a file"


def _tolerant(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
