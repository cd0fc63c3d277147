"""Asks a unit to let itself be watched, for as long as somebody looks: landmarks and insight cost it something."""

import secrets

import msgspec

from edgeholo.types import Message, MessageKind

LASTS_S = 10.0
"""A watcher that is gone without a word is paid for so long."""
RENEW_S = 4.0
"""Two renewals may be lost."""


class Lease:
    """The watch lease of one watcher, on one unit at a time; see ``set/watch`` in docs/topics.md.

    Args:
        base: first level(s) of all topics.
        hz: skeletons a second, at most.
        name: of the watcher, the same in every lease; random by default.
    """

    def __init__(self, base: str, hz: float, name: str = "") -> None:
        self._base, self._hz = base, hz
        self._name = name or f"watch-{secrets.token_hex(4)}"
        self._unit = ""
        self._due_s = 0.0

    def keep(self, unit: str, now_s: float) -> list[Message]:
        """Return what is to be said now so that ``unit``, empty for none, is watched and no other."""
        said: list[Message] = []
        if unit != self._unit:
            said += self.end()
            self._unit = unit
        if unit and now_s >= self._due_s:
            self._due_s = now_s + RENEW_S
            said.append(self._request(LASTS_S))
        return said

    def lost(self) -> None:
        """Note that the broker is away: whatever was said, the lease is renewed as soon as it is back."""
        self._due_s = 0.0

    def end(self) -> list[Message]:
        """Return what ends the lease, if there is one."""
        said = [self._request(0.0)] if self._unit else []
        self._unit, self._due_s = "", 0.0
        return said

    def _request(self, seconds: float) -> Message:
        payload = msgspec.json.encode({"seconds": seconds, "hz": self._hz, "name": self._name})
        return Message(f"{self._base}/{self._unit}/set/watch", payload, MessageKind.EVENT, qos=1, retain=False)
