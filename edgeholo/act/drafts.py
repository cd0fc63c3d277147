"""Rules that were put together from parts, as the text that people write."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from edgeholo.toml import writing

_LONGEST = 100
"""Letters of a line before actions stand one a line."""


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule; what stands in ``when`` and ``then`` is what docs/rules.md says, and null is as good as left out.

    Attributes:
        when: what sets it off, and its conditions.
        then: actions, in their order.
        name: as people call it; empty for none.
        enabled: false keeps it for later.
    """

    when: dict[str, Any]
    then: Annotated[list[dict[str, Any]], Meta(max_length=32)]
    name: Annotated[str, Meta(max_length=200)] = ""
    enabled: bool = True


def written(draft: Draft) -> str:
    """Return a rule as TOML, fit to stand in a file; whether it makes sense is another question."""
    lines = ["[[rule]]"]
    if draft.name:
        lines.append(f"name = {writing.value(draft.name)}")
    if not draft.enabled:
        lines.append("enabled = false")
    lines.append(f"when = {writing.value(_said(draft.when))}")
    lines.append(f"then = {_actions([writing.value(_said(action)) for action in draft.then])}")
    return "\n".join(lines) + "\n"


def _actions(actions: Sequence[str]) -> str:
    if len(actions) == 1:
        return actions[0]
    line = f"[{', '.join(actions)}]"
    return line if len(line) < _LONGEST else "[\n" + "".join(f"  {action},\n" for action in actions) + "]"


def _said(tree: Mapping[str, object]) -> dict[str, object]:
    """Return a table without what is null, at every depth."""
    return {key: _pruned(value) for key, value in tree.items() if value is not None}


def _pruned(value: object) -> object:
    if isinstance(value, dict):
        return _said(value)
    return [_pruned(item) for item in value if item is not None] if isinstance(value, list) else value
